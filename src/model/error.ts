/**
 * Why something could not be done: one meaning each, shared by thrown errors and by gaps in a dig.
 *
 * A gap that a dig carries uses the same word as the error that caused it, so that a reader of the JSON and a reader
 * of the terminal learn the same reason.
 */
export const reasons = [
  'not-found', // no such name, tag, file or entry
  'denied', // the server or the file system said no
  'no-such-platform', // an index without the wanted platform
  'rate-limited', // the server asks to come back later
  'unreachable', // no connection, or none allowed (--offline)
  'timeout',
  'bad-digest', // bytes that are not their digest
  'bad-size', // bytes that are not as many as promised
  'bad-diff-id', // uncompressed bytes that are not the config's diff ID
  'truncated', // ends too early
  'bad-bytes', // not the format that it claims to be
  'bad-database', // a package database that cannot be read
  'too-large', // over a limit of bytes, entries, depth or ratio
  'unsafe-path', // an archive entry that points outside
  'unsupported', // a known format that Trowel does not read
  'layer-missing', // a layer that the manifest names and the archive lacks
  'no-version', // a component without a usable version
  'no-ordering', // an ecosystem whose versions nobody here can order
  'no-database', // no advisory database at all
  'no-advisories', // a database without records for this ecosystem or release
  'no-distribution', // packages of a distribution that the image does not name
  'no-severity', // a finding whose severity nobody states
  'no-owner', // an executable or library that no package owns
  'undecided', // a possible image that could not be settled
  'source-gone', // bytes that were there once and cannot be read again
  'render-failed', // the chart's templates do not render
  'bad-values', // values that are no YAML, or break the chart's schema
  'bad-chart', // a chart that cannot be loaded
  'bad-reference', // not an image reference
  'usage', // the command line is wrong
  'internal', // our own fault
] as const;

export type Reason = (typeof reasons)[number];

/** Where an error happened; only what is known is set. Paths and names are as the input spells them. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly offset?: number;
  readonly entry?: string;
  readonly reference?: string;
  readonly layer?: string;
  readonly chart?: string;
  readonly option?: string;
  readonly url?: string;
}

/** The one error class of Trowel: what was wrong, where, which of the possible causes, and what to do next. */
export class TrowelError extends Error {
  readonly code: Reason;
  readonly what: string;
  readonly where: Where;
  readonly todo: string | undefined;

  constructor(code: Reason, about: { what: string; where?: Where; todo?: string; cause?: unknown }) {
    super(describe(about.what, about.where ?? {}, about.todo), about.cause === undefined ? {} : { cause: about.cause });
    this.name = 'TrowelError';
    this.code = code;
    this.what = about.what;
    this.where = about.where ?? {};
    this.todo = about.todo;
  }
}

/** One line: the place, what was wrong, and the next step. */
function describe(what: string, where: Where, todo: string | undefined): string {
  const place = placeOf(where);
  return `${place === '' ? '' : `${place}: `}${what}${todo === undefined ? '' : `; ${todo}`}`;
}

/** A place as people write it: `chart.tgz: templates/x.yaml:3:7`. */
export function placeOf(where: Where): string {
  const parts: string[] = [];
  if (where.reference !== undefined) parts.push(where.reference);
  if (where.url !== undefined) parts.push(where.url);
  if (where.chart !== undefined) parts.push(where.chart);
  if (where.layer !== undefined) parts.push(`layer ${where.layer}`);
  if (where.file !== undefined) parts.push(where.file);
  if (where.entry !== undefined) parts.push(where.entry);
  if (where.option !== undefined) parts.push(where.option);
  let place = parts.join(': ');
  if (where.line !== undefined) place += `:${where.line}`;
  if (where.line !== undefined && where.column !== undefined) place += `:${where.column}`;
  if (where.offset !== undefined) place += ` at byte ${where.offset}`;
  return place;
}

/** Whether a caught value is an error that Trowel made, with one of these codes if any are given. */
export function isTrowelError(error: unknown, ...codes: readonly Reason[]): error is TrowelError {
  return error instanceof TrowelError && (codes.length === 0 || codes.includes(error.code));
}
