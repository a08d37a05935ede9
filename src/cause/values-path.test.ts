import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../model/index.js';
import { leavesBelow, parentPath, pathBelow, stepsOf, valueAt } from './values-path.js';

const values = { a: { 'b.c': [{ d: 'x' }, null] }, 'e[0]': 1, 'back\\slash': 'y', t: true };

test('paths are as --set takes them, and lead back to their values', () => {
  const leaves = leavesBelow(values);
  assert.deepEqual(
    leaves.map((leaf) => leaf.path),
    ['a.b\\.c[0].d', 'a.b\\.c[1]', 'e\\[0\\]', 'back\\\\slash'],
  );
  for (const { path, value } of leaves) assert.equal(valueAt(values, path), value);
  assert.deepEqual(stepsOf('a.b\\.c[0].d'), ['a', 'b.c', 0, 'd']);
});

test('what is not there is undefined', () => {
  for (const path of ['none', 'a.none', 'a.b\\.c[7]', 'a[0]', 't.x', 'constructor']) {
    assert.equal(valueAt(values, path), undefined, path);
  }
});

test('the path above', () => {
  const cases = [
    ['a.b', 'a'],
    ['a.b\\.c', 'a'],
    ['a[0]', 'a'],
    ['a', ''],
    ['a\\.b', ''],
  ] as const;
  for (const [path, above] of cases) assert.equal(parentPath(path), above);
  assert.equal(pathBelow('', 'x.y'), 'x\\.y');
});

test('hostile values are looked at within bounds', () => {
  let deep: JsonValue = 'x/a:1';
  for (let i = 0; i < 10_000; i++) deep = { a: deep };
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k.${index}`, 'x']));
  assert.equal(leavesBelow({ deep, wide }).length, 50_000);
});
