import type { Dig, SeverityLevel } from '../model/index.js';

/** How a report is to look. */
export interface View {
  /** Columns of the terminal, or as many as a file should have. */
  readonly width: number;
  /** Whether colours may be written; without, not a single escape sequence is. */
  readonly color: boolean;
  /** Only these severities are listed. All are counted. */
  readonly severities?: readonly SeverityLevel[];
  /** Findings without a fixed version are not listed. All are counted. */
  readonly ignoreUnfixed?: boolean;
}

/** One format of a dig: one file, one line in the list. */
export interface ReportFormat {
  /** As `-o` takes it. */
  readonly name: string;
  readonly mediaType: string;
  /** The report in pieces, in order; whole lines or parts of them. */
  write(dig: Dig, view: View): Iterable<string>;
}

/** What `trowel images` knows: the part of a dig that needs no image pulled. */
export type UsesDocument = Pick<Dig, 'schema' | 'target' | 'charts' | 'uses' | 'notAssessed' | 'tool'>;

/** One format of the uses alone. */
export interface UsesFormat {
  readonly name: string;
  readonly mediaType: string;
  write(document: UsesDocument, view: View): Iterable<string>;
}
