/** One archive to read, and words for what is special in it, which explained.tsv may name. */
export interface Made {
  readonly bytes: Buffer;
  readonly tags: readonly string[];
}
