import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.js';
import type { Otherwise } from './judge.js';

/** A difference that is meant: which referee, what differs, in archives of which kind, and why. */
export interface Explained {
  readonly referee: string;
  readonly what: RegExp;
  /** A word of the archive's, of which it has one, or of the refusal or complaint. */
  readonly when: RegExp;
  /** Whether it may be that no referee at all agrees. */
  readonly alone: boolean;
  readonly where: string;
  readonly why: string;
  readonly line: number;
}

/** Reads explained.tsv: referee, what, when, alone (yes or no), the line of the source or specification, why. */
export function readExplained(): readonly Explained[] {
  const lines = readFileSync(inRoot('test', 'tar', 'explained.tsv'), 'utf8')
    .trim()
    .split('\n');
  return lines.slice(1).map((line, index) => {
    const [referee = '', what = '', when = '', alone = '', where = '', why = ''] = line.split('\t');
    if (where === '' || why === '') throw new Error(`explained.tsv: no reason: ${line}`);
    const whole = new RegExp(`^(?:${what})$`);
    return { referee, what: whole, when: new RegExp(when), alone: alone === 'yes', where, why, line: index + 2 };
  });
}

/** Whether a row speaks of this difference. */
export function explains(row: Explained, other: Otherwise, refusal: string, tags: readonly string[]): boolean {
  if (row.referee !== '*' && row.referee !== other.referee) return false;
  if (!row.what.test(other.what)) return false;
  return row.when.test(refusal) || row.when.test(other.detail) || tags.some((tag) => row.when.test(tag));
}
