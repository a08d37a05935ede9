/** The polynomial of ECMA-182, its bits in reverse, in halves. */
const polyHigh = 0xc96c5795;
const polyLow = 0xd7870f42;

let tables: { readonly high: Uint32Array; readonly low: Uint32Array } | null = null;

function makeTables(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit++) {
      const out = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h >>>= 1;
      if (out === 1) {
        h ^= polyHigh;
        l ^= polyLow;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  return { high, low };
}

/** CRC-64 as xz has it (the .xz file format, 6): without 64-bit numbers, which are slow here. */
export class Crc64 {
  #high = -1;
  #low = -1;

  update(chunk: Uint8Array): void {
    tables ??= makeTables();
    const { high, low } = tables;
    let h = this.#high;
    let l = this.#low;
    for (let at = 0; at < chunk.length; at++) {
      const index = (l ^ (chunk[at] ?? 0)) & 0xff;
      l = ((l >>> 8) | (h << 24)) ^ (low[index] ?? 0);
      h = (h >>> 8) ^ (high[index] ?? 0);
    }
    this.#high = h;
    this.#low = l;
  }

  /** Eight bytes, the least first, as xz stores them. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(~this.#low >>> 0, 0);
    bytes.writeUInt32LE(~this.#high >>> 0, 4);
    return bytes;
  }
}
