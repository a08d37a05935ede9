import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'libsql';
import { catalogued, readWith } from './image.test.support.js';
import { nativePackages } from './native-packages.js';

/** As Conan 2.x makes it: conan/internal/cache/db/packages_table.py. */
function cache(rows: readonly (readonly [reference: string, path: string])[]): Uint8Array {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-conan-'));
  try {
    const database = new Database(join(dir, 'cache.sqlite3'));
    database.exec(
      'CREATE TABLE packages (reference text NOT NULL, rrev text NOT NULL, pkgid text, prev text, path text NOT NULL UNIQUE, timestamp real NOT NULL, build_id text, lru integer NOT NULL , UNIQUE(reference, rrev, pkgid, prev))',
    );
    const insert = database.prepare('INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const [reference, path] of rows) insert.run(reference, 'r', path, 'p', path, 1.5, null, 1);
    database.close();
    return readFileSync(join(dir, 'cache.sqlite3'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test("Conan 2's cache names the packages whose folders are hashes; its deployer's folders say it themselves", () => {
  const info = '[settings]\narch=x86_64\nos=Linux\n';
  const { components, gaps } = catalogued({
    'root/.conan2/p/cache.sqlite3': cache([
      ['mylib/1.4.2', 'b/mylibb84e76bac3877'],
      ['app/0.3@team/stable', 'app0123456789'],
      ['gone/1.0', 'gone0123456789'],
    ]),
    'root/.conan2/p/b/mylibb84e76bac3877/p/conanmanifest.txt': '1\n',
    'root/.conan2/p/b/mylibb84e76bac3877/p/conaninfo.txt': info,
    'root/.conan2/p/b/mylibb84e76bac3877/p/include/mylib.h': 'int x;',
    'root/.conan2/p/app0123456789/p/conanmanifest.txt': '1\n',
    'app/full_deploy/host/zlib/1.3.1/Release/x86_64/conaninfo.txt': info,
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.owns.length]),
    [
      ['pkg:conan/app@0.3?channel=stable&user=team', 1],
      ['pkg:conan/mylib@1.4.2', 3],
      ['pkg:conan/zlib@1.3.1', 1],
    ],
  );
});

test("a broken cache of Conan's is a gap", () => {
  assert.equal(readWith(nativePackages, 'p/cache.sqlite3', Buffer.from('x'.repeat(200))), null);
  assert.equal(
    readWith(nativePackages, 'a/p/cache.sqlite3', Buffer.from('x'.repeat(200)))?.gaps[0]?.reason,
    'bad-bytes',
  );
});
