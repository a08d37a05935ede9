import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { TarEntry } from '../pack/index.js';
import { digestOf } from './digest.js';
import { writeImage, writeIndex, writeLayer } from './write-layout.js';

const amd64 = { os: 'linux', architecture: 'amd64', variant: null };
const arm64 = { os: 'linux', architecture: 'arm64', variant: null };

const entries: readonly TarEntry[] = [
  { path: 'usr/bin/tool', type: 'file', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
  { path: 'a/link', type: 'hardlink', mode: 0o644, link: 'usr/bin/tool' },
  { path: 'etc', type: 'directory', mode: 0o755 },
  { path: 'etc/os-release', type: 'symlink', mode: 0o777, link: '../usr/lib/os-release' },
];

async function inTemporary(action: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'trowel-write-'));
  try {
    await action(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test('equal entries give equal layers, whatever their order', () =>
  inTemporary(async (dir) => {
    const one = await writeLayer(dir, entries);
    const two = await writeLayer(dir, [...entries].reverse());
    assert.deepEqual(one, two);
    const bytes = await readFile(join(dir, 'blobs', one.descriptor.digest.replace(':', '/')));
    assert.equal(digestOf(bytes), one.descriptor.digest);
    assert.equal(bytes.length, one.descriptor.sizeBytes);
    assert.equal(digestOf(gunzipSync(bytes)), one.diffID);
    assert.deepEqual([...bytes.subarray(4, 8), bytes[9]], [0, 0, 0, 0, 255], 'no time and no system in the header');
    const plain = await writeLayer(dir, entries, 'none');
    assert.equal(plain.descriptor.digest, plain.diffID);
    assert.equal(plain.diffID, one.diffID);
    assert.deepEqual(
      (await readdir(join(dir, 'blobs'))).filter((name) => name.includes('part')),
      [],
    );
  }));

test('a hard link stands after what it points to', () =>
  inTemporary(async (dir) => {
    const { descriptor } = await writeLayer(dir, entries, 'none');
    const bytes = await readFile(join(dir, 'blobs', descriptor.digest.replace(':', '/')));
    assert.ok(bytes.indexOf('usr/bin/tool') < bytes.indexOf('a/link'));
  }));

test('an image is named once, the last one of a name stays', () =>
  inTemporary(async (dir) => {
    const layer = await writeLayer(dir, entries);
    const image = { reference: 'registry.example/a:1', platform: amd64, layers: [layer] };
    await writeImage(dir, image);
    await writeImage(dir, { ...image, reference: 'registry.example/b:1' });
    const last = await writeImage(dir, { ...image, created: '2020-12-01T00:00:00Z' });
    const index: unknown = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8'));
    assert.ok(typeof index === 'object' && index !== null && 'manifests' in index && Array.isArray(index.manifests));
    assert.equal(index.manifests.length, 2);
    assert.ok(JSON.stringify(index).includes(last.descriptor.digest));
  }));

test('skopeo and umoci read what is written', (t) =>
  inTemporary(async (dir) => {
    const layer = await writeLayer(dir, entries);
    const images = await Promise.all(
      [amd64, arm64].map((platform) =>
        writeImage(dir, {
          reference: null,
          platform,
          created: '2020-12-01T00:00:00Z',
          config: { entrypoint: ['/usr/bin/tool'], labels: { b: '2', a: '1' }, user: '65534' },
          layers: [layer],
          history: [{ createdBy: 'COPY tool /usr/bin' }, { createdBy: 'ENTRYPOINT tool', emptyLayer: true }],
          annotations: { 'org.opencontainers.image.title': 'tool' },
        }),
      ),
    );
    await writeIndex(dir, { reference: 'both', images });
    if (spawnSync('skopeo', ['--version']).error !== undefined) {
      t.skip('skopeo is not on this machine');
      return;
    }
    const run = (...args: string[]) => spawnSync('skopeo', args, { encoding: 'utf8' });
    const inspected = run(
      '--override-arch',
      'arm64',
      '--override-os',
      'linux',
      'inspect',
      '--config',
      `oci:${dir}:both`,
    );
    assert.equal(inspected.status, 0, inspected.stderr);
    assert.match(inspected.stdout, /"architecture": "arm64"/);
    assert.match(inspected.stdout, /"empty_layer": true/);
    const copied = run('--override-arch', 'amd64', 'copy', `oci:${dir}:both`, `oci:${join(dir, 'copy')}:one`);
    assert.equal(copied.status, 0, copied.stderr);
    if (spawnSync('umoci', ['--version']).error !== undefined) return;
    const unpacked = spawnSync(
      'umoci',
      ['unpack', '--rootless', '--image', `${join(dir, 'copy')}:one`, join(dir, 'out')],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(unpacked.status, 0, unpacked.stderr);
    assert.equal(await readFile(join(dir, 'out', 'rootfs', 'a', 'link'), 'utf8'), '#!/bin/sh\n');
  }));
