import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeZip } from '../../scripts/demo/write-zip.js';
import { cataloguers } from '../../src/catalog/index.js';
import { walkArchive } from '../../src/layer/archive/walk.js';
import { archiveFormat, layerLimits, readLayer } from '../../src/layer/index.js';
import type { LayerTask } from '../../src/model/index.js';
import { readArchiveTable } from '../../src/oci/archive-table.js';
import { parseChallenges } from '../../src/oci/auth.js';
import { parseConfig } from '../../src/oci/config.js';
import { findInArchive } from '../../src/oci/image-archive.js';
import { normalise, parseManifest, parseReference } from '../../src/oci/index.js';
import { apkOf, debOf, gemOf, rpmOf, tarOf } from '../packages.js';
import { withSums } from './of-pack.js';
import { latin1, type Parser, type Seed } from './parser.js';
import { seedsOfCataloguer } from './seeds.js';

const gibibyte = 1024 ** 3;
const limits = { ...layerLimits, layerBytes: gibibyte / 16, entries: 100_000 };
const where = { reference: 'registry.example/a:1' };

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const descriptor = (mediaType: string, more: object = {}): object => ({ mediaType, digest, size: 7, ...more });
const oci = 'application/vnd.oci.image';

const manifest = {
  schemaVersion: 2,
  mediaType: `${oci}.manifest.v1+json`,
  config: descriptor(`${oci}.config.v1+json`),
  layers: [descriptor(`${oci}.layer.v1.tar+gzip`), descriptor('application/vnd.docker.image.rootfs.diff.tar.gzip')],
  annotations: { 'org.opencontainers.image.source': 'https://example.org/a' },
  subject: descriptor(`${oci}.manifest.v1+json`),
};
const index = {
  schemaVersion: 2,
  mediaType: `${oci}.index.v1+json`,
  manifests: [
    descriptor(`${oci}.manifest.v1+json`, { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } }),
    descriptor(`${oci}.manifest.v1+json`, { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
  ],
};
const config = {
  os: 'linux',
  architecture: 'amd64',
  created: '2020-12-01T00:00:00Z',
  config: { User: '0', Env: ['PATH=/bin'], Entrypoint: ['/a'], Cmd: ['b'], Labels: { a: 'b' } },
  rootfs: { type: 'layers', diff_ids: [digest, digest] },
  history: [
    { created_by: 'ADD file', created: '2020-12-01T00:00:00Z' },
    { empty_layer: true, comment: 'x' },
  ],
};

const files = [
  { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
  { path: 'etc/.wh.gone', content: '' },
  { path: 'opt/.wh..wh..opq', content: '' },
  { path: 'usr/bin/a', link: '../../bin/a' },
];

/** A layer with a file of many cataloguers: what one of them makes of it, the pass meets. */
function layerSeeds(): readonly Seed[] {
  const found = cataloguers.flatMap(({ name }) => seedsOfCataloguer(name).slice(0, 2));
  const small = found.filter(({ bytes }) => bytes.length < 3000);
  const tar = tarOf([...files, ...small.map(({ path = '', bytes }) => ({ path, content: bytes }))]);
  const plain = tarOf([...files, { path: 'usr/bin/a', content: '#!/bin/sh\n' }]);
  return [
    { label: 'plain', bytes: plain, wrap: withSums },
    { label: 'packed', bytes: plain, wrap: (bytes) => gzipSync(bytes, { level: 1 }) },
    { label: 'files of all kinds', bytes: tar },
    { label: 'files of all kinds, sums made right', bytes: tar, wrap: withSums },
  ];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function parseLayer(bytes: Uint8Array): Promise<void> {
  const task: LayerTask = {
    location: { kind: 'file', path: 'layer', offset: 0, sizeBytes: bytes.length },
    mediaType: '',
    digest: null,
    sizeBytes: null,
    diffID: null,
    cataloguers: cataloguers.map(({ name }) => name),
    digests: ['md5', 'sha1'],
    limits,
  };
  await readLayer(task, { cataloguers, open: async () => once(bytes) });
}

const members = [
  { path: './usr/bin/demo', content: 'program' },
  { path: './etc/a', content: '1' },
];
const gemMetadata =
  '--- !ruby/object:Gem::Specification\nname: demo\nversion: !ruby/object:Gem::Version\n  version: 1.2.3\n';

function packageSeeds(): readonly Seed[] {
  return [
    { label: 'deb', bytes: debOf([{ path: './control', content: 'Package: a\nVersion: 1\n' }], members) },
    { label: 'rpm', bytes: rpmOf(members) },
    { label: 'apk', bytes: apkOf('pkgname = demo\npkgver = 1-r0\n', members) },
    { label: 'gem', bytes: gemOf(gemMetadata, members) },
    { label: 'wheel', bytes: writeZip([{ path: 'a-1.dist-info/METADATA', content: Buffer.from('Name: a\n') }]) },
    {
      label: 'npm',
      bytes: tarOf([{ path: 'package/package.json', content: '{"name":"a"}' }]),
      wrap: (one) => gzipSync(one),
    },
  ];
}

/** Gives the bytes as a file of the disk, which random access needs. */
async function asFile<T>(bytes: Uint8Array, name: string, body: (path: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-fuzz-'));
  try {
    const path = join(dir, name);
    writeFileSync(path, bytes);
    return await body(path);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function imageArchiveSeeds(): readonly Seed[] {
  const blob = (name: string): string => `blobs/sha256/${name}`;
  const layout = [
    { path: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { path: 'index.json', content: JSON.stringify(index) },
    { path: blob(digest.slice(7)), content: JSON.stringify(manifest) },
  ];
  const docker = [
    {
      path: 'manifest.json',
      content: JSON.stringify([{ Config: 'c.json', RepoTags: ['a:1'], Layers: ['l/layer.tar'] }]),
    },
    { path: 'c.json', content: JSON.stringify(config) },
    { path: 'l/layer.tar', content: tarOf(files) },
  ];
  return [
    { label: 'layout', bytes: tarOf(layout), wrap: withSums },
    { label: 'docker save', bytes: tarOf(docker), wrap: withSums },
    { label: 'both, packed', bytes: tarOf([...layout, ...docker]), wrap: (bytes) => gzipSync(bytes, { level: 1 }) },
  ];
}

export const imageParsers: readonly Parser[] = [
  {
    name: 'oci/manifest',
    memoryMb: 16,
    seeds: () => [
      { label: 'manifest', bytes: json(manifest) },
      { label: 'index', bytes: json(index) },
    ],
    parse: (bytes) => parseManifest(bytes, null, where),
  },
  {
    name: 'oci/config',
    memoryMb: 16,
    seeds: () => [{ label: 'config', bytes: json(config) }],
    parse: (bytes) => parseConfig(bytes, where),
  },
  {
    name: 'oci/reference',
    memoryMb: 16,
    seeds: () => [
      { label: 'tag', bytes: latin1('registry.example:5000/team/app:1.2') },
      { label: 'digest', bytes: latin1(`app@${digest}`) },
    ],
    parse(bytes) {
      const text = Buffer.from(bytes).toString('utf8');
      parseReference(text);
      normalise(text);
    },
  },
  {
    name: 'oci/challenge',
    memoryMb: 16,
    seeds: () => [
      {
        label: 'bearer',
        bytes: latin1('Bearer realm="https://a.example/token",service="s",scope="a:b:pull,push", Basic x'),
      },
    ],
    parse: (bytes) => parseChallenges(Buffer.from(bytes).toString('latin1')),
  },
  {
    name: 'oci/image-archive',
    memoryMb: 64,
    seeds: imageArchiveSeeds,
    parse: (bytes) =>
      asFile(bytes, 'image.tar', async (path) => {
        await findInArchive(await readArchiveTable(path), 'image.tar', null, {
          platforms: 'all',
          allowBadDigest: true,
        });
      }),
  },
  { name: 'layer', memoryMb: 96, seeds: layerSeeds, parse: parseLayer },
  {
    name: 'layer/archive',
    memoryMb: 96,
    seeds: packageSeeds,
    parse: (bytes) =>
      asFile(bytes, 'a.bin', async (path) => {
        const format = await archiveFormat(path);
        const handler = {
          entry: () => ({ write: () => undefined, end: () => undefined }),
          gap: () => undefined,
        };
        await walkArchive({ path, format }, once(bytes), { handler, limits, only: null });
      }),
  },
];
