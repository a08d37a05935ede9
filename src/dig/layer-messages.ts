import type { BlobLocation, FileColumns, LayerResult, LayerTask, OpenBlob, PlainError } from '../model/index.js';

/** What came of reading a layer. `parts` are what the store keeps of each cataloguer, where they were made already. */
export interface LayerAnswer {
  readonly result: LayerResult;
  readonly parts: ReadonlyMap<string, Uint8Array> | null;
}

export interface LaneTools {
  readonly open: OpenBlob;
  readonly onBytes: (bytes: number) => void;
  /** Whether the result will be kept: then a thread makes the kept form, too. */
  readonly keep: boolean;
}

/** What the thread is told. Chunks answer its `want`; null is the end of the blob. */
export type ToThread =
  | { readonly kind: 'read'; readonly task: LayerTask; readonly keep: boolean }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array | null }
  | { readonly kind: 'no-chunk'; readonly error: PlainError };

/** What the thread tells. It opens one blob at a time, and wants each chunk of it once. */
export type FromThread =
  | { readonly kind: 'open'; readonly location: BlobLocation }
  | { readonly kind: 'want' }
  | { readonly kind: 'close' }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly result: Omit<LayerResult, 'entries'>;
      readonly columns: FileColumns;
      readonly parts: readonly (readonly [string, Uint8Array])[] | null;
    }
  | { readonly kind: 'failed'; readonly error: PlainError };
