import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layerLimits, openPlain, type PlainTask } from '../layer/index.js';
import { isTrowelError, type OpenBlob, TrowelError } from '../model/index.js';
import { Inflater } from './inflater.js';

const plain = createHash('shake256', { outputLength: 9_500_000 }).update('plain').digest();
const stored = gzipSync(plain, { level: 1 });
const away = { kind: 'registry', registry: 'registry.example', repository: 'x', digest: 'sha256:00' } as const;

function task(location: PlainTask['location'] = away): PlainTask {
  return { location, digest: null, diffID: null, limits: layerLimits };
}

const opens = (bytes: Uint8Array): OpenBlob => {
  return async () =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += 400_000) yield bytes.subarray(at, at + 400_000);
    })();
};

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** All bytes of the layer; chunks are copied, since they are valid for a moment. */
async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return Buffer.concat(parts);
}

test('the bytes, digests and sizes of a layer are those that this thread finds', async (t) => {
  const inflater = new Inflater();
  t.after(() => inflater.close());
  for (const bytes of [stored, plain, gzipSync(Buffer.alloc(0)), Buffer.alloc(0)]) {
    let told = 0;
    const layer = await inflater.read(task(), { open: opens(bytes), onBytes: (count) => (told += count) });
    const here = await openPlain(task(), { open: opens(bytes) });
    assert.ok((await all(layer.chunks)).equals(await all(here.chunks)));
    assert.deepEqual(layer.sums(), here.sums());
    assert.equal(told, bytes.length);
    assert.equal(layer.storedBytes(), bytes.length);
  }
});

test('a file of this machine is opened by the thread itself', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'trowel-inflater-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'blob');
  writeFileSync(path, Buffer.concat([Buffer.alloc(100), stored]));
  const inflater = new Inflater();
  t.after(() => inflater.close());
  const open: OpenBlob = () => Promise.reject(new Error('nobody asks here'));
  const layer = await inflater.read(task({ kind: 'file', path, offset: 100, sizeBytes: stored.length }), { open });
  assert.ok((await all(layer.chunks)).equals(plain));
  assert.deepEqual(layer.sums(), {
    digest: sha256(stored),
    sizeBytes: stored.length,
    diffID: sha256(plain),
    uncompressedBytes: plain.length,
  });
});

test('a layer that is left early leaves nothing for the next one', async (t) => {
  const inflater = new Inflater();
  t.after(() => inflater.close());
  for (let round = 0; round < 4; round++) {
    const left = await inflater.read(task(), { open: opens(stored) });
    let seen = 0;
    for await (const _ of left.chunks) if (++seen > round) break;
    assert.throws(
      () => left.sums(),
      (error) => isTrowelError(error, 'internal'),
    );
    const other = gzipSync(plain.subarray(round));
    const next = await inflater.read(task(), { open: opens(other) });
    assert.ok((await all(next.chunks)).equals(plain.subarray(round)), `round ${round}`);
  }
});

test('errors come through with the bytes before them, and the thread goes on', async (t) => {
  const inflater = new Inflater();
  t.after(() => inflater.close());
  const denied: OpenBlob = async () => {
    throw new TrowelError('denied', { what: 'not yours', where: { reference: 'r' } });
  };
  await assert.rejects(inflater.read(task(), { open: denied }), (error) => isTrowelError(error, 'denied'));
  const cut = await inflater.read(task(), { open: opens(stored.subarray(0, 5_000_000)) });
  await assert.rejects(all(cut.chunks), (error) => isTrowelError(error, 'truncated'));
  assert.equal(cut.storedBytes(), 5_000_000);
  const layer = await inflater.read(task(), { open: opens(stored) });
  assert.ok((await all(layer.chunks)).equals(plain));
});

test('a fault of who opens the bytes is nobody else’s', async (t) => {
  const inflater = new Inflater();
  t.after(() => inflater.close());
  const broken: OpenBlob = () => Promise.reject(new RangeError('a bug'));
  await assert.rejects(inflater.read(task(), { open: broken }), RangeError);
});
