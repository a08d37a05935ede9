import type { Advisory, AdvisorySeverity, Affected, AffectedRange, RangeEvent } from '../model/index.js';
import { badField, type Fields, fieldsOf, objectsOf, textOf, textsOf } from './narrow.js';

/** An advisory without its affected entries, as the database keeps it. */
export interface AdvisoryHead {
  readonly id: string;
  /** Name of the source in the database. */
  readonly source: string;
  readonly modified: string;
  readonly aliases: readonly string[];
  readonly related: readonly string[];
  readonly upstream: readonly string[];
  readonly summary: string;
  /** Of the record and of its affected entries. */
  readonly severity: readonly AdvisorySeverity[];
  readonly severityWord: string | null;
}

/** Rows are our own, so these bounds only keep a damaged file from doing harm. */
const many = 1_000_000;
const long = 1_000_000;

/** What is written for an advisory; `readHead` reads it back. */
export function headText(advisory: Advisory): string {
  const severity = [...advisory.severity, ...advisory.affected.flatMap((affected) => affected.severity)];
  const distinct = new Map(severity.map((item) => [`${item.type} ${item.score}`, item]));
  const { id, modified, aliases, related, upstream, summary } = advisory;
  const severityWord = advisory.affected.find((affected) => affected.severityWord !== null)?.severityWord ?? null;
  return JSON.stringify({
    id,
    modified,
    aliases,
    related,
    upstream,
    summary,
    severity: [...distinct.values()],
    severityWord,
  });
}

/** What is written for an affected entry; `readAffectedRow` reads it back. GIT ranges match no version, so they stay out. */
export function affectedText(affected: Affected): string {
  return JSON.stringify({ ...affected, ranges: affected.ranges.filter((range) => range.type !== 'GIT') });
}

/** Throws TrowelError `bad-bytes` for what `headText` never wrote. */
export function readHead(text: string, source: string): AdvisoryHead {
  const row = parse(text);
  return {
    id: textOf(row, 'id', long) ?? '',
    source,
    modified: textOf(row, 'modified', long) ?? '',
    aliases: textsOf(row, 'aliases', many, long),
    related: textsOf(row, 'related', many, long),
    upstream: textsOf(row, 'upstream', many, long),
    summary: textOf(row, 'summary', long) ?? '',
    severity: readSeverities(row),
    severityWord: textOf(row, 'severityWord', long),
  };
}

/** Throws TrowelError `bad-bytes` for what `affectedText` never wrote. */
export function readAffectedRow(text: string): Affected {
  const row = parse(text);
  return {
    ecosystem: textOf(row, 'ecosystem', long) ?? '',
    release: textOf(row, 'release', long),
    name: textOf(row, 'name', long) ?? '',
    ranges: objectsOf(row, 'ranges', many).map(readRange),
    versions: textsOf(row, 'versions', many, long),
    severity: readSeverities(row),
    severityWord: textOf(row, 'severityWord', long),
    imports: objectsOf(row, 'imports', many).map((entry) => ({
      path: textOf(entry, 'path', long) ?? '',
      symbols: textsOf(entry, 'symbols', many, long),
    })),
  };
}

function parse(text: string): Fields {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw badField('', 'is no JSON');
  }
  const fields = fieldsOf(json, '');
  if (fields === null) throw badField('', 'is no object');
  return fields;
}

function readSeverities(row: Fields): readonly AdvisorySeverity[] {
  return objectsOf(row, 'severity', many).map((item) => ({
    type: textOf(item, 'type', long) ?? '',
    score: textOf(item, 'score', long) ?? '',
  }));
}

function readRange(range: Fields): AffectedRange {
  const type = textOf(range, 'type', long);
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM' && type !== 'CUSTOM') throw badField(range.path, 'has no known type');
  return { type, events: objectsOf(range, 'events', many).map(readEvent) };
}

function readEvent(event: Fields): RangeEvent {
  const introduced = textOf(event, 'introduced', long);
  if (introduced !== null) return { introduced };
  const fixed = textOf(event, 'fixed', long);
  if (fixed !== null) return { fixed };
  const lastAffected = textOf(event, 'lastAffected', long);
  return lastAffected !== null ? { lastAffected } : { limit: textOf(event, 'limit', long) ?? '*' };
}
