import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'libsql';
import { type Cataloguer, FileTable, isTrowelError, type LayerResult } from '../model/index.js';
import { keepLayer, keptLayer, mergeLayer } from './layer-store.js';
import { memoryStore } from './memory.js';
import { sqliteStore } from './sqlite.js';
import type { Store } from './store.js';

function place(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'store-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return join(dir, 'below', 'store.db');
}

/** A clock that goes on by two days with each look, so that use is always written. */
function clock(): () => Date {
  let day = 0;
  return () => {
    day += 2;
    return new Date(Date.UTC(2026, 0, day));
  };
}

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

function kinds(t: TestContext, maxBytes: number): [string, Store][] {
  return [
    ['sqlite', sqliteStore({ path: place(t), maxBytes, now: clock() })],
    ['memory', memoryStore(maxBytes)],
  ];
}

test('keeps, replaces, forgets what was not used for longest', (t) => {
  for (const [name, store] of kinds(t, 1000)) {
    assert.equal(store.get('d', 'p'), null, name);
    store.put('d', 'p', Buffer.from('one'));
    store.put('d', 'q', Buffer.alloc(0));
    store.put('d', 'p', Buffer.from('two'));
    assert.deepEqual(
      [text(store.get('d', 'p')), text(store.get('d', 'q')), store.get('e', 'p')],
      ['two', '', null],
      name,
    );
    assert.deepEqual([store.status().rows, store.status().bytes], [2, 3], name);
    for (let i = 0; i < 10; i++) {
      store.put(`big${i}`, 'p', Buffer.alloc(150));
      assert.equal(text(store.get('d', 'p')), 'two', `${name} ${i}`);
    }
    assert.ok(store.status().bytes <= 1000, `${name}: ${store.status().bytes}`);
    assert.deepEqual([store.get('big0', 'p'), store.get('big9', 'p')?.length], [null, 150], name);
    store.put('too big', 'p', Buffer.alloc(1001));
    assert.equal(store.get('too big', 'p'), null, name);
    assert.ok(store.gc(0) > 0);
    assert.deepEqual([store.status().rows, store.status().bytes], [0, 0], name);
    store.close();
  }
});

test('sqlite: is there for the next run, and for others at the same time', (t) => {
  const path = place(t);
  const one = sqliteStore({ path, now: clock() });
  const other = sqliteStore({ path, now: clock() });
  one.put('d', 'p', Buffer.from('x'));
  assert.equal(text(other.get('d', 'p')), 'x');
  other.put('d', 'p', Buffer.from('y'));
  assert.equal(text(one.get('d', 'p')), 'y');
  one.close();
  other.close();
  const next = sqliteStore({ path, now: clock() });
  assert.equal(text(next.get('d', 'p')), 'y');
  next.close();
});

test('sqlite: several processes that write at once lose nothing', (t) => {
  const path = place(t);
  const code = `
    import { sqliteStore } from ${JSON.stringify(new URL('./sqlite.js', import.meta.url).href)};
    const store = sqliteStore({ path: process.argv[1], now: () => new Date() });
    for (let i = 0; i < 100; i++) store.put('d' + i, process.argv[2], Buffer.from(process.argv[2] + i));
    store.close();`;
  const run = spawnSync(
    'sh',
    ['-c', 'for n in a b c; do "$0" --input-type=module -e "$1" "$2" $n & done; wait', process.execPath, code, path],
    { encoding: 'utf8' },
  );
  assert.equal(run.stderr, '');
  const store = sqliteStore({ path, now: clock() });
  assert.equal(store.status().rows, 300);
  for (const name of ['a', 'b', 'c']) assert.equal(text(store.get('d99', name)), `${name}99`);
  store.close();
});

test('sqlite: a damaged row is a miss, and so is one under another name', (t) => {
  const path = place(t);
  const store = sqliteStore({ path, now: clock() });
  for (const name of ['changed', 'moved', 'sound']) store.put('d', name, Buffer.from('bytes'));
  const raw = new Database(path);
  raw.exec(
    "UPDATE kept SET bytes = x'00' WHERE producer = 'changed'; UPDATE kept SET producer = 'else' WHERE producer = 'moved'",
  );
  raw.close();
  assert.deepEqual(
    ['changed', 'else', 'sound'].map((name) => text(store.get('d', name))),
    [null, null, 'bytes'],
  );
  store.close();
});

test('sqlite: another version is emptied, another program is left alone', (t) => {
  const path = place(t);
  sqliteStore({ path, now: clock() }).close();
  const raw = new Database(path);
  raw.exec('PRAGMA user_version = 99; DROP TABLE kept; CREATE TABLE kept (x)');
  raw.close();
  const store = sqliteStore({ path, now: clock() });
  store.put('d', 'p', Buffer.from('x'));
  assert.equal(text(store.get('d', 'p')), 'x');
  store.close();

  const theirs = join(place(t), '..', '..', 'theirs.db');
  const foreign = new Database(theirs);
  foreign.exec('CREATE TABLE precious (x); INSERT INTO precious VALUES (1)');
  foreign.close();
  const before = readFileSync(theirs);
  assert.throws(
    () => sqliteStore({ path: theirs, now: clock() }),
    (error) => isTrowelError(error, 'bad-database') && /--store/.test(error.message),
  );
  assert.deepEqual(readFileSync(theirs), before);
});

test('sqlite: a place that cannot be a store says what to do', (t) => {
  const path = place(t);
  const file = join(path, '..', '..', 'plain');
  writeFileSync(file, 'this is some text, long enough to be no header of a database '.repeat(50));
  for (const where of [file, join(file, 'below'), '/proc/no/store.db']) {
    assert.throws(
      () => sqliteStore({ path: where, now: clock() }),
      (error) => isTrowelError(error, 'denied', 'bad-database') && /--no-store/.test(error.message),
      where,
    );
  }
  assert.ok(existsSync(file));
});

const dpkg = { name: 'dpkg', version: 1 };
const npm = { name: 'npm', version: 3 };

const layer: LayerResult = {
  digest: 'sha256:aa',
  diffID: 'sha256:bb',
  sizeBytes: 10,
  uncompressedBytes: 20,
  entries: FileTable.of([
    {
      path: 'a',
      type: 'file',
      mode: 0o644,
      uid: 1,
      gid: 2,
      sizeBytes: 3,
      link: null,
      sha256: 'c'.repeat(64),
      md5: 'd'.repeat(32),
      content: 'text',
    },
    { path: 'l', type: 'symlink', mode: 0o777, uid: 0, gid: 0, sizeBytes: 0, link: 'a', sha256: null, content: 'none' },
  ]),
  whiteouts: [{ path: 'x', opaque: true }],
  records: [
    { by: 'dpkg', path: 'a', data: { name: 'libc6' } },
    { by: 'npm', path: 'a', data: [1, null] },
  ],
  gaps: [
    { by: 'layer', path: '../x', reason: 'unsafe-path', detail: 'out' },
    { by: 'npm', path: 'a', reason: 'bad-bytes', detail: 'no JSON' },
  ],
  problems: [{ reason: 'bad-size', detail: 'x' }],
};

test('a layer comes back as it was, by digest and by diff ID, without problems of another promise', (t) => {
  for (const [name, store] of kinds(t, 1e6)) {
    keepLayer(store, [dpkg, npm], ['md5'], layer);
    for (const key of ['sha256:aa', 'sha256:bb']) {
      for (const digests of [[], ['md5']] as const) {
        const kept = keptLayer(store, key, [dpkg, npm], digests);
        const { entries, ...rest } = kept?.result ?? layer;
        assert.deepEqual([...entries], [...layer.entries], name);
        assert.deepEqual({ ...rest, entries: 0 }, { ...layer, entries: 0, problems: [] }, name);
        assert.deepEqual(kept?.missing, [], name);
      }
      assert.equal(keptLayer(store, key, [], ['sha1']), null);
    }
    assert.equal(keptLayer(store, 'sha256:cc', [dpkg], []), null);
    store.close();
  }
});

test('a new version of one reader costs only its own part', () => {
  const store = memoryStore();
  keepLayer(store, [dpkg, npm], [], layer);
  const newer: Pick<Cataloguer, 'name' | 'version'>[] = [
    dpkg,
    { name: 'npm', version: 4 },
    { name: 'apk', version: 1 },
  ];
  const kept = keptLayer(store, layer.digest, newer, []);
  assert.deepEqual(kept?.missing, ['npm', 'apk']);
  assert.deepEqual(
    kept?.result.records.map((record) => record.by),
    ['dpkg'],
  );
  assert.deepEqual(
    kept?.result.gaps.map((gap) => gap.by),
    ['layer'],
  );
  const fresh: LayerResult = { ...layer, records: [{ by: 'npm', path: 'a', data: 2 }], gaps: layer.gaps.slice(0, 1) };
  const all = mergeLayer(kept?.result ?? layer, fresh);
  assert.deepEqual([all.records.length, all.gaps.length], [2, 1]);
});

test('parts that are not what they should be are misses', () => {
  for (const junk of ['', 'no deflate', '\x03\x00']) {
    const store = memoryStore();
    keepLayer(store, [dpkg], [], layer);
    store.put(layer.digest, 'reader:dpkg@1', Buffer.from(junk, 'latin1'));
    assert.deepEqual(keptLayer(store, layer.digest, [dpkg], [])?.missing, ['dpkg']);
    store.put(layer.digest, 'files@3', Buffer.from(junk, 'latin1'));
    assert.equal(keptLayer(store, layer.digest, [dpkg], []), null);
  }
});
