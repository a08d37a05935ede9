import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepEqual, kindName, truth, typeName } from './reflect.js';
import { GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue, int, int64 } from './value.js';

const list = (...items: GoValue[]): GoSlice => new GoSlice(items);
const map = (entries: Record<string, GoValue>): GoMap => new GoMap(new Map(Object.entries(entries)));
const time = new GoObject({ type: 'time.Time' });

test('types, kinds and truth are those of Go', () => {
  const table: readonly (readonly [GoValue, string, string, boolean])[] = [
    [null, '<nil>', 'invalid', false],
    ['', 'string', 'string', false],
    ['a', 'string', 'string', true],
    [0, 'float64', 'float64', false],
    [-0.5, 'float64', 'float64', true],
    [Number.NaN, 'float64', 'float64', true],
    [int(0), 'int', 'int', false],
    [int64(7), 'int64', 'int64', true],
    [new GoInt('int64', 1, 'time.Duration'), 'time.Duration', 'int64', true],
    [false, 'bool', 'bool', false],
    [list(), '[]interface {}', 'slice', false],
    [new GoSlice(['x'], 'string'), '[]string', 'slice', true],
    [map({}), 'map[string]interface {}', 'map', false],
    [new GoMap(new Map([['a', null]]), 'chartutil.Values'), 'chartutil.Values', 'map', true],
    [time, 'time.Time', 'struct', true],
    [new GoFunc('f', ['string'], 'any', () => null), 'func(string, ...interface {}) interface {}', 'func', true],
  ];
  for (const [value, type, kind, isTrue] of table) {
    assert.deepEqual([typeName(value), kindName(value), truth(value)], [type, kind, isTrue]);
  }
});

test('equal is what has the same types and content', () => {
  assert.equal(deepEqual(int(1), int64(1)), false);
  assert.equal(deepEqual(int(1), 1), false);
  assert.equal(deepEqual(list(1, map({ a: 'x' })), list(1, map({ a: 'x' }))), true);
  assert.equal(deepEqual(list(1), list(1, 2)), false);
  assert.equal(deepEqual(list(), new GoSlice([], 'interface {}', true)), false);
  assert.equal(deepEqual(new GoSlice(['a'], 'string'), list('a')), false);
  assert.equal(deepEqual(map({ a: null }), map({})), false);
  assert.equal(deepEqual(map({ a: null }), map({ a: null })), true);
  assert.equal(deepEqual(null, null), true);
  assert.equal(deepEqual(null, map({})), false);
  assert.equal(deepEqual(Number.NaN, Number.NaN), false);
});

test('values that contain themselves can be compared', () => {
  const a = map({});
  const b = map({});
  a.entries.set('self', a);
  b.entries.set('self', b);
  assert.equal(deepEqual(a, b), true);
});
