import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { npm } from './npm.js';

test('packages own their folder up to nested node_modules', () => {
  const { components } = catalogued({
    'app/package.json': '{"name":"app","version":"1.0.0"}',
    'app/node_modules/a/package.json': '{"name":"a","version":"1.2.3","license":"MIT"}',
    'app/node_modules/a/lib/index.js': 'x',
    'app/node_modules/a/lib/package.json': '{"type":"module"}',
    'app/node_modules/a/node_modules/b/package.json':
      '{"name":"b","version":"2.0.0","licenses":[{"type":"BSD"},{"type":"MIT"}]}',
    'app/node_modules/a/node_modules/b/index.js': 'y',
    'app/node_modules/@s/c/package.json': '{"name":"@s/c","version":"3.0.0","license":{"type":"ISC"}}',
    'app/node_modules/.bin/tool': 'sh',
    'app/node_modules/.pnpm/d@4.0.0/node_modules/d/package.json': '{"name":"d","version":"4.0.0"}',
    'app/node_modules/alias/package.json': '{"name":"real","version":"5.0.0"}',
  });
  assert.deepEqual(
    components.map((one) => [
      one.purl,
      one.licenses,
      one.owns.map(({ path }) => path.slice('app/node_modules/'.length)),
    ]),
    [
      ['pkg:npm/%40s/c@3.0.0', ['ISC'], ['@s/c/package.json']],
      ['pkg:npm/a@1.2.3', ['MIT'], ['a/package.json', 'a/lib/index.js', 'a/lib/package.json']],
      ['pkg:npm/b@2.0.0', ['BSD', 'MIT'], ['a/node_modules/b/package.json', 'a/node_modules/b/index.js']],
      ['pkg:npm/d@4.0.0', [], ['.pnpm/d@4.0.0/node_modules/d/package.json']],
      ['pkg:npm/real@5.0.0', [], ['alias/package.json']],
    ],
  );
});

test('copies of one package are one component at two places, different bytes are not', () => {
  const packageJson = '{"name":"a","version":"1.0.0"}';
  const copies = catalogued({
    'x/node_modules/a/package.json': packageJson,
    'y/node_modules/a/package.json': packageJson,
  });
  assert.deepEqual(
    copies.components.map((one) => [one.locations.length, one.owns.length]),
    [[2, 2]],
  );
  const patched = catalogued({
    'x/node_modules/a/package.json': packageJson,
    'y/node_modules/a/package.json': packageJson,
    'y/node_modules/a/extra.js': 'patched',
  });
  assert.equal(patched.components.length, 2);
});

test('what is broken is a gap', () => {
  for (const content of ['', '{', '[]x', 'null', '"text"', '{}', '{"name":1}', `${'['.repeat(100_000)}`]) {
    const result = readWith(npm, 'node_modules/a/package.json', content);
    assert.deepEqual([result?.records, result?.gaps[0]?.reason], [[], 'bad-database'], content.slice(0, 20));
  }
  const noVersion = catalogued({ 'node_modules/a/package.json': '{"name":"a","version":7}' }).components[0];
  assert.deepEqual([noVersion?.purl, noVersion?.version], ['pkg:npm/a', null]);
  assert.equal(readWith(npm, 'app/package.json', '{}'), null);
});
