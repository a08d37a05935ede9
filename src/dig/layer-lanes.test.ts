import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cataloguers } from '../catalog/index.js';
import { layerLimits, readLayer } from '../layer/index.js';
import { isTrowelError, type LayerTask, type OpenBlob, TrowelError } from '../model/index.js';
import { writeTar } from '../pack/index.js';
import { LayerLanes } from './layer-lanes.js';
import { LayerThread } from './layer-thread.js';

const noise = createHash('shake256', { outputLength: 3_000_000 }).digest();
const tar = Buffer.concat([
  ...writeTar([
    {
      path: 'app/node_modules/a/package.json',
      type: 'file',
      mode: 0o644,
      content: Buffer.from('{"name":"a","version":"1.0.0"}'),
    },
    { path: 'pool/x', type: 'file', mode: 0o644, content: Buffer.from('{"name":"b","version":"2.0.0"}') },
    { path: 'app/node_modules/b/package.json', type: 'hardlink', mode: 0o644, link: 'pool/x' },
    { path: 'noise', type: 'file', mode: 0o644, content: noise },
  ]),
]);
const stored = gzipSync(tar);

/** Chunks of several kinds: whole memory, a view of some, shared with others. */
const opens = (bytes: Uint8Array): OpenBlob => {
  return async () =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += 300_000) {
        const piece = bytes.subarray(at, at + 300_000);
        yield at % 2 === 0 ? new Uint8Array(piece) : piece;
      }
    })();
};

/** Of a place that only `open` knows: threads open files of this machine themselves. */
const away = { kind: 'registry', registry: 'registry.example', repository: 'x', digest: 'sha256:00' } as const;

function task(location: LayerTask['location'] = away): LayerTask {
  return {
    location,
    mediaType: '',
    digest: null,
    sizeBytes: null,
    diffID: null,
    cataloguers: cataloguers.map(({ name }) => name),
    digests: ['md5'],
    limits: layerLimits,
  };
}

const tools = (open: OpenBlob) => ({ open, onBytes: () => undefined, keep: true });

test('a thread reads what this thread reads, layer after layer, a second look included', async (t) => {
  const here = await readLayer(task(), { open: opens(stored), cataloguers });
  assert.equal(here.records.length, 2);
  const thread = new LayerThread();
  t.after(() => thread.close());
  for (let round = 0; round < 3; round++) {
    const { result, parts } = await thread.read(task(), tools(opens(stored)));
    assert.deepEqual([...result.entries], [...here.entries]);
    assert.deepEqual({ ...result, entries: null }, { ...here, entries: null });
    assert.ok(parts?.has('npm'));
  }
});

test('bytes are told of while they are read', async (t) => {
  const thread = new LayerThread();
  t.after(() => thread.close());
  let told = 0;
  const onBytes = (bytes: number): void => {
    told += bytes;
  };
  await thread.read(task(), { open: opens(stored), onBytes, keep: false });
  // Twice: the hard link is worth a second look.
  assert.equal(told, 2 * stored.length);
});

test('errors of the bytes and of who opens them come through, and the thread goes on', async (t) => {
  const thread = new LayerThread();
  t.after(() => thread.close());
  const denied: OpenBlob = async () => {
    throw new TrowelError('denied', { what: 'not yours', where: { reference: 'r' } });
  };
  const late: OpenBlob = async () =>
    (async function* () {
      yield stored.subarray(0, 1000);
      throw new TrowelError('timeout', { what: 'too late' });
    })();
  const cases: readonly (readonly [OpenBlob, 'denied' | 'timeout' | 'truncated' | 'bad-bytes'])[] = [
    [denied, 'denied'],
    [late, 'timeout'],
    [opens(stored.subarray(0, 2_000_000)), 'truncated'],
    [opens(Buffer.alloc(1024, 0x41)), 'bad-bytes'],
  ];
  for (const [open, code] of cases) {
    await assert.rejects(thread.read(task(), tools(open)), (error) => isTrowelError(error, code), code);
    assert.equal((await thread.read(task(), tools(opens(stored)))).result.entries.length, 4);
  }
});

test('lanes read more layers at once than there are lanes', async (t) => {
  const lanes = new LayerLanes(2);
  t.after(() => lanes.close());
  const answers = await Promise.all(Array.from({ length: 6 }, () => lanes.read(task(), tools(opens(stored)))));
  const digests = new Set(answers.map(({ result }) => result.diffID));
  assert.deepEqual([...digests], [`sha256:${createHash('sha256').update(tar).digest('hex')}`]);
});
