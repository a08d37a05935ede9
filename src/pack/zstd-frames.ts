import { TrowelError } from '../model/index.js';

const maxWindow = 128 * 1024 * 1024;
/**
 * fzstd 0.1.1 reads 32 bits for an offset that stands up to 7 bits into them, so it takes offsets of 2^26 and more for
 * others and gives wrong bytes without a word. Node's own zstd, where there is one, has no such bound.
 */
const soundWindow = 2 ** 26 - 4;
/** fzstd moves its whole window for each block: a stream may ask for this much, and more with what it fills. */
const freeMoves = 32 * 1024 ** 3;
const movesPerByte = 4096;

/** What a decoder can do: the largest window it reads rightly, and whether it moves that window for each block. */
export interface ZstdDecoder {
  readonly soundWindow: number;
  readonly movesWindow: boolean;
}

export const inJavaScript: ZstdDecoder = { soundWindow, movesWindow: true };
/** zstd's own library. */
export const inNode: ZstdDecoder = { soundWindow: maxWindow, movesWindow: false };

type Step = 'magic' | 'skip-size' | 'descriptor' | 'frame-rest' | 'block' | 'skip';

/**
 * Walks the frames and blocks of a zstd stream without decompressing it, to refuse what a decoder must not be given:
 * a window over 128 MiB (zstd's own default limit), a dictionary, blocks so tiny that moving the window for each is
 * the real work, garbage between frames and an end inside a frame.
 * Follows: RFC 8878, 3.1.1 (frames, blocks) and 3.1.2 (skippable frames).
 */
export class ZstdFrames {
  readonly #decoder: ZstdDecoder;
  #step: Step = 'magic';
  #held: number[] = [];
  #wanted = 4;
  #skip = 0;
  #afterSkip: Step = 'magic';
  #descriptor = 0;
  #window = 0;
  #lastBlock = false;
  #moved = 0;
  #filled = 0;

  constructor(decoder: ZstdDecoder) {
    this.#decoder = decoder;
  }

  /** Whether a frame ended, and the next did not begin. */
  get isBetween(): boolean {
    return this.#step === 'magic' && this.#held.length === 0;
  }

  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) at += this.walk(chunk.subarray(at));
  }

  /** Goes on to the end of a frame, or of the bytes where that comes first; how many bytes that were. */
  walk(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length; ) {
      if (at > 0 && this.isBetween) return at;
      if (this.#step === 'skip') {
        const length = Math.min(this.#skip, chunk.length - at);
        this.#skip -= length;
        at += length;
        if (this.#skip === 0) this.#want(this.#afterSkip);
        continue;
      }
      this.#held.push(chunk[at] ?? 0);
      at += 1;
      if (this.#held.length === this.#wanted) this.#take(this.#held.splice(0));
    }
    return chunk.length;
  }

  /** Says how many bytes the decoder gave for what was written so far. */
  produced(bytes: number): void {
    this.#filled += bytes;
  }

  end(): void {
    if (this.isBetween) return;
    throw new TrowelError('truncated', { what: 'the zstd stream ends too early' });
  }

  #want(step: Step, bytes = step === 'block' ? 3 : 4): void {
    this.#step = step;
    this.#wanted = bytes;
  }

  #take(bytes: readonly number[]): void {
    switch (this.#step) {
      case 'magic':
        this.#magic(little(bytes));
        return;
      case 'skip-size':
        this.#skipThen(little(bytes), 'magic');
        return;
      case 'descriptor':
        this.#frameDescriptor(bytes[0] ?? 0);
        return;
      case 'frame-rest':
        this.#frameRest(bytes);
        return;
      case 'block':
        this.#block(little(bytes));
        return;
      case 'skip':
        return;
    }
  }

  #magic(magic: number): void {
    if (magic === 0xfd2fb528) this.#want('descriptor', 1);
    else if (isSkippable(magic)) this.#want('skip-size');
    else throw new TrowelError('bad-bytes', { what: 'the zstd stream holds bytes that are no frame' });
  }

  #skipThen(bytes: number, next: Step): void {
    if (bytes === 0) {
      this.#want(next);
      return;
    }
    this.#step = 'skip';
    this.#skip = bytes;
    this.#afterSkip = next;
  }

  #frameDescriptor(descriptor: number): void {
    if ((descriptor & 3) !== 0) throw new TrowelError('unsupported', { what: 'a zstd stream that needs a dictionary' });
    if ((descriptor & 8) !== 0) throw new TrowelError('bad-bytes', { what: 'a zstd frame with a reserved bit set' });
    this.#descriptor = descriptor;
    const rest = this.#windowBytes() + this.#sizeBytes();
    this.#want('frame-rest', rest);
  }

  /** A single segment has no window descriptor: its content is the window. */
  #windowBytes(): number {
    return (this.#descriptor & 0x20) !== 0 ? 0 : 1;
  }

  #sizeBytes(): number {
    const flag = this.#descriptor >> 6;
    return flag === 0 ? 1 - this.#windowBytes() : 1 << flag;
  }

  #frameRest(bytes: readonly number[]): void {
    if (this.#windowBytes() === 1) {
      const descriptor = bytes[0] ?? 0;
      const base = 2 ** (10 + (descriptor >> 3));
      this.#window = base + (base / 8) * (descriptor & 7);
    } else {
      this.#window = little(bytes) + (this.#sizeBytes() === 2 ? 256 : 0);
    }
    if (this.#window > maxWindow) {
      throw new TrowelError('too-large', { what: 'the zstd stream wants a window of more than 128 MiB' });
    }
    if (this.#window > this.#decoder.soundWindow) {
      throw new TrowelError('unsupported', {
        what: 'a zstd stream with a window of 64 MiB or more',
        todo: 'use Node 22.15 or later, which has zstd itself',
      });
    }
    this.#want('block');
  }

  #block(block: number): void {
    const type = (block >> 1) & 3;
    const size = block >> 3;
    if (type === 3) throw new TrowelError('bad-bytes', { what: 'the zstd stream holds a block of a reserved type' });
    this.#lastBlock = (block & 1) === 1;
    if (this.#decoder.movesWindow) this.#moved += this.#window;
    if (this.#moved > freeMoves + movesPerByte * this.#filled) {
      throw new TrowelError('too-large', { what: 'the zstd stream is cut into too many tiny blocks for its window' });
    }
    const stored = type === 1 ? 1 : size;
    const checksum = this.#lastBlock && (this.#descriptor & 4) !== 0 ? 4 : 0;
    this.#skipThen(stored + checksum, this.#lastBlock ? 'magic' : 'block');
  }
}

function isSkippable(magic: number): boolean {
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f;
}

/** Whether bytes begin with a frame that stands for nothing. */
export function startsSkippable(bytes: Uint8Array): boolean {
  return isSkippable(little([...bytes.subarray(0, 4)]));
}

/** A little-endian number. */
function little(bytes: readonly number[]): number {
  let value = 0;
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
