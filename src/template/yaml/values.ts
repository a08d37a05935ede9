import type { JsonValue } from '../../model/index.js';
import { collected } from '../capacity.js';
import { GoInt, GoMap, GoObject, GoSlice, type GoValue } from '../value.js';

/** Plain data as Go values: every number a float64, every list and map of interface{}. */
export function fromJsonValue(value: JsonValue): GoValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return new GoSlice(value.map(fromJsonValue), 'interface {}', false, collected(value.length));
  const entries = new Map<string, GoValue>();
  for (const key of Object.keys(value)) entries.set(key, fromJsonValue(value[key] ?? null));
  return new GoMap(entries);
}

function isList(value: readonly JsonValue[] | { readonly [key: string]: JsonValue }): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * A Go value as plain data: integers become numbers, maps objects without a prototype. Functions, and whatever else
 * has no JSON, become null. A value that contains itself ends at 2000 levels with null.
 */
export function toJsonValue(value: GoValue, depth = 0): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (depth > 2000) return null;
  if (value instanceof GoInt) return Number(value.value);
  if (value instanceof GoSlice) return value.items.map((item) => toJsonValue(item, depth + 1));
  if (value instanceof GoMap) return plainObject(value.entries, depth);
  if (value instanceof GoObject) return value.text === undefined ? plainObject(value.fields, depth) : value.text();
  return null;
}

function plainObject(entries: ReadonlyMap<string, GoValue>, depth: number): JsonValue {
  const object: { [key: string]: JsonValue } = Object.create(null);
  for (const [key, item] of entries) object[key] = toJsonValue(item, depth + 1);
  return object;
}
