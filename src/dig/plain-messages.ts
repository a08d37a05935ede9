import type { LayerSums, PlainTask } from '../layer/index.js';
import type { PlainError } from '../model/index.js';
import type { BlobAnswer, BlobAsk } from './blob-messages.js';

/** What the thread that inflates starts with: memory that both threads see, in pieces of one size. */
export interface InflaterData {
  readonly pieces: readonly SharedArrayBuffer[];
}

/** What it is told. `free` gives pieces back for the next bytes, `stop` ends a layer early. */
export type ToInflater =
  | { readonly kind: 'read'; readonly task: PlainTask }
  | { readonly kind: 'free'; readonly pieces: readonly number[] }
  | { readonly kind: 'stop' }
  | BlobAnswer;

/**
 * What it tells of a layer, `plain` for each filled piece and one of the others last. `stored` counts the stored bytes so
 * far.
 */
export type LayerWord =
  | { readonly kind: 'plain'; readonly piece: number; readonly length: number; readonly stored: number }
  | { readonly kind: 'end'; readonly sums: LayerSums }
  | { readonly kind: 'failed'; readonly error: PlainError; readonly stored: number }
  | { readonly kind: 'stopped' };

export type FromInflater = LayerWord | BlobAsk;
