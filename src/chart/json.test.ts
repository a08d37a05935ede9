import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonList, isJsonMap } from './go-values.js';
import { type Json, JsonError, JsonNumber, parseJson } from './json.js';

/** A value with its numbers as they were spelt and its keys in their order. */
function spelt(json: Json): unknown {
  if (json instanceof JsonNumber) return { number: json.text };
  if (isJsonMap(json)) return { keys: [...json].map(([key, value]) => [key, spelt(value)]) };
  return isJsonList(json) ? json.map(spelt) : json;
}

test('numbers keep their spelling, keys their order, whatever JavaScript would make of them', () => {
  for (const number of ['0', '-0', '7', '-12', '1.0', '10e2', '1E3', '123456789012345678901', '0.1', '-0.0']) {
    assert.deepEqual(spelt(parseJson(number)), { number });
    assert.deepEqual(spelt(parseJson(`[${number}]`)), [{ number }]);
    assert.deepEqual(spelt(parseJson(`{"a": ${number} }`)), { keys: [['a', { number }]] });
    assert.deepEqual(spelt(parseJson(`{"b":"x","a":[true,\n ${number}]}`)), {
      keys: [
        ['b', 'x'],
        ['a', [true, { number }]],
      ],
    });
  }
  assert.deepEqual(spelt(parseJson('{"b":1,"10":2,"__proto__":3,"b":4}')), {
    keys: [
      ['b', { number: '4' }],
      ['10', { number: '2' }],
      ['__proto__', { number: '3' }],
    ],
  });
  assert.deepEqual(spelt(parseJson('{"__proto__":{"x":null}}')), { keys: [['__proto__', { keys: [['x', null]] }]] });
});

test('what is no JSON is refused, also where it nests without end', () => {
  for (const text of ['', '{', '[1,]', '{"a":01}', '"\n"', 'nul', '[1] x', '{"a" 1}', '[1.]', '[-]', "{'a':1}"]) {
    assert.throws(() => parseJson(text), JsonError, text);
  }
  for (const open of ['[', '{"a":']) assert.throws(() => parseJson(open.repeat(200_000)), JsonError);
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.ok(isJsonList(parseJson(deep(1000))));
  assert.throws(() => parseJson(deep(1100)), /exceeded max depth/);
});

test('any value comes back as it was written', () => {
  const back = (json: Json): unknown => {
    if (json instanceof JsonNumber) return JSON.parse(json.text);
    if (isJsonMap(json)) return Object.fromEntries([...json].map(([key, value]) => [key, back(value)]));
    return isJsonList(json) ? json.map(back) : json;
  };
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.integer({ min: 0, max: 2 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(back(parseJson(text)), JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});
