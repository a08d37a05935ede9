/**
 * Keeps results by content: `digest` is of the bytes that were read, `producer` says who read them, with its version
 * (`dpkg@3`). What is kept can be lost at any time: a miss only costs work.
 *
 * Synchronous, since both stores answer from this process.
 */
export interface Store {
  /** What was kept, byte for byte, or null: never kept, removed, or damaged. */
  get(digest: string, producer: string): Uint8Array | null;
  /** Keeps bytes, in the place of older ones. Throws TrowelError `denied` when they cannot be written. */
  put(digest: string, producer: string, bytes: Uint8Array): void;
  status(): StoreStatus;
  /** Removes what was not used for longest until at most `maxBytes` are kept; answers how many bytes went. */
  gc(maxBytes: number): number;
  close(): void;
}

export interface StoreStatus {
  /** Where it lies, or null in memory. */
  readonly path: string | null;
  readonly rows: number;
  /** Bytes of all rows. */
  readonly bytes: number;
  /** More than this is not kept. */
  readonly maxBytes: number;
}

/** The default bound: some thousand layers. */
export const storeBytes = 4 * 1024 ** 3;
