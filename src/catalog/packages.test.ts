import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogued } from './image.test.support.js';
import { manyRows, packageRow } from './packages.js';

const facts = { type: 'npm', name: 'a', version: '1', ecosystem: 'npm', what: 'x' } as const;

test('names and versions that none can be make no row', () => {
  assert.equal(packageRow(facts)?.purl, 'pkg:npm/a@1');
  for (const name of ['', ' a', 'a\n', 'a'.repeat(401), '\u0000']) assert.equal(packageRow({ ...facts, name }), null);
  for (const version of [' 1', '1\u007f', '1'.repeat(257)]) assert.equal(packageRow({ ...facts, version }), null);
  assert.equal(packageRow({ ...facts, version: '' })?.version, null);
  // A Swift package is named with its repository's place (purl-spec, swift-definition.json).
  assert.equal(packageRow({ ...facts, type: 'swift' }), null);
});

test('half a surrogate pair, which JSON may escape, is no crash', () => {
  assert.equal(packageRow({ ...facts, name: '\ud800' })?.purl, 'pkg:npm/%EF%BF%BD@1');
  const { components } = catalogued({ 'node_modules/a/package.json': '{"name":"\\ud800","version":"1"}' });
  assert.equal(components.length, 1);
});

test('any text gives a row or none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.string(),
      (name, version, namespace) => {
        packageRow({ ...facts, name, version, namespace });
      },
    ),
    { numRuns: 2000, seed: 3 },
  );
});

test('a list with entries that can be none keeps the others and is a gap', () => {
  const { records, gaps } = manyRows([facts, { ...facts, name: '' }, { ...facts, name: 'b' }], 'a list');
  assert.deepEqual(
    [records.map(({ purl }) => purl), gaps?.map(({ reason }) => reason)],
    [['pkg:npm/a@1', 'pkg:npm/b@1'], ['bad-database']],
  );
  assert.equal(manyRows(Array(100_001).fill(facts), 'a list').gaps?.[0]?.reason, 'too-large');
});

test('thousands of records that name one big folder own it a bounded number of times', () => {
  const packages = Array.from({ length: 3000 }, (_, index) => ({
    name: `v/p${index}`,
    version: '1',
    'install-path': '../all',
  }));
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`app/vendor/all/${index}.php`, '']));
  const { components } = catalogued({ ...files, 'app/vendor/composer/installed.json': JSON.stringify(packages) });
  assert.equal(components.length, 3000);
  assert.ok(components.reduce((sum, one) => sum + one.owns.length, 0) <= 2_000_000);
});
