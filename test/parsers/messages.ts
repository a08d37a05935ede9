/** What the fuzzer's main thread asks of a worker. */
export interface Job {
  readonly parsers: readonly string[];
  readonly seed: number;
  /** The first case of the first parser; the others begin at 0. */
  readonly from: number;
  /** The case before which a parser is done, and how long it may take. */
  readonly cases: number;
  readonly milliseconds: number;
  /** `[parser, case, cases done, whether one runs]`, written by the worker. */
  readonly state: SharedArrayBuffer;
}

export interface Finding {
  readonly parser: string;
  readonly number: number;
  readonly kind: 'crash' | 'hang' | 'memory' | 'slow' | 'unsettled';
  readonly detail: string;
}

/** What a worker tells when a parser is done. */
export interface Done {
  readonly parser: string;
  readonly cases: number;
  readonly refused: number;
  readonly milliseconds: number;
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  readonly largest: { readonly number: number; readonly megabytes: number };
}

export type Told = { readonly finding: Finding } | { readonly done: Done };
