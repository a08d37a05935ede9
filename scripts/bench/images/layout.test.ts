import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { writeTar } from '../../../src/pack/index.js';
import { factsOf } from './images.js';
import { LayoutWriter } from './layout.js';

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const tar = (path: string, content: string): Buffer =>
  Buffer.concat([...writeTar([{ path, type: 'file', mode: 0o644, content: Buffer.from(content) }])]);

test('a layout: every digest, size and diff ID is that of the bytes, and it is there whole or not at all', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'layout-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const layers = [tar('a', 'one'), tar('b', 'two'.repeat(1000))];
  const image = new LayoutWriter(join(dir, 'image'));
  for (const layer of layers) await image.addLayer([layer.subarray(0, 100), layer.subarray(100)], 'a step');
  assert.ok(!existsSync(join(dir, 'image')));
  image.finish('name');
  const blob = ({ digest, size }: { digest: string; size: number }): Buffer => {
    const bytes = readFileSync(join(dir, 'image', 'blobs', ...digest.split(':')));
    assert.deepEqual([sha256(bytes), bytes.length], [digest, size]);
    return bytes;
  };
  const index = JSON.parse(readFileSync(join(dir, 'image', 'index.json'), 'utf8'));
  assert.equal(index.manifests[0].annotations['org.opencontainers.image.ref.name'], 'name');
  const manifest = JSON.parse(blob(index.manifests[0]).toString());
  const config = JSON.parse(blob(manifest.config).toString());
  assert.deepEqual(
    manifest.layers.map((layer: { digest: string; size: number }) => gunzipSync(blob(layer))),
    layers,
  );
  assert.deepEqual(config.rootfs.diff_ids, layers.map(sha256));
  assert.equal(config.history.length, 2);
  const stored = manifest.layers.reduce((sum: number, layer: { size: number }) => sum + layer.size, 0);
  const tarBytes = layers.reduce((sum, layer) => sum + layer.length, 0);
  assert.deepEqual(factsOf(join(dir, 'image')), { layers: 2, storedBytes: stored, tarBytes });
});
