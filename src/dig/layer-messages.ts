import type { FileColumns, LayerResult, LayerTask, OpenBlob, PlainError } from '../model/index.js';
import type { BlobAnswer, BlobAsk } from './blob-messages.js';

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

/** What the thread is told. */
export type ToThread = { readonly kind: 'read'; readonly task: LayerTask; readonly keep: boolean } | BlobAnswer;

/** What the thread tells. */
export type FromThread =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly result: Omit<LayerResult, 'entries'>;
      readonly columns: FileColumns;
      readonly parts: readonly (readonly [string, Uint8Array])[] | null;
    }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | BlobAsk;
