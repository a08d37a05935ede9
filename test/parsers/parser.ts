/** A file to be broken: real, or built by hand as the format's specification has it. */
export interface Seed {
  readonly label: string;
  readonly bytes: Uint8Array;
  /** Where a cataloguer would find it. */
  readonly path?: string;
  /** Packs what was broken: breaking packed bytes mostly breaks the packing. */
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
}

/** One reader of strangers' bytes, as the fuzzer drives it. */
export interface Parser {
  readonly name: string;
  /** Most memory that one case may take beside its input, in buffers. */
  readonly memoryMb: number;
  readonly seeds: () => readonly Seed[];
  /** Reads all that the reader gives. A TrowelError is an answer, anything else that is thrown is a finding. */
  readonly parse: (bytes: Uint8Array, seed: Seed) => unknown;
}

export const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
