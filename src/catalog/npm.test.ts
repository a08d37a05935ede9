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
      one.owns.map(({ path }) => path.replace('app/node_modules/', '')),
    ]),
    [
      ['pkg:npm/%40s/c@3.0.0', ['ISC'], ['@s/c/package.json']],
      ['pkg:npm/a@1.2.3', ['MIT'], ['a/package.json', 'a/lib/index.js', 'a/lib/package.json']],
      ['pkg:npm/app@1.0.0', [], ['app/package.json']],
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
});

test('where a package was fetched from is what npm noted; its repository is none such place', () => {
  const locationOf = (more: string): string | null | undefined =>
    catalogued({ 'node_modules/a/package.json': `{"name":"a","version":"1.0.0"${more}}` }).components[0]
      ?.downloadLocation;
  assert.equal(locationOf(',"_resolved":"https://npm.example/a-1.0.0.tgz"'), 'https://npm.example/a-1.0.0.tgz');
  assert.equal(locationOf(',"repository":{"url":"git+https://git.example/a.git"}'), undefined);
});

test("an application's own package.json is one component that owns just that file", () => {
  const { components } = catalogued({
    'srv/package.json': '{"name":"shop","version":"1.2.0","private":true,"author":{"name":"A","email":"a@b.c"}}',
    'srv/index.js': 'x',
    'srv/lib/package.json': '{"type":"module"}',
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.supplier, one.owns.map(({ path }) => path)]),
    [['pkg:npm/shop@1.2.0', 'A <a@b.c>', ['srv/package.json']]],
  );
  assert.deepEqual(readWith(npm, 'app/package.json', '{}'), { records: [], gaps: [] });
});

test('copies inside a package are its own components, its loading hints and fixtures are none', () => {
  const { components } = catalogued({
    'node_modules/next/package.json': '{"name":"next","version":"14.2.5"}',
    'node_modules/next/dist/compiled/ws/package.json': '{"name":"ws","main":"index.js","license":"MIT"}',
    'node_modules/next/dist/compiled/ws/index.js': 'ws',
    'node_modules/next/dist/compiled/@s/og/package.json': '{"name":"@s/og","version":"0.6.2"}',
    'node_modules/next/dist/esm/package.json': '{"type":"module"}',
    'node_modules/next/dist/lib/package.json': '{"name":"next","version":"14.2.5"}',
    'node_modules/next/bin/package.json': '{"name":"bin","version":"1.0.0","private":true}',
    'node_modules/next/test/x/package.json': '{"name":"baz","version":"1.0.0"}',
    'node_modules/next/ajax/package.json': '{"name":"next/ajax","main":"x.js"}',
    'usr/share/nodejs/yargs/package.json': '{"name":"yargs","version":"16.2.0"}',
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.evidence[0]?.what, one.owns.length]),
    [
      ['pkg:npm/%40s/og@0.6.2', 'package.json inside another package', 1],
      ['pkg:npm/next@14.2.5', 'package.json', 6],
      ['pkg:npm/ws', 'package.json inside another package', 2],
      ['pkg:npm/yargs@16.2.0', 'package.json', 1],
    ],
  );
});
