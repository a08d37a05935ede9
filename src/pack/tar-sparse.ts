import { TrowelError } from '../model/index.js';
import { blockSize, numberField } from './tar-header.js';
import type { TarSink } from './tar-types.js';

/** One stretch of a sparse file that the archive holds. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * The extents in a header block of type `S` (at 386, four) or in a block that continues it (at 0, twenty-one), and
 * whether another block follows. Follows: GNU tar manual, "Storing Sparse Files", Old GNU Format.
 */
export function oldGnuExtents(
  block: Uint8Array,
  kind: 'header' | 'continued',
  offset: number,
): { extents: Extent[]; more: boolean } {
  const start = kind === 'header' ? 386 : 0;
  const count = kind === 'header' ? 4 : 21;
  const extents: Extent[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * 24;
    if (block[at] === 0) break;
    extents.push({
      offset: numberField(block, at, 12, offset, 'sparse offset'),
      length: numberField(block, at + 12, 12, offset, 'sparse length'),
    });
  }
  return { extents, more: block[kind === 'header' ? 482 : 504] === 1 };
}

/** Logical size in a header block of type `S`. */
export function oldGnuRealSize(block: Uint8Array, offset: number): number {
  return numberField(block, 483, 12, offset, 'real size');
}

/** Extents from numbers in turn: offset, length, offset, length, … */
export function pairsToExtents(numbers: readonly number[], offset: number): Extent[] {
  if (numbers.length % 2 !== 0) throw bad('a sparse map has an odd number of entries', offset);
  const extents: Extent[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    extents.push({ offset: numbers[i] ?? 0, length: numbers[i + 1] ?? 0 });
  }
  return extents;
}

/**
 * Takes in the map that sparse format 1.0 puts before the content: decimal lines, the count of extents first, filled
 * up to whole blocks. Answers the extents once the map is whole, else null.
 */
export class SparseMapReader {
  readonly #numbers: number[] = [];
  #digits = '';
  #bytes = 0;

  /** One block of content. `maxBytes` bounds the map. */
  block(block: Uint8Array, maxBytes: number, offset: number): Extent[] | null {
    this.#bytes += block.length;
    if (this.#bytes > maxBytes) {
      throw new TrowelError('too-large', { what: `a sparse map has more than ${maxBytes} bytes`, where: { offset } });
    }
    for (const byte of block) {
      if (this.#isWhole()) break;
      if (byte === 10) this.#line(offset);
      else this.#digit(byte, offset);
    }
    return this.#isWhole() ? pairsToExtents(this.#numbers.slice(1), offset) : null;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #isWhole(): boolean {
    const count = this.#numbers[0];
    return count !== undefined && this.#numbers.length === 1 + 2 * count;
  }

  #digit(byte: number, offset: number): void {
    if (byte < 48 || byte > 57 || this.#digits.length >= 15) throw bad('a sparse map holds no number', offset);
    this.#digits += String.fromCharCode(byte);
  }

  #line(offset: number): void {
    if (this.#digits === '') throw bad('a sparse map has an empty line', offset);
    this.#numbers.push(Number(this.#digits));
    this.#digits = '';
  }
}

/** Checks that extents are in order, apart, inside the file, and as long as what the archive holds. */
export function checkExtents(extents: readonly Extent[], sizeBytes: number, storedBytes: number, offset: number): void {
  let end = 0;
  let stored = 0;
  for (const extent of extents) {
    if (extent.offset < end || extent.length < 0 || extent.offset + extent.length > sizeBytes) {
      throw bad('the extents of a sparse file overlap or lie outside of it', offset);
    }
    end = extent.offset + extent.length;
    stored += extent.length;
  }
  if (stored !== storedBytes) throw bad('a sparse file holds other bytes than its map says', offset);
}

const zeros = new Uint8Array(64 * 1024);

/** Hands the content of a sparse file on with its holes as zeros. The extents were checked before. */
export function expandHoles(sink: TarSink, extents: readonly Extent[], sizeBytes: number): TarSink {
  let next = 0;
  let at = 0;
  const fillTo = (end: number): void => {
    while (at < end) {
      const length = Math.min(zeros.length, end - at);
      sink.write(zeros.subarray(0, length));
      at += length;
    }
  };
  return {
    write(chunk) {
      for (let from = 0; from < chunk.length; ) {
        const extent = extents[next];
        if (extent === undefined) return;
        fillTo(extent.offset);
        const length = Math.min(chunk.length - from, extent.offset + extent.length - at);
        if (length > 0) sink.write(chunk.subarray(from, from + length));
        from += length;
        at += length;
        if (at >= extent.offset + extent.length) next += 1;
      }
    },
    end() {
      fillTo(sizeBytes);
      sink.end();
    },
  };
}

/** Content rounded up to whole blocks. */
export function padding(bytes: number): number {
  return (blockSize - (bytes % blockSize)) % blockSize;
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
