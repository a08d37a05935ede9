import type { LayerReader } from './readers.js';

/** Kinds of content that `About.reads` may name, by the first bytes of a file. */
const magics: Readonly<Record<string, readonly string[]>> = {
  ELF: ['7f454c46'],
  PE: ['4d5a'],
  'Mach-O': ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf'],
  GGUF: ['47475546'],
};

/**
 * Which readers may want a file, by what they declare (`About.reads`): only these are asked. Forty questions for each
 * of a hundred thousand files are a tenth of the time of an image.
 *
 * A reader is found by the last part of a declared path where that has no `*`, else by the ending behind its last dot,
 * else by the longest piece of the path that has no `*`; by the first bytes of a kind of content; and always where it
 * declares what neither can say, or nothing. So no file is kept from a reader whose `wants` agrees with its declaration;
 * case makes no difference.
 */
export class Interests {
  readonly #always: readonly number[];
  readonly #names = new Map<string, number[]>();
  readonly #endings = new Map<string, number[]>();
  readonly #pieces: { readonly piece: string; readonly readers: number[] }[] = [];
  /** By the first two and the first four bytes. */
  readonly #magics = new Map<number, number[]>();
  /** Whether any of the pieces can be in a path: most paths hold none. */
  readonly #anyPiece: RegExp;
  readonly #readers: readonly LayerReader[];
  /** The readers by themselves, for files that one alone may want. */
  readonly #alone: readonly (readonly LayerReader[])[];
  /** Round in which a reader was found last, so that it is asked once a file. */
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(readers: readonly LayerReader[]) {
    this.#readers = readers;
    this.#seen = new Uint32Array(readers.length);
    const always: number[] = [];
    for (const [index, { about }] of readers.entries()) {
      const reads = about?.reads ?? ['(anything)'];
      if (reads.some((one) => one.startsWith('('))) always.push(index);
      else for (const one of new Set(reads)) this.#declare(one, index);
    }
    this.#always = always;
    this.#alone = readers.map((reader) => [reader]);
    const pieces = this.#pieces.map(({ piece }) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.#anyPiece = new RegExp(pieces.length === 0 ? '$.' : pieces.join('|'));
  }

  /** The readers that may want a file, in their order. */
  of(path: string, head: Uint8Array): readonly LayerReader[] {
    this.#round += 1;
    const found: number[] = [];
    this.#take(this.#always, found);
    const lower = path.toLowerCase();
    const name = lower.slice(lower.lastIndexOf('/') + 1);
    this.#take(this.#names.get(name), found);
    const dot = name.lastIndexOf('.');
    if (dot >= 0) this.#take(this.#endings.get(name.slice(dot)), found);
    if (this.#anyPiece.test(lower)) {
      for (const { piece, readers } of this.#pieces) if (lower.includes(piece)) this.#take(readers, found);
    }
    const two = (head[0] ?? 0) * 256 + (head[1] ?? 0);
    this.#take(this.#magics.get(two), found);
    this.#take(this.#magics.get((two * 256 + (head[2] ?? 0)) * 256 + (head[3] ?? 0)), found);
    if (found.length <= 1) return this.#alone[found[0] ?? -1] ?? noReaders;
    return found
      .sort((a, b) => a - b)
      .flatMap((index) => {
        const reader = this.#readers[index];
        return reader === undefined ? [] : [reader];
      });
  }

  #take(readers: readonly number[] | undefined, found: number[]): void {
    if (readers === undefined) return;
    for (const index of readers) {
      if (this.#seen[index] === this.#round) continue;
      this.#seen[index] = this.#round;
      found.push(index);
    }
  }

  #declare(written: string, index: number): void {
    const kinds = magics[written];
    if (kinds !== undefined) {
      for (const kind of kinds) add(this.#magics, Number.parseInt(kind, 16), index);
      return;
    }
    const path = written.toLowerCase();
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!name.includes('*')) {
      add(this.#names, name, index);
      return;
    }
    const tail = name.slice(name.lastIndexOf('*') + 1);
    if (tail.includes('.')) {
      add(this.#endings, tail.slice(tail.lastIndexOf('.')), index);
      return;
    }
    // `**/` may stand for nothing at all: then the file lies at the top, and no `/` comes before what follows.
    const pieces = path.split(/\*\*\/|\*+/);
    const piece = pieces.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
    const known = this.#pieces.find((one) => one.piece === piece);
    if (known === undefined) this.#pieces.push({ piece, readers: [index] });
    else known.readers.push(index);
  }
}

const noReaders: readonly LayerReader[] = [];

function add<K>(map: Map<K, number[]>, key: K, index: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [index]);
  else list.push(index);
}
