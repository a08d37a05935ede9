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

/** A deep copy: maps and lists new, the rest shared, since it cannot change (copystructure.Copy for values). */
export function copyValue(value: GoValue): GoValue {
  if (value instanceof GoMap) return copyMap(value);
  if (value instanceof GoSlice) return new GoSlice(value.items.map(copyValue), value.element, value.isNil);
  return value;
}

/** A deep copy of a table. */
export function copyMap(map: GoMap): GoMap {
  const entries = new Map<string, GoValue>();
  for (const [key, value] of map.entries) {
    entries.set(key, typeof value === 'object' && value !== null ? copyValue(value) : value);
  }
  return new GoMap(entries);
}
