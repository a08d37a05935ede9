import type { BlobLocation } from './blob.js';
import type { CatalogGap, CatalogRecord } from './cataloguer.js';
import type { Reason } from './error.js';
import type { Whiteout } from './file.js';
import type { FileTable } from './file-table.js';

/** Bounds of one pass over one layer; all sizes in bytes. What is over one costs this layer's answer, not the dig. */
export interface LayerLimits {
  /** Uncompressed bytes of the whole layer. */
  readonly layerBytes: number;
  readonly entries: number;
  readonly pathBytes: number;
  readonly depth: number;
  /** Uncompressed bytes for each compressed one, once 100 MiB were written. */
  readonly ratio: number;
  /** The largest file that is handed to a cataloguer. */
  readonly wholeFileBytes: number;
}

/** What to do with one layer: plain data. */
export interface LayerTask {
  readonly location: BlobLocation;
  readonly mediaType: string;
  /** Expected digest of the stored bytes; null where nobody states one. */
  readonly digest: string | null;
  readonly sizeBytes: number | null;
  readonly diffID: string | null;
  /** Names of the cataloguers to run. */
  readonly cataloguers: readonly string[];
  /** Digests beside SHA-256, of files that lie where packages put theirs. */
  readonly digests: readonly ('md5' | 'sha1')[];
  readonly limits: LayerLimits;
}

/** What one pass found; plain data but for the table, whose `columns` are. Kept by content. */
export interface LayerResult {
  /** Of the bytes that were read. */
  readonly digest: string;
  readonly diffID: string;
  readonly sizeBytes: number;
  readonly uncompressedBytes: number;
  /** In the order of the tar; a path that comes twice counts once, the last wins. */
  readonly entries: FileTable;
  readonly whiteouts: readonly Whiteout[];
  readonly records: readonly CatalogRecord[];
  readonly gaps: readonly CatalogGap[];
  /** Where the bytes are not what was promised: digest, size, diff ID. */
  readonly problems: readonly { readonly reason: Reason; readonly detail: string }[];
}
