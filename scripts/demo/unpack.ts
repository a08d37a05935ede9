import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import xz from 'xz-decompress';
import { openZip, type TarEntry, tarEntries } from '../../src/pack/index.js';

const limits = { entries: 100_000, pathBytes: 4096, totalBytes: 1 << 30 };

/** Entries of a tar in memory, names cleaned of `./`; devices and the like are left out. */
function entriesOf(tar: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  for (const { header, content } of tarEntries(tar, limits)) {
    const path = header.path.replace(/^\.\//, '').replace(/\/$/, '');
    if (path === '' || path === '.' || header.type === 'other') continue;
    const base = { path, type: header.type, mode: header.mode } as const;
    if (header.type === 'file') entries.push({ ...base, content: content.slice() });
    else if (header.link !== '') entries.push({ ...base, link: header.link.replace(/^\.\//, '') });
    else entries.push(base);
  }
  return entries;
}

/** The files of an npm tarball, without its leading folder. */
export async function npmEntries(path: string): Promise<TarEntry[]> {
  const entries = entriesOf(gunzipSync(await readFile(path)));
  return entries.map((entry) => ({ ...entry, path: entry.path.replace(/^[^/]+\//, '') }));
}

/** The files of a source archive, without its leading folder. */
export const sourceEntries = npmEntries;

/** The files of a wheel (PEP 427: a zip). */
export async function wheelFiles(path: string): Promise<{ path: string; content: Uint8Array }[]> {
  const bytes = new Uint8Array(await readFile(path));
  const archive = openZip({ sizeBytes: bytes.length, slice: (at, length) => bytes.subarray(at, at + length) });
  return archive.entries
    .filter((entry) => !entry.path.endsWith('/'))
    .map((entry) => ({ path: entry.path, content: archive.read(entry) }));
}

/** A Debian package: its control paragraph, its maintainer files and what it installs (deb(5)). */
export interface DebianPackage {
  readonly control: string;
  readonly md5sums: string;
  readonly conffiles: string;
  readonly entries: readonly TarEntry[];
}

export async function debianPackage(path: string): Promise<DebianPackage> {
  const members = arMembers(await readFile(path));
  const control = entriesOf(await member(members, 'control.tar'));
  const text = (name: string): string =>
    new TextDecoder().decode(control.find((entry) => entry.path === name)?.content ?? new Uint8Array(0));
  return {
    control: text('control'),
    md5sums: text('md5sums'),
    conffiles: text('conffiles'),
    entries: entriesOf(await member(members, 'data.tar')),
  };
}

/** Members of an ar archive: an 8-byte magic, then 60-byte headers (ar(5)). */
function arMembers(bytes: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  for (let at = 8; at + 60 <= bytes.length; ) {
    const name = bytes
      .toString('latin1', at, at + 16)
      .trim()
      .replace(/\/$/, '');
    const size = Number(bytes.toString('latin1', at + 48, at + 58).trim());
    members.set(name, bytes.subarray(at + 60, at + 60 + size));
    at += 60 + size + (size % 2);
  }
  return members;
}

async function member(members: ReadonlyMap<string, Buffer>, stem: string): Promise<Uint8Array> {
  for (const [name, bytes] of members) {
    if (name === stem) return bytes;
    if (name === `${stem}.gz`) return gunzipSync(bytes);
    if (name === `${stem}.xz`) return await unxz(bytes);
  }
  throw new Error(`no ${stem} in ${[...members.keys()].join(', ')}`);
}

async function unxz(bytes: Buffer): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
  const chunks: Uint8Array[] = [];
  const reader = new xz.XzReadableStream(source).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return Buffer.concat(chunks);
}
