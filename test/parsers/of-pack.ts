import { gzipSync } from 'node:zlib';
import { writeZip } from '../../scripts/demo/write-zip.js';
import { isTrowelError } from '../../src/model/index.js';
import {
  ByteSource,
  decompress,
  decompressBytes,
  gzipMember,
  nameText,
  openZip,
  readAr,
  readCpio,
  readRpmFront,
  readTar,
  rpmText,
  sniffCompression,
  type TarHandler,
  tarEntries,
  zipLimits,
} from '../../src/pack/index.js';
import { arOf, cpioOf, debOf, rpmOf, tarOf } from '../packages.js';
import { headersOf } from '../tar/mutate.js';
import { endBlocks, gnuLong, octal, padded, paxHeader, rawBlock, sealed } from '../tar/raw.js';
import type { Parser, Seed } from './parser.js';
import { seedsOfParser } from './seeds.js';

const mebibyte = 1024 ** 2;

/** As a stream gives them: pieces of no round size, in memory that is used again. */
export async function* streamed(bytes: Uint8Array, step = 1000): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(step);
  for (let at = 0; at < bytes.length; at += step) {
    const part = bytes.subarray(at, at + step);
    piece.set(part);
    yield piece.subarray(0, part.length);
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.slice(at, at + 1000);
}

/** Takes all that comes and keeps nothing. */
export const takeAll: TarHandler = {
  entry: () => ({ write: () => undefined, end: () => undefined }),
};

const tarLimits = { entries: 100_000, pathBytes: 32 * 1024, totalBytes: 64 * mebibyte };

const someFiles = [
  { path: 'etc/' },
  { path: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\n' },
  { path: 'etc/link', link: 'passwd' },
  { path: `long/${'a'.repeat(120)}/file`, content: 'x'.repeat(600) },
];

/** The sums of headers made right: a header that is broken and whole. */
export function withSums(bytes: Uint8Array): Uint8Array {
  const fixed = Buffer.from(bytes);
  const known = headersOf(Buffer.from(bytes));
  const places = known.length === 0 ? [0] : known;
  for (const at of places) if (at + 512 <= fixed.length) sealed(fixed.subarray(at, at + 512));
  return fixed;
}

function tarSeeds(): readonly Seed[] {
  const plain = tarOf(someFiles);
  const raw = Buffer.concat([
    paxHeader([
      ['path', 'pax/name'],
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 'sparse'],
      ['GNU.sparse.realsize', '4096'],
    ]),
    rawBlock({ name: 'GNUSparseFile.0/sparse', size: octal(515, 12), flag: '0', magic: 'ustar' }),
    padded(Buffer.concat([Buffer.from('1\n1024\n3\n'.padEnd(512, '\0')), Buffer.from('abc')])),
    gnuLong(`deep/${'b'.repeat(300)}`, 'L'),
    rawBlock({ name: 'short', size: octal(3, 12), flag: '0', magic: 'gnu' }),
    padded(Buffer.from('abc')),
    endBlocks,
  ]);
  return [
    { label: 'ustar', bytes: plain },
    { label: 'ustar, sums made right', bytes: plain, wrap: withSums },
    { label: 'pax and GNU', bytes: raw },
    { label: 'pax and GNU, sums made right', bytes: raw, wrap: withSums },
  ];
}

async function readDecompressed(bytes: Uint8Array): Promise<void> {
  const kind = sniffCompression(bytes);
  let total = 0;
  // zlib works on a chunk while the next is asked for: these have memory of their own.
  for await (const chunk of decompress(chunks(bytes), kind)) {
    total += chunk.length;
    // Whoever reads a stream bounds it: here at what a case may take.
    if (total > 64 * mebibyte) break;
  }
  try {
    decompressBytes(bytes, 16 * mebibyte);
  } catch (error) {
    if (!isTrowelError(error)) throw error;
  }
}

const text = Buffer.from('All that is packed was once loose, and will be again.\n'.repeat(40));

function zipSeeds(): readonly Seed[] {
  const files = [
    { path: 'META-INF/MANIFEST.MF', content: Buffer.from('Manifest-Version: 1.0\n') },
    { path: 'a/b.txt', content: text },
    { path: 'empty', content: new Uint8Array() },
  ];
  return [
    { label: 'stored', bytes: writeZip(files) },
    { label: 'deflated', bytes: writeZip(files, 'deflated') },
    { label: 'behind a script', bytes: Buffer.concat([Buffer.from('#!/bin/sh\nexec\n'), writeZip(files)]) },
  ];
}

export const packParsers: readonly Parser[] = [
  {
    name: 'tar',
    memoryMb: 16,
    seeds: tarSeeds,
    async parse(bytes) {
      await readTar(streamed(bytes), takeAll, tarLimits);
      for (const _ of tarEntries(bytes, tarLimits));
    },
  },
  {
    name: 'gzip',
    memoryMb: 96,
    seeds: () => [
      { label: 'one member', bytes: gzipSync(text) },
      { label: 'two members', bytes: Buffer.concat([gzipSync(text), gzipSync(text, { level: 0 })]) },
    ],
    async parse(bytes) {
      await readDecompressed(bytes);
      gzipMember(bytes, 0, 16 * mebibyte);
    },
  },
  { name: 'zstd', memoryMb: 288, seeds: () => seedsOfParser('zstd'), parse: readDecompressed },
  { name: 'xz', memoryMb: 160, seeds: () => seedsOfParser('xz'), parse: readDecompressed },
  {
    name: 'zip',
    memoryMb: 64,
    seeds: zipSeeds,
    parse(bytes) {
      const archive = openZip(
        { sizeBytes: bytes.length, slice: (at, length) => bytes.subarray(at, at + length) },
        {
          ...zipLimits,
          entryBytes: 16 * mebibyte,
          totalBytes: 32 * mebibyte,
        },
      );
      for (const entry of archive.entries.slice(0, 1000)) {
        try {
          archive.read(entry);
        } catch (error) {
          if (!isTrowelError(error)) throw error;
        }
      }
    },
  },
  {
    name: 'ar',
    memoryMb: 16,
    seeds: () => [
      {
        label: 'two members',
        bytes: arOf([
          ['debian-binary', Buffer.from('2.0\n')],
          ['odd', Buffer.from('abc')],
        ]),
      },
      { label: 'a package', bytes: debOf([{ path: './control', content: 'Package: a\n' }], someFiles) },
    ],
    parse: (bytes) =>
      readAr(new ByteSource(streamed(bytes)), async (_, content) => {
        for await (const _chunk of content);
      }),
  },
  {
    name: 'cpio',
    memoryMb: 16,
    seeds: () => [{ label: 'newc', bytes: cpioOf(someFiles) }],
    parse: (bytes) => readCpio(new ByteSource(streamed(bytes)), takeAll, tarLimits),
  },
  {
    name: 'rpm-file',
    memoryMb: 64,
    seeds: () => [{ label: 'a package', bytes: rpmOf(someFiles.map((one) => ({ ...one, path: `./${one.path}` }))) }],
    async parse(bytes) {
      const { signature, header } = await readRpmFront(new ByteSource(streamed(bytes)));
      for (const tag of [1000, 1001, 1125, 5092]) {
        rpmText(header, tag);
        rpmText(signature, tag);
      }
    },
  },
  { name: 'names', memoryMb: 16, seeds: () => [{ label: 'UTF-8', bytes: Buffer.from('ä/ö ü€𝄞') }], parse: nameText },
];
