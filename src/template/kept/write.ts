import type { Definition } from '../machine.js';
import { type Keepable, type KeptWriter, none, type SharedKeepable } from './form.js';
import { packed } from './pack.js';

/** A template file as it was parsed. */
export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly trees: ReadonlyMap<string, Definition>;
}

/** Gathers numbers and texts. What a thing consists of follows it: where, is put in its place when that is known. */
class Writer implements KeptWriter {
  readonly texts: string[] = [];
  /** Stands for this writer, which is not held by what it wrote. */
  readonly #mark = {};
  #words = new Int32Array(1 << 16);
  #length = 0;
  readonly #numberOf = new Map<string, number>();
  /** What is still to be written, and where its place belongs. */
  readonly #waiting: Keepable[] = [];
  readonly #slots: number[] = [];

  get code(): Int32Array {
    return this.#words.subarray(0, this.#length);
  }

  add(number: number): void {
    if (this.#length === this.#words.length) {
      const longer = new Int32Array(2 * this.#length);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words[this.#length] = number;
    this.#length += 1;
  }

  numberOf(text: string): number {
    let number = this.#numberOf.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.#numberOf.set(text, number);
    }
    return number;
  }

  text(text: string): void {
    this.add(this.numberOf(text));
  }

  block(thing: Keepable | null): void {
    if (thing !== null) {
      this.#waiting.push(thing);
      this.#slots.push(this.#length);
    }
    this.add(none);
  }

  shared(thing: SharedKeepable | null): void {
    if (thing?.keptBy === this.#mark) this.add(thing.keptAt);
    else this.block(thing);
  }

  /** Writes a thing and all that it consists of; gives where it begins. */
  root(thing: Keepable): number {
    const start = this.#length;
    thing.keep(this);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const slot = this.#slots.pop() ?? 0;
      // First the place: writing may replace the words by longer ones.
      const place = this.#placeOf(next);
      this.#words[slot] = place;
    }
    return start;
  }

  #placeOf(thing: Keepable): number {
    const place = this.#length;
    if (isShared(thing)) {
      if (thing.keptBy === this.#mark) return thing.keptAt;
      thing.keptBy = this.#mark;
      thing.keptAt = place;
    }
    thing.keep(this);
    return place;
  }
}

function isShared(thing: Keepable): thing is SharedKeepable {
  return 'keptBy' in thing;
}

/**
 * Parsed files as bytes, which `readKept` makes templates of that are ready to run. Their texts are held in full: they
 * are believed for just these texts.
 */
export function writeKept(files: readonly ParsedFile[]): Uint8Array {
  const writer = new Writer();
  const index: number[] = [];
  let at = 0;
  for (const { path, text, trees } of files) {
    index.push(writer.numberOf(path), at, text.length, trees.size);
    at += text.length;
    for (const [name, { root, slots }] of trees) index.push(writer.numberOf(name), slots, writer.root(root));
  }
  return packed({ numbers: [index, writer.code], texts: [files.map((file) => file.text), writer.texts] });
}
