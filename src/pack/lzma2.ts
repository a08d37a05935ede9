import { TrowelError } from '../model/index.js';
import type { ByteSource } from './byte-source.js';
import { LzmaDecoder } from './lzma.js';

/** The most that one chunk gives. */
const chunkBytes = 2 * 1024 ** 2;

/**
 * The uncompressed bytes of one LZMA2 stream, up to and with its end marker. What is given is valid until the next is
 * asked for; memory is the dictionary and two chunks, however little is in it, never more than was decoded.
 *
 * Throws TrowelError `bad-bytes`, `truncated`.
 * Follows: XZ Utils, src/liblzma/lzma/lzma2_decoder.c (control bytes); LZMA SDK, Lzma2Dec.c.
 */
export async function* decodeLzma2(source: ByteSource, dictionaryBytes: number): AsyncGenerator<Uint8Array> {
  const lzma = new LzmaDecoder();
  const window = new Window(dictionaryBytes);
  let needs: 'dictionary' | 'properties' | 'nothing' = 'dictionary';
  for (;;) {
    const control = (await source.read(1))[0] ?? 0;
    if (control === 0) return;
    if (control === 1 || control >= 0xe0) {
      window.reset();
      needs = 'properties';
    }
    if (needs === 'dictionary') throw broken('it begins without a dictionary');
    if (control < 0x80) {
      if (control > 2) throw broken('a chunk of an unknown kind');
      const size = be16(await source.read(2)) + 1;
      yield window.put(await source.read(size));
      continue;
    }
    const sizes = await source.read(4);
    const size = ((control & 0x1f) << 16) + be16(sizes) + 1;
    const packed = be16(sizes.subarray(2)) + 1;
    if (control >= 0xc0) {
      lzma.setProperties((await source.read(1))[0] ?? 0);
      needs = 'nothing';
    } else if (needs !== 'nothing') {
      throw broken('a chunk comes without properties');
    } else if (control >= 0xa0) {
      lzma.reset();
    }
    const input = await source.read(packed);
    window.make(size);
    lzma.decode(input, window, window.position, size);
    yield window.added(size);
  }
}

/** What was decoded last, as far back as matches may reach, and room for the next chunk. */
class Window {
  readonly reach: number;
  bytes: Uint8Array = new Uint8Array(1 << 16);
  at = 0;
  /** Bytes since the dictionary was reset. */
  position = 0;

  constructor(reach: number) {
    this.reach = reach;
  }

  reset(): void {
    this.at = 0;
    this.position = 0;
  }

  /** Room for `size` bytes at `at`: grows up to the reach and two chunks, then moves what can still be reached down. */
  make(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const kept = Math.min(this.at, this.reach);
    const most = this.reach + 2 * chunkBytes;
    if (this.bytes.length < most) {
      const larger = new Uint8Array(Math.min(most, Math.max(2 * this.bytes.length, kept + 2 * size)));
      larger.set(this.bytes.subarray(this.at - kept, this.at));
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, this.at - kept, this.at);
    }
    this.at = kept;
  }

  added(size: number): Uint8Array {
    this.at += size;
    this.position += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  put(chunk: Uint8Array): Uint8Array {
    this.make(chunk.length);
    this.bytes.set(chunk, this.at);
    return this.added(chunk.length);
  }
}

function be16(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

function broken(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `the xz stream is broken (${what})` });
}
