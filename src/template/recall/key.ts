import { GoInt, GoMap, GoSlice, type GoValue } from '../value.js';
import { isPlainTable } from './known.js';
import { WatchedEntries } from './watched.js';

/** How long a key may be, and how many entries are looked at: a larger dot is not worth it. */
const longest = 400;
const mostEntries = 16;

/**
 * What a dot is, as a text: the place of a shared table, or the content of a table that was made for the call
 * (`dict "context" $ "name" "x"`), with places in it. Dots of the same key look the same to a template, as far as it does
 * not read shared tables through them. Null where a dot cannot be told by a short text.
 */
export function keyOf(dot: GoValue | undefined): string | null {
  if (!(dot instanceof GoMap)) return null;
  if (dot.entries instanceof WatchedEntries) return placeKey(dot, dot.entries);
  if (!isPlainTable(dot) || dot.entries.size > mostEntries || dot.methods !== undefined) return null;
  let key = `${dot.type}{`;
  for (const [name, value] of dot.entries) {
    const inside = valueKey(value);
    if (inside === null) return null;
    key += `${name.length}:${name}=${inside}`;
    if (key.length > longest) return null;
  }
  return key;
}

/** The same table is of two types where `.Values.AsMap` gave it. */
function placeKey({ methods, type }: GoMap, { place }: WatchedEntries): string | null {
  if (place === null) return null;
  if (type === plainType && methods === undefined) return place.mark;
  return `${place.mark}${methods === undefined ? '' : 'm'}${type};`;
}

const plainType = 'map[string]interface {}';

/** What a value is as a text; null where a short one does not tell. */
export function valueKey(value: GoValue | undefined): string | null {
  switch (typeof value) {
    case 'string':
      return value.length > longest ? null : `${value.length}"${value}`;
    case 'number':
      return Object.is(value, -0) ? '-0;' : `${value};`;
    case 'boolean':
      return value ? 't;' : 'f;';
    case 'undefined':
      return 'u;';
    default:
  }
  if (value === null) return 'n;';
  if (value instanceof GoInt) return `i${value.value} ${value.type};`;
  if (value instanceof GoMap) return value.entries instanceof WatchedEntries ? placeKey(value, value.entries) : null;
  if (!(value instanceof GoSlice) || value.items.length > mostEntries || value.spare.length > 0) return null;
  let key = `${value.element}[${value.isNil ? 'n' : ''}${value.capacity} `;
  for (const item of value.items) {
    const inside = valueKey(item);
    if (inside === null || key.length > longest) return null;
    key += inside;
  }
  return `${key}]`;
}
