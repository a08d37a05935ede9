import { TrowelError } from '../model/index.js';

/**
 * A stream of bytes, read by pieces of a known length. What it gives is only valid until the next call.
 *
 * No call holds more than it was asked for beside one chunk of the stream. Whoever stops early calls `close`.
 */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #taken = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes given so far. */
  get offset(): number {
    return this.#taken;
  }

  /** Exactly `length` bytes. Throws TrowelError `truncated`. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.readUpTo(length);
    if (bytes.length < length) throw this.#truncated();
    return bytes;
  }

  /** `length` bytes, or what is left of the stream. */
  async readUpTo(length: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at >= length) return this.#some(length);
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && (await this.#fill())) {
      const part = this.#some(missing).slice();
      parts.push(part);
      missing -= part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  }

  /** The next `length` bytes as they come. Throws TrowelError `truncated`. */
  async *take(length: number): AsyncGenerator<Uint8Array> {
    for (let missing = length; missing > 0; ) {
      if (!(await this.#fill())) throw this.#truncated();
      const part = this.#some(missing);
      missing -= part.length;
      yield part;
    }
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (await this.#fill()) yield this.#some(Number.MAX_SAFE_INTEGER);
  }

  /** Passes over `length` bytes. Throws TrowelError `truncated`. */
  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0; ) {
      if (!(await this.#fill())) throw this.#truncated();
      missing -= this.#some(missing).length;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }

  #some(length: number): Uint8Array {
    const part = this.#chunk.subarray(this.#at, this.#at + Math.min(length, this.#chunk.length - this.#at));
    this.#at += part.length;
    this.#taken += part.length;
    return part;
  }

  #truncated(): TrowelError {
    return new TrowelError('truncated', { what: 'the bytes end too early', where: { offset: this.#taken } });
  }
}
