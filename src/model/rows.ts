/** A list that is gone through from front to back; every array is one. Others make their items when they are asked. */
export interface Rows<T> extends Iterable<T> {
  readonly length: number;
  /** Undefined where there is no such row. */
  at(index: number): T | undefined;
}

/** Rows that exist only while somebody looks at them: a million files need no million objects. */
export class LazyRows<T> implements Rows<T> {
  readonly length: number;
  readonly #make: (index: number) => T;

  constructor(length: number, make: (index: number) => T) {
    this.length = length;
    this.#make = make;
  }

  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.#make(index) : undefined;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.length; index++) yield this.#make(index);
  }

  toJSON(): readonly T[] {
    return [...this];
  }
}

/** The first rows, `count` of them or as many as there are. */
export function firstRows<T>(rows: Rows<T>, count: number): readonly T[] {
  const first: T[] = [];
  for (const row of rows) {
    if (first.length >= count) break;
    first.push(row);
  }
  return first;
}

/** The first row for which `test` says so. */
export function findRow<T>(rows: Rows<T>, test: (row: T) => boolean): T | undefined {
  for (const row of rows) if (test(row)) return row;
  return undefined;
}
