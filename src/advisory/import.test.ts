import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isTrowelError } from '../model/index.js';
import { writeTar } from '../pack/index.js';
import { recordOf, zipOf } from './builders.test.support.js';
import { databaseStatus, openAdvisories } from './database.js';
import { importAdvisories } from './import.js';

describe('import', () => {
  let folder = '';
  let db = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trowel-import-'));
    db = join(folder, 'state', 'advisories.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(path: string, bytes: string | Uint8Array): string {
    const whole = join(folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, bytes);
    return whole;
  }

  /** `source: ids` of what is in the database for a package of Debian 12. */
  function stored(name = 'glibc'): string[] {
    const database = openAdvisories(db);
    try {
      const records = database?.recordsFor('Debian', '12', name) ?? [];
      return records.map(({ head }) => `${head.source}: ${head.id}`);
    } finally {
      database?.close();
    }
  }

  const one = recordOf('X-1', 'Debian:12', 'glibc', '2.36');
  const two = recordOf('X-2', 'Debian:12', 'glibc', '2.37');

  test('ECOSYSTEM/all.zip is named after its folder; the same again replaces it', async () => {
    const zip = put('Debian/all.zip', zipOf({ 'X-1.json': one, 'X-2.json': two }));
    for (let round = 0; round < 2; round++) {
      const told: string[] = [];
      const result = await importAdvisories(db, [zip], (name) => told.push(name));
      assert.deepEqual(result, { sources: [{ name: 'Debian', records: 2 }], skipped: [] });
      assert.deepEqual(told, ['Debian']);
      assert.deepEqual(stored(), ['Debian: X-1', 'Debian: X-2']);
    }
    put('Debian/all.zip', zipOf({ 'X-2.json': two }));
    await importAdvisories(db, [zip]);
    assert.deepEqual(stored(), ['Debian: X-2']);
  });

  test('a folder of such zips, with other things in it', async () => {
    put('all/Debian/all.zip', zipOf({ 'X-1.json': one }));
    put('all/Alpine/all.zip', zipOf({ 'A-1.json': recordOf('A-1', 'Alpine:v3.18', 'zlib', '1.3-r0') }));
    put('all/README.md', '# what this is');
    const result = await importAdvisories(db, [join(folder, 'all')]);
    assert.deepEqual(result, {
      sources: [
        { name: 'Alpine', records: 1 },
        { name: 'Debian', records: 1 },
      ],
      skipped: [],
    });
    const database = openAdvisories(db);
    assert.ok(database !== null);
    const status = databaseStatus(database).sources;
    assert.deepEqual(
      status.map(({ name, releases, records, newest }) => ({ name, releases, records, newest })),
      [
        { name: 'Alpine', releases: ['v3.18'], records: 1, newest: '2024-01-01T00:00:00Z' },
        { name: 'Debian', releases: ['12'], records: 1, newest: '2024-01-01T00:00:00Z' },
      ],
    );
    assert.ok(database.covers('Debian', '12') && !database.covers('Debian', '11') && !database.covers('Debian', null));
    assert.ok(!database.covers('Debian', '1') && !database.covers('npm', null));
    database.close();
  });

  test('a folder of JSON files, a single file, a list in a file, tars', async () => {
    put('own/a/X-1.json', one);
    put('own/X-2.json', two);
    const single = put('X-3.json', recordOf('X-3', 'Debian:12', 'glibc', '2.38'));
    const list = put(
      'list.json',
      `[${recordOf('X-4', 'Debian:12', 'glibc', '3')},${recordOf('X-5', 'Debian:12', 'glibc', '3')}]`,
    );
    const entries = [
      {
        path: 'x/X-6.json',
        type: 'file' as const,
        mode: 0o644,
        content: Buffer.from(recordOf('X-6', 'Debian:12', 'glibc', '3')),
      },
    ];
    const tar = put('six.tar', Buffer.concat([...writeTar(entries)]));
    const tgz = put('seven.tgz', gzipSync(Buffer.concat([...writeTar(entries)])));
    const result = await importAdvisories(db, [join(folder, 'own'), single, list, tar, tgz]);
    assert.deepEqual(result.skipped, []);
    assert.deepEqual(
      result.sources.map(({ name, records }) => `${name} ${records}`),
      ['own 2', 'X-3 1', 'list 2', 'six 1', 'seven 1'],
    );
    // X-6 came twice, from two sources: it is one record.
    assert.deepEqual(
      stored().map((text) => text.slice(-3)),
      ['X-1', 'X-2', 'X-3', 'X-4', 'X-5', 'X-6'],
    );
  });

  test('bad records are named, the others are there', async () => {
    const zip = put(
      'Debian/all.zip',
      zipOf({
        'X-1.json': one,
        'broken.json': '{"id":',
        'latin1.json': '\u0000',
        'empty.json': '',
        'package.json': '{"name":"x","version":"1"}',
        'notes.txt': 'not looked at',
        'deep.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      }),
    );
    const { sources, skipped } = await importAdvisories(db, [zip]);
    assert.deepEqual(sources, [{ name: 'Debian', records: 1 }]);
    assert.deepEqual(
      skipped.map(({ where, reason }) => [where.slice(zip.length + 2), reason]),
      [
        ['broken.json', 'is no JSON'],
        ['latin1.json', 'is no JSON'],
        ['empty.json', 'is no JSON'],
        ['package.json', 'is no OSV record: id is missing or no identifier'],
        ['deep.json', 'is no OSV record: the record is no object'],
      ],
    );
  });

  test('a damaged entry is named, the others are there', async () => {
    const bytes = zipOf({ 'X-1.json': one, 'X-2.json': two });
    const at = bytes.indexOf('2.37');
    bytes[at] = 0x39;
    const { sources, skipped } = await importAdvisories(db, [put('Debian/all.zip', bytes)]);
    assert.deepEqual(sources, [{ name: 'Debian', records: 1 }]);
    assert.equal(skipped.length, 1);
    assert.match(skipped[0]?.where ?? '', /X-2\.json$/);
  });

  test('one bad archive among good ones is named', async () => {
    put('all/Debian/all.zip', zipOf({ 'X-1.json': one }));
    put('all/Go/all.zip', zipOf({ 'X-1.json': one }).subarray(0, 40));
    const { sources, skipped } = await importAdvisories(db, [join(folder, 'all')]);
    assert.deepEqual(sources, [{ name: 'Debian', records: 1 }]);
    assert.equal(skipped.length, 1);
    assert.match(skipped[0]?.where ?? '', /Go\/all\.zip$/);
  });

  test('nothing at all is an error, and the database stays as it was', async () => {
    await importAdvisories(db, [put('Debian/all.zip', zipOf({ 'X-1.json': one }))]);
    const bad = [
      put('Debian2/Debian.zip', zipOf({ 'X-1.json': one }).subarray(0, 60)),
      put('text.json', 'hello'),
      put('empty.json', ''),
      put('package.json', '{"name":"x"}'),
      put('Debian3/all.zip', zipOf({})),
      put('no-json.zip', zipOf({ 'a.txt': 'x' })),
    ];
    mkdirSync(join(folder, 'empty'));
    for (const path of [...bad, join(folder, 'empty')]) {
      await assert.rejects(importAdvisories(db, [path]), (error) => isTrowelError(error, 'bad-bytes'), path);
      assert.deepEqual(stored(), ['Debian: X-1'], path);
    }
    await assert.rejects(importAdvisories(db, [join(folder, 'none')]), (error) => isTrowelError(error, 'not-found'));
  });

  test('an archive that ends in the middle imports nothing', async () => {
    await importAdvisories(db, [put('Debian/all.zip', zipOf({ 'X-1.json': one }))]);
    const entry = (id: string) => ({
      path: `${id}.json`,
      type: 'file' as const,
      mode: 0o644,
      content: Buffer.from(recordOf(id, 'Debian:12', 'glibc', '9')),
    });
    const whole = Buffer.concat([...writeTar([entry('X-8'), entry('X-9')])]);
    const cut = put('Debian.tar', whole.subarray(0, 1024 + 512 + 100));
    await assert.rejects(importAdvisories(db, [cut]), (error) => isTrowelError(error, 'truncated'));
    assert.deepEqual(stored(), ['Debian: X-1']);
  });

  test('of two records with one id the newer counts; a withdrawn one matches nothing', async () => {
    const newer = recordOf('X-1', 'Debian:12', 'zlib', '5', {
      modified: '2025-01-01T00:00:00Z',
      aliases: ['CVE-2025-1'],
    });
    put('a/all.zip', zipOf({ '1.json': one, '2.json': newer, '3.json': one }));
    const { skipped } = await importAdvisories(db, [join(folder, 'a', 'all.zip')]);
    assert.deepEqual(
      skipped.map((item) => item.reason),
      ['X-1 comes twice, this one is not newer'],
    );
    assert.deepEqual([stored(), stored('zlib')], [[], ['a: X-1']]);
    const withdrawn = recordOf('X-1', 'Debian:12', 'zlib', '5', {
      modified: '2025-02-01T00:00:00Z',
      withdrawn: '2025-02-01T00:00:00Z',
    });
    await importAdvisories(db, [put('b/all.zip', zipOf({ 'X-1.json': withdrawn }))]);
    assert.deepEqual(stored('zlib'), []);
    const database = openAdvisories(db);
    assert.deepEqual(
      database?.named('CVE-2025-1').map((head) => head.source),
      ['a'],
    );
    database?.close();
  });

  test('two imports at once into a new database', async () => {
    const zips = ['Debian', 'Other'].map((name, i) => put(`${name}/all.zip`, zipOf({ 'X.json': [one, two][i] ?? '' })));
    await Promise.all(zips.map((zip) => importAdvisories(db, [zip])));
    assert.deepEqual(stored(), ['Debian: X-1', 'Other: X-2']);
  });

  test('a link that leads round in a circle', async () => {
    put('own/X-1.json', one);
    symlinkSync(join(folder, 'own'), join(folder, 'own', 'again'));
    const { sources } = await importAdvisories(db, [join(folder, 'own')]);
    assert.deepEqual(sources, [{ name: 'own', records: 1 }]);
  });

  test('a database that is none', async () => {
    const zip = put('Debian/all.zip', zipOf({ 'X-1.json': one }));
    const garbage = put('garbage.db', 'this is no database '.repeat(300));
    assert.throws(
      () => openAdvisories(garbage),
      (error) => isTrowelError(error, 'bad-bytes'),
    );
    await assert.rejects(importAdvisories(garbage, [zip]), (error) => isTrowelError(error, 'bad-bytes'));
    assert.equal(openAdvisories(join(folder, 'none.db')), null);
    await assert.rejects(importAdvisories(join(zip, 'x.db'), [zip]), (error) => isTrowelError(error, 'denied'));
    await importAdvisories(db, [zip]);
    const bytes = readFileSync(db);
    const damaged = put('damaged.db', bytes.subarray(0, 4096 * 3));
    assert.throws(
      () => openAdvisories(damaged)?.recordsFor('Debian', '12', 'glibc'),
      (error) => isTrowelError(error, 'bad-bytes'),
    );
  });

  test('paths with characters that mean something in a URL', async () => {
    db = join(folder, 'a?b#c %41', 'x.db');
    await importAdvisories(db, [put('Debian/all.zip', zipOf({ 'X-1.json': one }))]);
    assert.deepEqual(stored(), ['Debian: X-1']);
  });
});
