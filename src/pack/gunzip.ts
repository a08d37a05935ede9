import { crc32 } from 'node:zlib';
import { TrowelError } from '../model/index.js';
import { Inflate } from './inflate.js';

/** Engines that nobody uses; as many as have memory kept for them. */
const idle: Inflate[] = [];
const idleEngines = 2;

/**
 * The bytes of a gzip stream, its members joined, in pieces of up to 512 KiB; each is only valid until the next is asked
 * for. Zeros after a member are padding, and so is what follows them; the source is read to its end all the same.
 * `unchecked` leaves the checksums of members out: for callers who hold the bytes to a digest.
 *
 * Throws TrowelError `truncated` and, with zlib's words for the fault, `bad-bytes`.
 * Follows: RFC 1952; for what follows a member gzip(1) and Go's compress/gzip.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>, unchecked = false): AsyncGenerator<Uint8Array> {
  const engine = idle.pop() ?? new Inflate();
  try {
    let part: 'header' | 'body' | 'trailer' | 'padding' = 'header';
    let header = new Header();
    let trailer = new Trailer(unchecked);
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        switch (part) {
          case 'header':
            if (header.isEmpty && trailer.isDone && chunk[at] === 0) part = 'padding';
            else {
              at = header.take(chunk, at);
              if (!header.isDone) break;
              engine.begin();
              trailer = new Trailer(unchecked);
              part = 'body';
            }
            break;
          case 'body': {
            let end: number | null = null;
            for (const piece of engine.take(at === 0 ? chunk : chunk.subarray(at))) {
              trailer.count(piece.bytes);
              end = piece.end;
              if (piece.bytes.length > 0) yield piece.bytes;
            }
            at = end === null ? chunk.length : at + end;
            if (end !== null) part = 'trailer';
            break;
          }
          case 'trailer':
            at = trailer.take(chunk, at);
            if (!trailer.isDone) break;
            header = new Header();
            part = 'header';
            break;
          case 'padding':
            at = chunk.length;
        }
      }
    }
    if (part === 'padding' || (part === 'header' && header.isEmpty && trailer.isDone)) return;
    if (part === 'body' && engine.rest().length > 0) yield engine.rest();
    throw new TrowelError('truncated', { what: 'the gzip stream ends too early' });
  } finally {
    if (idle.length < idleEngines) idle.push(engine);
  }
}

function broken(why: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `the gzip stream is broken (${why})` });
}

/** A member's header (RFC 1952, 2.3), byte by byte. */
class Header {
  #seen = 0;
  #flags = 0;
  #crc = 0;
  /** The parts that follow the first ten bytes, as long as they are not over. */
  #part: 'fixed' | 'extra' | 'name' | 'comment' | 'crc' | 'done' = 'fixed';
  /** Bytes of this part that were seen, and of the two that give a number the number. */
  #inPart = 0;
  #number = 0;

  get isEmpty(): boolean {
    return this.#seen === 0;
  }

  get isDone(): boolean {
    return this.#part === 'done';
  }

  /** Takes what belongs to the header from `at` on; where it ended. Throws `bad-bytes`. */
  take(bytes: Uint8Array, at: number): number {
    let next = at;
    while (next < bytes.length && this.#part !== 'done') this.#byte(bytes, next++);
    return next;
  }

  #byte(bytes: Uint8Array, at: number): void {
    const byte = bytes[at] ?? 0;
    if ((this.#flags & 2) !== 0 && this.#part !== 'crc') this.#crc = crc32(bytes.subarray(at, at + 1), this.#crc);
    const seen = this.#seen++;
    switch (this.#part) {
      case 'fixed':
        this.#fixed(seen, byte, bytes, at);
        break;
      case 'extra':
        if (this.#inPart < 2) this.#number |= byte << (8 * this.#inPart);
        this.#inPart += 1;
        if (this.#inPart >= 2 && this.#inPart === this.#number + 2) this.#follow('name');
        break;
      case 'name':
      case 'comment':
        if (byte === 0) this.#follow(this.#part === 'name' ? 'comment' : 'crc');
        break;
      case 'crc':
        this.#number |= byte << (8 * this.#inPart);
        this.#inPart += 1;
        if (this.#inPart < 2) break;
        if (this.#number !== (this.#crc & 0xffff)) throw broken('header crc mismatch');
        this.#part = 'done';
        break;
      case 'done':
        break;
    }
  }

  #fixed(seen: number, byte: number, bytes: Uint8Array, at: number): void {
    if ((seen === 0 && byte !== 0x1f) || (seen === 1 && byte !== 0x8b)) throw broken('incorrect header check');
    if (seen === 2 && byte !== 8) throw broken('unknown compression method');
    if (seen === 3) {
      if ((byte & 0xe0) !== 0) throw broken('unknown header flags set');
      this.#flags = byte;
      if ((byte & 2) !== 0) this.#crc = crc32(Uint8Array.of(0x1f, 0x8b, 8, bytes[at] ?? 0));
    }
    if (seen === 9) this.#follow('extra');
  }

  /** Goes to the first of the parts from this one on that the flags announce. */
  #follow(first: 'extra' | 'name' | 'comment' | 'crc'): void {
    const parts = ['extra', 'name', 'comment', 'crc'] as const;
    const flags = { extra: 4, name: 8, comment: 16, crc: 2 };
    this.#part = parts.slice(parts.indexOf(first)).find((part) => (this.#flags & flags[part]) !== 0) ?? 'done';
    this.#inPart = 0;
    this.#number = 0;
  }
}

/** What stands behind a member: its checksum and size (RFC 1952, 2.3.1). */
class Trailer {
  readonly #bytes = Buffer.alloc(8);
  readonly #unchecked: boolean;
  #seen = 0;
  #crc = 0;
  #size = 0;

  constructor(unchecked: boolean) {
    this.#unchecked = unchecked;
  }

  get isDone(): boolean {
    return this.#seen === 8;
  }

  /** Bytes of the member. */
  count(bytes: Uint8Array): void {
    if (!this.#unchecked) this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.length;
  }

  /** Takes what belongs to the trailer from `at` on; where it ended. Throws `bad-bytes`. */
  take(bytes: Uint8Array, at: number): number {
    let next = at;
    while (next < bytes.length && this.#seen < 8) this.#bytes[this.#seen++] = bytes[next++] ?? 0;
    if (this.#seen < 8) return next;
    if (!this.#unchecked && this.#bytes.readUInt32LE(0) !== this.#crc) throw broken('incorrect data check');
    if (this.#bytes.readUInt32LE(4) !== this.#size % 2 ** 32) throw broken('incorrect length check');
    return next;
  }
}
