import { collected } from '../capacity.js';
import { compareBytes, kindName, typeName } from '../reflect.js';
import { GoError, type GoFunc, GoMap, GoObject, GoSlice, type GoValue, NilEntries } from '../value.js';
import { work } from '../work.js';
import { type Args, alias, define, defineVariadic, nilDereference, stringSlice, strval } from './args.js';
import { mergeInto } from './merge.js';
import { emptyVersion } from './semver.js';

/** Keys in byte order; Go gives them in random order, which no chart can count on. */
function sortedKeys(map: GoMap): string[] {
  return [...map.entries.keys()].sort(compareBytes);
}

function dict(values: readonly GoValue[]): GoMap {
  const entries = new Map<string, GoValue>();
  for (let i = 0; i < values.length; i += 2) {
    entries.set(strval(values[i] ?? null), i + 1 < values.length ? (values[i + 1] ?? null) : '');
  }
  return new GoMap(entries);
}

/** What Go says of a type assertion that does not hold. */
function notA(type: string, value: GoValue): GoError {
  const found = value === null ? 'nil' : typeName(value);
  return new GoError(`interface conversion: interface {} is ${found}, not ${type}`);
}

const plainMap = 'map[string]interface {}';

function dig(values: readonly GoValue[]): GoValue {
  if (values.length < 3) throw new GoError('dig needs at least three arguments');
  const last = values.at(-1) ?? null;
  if (!(last instanceof GoMap) || last.type !== plainMap) throw notA(plainMap, last);
  const keys = values.slice(0, -2).map((key) => {
    if (typeof key !== 'string') throw notA('string', key);
    return key;
  });
  let map = last;
  for (let i = 0; i < keys.length; i++) {
    const step = map.entries.get(keys[i] ?? '');
    if (step === undefined) return values.at(-2) ?? null;
    if (i === keys.length - 1) return step;
    if (!(step instanceof GoMap) || step.type !== plainMap) throw notA(plainMap, step);
    map = step;
  }
  return map;
}

/** A copy of maps and lists all the way down; what Go copies of structs cannot be changed by templates. */
export function deepCopy(value: GoValue, depth = 0): GoValue {
  work();
  if (depth > 2000) throw new GoError('deepCopy error: the value is nested too deeply, or contains itself');
  if (value instanceof GoSlice) {
    return new GoSlice(
      value.items.map((item) => deepCopy(item, depth + 1)),
      value.element,
      value.isNil,
      value.capacity,
    );
  }
  if (value instanceof GoObject && value.type === '*semver.Version') return emptyVersion();
  if (!(value instanceof GoMap)) return value;
  const entries = new Map<string, GoValue>();
  for (const [key, item] of value.entries) entries.set(key, deepCopy(item, depth + 1));
  return new GoMap(entries, value.type, value.element, value.methods);
}

function copyOf(value: GoValue): GoValue {
  if (value === null) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
  return deepCopy(value);
}

function mergeAll(a: Args, overwrite: boolean): GoMap {
  const given = a.map(0);
  // mergo makes a map of a nil one; nobody else holds it.
  const target = given.entries instanceof NilEntries && a.length > 1 ? new GoMap() : given;
  for (const source of a.maps(1)) mergeInto(target, source, overwrite);
  return target;
}

/**
 * sprig's functions of maps. Maps are shared: `set`, `unset` and the merges change what they are given.
 * Follows: sprig v3.3.0, dict.go.
 */
export function dictFunctions(): readonly GoFunc[] {
  const merge = defineVariadic('merge', ['map'], 'map', (a) => mergeAll(a, false));
  const mergeOverwrite = defineVariadic('mergeOverwrite', ['map'], 'map', (a) => mergeAll(a, true));
  return [
    defineVariadic('dict', [], 'any', (a) => dict(a.all)),
    define('get', ['map', 'string'], (a) => {
      const value = a.map(0).entries.get(a.str(1));
      return value === undefined ? '' : value;
    }),
    define('set', ['map', 'string', 'any'], (a) => {
      a.map(0).entries.set(a.str(1), a.any(2));
      return a.map(0);
    }),
    define('unset', ['map', 'string'], (a) => {
      a.map(0).entries.delete(a.str(1));
      return a.map(0);
    }),
    define('hasKey', ['map', 'string'], (a) => a.map(0).entries.has(a.str(1))),
    defineVariadic('pluck', ['string'], 'map', (a) => {
      const found: GoValue[] = [];
      for (const map of a.maps(1)) {
        const value = map.entries.get(a.str(0));
        if (value !== undefined) found.push(value);
      }
      return new GoSlice(found, 'interface {}', false, collected(found.length));
    }),
    defineVariadic('keys', [], 'map', (a) => stringSlice(a.maps(0).flatMap(sortedKeys))),
    define('values', ['map'], (a) => {
      const map = a.map(0);
      return new GoSlice(sortedKeys(map).map((key) => map.entries.get(key) ?? null));
    }),
    defineVariadic('pick', ['map'], 'string', (a) => {
      const entries = new Map<string, GoValue>();
      for (const key of a.from(1)) {
        const value = typeof key === 'string' ? a.map(0).entries.get(key) : undefined;
        if (typeof key === 'string' && value !== undefined) entries.set(key, value);
      }
      return new GoMap(entries);
    }),
    defineVariadic('omit', ['map'], 'string', (a) => {
      const omitted = new Set(a.from(1));
      return new GoMap(new Map([...a.map(0).entries].filter(([key]) => !omitted.has(key))));
    }),
    merge,
    alias('mustMerge', merge),
    mergeOverwrite,
    alias('mustMergeOverwrite', mergeOverwrite),
    defineVariadic('dig', [], 'any', (a) => dig(a.all)),
    define('deepCopy', ['any'], (a) => copyOf(a.any(0))),
    define('mustDeepCopy', ['any'], (a) => copyOf(a.any(0))),
  ];
}

/** A string entry of a map, empty where there is none (url.go: dictGetOrEmpty). */
export function stringEntry(map: GoMap, key: string): string {
  const value = map.entries.get(key);
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value === null) throw new GoError(nilDereference);
  throw new GoError(`unable to parse ${key} key, must be of type string, but ${kindName(value)} found`);
}
