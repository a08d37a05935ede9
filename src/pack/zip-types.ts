import type { Reason } from '../model/index.js';

/** Random access to the bytes of a zip file; a read past the end returns fewer bytes. A CatalogFile is one. */
export interface ZipFile {
  readonly sizeBytes: number;
  slice(offset: number, length: number): Uint8Array;
}

/** Bounds of one archive; all sizes in bytes. */
export interface ZipLimits {
  readonly entries: number;
  /** Uncompressed bytes of one entry. */
  readonly entryBytes: number;
  /** Uncompressed bytes of all entries that are read, however often. */
  readonly totalBytes: number;
  /** Uncompressed bytes for each compressed one, for entries of more than 1 MiB. */
  readonly ratio: number;
}

/** One entry as the central directory states it. */
export interface ZipEntry {
  /** As stored: not cleaned. UTF-8, other bytes as `\xHH`. */
  readonly path: string;
  readonly directory: boolean;
  /** 0 stored, 8 deflate; others are not read. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Unix mode where the archive states one, else 0. */
  readonly mode: number;
  /** Where the local header begins in the file, prefix bytes included. */
  readonly offset: number;
}

/** Something in the archive that readers disagree on or that cannot be read. */
export interface ZipProblem {
  readonly reason: Reason;
  readonly path: string;
  readonly detail: string;
}

export const zipLimits: ZipLimits = {
  entries: 200_000,
  entryBytes: 512 * 1024 * 1024,
  totalBytes: 4 * 1024 ** 3,
  ratio: 1100,
};
