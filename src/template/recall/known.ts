import { GoInt, GoMap, GoSlice, type GoValue, NilEntries } from '../value.js';

/** Stands for what is not compared by content: a table (its content has cells of its own), or what stays the same. */
export class Mark {
  readonly of: string;

  constructor(of: string) {
    this.of = of;
  }
}

/** What is remembered of a value that was read; undefined where there was none. */
export type Known = undefined | null | boolean | number | string | GoInt | GoSlice | Mark | Entries;

/** What a table held when all of it was looked at. */
export type Entries = ReadonlyMap<string, Known>;

/** How deep a list is copied and compared; what is deeper counts as another one each time. */
const deepest = 100;

/** The entries themselves, below what watches them. */
export function plainEntries(entries: Map<string, GoValue>): Map<string, GoValue> {
  return entries instanceof Watching ? entries.base : entries;
}

/** Entries that stand before others, and see what is done with them. */
export abstract class Watching extends Map<string, GoValue> {
  abstract base: Map<string, GoValue>;
}

/** Whether a table is a plain one: not nil, and not one that makes its entries when they are asked for. */
export function isPlainTable({ entries }: GoMap): boolean {
  return entries instanceof Watching || (entries.constructor === Map && !(entries instanceof NilEntries));
}

/** Whether a list has tables in it, at any depth. */
export function holdsTables(list: GoSlice, depth = 0): boolean {
  for (const item of list.items) {
    if (item instanceof GoMap) return true;
    if (item instanceof GoSlice && (depth > deepest || holdsTables(item, depth + 1))) return true;
  }
  return false;
}

/** A list as it is now, whatever is done with its tables later; null where it nests too deep. */
export function snapshotOf(list: GoSlice): GoSlice | null {
  if (!holdsTables(list)) return list;
  const copy = copied(list, 0);
  return copy instanceof GoSlice ? copy : null;
}

function copied(value: GoValue, depth: number): GoValue | undefined {
  if (depth > deepest) return undefined;
  if (value instanceof GoSlice) {
    const items: GoValue[] = [];
    for (const item of value.items) {
      const copy = copied(item, depth + 1);
      if (copy === undefined) return undefined;
      items.push(copy);
    }
    return new GoSlice(items, value.element, value.isNil, value.capacity, value.spare);
  }
  if (!(value instanceof GoMap) || !isPlainTable(value)) return value;
  const entries = new Map<string, GoValue>();
  for (const [key, item] of plainEntries(value.entries)) {
    const copy = copied(item, depth + 1);
    if (copy === undefined) return undefined;
    entries.set(key, copy);
  }
  return new GoMap(entries, value.type, value.element, value.methods);
}

/** Whether a template could not tell the two apart. */
export function isSame(a: Known, b: Known): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Map) return b instanceof Map && sameEntries(a, b, isSame);
  return isLeaf(a) && isLeaf(b) && sameValue(a, b, 0);
}

function isLeaf(known: Known): known is Exclude<Known, undefined | Mark | Entries> {
  return known !== undefined && !(known instanceof Mark) && !(known instanceof Map);
}

function sameValue(a: GoValue, b: GoValue, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (depth > deepest) return false;
  if (a instanceof GoInt) return b instanceof GoInt && a.value === b.value && a.type === b.type && a.kind === b.kind;
  if (a instanceof GoSlice) {
    if (!(b instanceof GoSlice) || a.items.length !== b.items.length || a.element !== b.element) return false;
    if (a.isNil !== b.isNil || a.capacity !== b.capacity || a.spare !== b.spare) {
      if (a.isNil !== b.isNil || a.capacity !== b.capacity || a.spare.length + b.spare.length > 0) return false;
    }
    return a.items.every((item, i) => sameValue(item, b.items[i] ?? null, depth + 1));
  }
  if (!(a instanceof GoMap) || !(b instanceof GoMap) || a.type !== b.type || a.element !== b.element) return false;
  if (!isPlainTable(a) || !isPlainTable(b) || a.methods !== b.methods) return false;
  return sameEntries(plainEntries(a.entries), plainEntries(b.entries), (x, y) => sameValue(x, y, depth + 1));
}

function sameEntries<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>, same: (x: T, y: T) => boolean): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined ? value !== undefined || !b.has(key) : !same(value, other)) return false;
  }
  return true;
}
