import type { AdvisorySeverity, Severity, SeverityLevel } from '../model/index.js';
import { cvssRating } from './cvss.js';
import type { Vulnerability } from './join.js';
import type { AdvisoryHead } from './stored.js';

/** What one record states: its vectors and its word. */
export interface Stated {
  readonly id: string;
  readonly severity: readonly AdvisorySeverity[];
  readonly severityWord: string | null;
}

const words: Readonly<Record<string, SeverityLevel>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  minor: 'low',
  negligible: 'low',
  unimportant: 'low',
  none: 'none',
};

const unknown: Severity = { level: 'unknown', score: null, vector: null, source: null };

/**
 * How severe a vulnerability is, and which record says so: the worst CVSS score of the records that matched, else their
 * database's word, else the same of records that are called alike, else of advisories that cover several at once.
 *
 * A vector that cannot be rated is kept beside the level `unknown`.
 */
export function severityOf(vulnerability: Vulnerability, alike: (name: string) => readonly AdvisoryHead[]): Severity {
  const stated = (isCollective: boolean): Stated[] =>
    vulnerability.evidence
      .filter((item) => item.isCollective === isCollective)
      .map(({ match }) => ({ id: match.head.id, severity: match.severity, severityWord: match.severityWord }));
  const own = worstOf(stated(false));
  if (own.level !== 'unknown') return own;
  const related = worstOf([vulnerability.id, ...vulnerability.aliases].flatMap(alike));
  if (related.level !== 'unknown') return related;
  const collective = worstOf(stated(true));
  return (
    [collective, own, related].find((severity) => severity.level !== 'unknown' || severity.vector !== null) ?? unknown
  );
}

/** The level that one record states for itself. */
export function levelOf(stated: Stated): SeverityLevel {
  return worstOf([stated]).level;
}

function worstOf(records: readonly Stated[]): Severity {
  let worst: Severity = unknown;
  for (const record of records) {
    for (const { score: vector } of record.severity.filter(isVector)) {
      const rating = cvssRating(vector);
      const isWorse = rating !== null && (worst.score === null || rating.score > worst.score);
      if (isWorse) worst = { level: rating.level, score: rating.score, vector, source: record.id };
      else if (worst.vector === null) worst = { ...unknown, vector, source: record.id };
    }
  }
  return worst.score === null ? (worstWord(records) ?? worst) : worst;
}

function worstWord(records: readonly Stated[]): Severity | null {
  const order: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'none'];
  for (const level of order) {
    const record = records.find((item) => wordsOf(item).includes(level));
    if (record !== undefined) return { level, score: null, vector: null, source: record.id };
  }
  return null;
}

function wordsOf(record: Stated): readonly SeverityLevel[] {
  const stated = record.severity.filter((item) => !isVector(item)).map((item) => item.score);
  return [...stated, record.severityWord ?? ''].flatMap((word) => {
    const key = word.trim().toLowerCase();
    return Object.hasOwn(words, key) ? [words[key] ?? 'unknown'] : [];
  });
}

function isVector(item: AdvisorySeverity): boolean {
  return item.type.startsWith('CVSS_');
}
