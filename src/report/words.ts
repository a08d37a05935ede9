import type { Bucket, FileCount, Gap, GapKind, Grade, Reason, SeverityLevel } from '../model/index.js';
import type { Meaning } from './paint.js';

/** `1 image`, `2 images`, `1,204 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Digits in groups of three, the same in every locale. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in binary units with three digits that count: `0 B`, `999 B`, `1.20 MiB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A share in percent; never 0 % of something or 100 % of not all. */
export function percent(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0 %';
  if (part >= whole) return '100 %';
  const share = (part / whole) * 100;
  if (share < 0.1) return '<0.1 %';
  if (share > 99.9) return '>99.9 %';
  return `${share < 10 || share > 99 ? share.toFixed(1) : share.toFixed(0)} %`;
}

export function filesText(of: FileCount): string {
  return `${bytesText(of.bytes)} in ${count(of.files, 'file')}`;
}

/** A digest as people compare it by eye: the algorithm and twelve digits. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return digest.length - colon > 13 ? digest.slice(0, colon + 13) : digest;
}

export function severityMeaning(level: SeverityLevel): Meaning {
  switch (level) {
    case 'critical':
    case 'high':
    case 'medium':
    case 'low':
      return level;
    case 'unknown':
      return 'missing';
    case 'none':
      return 'quiet';
  }
}

export function gradeMeaning(grade: Grade): Meaning {
  switch (grade) {
    case 'proved':
    case 'attested':
      return 'good';
    case 'claimed':
    case 'inferred':
      return 'quiet';
    case 'unknown':
      return 'missing';
  }
}

/** What ended in a bucket, for people. */
export const bucketWords: Readonly<Record<Bucket, string>> = {
  owned: 'owned',
  identified: 'identified',
  generated: 'generated',
  modified: 'modified',
  added: 'added',
  unknown: 'unknown',
};

/** What a number of gaps of one kind is called. */
export function gapCount(kind: GapKind, number: number): string {
  switch (kind) {
    case 'image':
      return count(number, 'image');
    case 'layer':
      return count(number, 'layer');
    case 'component':
      return count(number, 'component');
    case 'file':
      return count(number, 'file');
    case 'advisories':
      return `advisories for ${count(number, 'component')}`;
    case 'use':
      return count(number, 'use');
    case 'severity':
      return count(number, 'severity', 'severities');
  }
}

/** A reason as a sentence's end: "NOT ASSESSED: 2 layers: the bytes are not their digest". */
export const reasonWords: Readonly<Record<Reason, string>> = {
  'not-found': 'nobody has it',
  denied: 'access was denied',
  'no-such-platform': 'not there for the wanted platform',
  'rate-limited': 'the server asks to come back later',
  unreachable: 'could not be reached, or was not to be asked',
  timeout: 'took too long',
  'bad-digest': 'the bytes are not their digest',
  'bad-size': 'not as many bytes as promised',
  'bad-diff-id': 'the uncompressed bytes are not what the config says',
  truncated: 'ends too early',
  'bad-bytes': 'not the format that it claims to be',
  'bad-database': 'a package database that cannot be read',
  'too-large': 'over a limit',
  'unsafe-path': 'an entry that points outside',
  unsupported: 'a format that is not read',
  'layer-missing': 'the layer is named and not there',
  'no-version': 'no version is stated',
  'no-ordering': 'versions that nobody can order',
  'no-database': 'there is no advisory database',
  'no-advisories': 'the database has nothing for it',
  'no-distribution': 'the image names no distribution',
  'no-severity': 'nobody states a severity',
  'no-owner': 'no package owns it',
  undecided: 'could not be settled',
  'source-gone': 'the bytes are gone',
  'render-failed': 'does not render',
  'bad-values': 'values that do not fit',
  'bad-chart': 'cannot be loaded',
  'bad-reference': 'no image reference',
  usage: 'asked for wrongly',
  internal: 'an error of Trowel itself',
};

/** A gap in one line, without the image it belongs to. */
export function gapText(gap: Gap): string {
  const size = gap.bytes > 0 ? ` (${bytesText(gap.bytes)})` : '';
  const detail = gap.detail === '' || gap.detail === gap.subject ? '' : `: ${gap.detail}`;
  return `${gapCount(gap.kind, gap.count)}${size}, ${reasonWords[gap.reason]}: ${gap.subject}${detail}`;
}
