import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import Database from 'libsql';
import { isTrowelError } from '../model/index.js';
import { buildBerkeley, buildNdb, sourceOf, u32 } from './build.test.support.js';
import {
  berkeleyOrder,
  berkeleyPairs,
  committedPages,
  ndbBlobs,
  openSqlite,
  Problems,
  type SqliteRow,
  type SqlValue,
  sqliteTable,
} from './index.js';

/** What a SQLite library writes: the statements run, the bytes of its file. */
function written(run: (db: InstanceType<typeof Database>, path: string) => void): Uint8Array {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-sqlite-'));
  try {
    const path = join(dir, 'db');
    const db = new Database(path);
    run(db, path);
    db.close();
    return readFileSync(path);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function rowsOf(bytes: Uint8Array, table = 't'): { rows: SqliteRow[] | null; problems: readonly string[] } {
  const source = sourceOf(bytes);
  const problems = new Problems();
  const rows = sqliteTable(source, openSqlite(source), table, problems);
  return { rows: rows === null ? null : [...rows], problems: problems.texts() };
}

test('SQLite: what the library wrote, over page sizes, overflow and depth', () => {
  for (const pageBytes of [512, 1024, 4096, 65536]) {
    const blobs = [0, 1, 100, 400, 461, 477, 478, 500, 4061, 5000, 70_000, 200_000].map((length) =>
      Buffer.alloc(length, length % 251),
    );
    const bytes = written((db) => {
      db.exec(`PRAGMA page_size = ${pageBytes}; CREATE TABLE other (x); CREATE TABLE t (id INTEGER PRIMARY KEY, b, c)`);
      const insert = db.prepare('INSERT INTO t (b, c) VALUES (?, ?)');
      for (let round = 0; round < 40; round++) for (const blob of blobs) insert.run([blob, `${round} é`]);
    });
    const { rows, problems } = rowsOf(bytes);
    assert.deepEqual(problems, []);
    assert.equal(rows?.length, 40 * blobs.length);
    for (const [index, { rowid, values }] of (rows ?? []).entries()) {
      const blob = blobs[index % blobs.length];
      assert.equal(rowid, index + 1);
      assert.ok(values[1] instanceof Uint8Array && Buffer.compare(values[1], blob ?? Buffer.alloc(1)) === 0);
      assert.deepEqual([values[0], values[2]], [null, `${Math.floor(index / blobs.length)} é`]);
    }
  }
});

test('SQLite: every kind of value comes back', () => {
  const numbers = [0, 1, -1, 127, -128, 32767, -32768, 8388607, -8388608, 2147483647, -2147483648, 2 ** 40, -(2 ** 40)];
  const values: SqlValue[] = [...numbers, 2 ** 50, 0.5, -1e300, null, '', 'text', 'naïve ☃'];
  const bytes = written((db) => {
    db.exec('CREATE TABLE t (v)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    for (const value of values) insert.run([value]);
    // Numbers without a fraction are bound as floating point: written as integers they take the short forms.
    for (const value of numbers) db.exec(`INSERT INTO t VALUES (${value})`);
  });
  assert.deepEqual(
    rowsOf(bytes).rows?.map((row) => row.values[0]),
    [...values, ...numbers],
  );
});

test('SQLite: no table, no database, no text in UTF-8', () => {
  const bytes = written((db) => db.exec('CREATE TABLE t (v)'));
  assert.equal(rowsOf(bytes, 'missing').rows, null);
  assert.deepEqual(rowsOf(bytes).rows, []);
  assert.throws(() => rowsOf(new Uint8Array(200)), { code: 'bad-bytes' });
  assert.throws(() => rowsOf(bytes.subarray(0, 50)), { code: 'truncated' });
  const utf16 = written((db) => db.exec("PRAGMA encoding = 'UTF-16'; CREATE TABLE t (v)"));
  assert.throws(() => rowsOf(utf16), { code: 'unsupported' });
});

test('SQLite: a page that is used twice, or not there, costs that page alone', () => {
  const bytes = written((db) => {
    db.exec('PRAGMA page_size = 512; CREATE TABLE t (v)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    for (let row = 0; row < 100; row++) insert.run('x'.repeat(100));
  });
  // Page 2 is the root, an interior one; its right-most child is at byte 8 of its header.
  const root = 512;
  assert.equal(bytes[root], 5);
  for (const [target, problem] of [
    [2, 'page 2 is used twice'],
    [9999, 'the file has no page 9999'],
  ] as const) {
    const broken = Uint8Array.from(bytes);
    broken.set(u32(target, false), root + 8);
    const { rows, problems } = rowsOf(broken);
    assert.deepEqual(problems, [problem]);
    assert.ok(rows !== null && rows.length > 90 && rows.length < 100, String(rows?.length));
  }
});

test('a write-ahead log tells the pages of its commits', () => {
  let log: Uint8Array = new Uint8Array(0);
  const bytes = written((db, path) => {
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (v)');
    db.exec('INSERT INTO t VALUES (1)');
    log = readFileSync(`${path}-wal`);
  });
  const count = committedPages(sourceOf(log));
  assert.equal(openSqlite(sourceOf(bytes)).usesLog, true);
  // Every frame of a log that was never reset belongs to a commit.
  assert.equal(count, Math.floor((log.length - 32) / (24 + 4096)));
  assert.ok(count >= 2);
  assert.equal(committedPages(sourceOf(log.subarray(0, 32 + 24))), 0);
  assert.equal(committedPages(sourceOf(new Uint8Array(0))), 0);
  const reset = Uint8Array.from(log);
  reset.set([1, 2, 3, 4], 16); // a new salt: all frames are left over
  assert.equal(committedPages(sourceOf(reset)), 0);
});

const someValues = [0, 1, 20, 128, 129, 486, 487, 2000, 20_000].map((length) =>
  new Uint8Array(length).fill(length % 7),
);

test('Berkeley DB: both byte orders, values in the page and in chains', () => {
  for (const littleEndian of [true, false]) {
    const bytes = buildBerkeley(someValues, littleEndian);
    assert.deepEqual(berkeleyOrder(bytes.subarray(0, 16)), { littleEndian });
    const problems = new Problems();
    const pairs = [...berkeleyPairs(sourceOf(bytes), problems)];
    assert.deepEqual(problems.texts(), []);
    assert.deepEqual(
      pairs.map(({ key }) => Buffer.from(key).toString('hex')),
      someValues.map((_, index) => Buffer.from(u32(index, littleEndian)).toString('hex')),
    );
    assert.deepEqual(
      pairs.map(({ value }) => [...value]),
      someValues.map((value) => [...value]),
    );
  }
  assert.equal(berkeleyOrder(new Uint8Array(64)), null);
  assert.throws(() => [...berkeleyPairs(sourceOf(new Uint8Array(100)), new Problems())], { code: 'bad-bytes' });
});

test('Berkeley DB: a chain that turns back, and one that ends, cost one value', () => {
  const bytes = buildBerkeley([new Uint8Array(2000).fill(1), new Uint8Array(10).fill(2)], true);
  const overflowPage = 2 * 512; // page 1 has the pair, its chain begins on page 2
  assert.equal(bytes[overflowPage + 25], 7);
  for (const next of [2, 0, 9999]) {
    const broken = Uint8Array.from(bytes);
    broken.set(u32(next, true), overflowPage + 16);
    const problems = new Problems();
    const pairs = [...berkeleyPairs(sourceOf(broken), problems)];
    assert.deepEqual([pairs.length, problems.texts()], [1, ['page 1 has an item that is damaged']], String(next));
  }
});

test('ndb: blobs in their slots; one whose checksum is wrong is left out', () => {
  const bytes = buildNdb(someValues);
  const read = (from: Uint8Array): readonly [number[], readonly string[]] => {
    const problems = new Problems();
    return [[...ndbBlobs(sourceOf(from), problems)].map(({ bytes: { length } }) => length), problems.texts()];
  };
  assert.deepEqual(read(bytes), [someValues.map(({ length }) => length), []]);
  const broken = Uint8Array.from(bytes);
  broken[bytes.length - 100] = 99;
  assert.deepEqual(read(broken), [
    someValues.slice(0, -1).map(({ length }) => length),
    [`the blob of package ${someValues.length} is damaged`],
  ]);
  assert.throws(() => read(new Uint8Array(100)), { code: 'bad-bytes' });
  assert.throws(() => read(bytes.subarray(0, 1000)), { code: 'truncated' });
});

test('mutations: bounded answers or one of the typed errors', () => {
  const sqlite = written((db) => {
    db.exec('PRAGMA page_size = 512; CREATE TABLE t (v)');
    for (let row = 0; row < 30; row++) db.prepare('INSERT INTO t VALUES (?)').run([Buffer.alloc(row * 60, row)]);
  });
  const readers: readonly (readonly [Uint8Array, (bytes: Uint8Array) => number])[] = [
    [sqlite, (bytes) => rowsOf(bytes).rows?.length ?? 0],
    [buildBerkeley(someValues, true), (bytes) => [...berkeleyPairs(sourceOf(bytes), new Problems())].length],
    [buildBerkeley(someValues, false), (bytes) => [...berkeleyPairs(sourceOf(bytes), new Problems())].length],
    [buildNdb(someValues), (bytes) => [...ndbBlobs(sourceOf(bytes), new Problems())].length],
    [sqlite, (bytes) => committedPages(sourceOf(bytes))],
  ];
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...readers),
      fc.array(change, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      (reader, changes, cut) => {
        const [original, read] = reader;
        const bytes = Uint8Array.from(original.subarray(0, cut % 3 === 0 ? cut % original.length : original.length));
        for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
        try {
          assert.ok(read(bytes) <= bytes.length);
        } catch (error) {
          assert.ok(isTrowelError(error, 'bad-bytes', 'truncated', 'unsupported'), String(error));
        }
      },
    ),
    { numRuns: 3000, seed: 11 },
  );
});
