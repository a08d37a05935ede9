import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { cpuMs } from '../model/cpu.test.support.js';
import { GoInt, GoMap, GoSlice, type GoValue, readYaml } from '../template/index.js';
import { type SetKind, StrvalsError, setInto } from './strvals.js';

/** The value as the truth file writes it. */
function plain(value: GoValue): unknown {
  if (value instanceof GoInt) return { int64: String(value.value) };
  if (value instanceof GoSlice) return value.items.map(plain);
  if (value instanceof GoMap) return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item)]));
  return value;
}

function laid(kind: SetKind, argument: string): unknown {
  const base = readYaml('{"known":{"x":"1"},"list":["a",{"k":"v"}],"s":"str"}');
  assert.ok(base instanceof GoMap);
  try {
    setInto(argument, base, kind);
  } catch (error) {
    if (error instanceof StrvalsError) return error.message;
    throw error;
  }
  return plain(base);
}

const kinds: ReadonlyMap<string, SetKind> = new Map<string, SetKind>([
  ['set', 'set'],
  ['string', 'string'],
  ['json', 'json'],
  ['literal', 'literal'],
  ['file', { file: (path) => `<${path}>` }],
]);

test('arguments of --set and its kin mean what Helm makes of them', () => {
  let count = 0;
  for (const line of readFileSync(inRoot('src/chart/testdata/strvals.tsv'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [kind = '', argument = '', result = ''] = line.split('\t');
    const text: unknown = JSON.parse(argument);
    assert.ok(typeof text === 'string');
    const how = kinds.get(kind);
    assert.ok(how !== undefined, kind);
    assert.deepEqual(laid(how, text), JSON.parse(result), line);
    count++;
  }
  assert.equal(count, 520);
});

test('a long or deep argument ends', () => {
  assert.match(String(laid('set', `${'a.'.repeat(100_000)}b=1`)), /nested level/);
  assert.match(String(laid('set', `a[65537]=1`)), /greater than maximum/);
  assert.match(String(laid('json', `a=${'['.repeat(100_000)}`)), /max depth/);
  // Thousands of values: none may cost as much as all that stands behind it.
  const started = cpuMs();
  assert.equal(Object.keys(Object(laid('json', 'c=2,=1,'.repeat(10_000)))).length, 4);
  assert.ok(cpuMs() - started < 20_000, `${cpuMs() - started} ms`);
  assert.deepEqual(Object(laid('json', 'a="\u{1f600}",\u{1f600}=[1,"x"],b={"c":"d"}')), {
    ...Object(laid('set', '')),
    a: '\u{1f600}',
    '\u{1f600}': [1, 'x'],
    b: { c: 'd' },
  });
});

test('work grows with the length of an argument, not with its square', { timeout: 60_000 }, () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  for (const kind of ['set', 'string', 'json'] as const) {
    const values = new GoMap();
    setInto(numbers.map((i) => `k${i}=${i}`).join(','), values, kind);
    assert.equal(values.entries.size, numbers.length);
    const lists = new GoMap();
    setInto(
      numbers
        .slice(0, 65_000)
        .map((i) => `l[${i}]=${i}`)
        .join(','),
      lists,
      kind,
    );
    const list = lists.entries.get('l');
    assert.ok(list instanceof GoSlice && list.items.length === 65_000 && list.capacity === 65_000);
  }
});

test('characters beyond the basic plane are taken whole', () => {
  assert.deepEqual(laid('set', 'a\u{1f600}=\\\u{1f600}b'), { ...Object(laid('set', '')), 'a\u{1f600}': '\u{1f600}b' });
  assert.deepEqual(laid('json', 'a="\u{1f600}",b=1'), { ...Object(laid('set', '')), a: '\u{1f600}', b: 1 });
});
