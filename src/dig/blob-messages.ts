import type { BlobLocation, PlainError } from '../model/index.js';

/** What a thread asks of the one that has credentials and connections: one blob at a time, each chunk of it once. */
export type BlobAsk =
  | { readonly kind: 'open'; readonly location: BlobLocation }
  | { readonly kind: 'want' }
  | { readonly kind: 'close' };

/** What it gets for each `want`: null is the end of the blob. */
export type BlobAnswer =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array | null }
  | { readonly kind: 'no-chunk'; readonly error: PlainError };
