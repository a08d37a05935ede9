/** How many first bytes of each file are remembered: enough for the magic numbers that readers go by. */
export const rememberedBytes = 32;

/** The first bytes of the files of a layer, by row: one block of memory that grows, 33 bytes a row. */
export class Beginnings {
  #bytes = new Uint8Array(0);
  #lengths = new Uint8Array(0);

  set(row: number, first: Uint8Array): void {
    if (row >= this.#lengths.length) {
      const rows = Math.max(256, 2 * row);
      const bytes = new Uint8Array(rows * rememberedBytes);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      const lengths = new Uint8Array(rows);
      lengths.set(this.#lengths);
      this.#lengths = lengths;
    }
    const length = Math.min(first.length, rememberedBytes);
    for (let at = 0; at < length; at++) this.#bytes[row * rememberedBytes + at] = first[at] ?? 0;
    this.#lengths[row] = length;
  }

  /** Empty for a row that was never set. */
  of(row: number): Uint8Array {
    const from = row * rememberedBytes;
    return this.#bytes.subarray(from, from + (this.#lengths[row] ?? 0));
  }
}
