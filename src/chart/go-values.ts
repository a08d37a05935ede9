import { TrowelError } from '../model/index.js';
import { GoMap, GoSlice, type GoValue } from '../template/index.js';
import { type Json, JsonNumber } from './json.js';

/** A Go value of JSON as encoding/json decodes it into interface{}: every number a float64. */
export function fromJson(json: Json): GoValue {
  if (json instanceof JsonNumber) return Number(json.text);
  if (typeof json !== 'object' || json === null) return json;
  if (json instanceof Map) {
    const map = new GoMap();
    for (const [key, value] of json) map.entries.set(key, fromJson(value));
    return map;
  }
  return new GoSlice([...(isJsonList(json) ? json : [])].map(fromJson));
}

export function isJsonList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

export function isJsonMap(json: Json | undefined): json is ReadonlyMap<string, Json> {
  return json instanceof Map;
}

/** Tables in tables; with imports they can hold themselves, and Helm then fills its memory. */
const maxNesting = 2000;

/** Throws TrowelError `too-large` where values nest so deep that they have no end. */
export function checkNesting(depth: number): void {
  if (depth <= maxNesting) return;
  throw new TrowelError('too-large', {
    what: `values nest more than ${maxNesting} deep`,
    todo: 'see whether import-values takes a table into itself',
  });
}

/** A deep copy: maps and lists new, the rest shared, since it cannot change (copystructure.Copy for values). */
export function copyValue(value: GoValue, depth: number): GoValue {
  if (value instanceof GoMap) return copyMap(value, depth);
  if (!(value instanceof GoSlice)) return value;
  checkNesting(depth);
  const items = value.items.map((item) => copyValue(item, depth + 1));
  return new GoSlice(items, value.element, value.isNil);
}

/** A deep copy of a table. Throws TrowelError `too-large` as `checkNesting` does. */
export function copyMap(map: GoMap, depth = 0): GoMap {
  checkNesting(depth);
  const entries = new Map<string, GoValue>();
  for (const [key, value] of map.entries) {
    entries.set(key, typeof value === 'object' && value !== null ? copyValue(value, depth + 1) : value);
  }
  return new GoMap(entries);
}
