import type { Advisory, AdvisorySeverity, Affected, AffectedRange, RangeEvent } from '../model/index.js';
import { badField, childOf, type Fields, fieldPath, fieldsOf, objectsOf, textOf, textsOf, timeOf } from './narrow.js';

/** Bounds of one record, in items and characters; what OSV.dev publishes stays far below them. */
const limits = {
  names: 5_000,
  nameLength: 200,
  affected: 20_000,
  ranges: 2_000,
  events: 20_000,
  versions: 200_000,
  versionLength: 1_000,
  imports: 5_000,
  symbols: 20_000,
  packageName: 1_000,
  summary: 500,
  details: 1_000_000,
};

/**
 * One record of the OSV schema, checked field by field.
 *
 * Left out, because nothing can be matched by it: affected entries without a package, references, credits. `summary`
 * falls back to the first line of `details`. Go's `ecosystem_specific.custom_ranges` become ranges of type CUSTOM (see
 * range.ts); a severity word comes from the affected entry, else from the record.
 * Throws TrowelError `bad-bytes` that names the field which is not what the schema wants.
 * Follows: https://ossf.github.io/osv-schema/ (1.7), https://go.dev/doc/security/vuln/database.
 */
export function readAdvisory(json: unknown): Advisory {
  const record = fieldsOf(json, '');
  if (record === null) throw badField('', 'is no object');
  const id = textOf(record, 'id', limits.nameLength);
  if (id === null || !isName(id)) throw badField('id', 'is missing or no identifier');
  const modified = timeOf(record, 'modified');
  if (modified === null) throw badField('modified', 'is missing');
  const word = severityWord(record);
  return {
    id,
    modified,
    published: timeOf(record, 'published'),
    withdrawn: timeOf(record, 'withdrawn'),
    aliases: names(record, 'aliases'),
    related: names(record, 'related'),
    upstream: names(record, 'upstream'),
    summary: summaryOf(record),
    severity: severities(record),
    affected: objectsOf(record, 'affected', limits.affected).flatMap((item) => readAffected(item, word)),
  };
}

/** An identifier is printed and searched, so it holds nothing that could disturb either. */
function isName(text: string): boolean {
  return text.length <= limits.nameLength && /^[A-Za-z0-9][A-Za-z0-9._:+~/-]*$/.test(text);
}

/** Names that are none (a stray comma in a real record) are passed over: the record is worth more than they are. */
function names(record: Fields, field: string): readonly string[] {
  return [...new Set(textsOf(record, field, limits.names, limits.details).filter(isName))];
}

function summaryOf(record: Fields): string {
  const summary = textOf(record, 'summary', limits.details)?.trim() ?? '';
  const text = summary === '' ? (textOf(record, 'details', limits.details) ?? '') : summary;
  const [line = ''] = text
    .trim()
    .slice(0, 10_000)
    .split(/[\r\n]/, 1);
  return line.length <= limits.summary ? line : `${line.slice(0, limits.summary - 1)}…`;
}

function severities(fields: Fields): readonly AdvisorySeverity[] {
  return objectsOf(fields, 'severity', 100).map((item) => {
    const type = textOf(item, 'type', 50);
    const score = textOf(item, 'score', 500);
    if (type === null || score === null) throw badField(item.path, 'lacks type or score');
    return { type, score };
  });
}

/** What databases call it: `severity` (GitHub, Bitnami), `urgency` (Debian); objects of that name are no words. */
function severityWord(fields: Fields): string | null {
  for (const place of ['database_specific', 'ecosystem_specific']) {
    const specific = fields.get(place);
    if (typeof specific !== 'object' || specific === null || Array.isArray(specific)) continue;
    for (const [name, value] of Object.entries(specific)) {
      if ((name === 'severity' || name === 'urgency') && typeof value === 'string' && value.length <= 50) return value;
    }
  }
  return null;
}

/** Empty for an entry without package: it speaks of a repository only. */
function readAffected(item: Fields, recordWord: string | null): readonly Affected[] {
  const pack = childOf(item, 'package');
  if (pack === null) return [];
  const ecosystem = textOf(pack, 'ecosystem', limits.nameLength) ?? '';
  const name = textOf(pack, 'name', limits.packageName) ?? '';
  if (ecosystem === '' || name === '') throw badField(pack.path, 'lacks ecosystem or name');
  const colon = ecosystem.indexOf(':');
  return [
    {
      ecosystem: colon < 0 ? ecosystem : ecosystem.slice(0, colon),
      release: colon < 0 ? null : ecosystem.slice(colon + 1),
      name,
      ranges: [...objectsOf(item, 'ranges', limits.ranges).map(readRange), ...customRanges(item)],
      versions: textsOf(item, 'versions', limits.versions, limits.versionLength),
      severity: severities(item),
      severityWord: severityWord(item) ?? recordWord,
      imports: readImports(item),
    },
  ];
}

function readRange(range: Fields): AffectedRange {
  const type = textOf(range, 'type', 50);
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM' && type !== 'GIT') {
    throw badField(fieldPath(range, 'type'), 'is none of SEMVER, ECOSYSTEM and GIT');
  }
  return { type, events: objectsOf(range, 'events', limits.events).map(readEvent) };
}

function readEvent(event: Fields): RangeEvent {
  const version = (name: string): string | null => textOf(event, name, limits.versionLength);
  const introduced = version('introduced');
  if (introduced !== null) return { introduced };
  const fixed = version('fixed');
  if (fixed !== null) return { fixed };
  const lastAffected = version('last_affected');
  if (lastAffected !== null) return { lastAffected };
  const limit = version('limit');
  if (limit !== null) return { limit };
  throw badField(event.path, 'is none of introduced, fixed, last_affected and limit');
}

/** Versions in the project's own tags, which are none in Go's version space. */
function customRanges(item: Fields): readonly AffectedRange[] {
  const specific = item.get('ecosystem_specific');
  if (typeof specific !== 'object' || specific === null || Array.isArray(specific)) return [];
  const fields = childOf(item, 'ecosystem_specific');
  if (fields === null) return [];
  return objectsOf(fields, 'custom_ranges', limits.ranges).map((range) => ({
    type: 'CUSTOM',
    events: objectsOf(range, 'events', limits.events).map(readEvent),
  }));
}

/** Go's vulnerable symbols by import path. Other databases use the word `imports` for other things, which are left. */
function readImports(item: Fields): Affected['imports'] {
  const specific = item.get('ecosystem_specific');
  if (typeof specific !== 'object' || specific === null || Array.isArray(specific)) return [];
  const list: unknown = new Map<string, unknown>(Object.entries(specific)).get('imports');
  if (!Array.isArray(list)) return [];
  const fields = childOf(item, 'ecosystem_specific');
  if (fields === null) return [];
  return objectsOf(fields, 'imports', limits.imports).flatMap((entry) => {
    const path = textOf(entry, 'path', limits.packageName);
    return path === null ? [] : [{ path, symbols: textsOf(entry, 'symbols', limits.symbols, limits.packageName) }];
  });
}
