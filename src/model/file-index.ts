import { type FileColumns, startOf } from './file-table.js';

/**
 * The rows of a table by their paths: an open hash table of row numbers over the bytes that the table has anyway, eight
 * bytes a row.
 */
export class FileIndex {
  readonly #columns: FileColumns;
  /** Row number plus one; 0 is free. A power of two in size, at most half full. */
  readonly #slots: Uint32Array;
  /** Rows that a later row of the same path replaces. */
  readonly #replaced: Uint8Array | null;

  constructor(columns: FileColumns) {
    this.#columns = columns;
    let size = 16;
    while (size < 2 * columns.length) size *= 2;
    this.#slots = new Uint32Array(size);
    let replaced: Uint8Array | null = null;
    for (let row = 0; row < columns.length; row++) {
      const start = startOf(columns.pathEnds, row);
      const slot = this.#slotOf(columns.paths, start, columns.pathEnds[row] ?? start);
      const before = this.#slots[slot] ?? 0;
      if (before > 0) {
        replaced ??= new Uint8Array(columns.length);
        replaced[before - 1] = 1;
      }
      this.#slots[slot] = row + 1;
    }
    this.#replaced = replaced;
  }

  /** The last row with this path, or -1. */
  rowOf(path: string): number {
    const bytes = Buffer.from(path);
    return (this.#slots[this.#slotOf(bytes, 0, bytes.length)] ?? 0) - 1;
  }

  /** Whether some path comes twice, and whether this row is not its last. */
  get hasReplaced(): boolean {
    return this.#replaced !== null;
  }

  isReplaced(row: number): boolean {
    return this.#replaced?.[row] === 1;
  }

  /** The slot that holds this text, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const { paths, pathEnds } = this.#columns;
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0) return slot;
      const from = startOf(pathEnds, row);
      if (sameBytes(paths, from, pathEnds[row] ?? from, bytes, start, end)) return slot;
    }
  }
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits, from a seed, with the upper bits mixed into the lower ones. */
export function hashOf(bytes: Uint8Array, start: number, end: number, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

export function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let at = aStart, other = bStart; at < aEnd; at++, other++) if (a[at] !== b[other]) return false;
  return true;
}
