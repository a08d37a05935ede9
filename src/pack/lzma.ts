import { TrowelError } from '../model/index.js';

const states = 12;
const posStates = 16;
const firstProbability = 1024;

/** Probabilities of one kind of match length: 2 to 273. */
class Lengths {
  readonly choice = new Uint16Array(2);
  readonly low = new Uint16Array(posStates * 8);
  readonly middle = new Uint16Array(posStates * 8);
  readonly high = new Uint16Array(256);

  reset(): void {
    for (const table of [this.choice, this.low, this.middle, this.high]) table.fill(firstProbability);
  }
}

/** Where decoded bytes go, and from where matches are copied. */
export interface LzmaWindow {
  /** Bytes that a match may reach back. */
  readonly reach: number;
  /** With room for all that the call decodes. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

/**
 * Decodes LZMA by stretches whose compressed and uncompressed lengths are known, as LZMA2 has them; probabilities and
 * the last distances live on from one to the next until they are reset.
 *
 * Follows: LZMA SDK, lzma-specification.txt; the rules of LZMA2 are the caller's (`Lzma2`).
 */
export class LzmaDecoder {
  readonly #isMatch = new Uint16Array(states * posStates);
  readonly #isRep = new Uint16Array(states);
  readonly #isRepG0 = new Uint16Array(states);
  readonly #isRepG1 = new Uint16Array(states);
  readonly #isRepG2 = new Uint16Array(states);
  readonly #isRep0Long = new Uint16Array(states * posStates);
  readonly #slots = new Uint16Array(4 * 64);
  readonly #special = new Uint16Array(128);
  readonly #align = new Uint16Array(16);
  readonly #matchLengths = new Lengths();
  readonly #repLengths = new Lengths();
  #literals = new Uint16Array(0);
  #lc = 0;
  #literalMask = 0;
  #posMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #range = 0;
  #code = 0;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Takes the byte of properties and resets. Throws TrowelError `bad-bytes`. */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw broken('its properties are out of bounds');
    this.#lc = lc;
    this.#literalMask = (1 << lp) - 1;
    this.#posMask = (1 << pb) - 1;
    this.#literals = new Uint16Array(0x300 << (lc + lp));
    this.reset();
  }

  reset(): void {
    this.#state = 0;
    this.#rep0 = 0;
    this.#rep1 = 0;
    this.#rep2 = 0;
    this.#rep3 = 0;
    this.#matchLengths.reset();
    this.#repLengths.reset();
    for (const table of [this.#isMatch, this.#isRep, this.#isRepG0, this.#isRepG1, this.#isRepG2]) {
      table.fill(firstProbability);
    }
    for (const table of [this.#isRep0Long, this.#slots, this.#special, this.#align, this.#literals]) {
      table.fill(firstProbability);
    }
  }

  /**
   * Decodes `input` into exactly `length` bytes at `window.at`; `position` counts bytes since the window was reset.
   * Throws TrowelError `bad-bytes` where they do not fit each other.
   */
  decode(input: Uint8Array, window: LzmaWindow, position: number, length: number): void {
    if (input.length < 5 || input[0] !== 0) throw broken('a stretch of it has no beginning');
    this.#input = input;
    this.#range = 0xffffffff;
    this.#code = (((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0)) >>> 0;
    this.#at = 5;
    const { bytes, reach } = window;
    const end = window.at + length;
    let at = window.at;
    while (at < end) {
      const now = position + at - window.at;
      const posState = now & this.#posMask;
      if (this.#bit(this.#isMatch, (this.#state << 4) + posState) === 0) {
        bytes[at] = this.#literal(bytes, at, now);
        at += 1;
      } else {
        const count = this.#match(posState);
        const back = this.#rep0 + 1;
        if (back > now || back > reach) throw broken('a match reaches back too far');
        if (count > end - at) throw broken('a match is too long');
        for (let left = count; left > 0; left--, at++) bytes[at] = bytes[at - back] ?? 0;
      }
      if (this.#at > input.length) throw broken('a stretch of it ends too early');
    }
    if (this.#at !== input.length || this.#code !== 0) throw broken('a stretch of it has another length');
  }

  #bit(table: Uint16Array, index: number): 0 | 1 {
    const probability = table[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    let bit: 0 | 1;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      table[index] = probability - (probability >> 5);
      bit = 1;
    }
    if (this.#range < 0x1000000) this.#shift();
    return bit;
  }

  #shift(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
    this.#at += 1;
  }

  /** `count` bits of even odds, the highest first. */
  #direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      this.#range >>>= 1;
      value <<= 1;
      if (this.#code >= this.#range) {
        this.#code -= this.#range;
        value |= 1;
      }
      if (this.#range < 0x1000000) this.#shift();
    }
    return value;
  }

  /** `count` bits by the tree that begins at `base`, the highest first. */
  #tree(table: Uint16Array, base: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left--) node = (node << 1) | this.#bit(table, base + node);
    return node - (1 << count);
  }

  #reverseTree(table: Uint16Array, base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let index = 0; index < count; index++) {
      const bit = this.#bit(table, base + node);
      node = (node << 1) | bit;
      value |= bit << index;
    }
    return value;
  }

  #literal(bytes: Uint8Array, at: number, now: number): number {
    const before = now === 0 ? 0 : (bytes[at - 1] ?? 0);
    const base = 0x300 * (((now & this.#literalMask) << this.#lc) + (before >> (8 - this.#lc)));
    let symbol = 1;
    if (this.#state >= 7) {
      let match = bytes[at - this.#rep0 - 1] ?? 0;
      do {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
    return symbol & 0xff;
  }

  /** The length of a match, whose distance is then in `#rep0`. */
  #match(posState: number): number {
    const state = this.#state;
    if (this.#bit(this.#isRep, state) === 0) {
      this.#rep3 = this.#rep2;
      this.#rep2 = this.#rep1;
      this.#rep1 = this.#rep0;
      this.#state = state < 7 ? 7 : 10;
      const length = this.#length(this.#matchLengths, posState);
      this.#rep0 = this.#distance(length);
      return length;
    }
    if (this.#bit(this.#isRepG0, state) === 0) {
      if (this.#bit(this.#isRep0Long, (state << 4) + posState) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else if (this.#bit(this.#isRepG1, state) === 0) {
      [this.#rep0, this.#rep1] = [this.#rep1, this.#rep0];
    } else if (this.#bit(this.#isRepG2, state) === 0) {
      [this.#rep0, this.#rep1, this.#rep2] = [this.#rep2, this.#rep0, this.#rep1];
    } else {
      [this.#rep0, this.#rep1, this.#rep2, this.#rep3] = [this.#rep3, this.#rep0, this.#rep1, this.#rep2];
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#length(this.#repLengths, posState);
  }

  #length(of: Lengths, posState: number): number {
    if (this.#bit(of.choice, 0) === 0) return 2 + this.#tree(of.low, posState << 3, 3);
    if (this.#bit(of.choice, 1) === 0) return 10 + this.#tree(of.middle, posState << 3, 3);
    return 18 + this.#tree(of.high, 0, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length - 2, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, bits);
    return base + this.#direct(bits - 4) * 16 + this.#reverseTree(this.#align, 0, 4);
  }
}

function broken(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `the xz stream is broken (${what})` });
}
