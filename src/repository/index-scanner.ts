/** What is taken out of an index of a repository: the entry of one chart as text, and what lies beside it. */
export interface ScannedIndex {
  /** `{"NAME": [versions]}`, as the index has it; null where it has no such entry. */
  readonly entry: { readonly format: 'yaml' | 'json'; readonly text: string } | null;
  /** Whether the index states an `apiVersion`, without which Helm takes it for none. */
  readonly hasApiVersion: boolean;
  /** Names of the charts, for "did you mean"; the first 50,000. */
  readonly names: readonly string[];
  readonly bytes: number;
}

/** One way to write an index. Text that comes in pieces is not kept but for the wanted entry. */
export interface IndexScanner {
  push(chunk: Uint8Array): void;
  end(): Omit<ScannedIndex, 'bytes'>;
}

export interface IndexLimits {
  readonly indexBytes: number;
  /** Of the entry of one chart, and of one line. */
  readonly entryBytes: number;
}

export const indexLimits: IndexLimits = { indexBytes: 1024 ** 3, entryBytes: 64 * 1024 ** 2 };
export const mostNames = 50_000;
