import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../../test/paths.js';
import { binaries } from '../binaries.js';
import { catalogued, readWith } from '../image.test.support.js';
import { rulesFor } from './select.js';

/*
 * Every piece of a real program that lies beside the project, read under its own name, by the whole way an image goes:
 * one component, the right program, the right version.
 */

/** What the folder's name means as a component; itself where it is left out. */
const programs: Readonly<Record<string, string>> = {
  'ffmpeg-shared-libs': 'ffmpeg',
  'go-version-hint': 'go',
  'haskell-cabal': 'cabal',
  'haskell-ghc': 'ghc',
  'istio_pilot-agent': 'pilot-agent',
  'istio_pilot-discovery': 'pilot-discovery',
  'java-graal-openjdk': 'graalvm',
  'java-jdk-openjdk': 'openjdk',
  'java-jdk-oracle': 'jre',
  'java-jre-openjdk': 'openjdk',
  'java-jre-openjdk-arm64-eclipse': 'openjdk',
  'java-jre-openjdk-eclipse': 'openjdk',
  'java-jre-oracle': 'jre',
  'java-jre-oracle-sdk': 'jre',
  mysqld: 'mysql-server',
  ndb_mgmd: 'mysql-cluster',
  ndbd: 'mysql-cluster',
  ndbmtd: 'mysql-cluster',
  'nginx-openresty': 'openresty',
  'php-apache': 'php',
  postgres: 'postgresql',
  'pypy-shared-lib': 'pypy',
  'python-duplicates': 'python',
  'python-shared-lib': 'python',
  'python-with-incorrect-match': 'python',
  qt: 'qtbase',
  'redis-server': 'redis',
  'rust-libstd': 'rust',
  'rust-libstd-musl': 'rust',
  'valkey-server': 'valkey',
  wp: 'wp-cli',
};

/**
 * Where the piece says something else than the folder it lies in: the launcher says its build too, `VERSION` of a
 * development tree names a commit, and a "julia" that is a link's text says what it links to, no more.
 */
const said: Readonly<Record<string, string | null>> = {
  'envoy/1.18.6': '1.18.6-dev',
  'go-version-hint/1.15-dev': '1.15',
  'go-version-hint/1.15w': '1.15',
  'go-version-hint/1.25': '1.25-d524e1e',
  'go-version-hint/1.25w': '1.25-d524e1e',
  'java-jre-openjdk-arm64-eclipse/11.0.22': '11.0.22+7',
  'java-jre-openjdk-eclipse/11.0.22': '11.0.22+7',
  'java-jre-oracle/19.0.1': '19.0.1+10-21',
  'julia/1.13.0-alpha2': '1.13.0',
  'julia/1.13.0-beta3': '1.13.0',
  'julia/1.8.5': null,
  'julia/1.9.0-alpha1': null,
};

interface Piece {
  readonly file: string;
  readonly program: string;
  readonly version: string;
  readonly name: string;
}

function readIndex(folder: string): readonly Piece[] {
  const [, ...rows] = readFileSync(join(folder, 'index.tsv'), 'utf8').trim().split('\n');
  return rows.map((row) => {
    const [file = '', program = '', version = '', , name = ''] = row.split('\t');
    return { file, program, version, name };
  });
}

const folder = sharedData('binaries');
const skip = folder === null ? sharedMissing : false;

test('every piece is recognised with its program and version, none as another', { skip }, (t) => {
  const wrong: string[] = [];
  const pieces = readIndex(folder ?? '');
  for (const { file, program, version, name } of pieces) {
    const bytes = readFileSync(join(folder ?? '', file));
    const { components } = catalogued({ [`opt/program/${name}`]: bytes });
    const found = components.map((one) => `${one.name} ${one.version}`).join(', ');
    const given = said[`${program}/${version}`];
    const expected = `${programs[program] ?? program} ${given === undefined ? version : given}`;
    if (found !== expected) wrong.push(`${file}: ${found || 'nothing'}, not ${expected}`);
  }
  t.diagnostic(`${pieces.length - wrong.length} of ${pieces.length} pieces recognised`);
  assert.deepEqual(wrong, []);
});

test('a piece under the name of another program is not taken for it', { skip }, (t) => {
  const pieces = readIndex(folder ?? '');
  const names = [...new Set(pieces.map((piece) => piece.name))];
  const wrong: string[] = [];
  let tried = 0;
  for (const { file, program, name } of pieces) {
    const bytes = readFileSync(join(folder ?? '', file));
    const own = new Set(rulesFor({ path: name }, bytes).map((rule) => rule.family));
    for (const other of names) {
      // A piece of a program of Go is cut off from what tells that it is one: bare versions are all that is left.
      const rules = rulesFor({ path: other }, bytes);
      if (rules.some((rule) => own.has(rule.family) || rule.go)) continue;
      // nginx names the OpenSSL it was built with in the very words of OpenSSL.
      if (program === 'nginx' && other === 'openssl') continue;
      tried += 1;
      const found = readWith(binaries, `opt/${other}`, bytes)?.records ?? [];
      if (found.length > 0) wrong.push(`${file} (${program}) as ${other}: ${JSON.stringify(found[0])}`);
    }
  }
  t.diagnostic(`${tried - wrong.length} of ${tried} pieces under another name give nothing`);
  assert.deepEqual(wrong.slice(0, 40), []);
});
