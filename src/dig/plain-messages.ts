import type { LayerSums, PlainTask } from '../layer/index.js';
import type { PlainError } from '../model/index.js';
import type { BlobAnswer, BlobAsk } from './blob-messages.js';

/** What the thread that inflates is told. `free` gives memory back for the next chunks, `stop` ends a layer early. */
export type ToInflater =
  | { readonly kind: 'read'; readonly task: PlainTask; readonly memory: readonly ArrayBuffer[] }
  | { readonly kind: 'free'; readonly memory: readonly ArrayBuffer[] }
  | { readonly kind: 'stop' }
  | BlobAnswer;

/** What it tells of a layer, `plain` for each chunk and one of the others last. `stored` counts the stored bytes so far. */
export type LayerWord =
  | { readonly kind: 'plain'; readonly memory: ArrayBuffer; readonly length: number; readonly stored: number }
  | { readonly kind: 'end'; readonly sums: LayerSums }
  | { readonly kind: 'failed'; readonly error: PlainError; readonly stored: number }
  | { readonly kind: 'stopped' };

export type FromInflater = LayerWord | BlobAsk;
