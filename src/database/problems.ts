/** What is wrong in a database of which other parts are still read: the first texts, and how many there were in all. */
export class Problems {
  readonly #kept = new Map<string, number>();
  #more = 0;

  /** Notes one; equal texts are counted, not repeated. */
  add(what: string): void {
    const before = this.#kept.get(what);
    if (before !== undefined) this.#kept.set(what, before + 1);
    else if (this.#kept.size < maxKept) this.#kept.set(what, 1);
    else this.#more += 1;
  }

  /** One text for each kind of problem, `×N` behind those that came several times. */
  texts(): readonly string[] {
    const texts = [...this.#kept].map(([what, times]) => (times === 1 ? what : `${what} (×${times})`));
    return this.#more === 0 ? texts : [...texts, `and ${this.#more} more`];
  }
}

const maxKept = 5;

/**
 * Numbers that are taken once. A page belongs to one tree or one chain: a reader that takes every page at most once
 * ends after as many steps as the file has pages, whatever its pointers say.
 */
export class Once {
  readonly #taken: Uint8Array;

  constructor(count: number) {
    this.#taken = new Uint8Array(Math.ceil(count / 8) + 1);
  }

  /** True the first time that `number` (0 or more, at most the count) is taken. */
  take(number: number): boolean {
    const at = number >>> 3;
    const bit = 1 << (number & 7);
    const byte = this.#taken[at];
    if (byte === undefined || (byte & bit) !== 0) return false;
    this.#taken[at] = byte | bit;
    return true;
  }
}
