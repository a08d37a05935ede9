/** Pieces of bytes one behind the other, each with its length before it: the form of what is kept as columns. */
export class ByteWriter {
  readonly #pieces: Uint8Array[] = [];
  #size = 0;

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    const piece = new Uint8Array(8);
    new DataView(piece.buffer).setFloat64(0, value, true);
    this.#add(piece);
  }

  /** Not copied: it must not change until `join`. */
  bytes(piece: Uint8Array): void {
    this.number(piece.length);
    this.#add(piece);
  }

  text(value: string): void {
    this.bytes(Buffer.from(value));
  }

  /** Null where that is more than one piece of memory can be. */
  join(): Uint8Array | null {
    return this.#size > maxBytes ? null : Buffer.concat(this.#pieces, this.#size);
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
  }
}

const maxBytes = 2 ** 31 - 1;

const nothing = new Uint8Array(0);

/** Reads what `ByteWriter` wrote. Bytes of anybody else only make it `failed`: then all answers are empty. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get failed(): boolean {
    return this.#failed;
  }

  number(): number {
    if (this.#at + 8 > this.#bytes.length) return this.#fail();
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return Number.isSafeInteger(value) && value >= 0 ? value : this.#fail();
  }

  /** A view, no copy. */
  bytes(): Uint8Array {
    const length = this.number();
    if (this.#failed || this.#at + length > this.#bytes.length) {
      this.#fail();
      return nothing;
    }
    const piece = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return piece;
  }

  text(): string {
    const piece = this.bytes();
    return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('utf8');
  }

  #fail(): 0 {
    this.#failed = true;
    return 0;
  }
}
