import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { builtins } from './builtins.js';
import { callableOf } from './call.js';
import { execute } from './helm-functions.js';
import { type KnownAction, KnownActions } from './known-actions.js';
import { Budget, type Callable, defaultLimits, type Machine } from './machine.js';
import { parseTemplate } from './parser.js';
import { Templates } from './template-set.js';
import { GoError, GoFunc, GoInt, GoMap, type GoParam, GoSlice, type GoValue, int, int64 } from './value.js';

/** The functions of testdata/oracle.go. */
const functions: readonly GoFunc[] = [
  define('upper', ['string'], undefined, ([text]) => String(text).toUpperCase()),
  define('nilfn', [], undefined, () => null),
  define('inc', ['int'], undefined, ([value]) => int(whole(value) + 1n)),
  define('inc64', ['int64'], undefined, ([value]) => int64(whole(value) + 1n)),
  define('half', ['float64'], undefined, ([value]) => Number(value) / 2),
  define('neg', ['bool'], undefined, ([value]) => value !== true),
  define('strs', [], 'string', (values) => new GoSlice(values, 'string')),
  define('list', [], 'any', (values) => new GoSlice(values)),
  define('id', ['any'], undefined, ([value]) => value ?? null),
  define('fails', ['string'], undefined, ([text]) => {
    throw new GoError(String(text));
  }),
  define('keysof', ['map'], undefined, ([map]) => int(map instanceof GoMap ? map.entries.size : 0)),
  define('toint', ['float64'], undefined, ([value]) => int(Math.trunc(Number(value)))),
  define('dflt', ['any'], 'any', ([fallback, value]) => value ?? fallback ?? null),
];

function define(
  name: string,
  params: readonly GoParam[],
  variadic: GoParam | undefined,
  call: (args: GoValue[]) => GoValue,
): GoFunc {
  return new GoFunc(name, params, variadic, call);
}

const whole = (value: GoValue | undefined): bigint => (value instanceof GoInt ? value.value : 0n);

const all = new Map<string, Callable>(builtins);
for (const func of functions) all.set(func.name, callableOf(func));

/** The data that exec.jsonl was made with. */
function makeData(): GoValue {
  return fromPlain({
    a: 1,
    b: 2.5,
    s: 'hello',
    e: '',
    n: null,
    t: true,
    f: false,
    big: 12345678,
    m: { x: 1, y: 'why', z: { q: [1, 2, { k: 'v' }], n: null } },
    l: [1, 'two', null, { k: 'v' }, [3, 4]],
    em: {},
    el: [],
    u: 'héé',
    neg: -3,
  });
}

function fromPlain(value: unknown): GoValue {
  if (Array.isArray(value)) return new GoSlice(value.map(fromPlain));
  if (typeof value === 'object' && value !== null) {
    return new GoMap(new Map(Object.entries(value).map(([key, inner]) => [key, fromPlain(inner)])));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

const knownInRuns = new KnownActions<KnownAction>();

function run(text: string): string {
  const set = new Templates();
  set.add(parseTemplate('t', text, { functions: all, known: knownInRuns }));
  const machine: Machine = {
    set,
    name: 't',
    node: null,
    action: null,
    vars: [],
    dotType: null,
    depth: 0,
    out: '',
    tracer: null,
    recall: null,
    budget: new Budget(defaultLimits),
    host: { includes: new Map(), changed: null, lookup: () => null },
  };
  return execute(machine, 't', makeData());
}

interface Case {
  readonly tpl: string;
  readonly out?: string;
  readonly err?: string;
  readonly trees?: Readonly<Record<string, string>>;
}

function cases(file: string): Case[] {
  const text = readFileSync(inRoot('src', 'template', 'testdata', file), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line): Case => JSON.parse(line));
}

/** What a function gives, or the text of its error. */
function attempt<T>(make: () => T): T | { readonly err: string } {
  try {
    return make();
  } catch (error) {
    return { err: error instanceof Error ? error.message : String(error) };
  }
}

for (const file of ['exec.jsonl', 'format.jsonl']) {
  test(`templates do what Go makes of them: ${file}`, () => {
    for (const { tpl, out, err } of cases(file)) {
      assert.deepEqual(
        attempt(() => run(tpl)),
        err === undefined ? out : { err },
        tpl,
      );
    }
  });
}

/** Shared by all texts, so that most of them meet actions that are known. */
const known = new KnownActions<KnownAction>();

test('texts are parsed to the trees, or refused with the words, of Go', () => {
  for (const { tpl, trees, err } of cases('parse.jsonl')) {
    const parsed = attempt(() => {
      const found = parseTemplate('t', tpl, { functions: builtins, known });
      return { trees: Object.fromEntries([...found].map(([name, tree]) => [name, tree.root.text()])) };
    });
    assert.deepEqual(parsed, err === undefined ? { trees } : { err }, tpl);
  }
});
