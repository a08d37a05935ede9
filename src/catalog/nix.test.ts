import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import Database from 'libsql';
import { catalogued, readWith } from './image.test.support.js';
import { nix } from './nix.js';

const hash = 'g540ff98301hkgssfd74nx9lr9bkr38d';
const other = '2c5f6j5l10zwhvd5q3k8672f6fbbdb4s';
const store = (title: string, digest = hash): string => `nix/store/${digest}-${title}`;

/** A database of valid paths as nix 2.8 makes it: src/libstore/schema.sql. */
function database(rows: readonly (readonly [path: string, hash: string, deriver: string | null])[]): Uint8Array {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-nix-'));
  try {
    const db = new Database(join(dir, 'db'));
    db.exec(`CREATE TABLE ValidPaths (id integer primary key autoincrement not null, path text unique not null,
      hash text not null, registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text,
      ca text)`);
    const insert = db.prepare('INSERT INTO ValidPaths (path, hash, registrationTime, deriver) VALUES (?, ?, 1, ?)');
    for (const row of rows) insert.run([...row]);
    db.close();
    return readFileSync(join(dir, 'db'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('a component a store path, which owns what lies below it', () => {
  const { components, gaps } = catalogued({
    [`${store('glibc-2.39-5-bin')}/bin/ldd`]: 'x',
    [`${store('glibc-2.39-5-bin')}/bin/link`]: { link: 'ldd' },
    [store('hook.sh', other)]: 'hook',
    [`nix/store/${other}-glibc-2.39-5.drv`]: 'Derive(',
    'nix/store/.links/abc': 'x',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.name, one.version, one.grade, one.owns.map(({ path }) => path)]),
    [
      [
        `pkg:nix/glibc@2.39-5?output=bin&outputhash=${hash}`,
        'glibc',
        '2.39-5',
        'inferred',
        [`${store('glibc-2.39-5-bin')}/bin/ldd`, `${store('glibc-2.39-5-bin')}/bin/link`],
      ],
      [`pkg:nix/hook.sh?outputhash=${other}`, 'hook.sh', null, 'inferred', [store('hook.sh', other)]],
    ],
  );
});

test('names, versions and outputs', () => {
  const table: readonly (readonly [string, string, string | null, string])[] = [
    ['bash-5.2-p26', 'bash', '5.2-p26', ''],
    ['perl5.38.2-URI-5.21', 'perl5.38.2-URI', '5.21', ''],
    ['openssl-3.0.13-dev', 'openssl', '3.0.13', 'dev'],
    ['gcc-13.2.0-lib', 'gcc', '13.2.0', 'lib'],
    ['nss-cacert-3.98', 'nss-cacert', '3.98', ''],
    ['source', 'source', null, ''],
    ['python3-3.11.8-env', 'python3', '3.11.8-env', ''],
  ];
  for (const [title, name, version, output] of table) {
    const [one] = catalogued({ [store(title)]: 'x' }).components;
    const found = /[?&]output=([^&]*)/.exec(one?.purl ?? '')?.[1] ?? '';
    assert.deepEqual([one?.name, one?.version, found], [name, version, output], title);
  }
});

test("Nix's database names the derivation and the hash of the whole", () => {
  const rows: readonly (readonly [string, string, string | null])[] = [
    [`/${store('python3-3.11.8-env')}`, 'sha256:abc', `/nix/store/${other}-python3-3.11.8.drv`],
    ['/nix/store/elsewhere', 'sha256:def', null],
  ];
  const { components } = catalogued({
    [`${store('python3-3.11.8-env')}/bin/python`]: 'x',
    'nix/var/nix/db/db.sqlite': database(rows),
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.evidence[1]?.value]),
    [
      [
        `pkg:nix/python3@3.11.8?drvpath=${other}-python3-3.11.8.drv&output=env&outputhash=${hash}`,
        'claimed',
        `sha256:abc /nix/store/${other}-python3-3.11.8.drv`,
      ],
    ],
  );
});

test('a broken database is a gap, and the store is still read', () => {
  const bytes = database([[`/${store('a-1')}`, 'sha256:abc', null]]);
  const { components, gaps } = catalogued({ [store('a-1')]: 'x', 'nix/var/nix/db/db.sqlite': bytes.slice(0, 5000) });
  assert.deepEqual([components.length, gaps.length], [1, 1]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }), (changes) => {
      const broken = Uint8Array.from(bytes);
      for (const [at, value] of changes) broken[at % broken.length] = value;
      readWith(nix, 'nix/var/nix/db/db.sqlite', broken);
    }),
    { numRuns: 300, seed: 7 },
  );
});
