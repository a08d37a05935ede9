import { GoMap, GoSlice, type GoValue } from '../value.js';
import { holdsTables, isPlainTable, plainEntries, Watching } from './known.js';
import type { Place } from './place.js';

/** Who is told what templates do with tables that they share. */
export interface Watcher {
  /** One entry is read; undefined where there is none. */
  reads(place: Place, key: string, value: GoValue | undefined): void;
  /** All of the entries are read, or only how many there are. */
  readsAll(place: Place, entries: ReadonlyMap<string, GoValue>): void;
  readsSize(place: Place, size: number): void;
  /** The entries are about to be changed; `toSame` where they will be what they are. */
  changes(toSame: boolean): void;
  /** A table of the same type over other entries, where it has methods over its own. */
  withMethods(entries: Map<string, GoValue>, like: GoMap): GoMap;
}

/** What was made of an entry, for as long as the entry is the same. */
interface Shown {
  readonly from: GoValue;
  readonly value: GoValue;
}

/**
 * The entries of a table that templates share: whatever is done with them, by a field, a function or a range, is told
 * to the watcher, which finds nothing else to look at. Tables in it are given as watched ones.
 *
 * `place` is null for what lies in a list: the list was read as a whole, and only changes are told.
 */
export class WatchedEntries extends Watching {
  base: Map<string, GoValue>;
  readonly place: Place | null;
  private readonly watcher: Watcher;
  private shown: Map<string, Shown> | null = null;

  constructor(base: Map<string, GoValue>, place: Place | null, watcher: Watcher) {
    super();
    this.base = base;
    this.place = place;
    this.watcher = watcher;
  }

  override get(key: string): GoValue | undefined {
    const value = this.base.get(key);
    if (this.place !== null) this.watcher.reads(this.place, key, value);
    return typeof value === 'object' && value !== null ? this.asShown(key, value) : value;
  }

  override has(key: string): boolean {
    if (this.place !== null) this.watcher.reads(this.place, key, this.base.get(key));
    return this.base.has(key);
  }

  override get size(): number {
    const { size } = this.base;
    if (this.place !== null) this.watcher.readsSize(this.place, size);
    return size;
  }

  override set(key: string, value: GoValue): this {
    // What was there is read: where it is the same, nothing changes.
    const old = this.base.get(key);
    if (old !== undefined && Object.is(old, value)) {
      if (this.place !== null) this.watcher.reads(this.place, key, old);
      this.watcher.changes(true);
      return this;
    }
    this.watcher.changes(false);
    this.base.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    if (!this.base.has(key)) {
      if (this.place !== null) this.watcher.reads(this.place, key, undefined);
      this.watcher.changes(true);
      return false;
    }
    this.watcher.changes(false);
    return this.base.delete(key);
  }

  override clear(): void {
    this.watcher.changes(false);
    this.base.clear();
  }

  override entries(): MapIterator<[string, GoValue]> {
    return this.all().entries();
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.all().entries();
  }

  override keys(): MapIterator<string> {
    return this.all().keys();
  }

  override values(): MapIterator<GoValue> {
    return this.all().values();
  }

  override forEach(visit: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    for (const [key, value] of this.all()) visit(value, key, this);
  }

  private all(): ReadonlyMap<string, GoValue> {
    const { base } = this;
    if (this.place !== null) this.watcher.readsAll(this.place, base);
    const all = new Map<string, GoValue>();
    for (const [key, value] of base) {
      all.set(key, typeof value === 'object' && value !== null ? this.asShown(key, value) : value);
    }
    return all;
  }

  /** Stands before other entries from now on, which say the same; so do all tables that were given of them. */
  rebase(base: Map<string, GoValue>): void {
    this.base = base;
    if (this.shown === null) return;
    for (const [key, { value }] of this.shown) {
      const from = base.get(key) ?? null;
      this.shown.set(key, { from, value });
      rebased(value, from);
    }
  }

  /** A value as templates get it. */
  private asShown(key: string, value: GoValue): GoValue {
    const known = this.shown?.get(key);
    if (known !== undefined && known.from === value) return known.value;
    const made = this.watched(key, value);
    if (made === value && !(value instanceof GoSlice)) return value;
    this.shown ??= new Map();
    this.shown.set(key, { from: value, value: made });
    return made;
  }

  private watched(key: string, value: GoValue): GoValue {
    if (value instanceof GoMap) return isPlainTable(value) ? this.table(value, this.place?.below(key) ?? null) : value;
    return value instanceof GoSlice && holdsTables(value) ? this.list(value) : value;
  }

  private table(table: GoMap, place: Place | null): GoMap {
    return watchedTable(table, place, this.watcher);
  }

  private list(list: GoSlice): GoSlice {
    const items = list.items.map((item) => {
      if (item instanceof GoMap) return isPlainTable(item) ? this.table(item, null) : item;
      return item instanceof GoSlice && holdsTables(item) ? this.list(item) : item;
    });
    return new GoSlice(items, list.element, list.isNil, list.capacity, list.spare);
  }
}

/** A table whose entries are watched. */
export function watchedTable(table: GoMap, place: Place | null, watcher: Watcher): GoMap {
  const plain = plainEntries(table.entries);
  if (place !== null) place.entries = plain;
  const entries = new WatchedEntries(plain, place, watcher);
  if (table.methods !== undefined) return watcher.withMethods(entries, table);
  return new GoMap(entries, table.type, table.element);
}

function rebased(value: GoValue, from: GoValue): void {
  if (value instanceof GoMap && from instanceof GoMap) {
    if (value.entries instanceof WatchedEntries) value.entries.rebase(plainEntries(from.entries));
  } else if (value instanceof GoSlice && from instanceof GoSlice) {
    for (const [i, item] of value.items.entries()) rebased(item, from.items[i] ?? null);
  }
}
