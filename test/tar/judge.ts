import { type Answer, differences } from './entry.js';
import { type Explained, explains } from './explained.js';

/** How an archive went: as the referees have it, refused with a typed error, or neither. */
export interface Verdict {
  readonly kind: 'equal' | 'refused' | 'wrong';
  /** What is not as it should be, for a person. */
  readonly findings: readonly string[];
  /** Rows of explained.tsv that were needed. */
  readonly used: readonly Explained[];
}

/** How one referee sees an archive otherwise than Trowel does; null where they agree. */
export interface Otherwise {
  readonly referee: string;
  /** `refuses`, `accepts`, `entries`, or the fields that differ, in a fixed order. */
  readonly what: string;
  readonly detail: string;
}

/**
 * Trowel's answer against those of the referees. Where it reads otherwise than one of them, explained.tsv must say why,
 * and where it reads otherwise than all of them, a row must allow that. What it gave before it refused must be what a
 * referee has, too; and what all referees read alike it must not refuse.
 */
export function judge(
  own: Answer,
  referees: ReadonlyMap<string, Answer>,
  tags: readonly string[],
  table: readonly Explained[],
): Verdict {
  const others = [...referees].map(([name, answer]) => otherwise(own, name, answer)).filter((one) => one !== null);
  const kind = own.error === null ? 'equal' : 'refused';
  const agreeing = referees.size - others.length;
  const open = own.error === null ? others : othersOfRefusal(others, agreeing, referees);
  const used: Explained[] = [];
  const findings: string[] = [];
  for (const other of open) {
    const row = table.find((one) => explains(one, other, own.error ?? '', tags));
    if (row === undefined) findings.push(`${other.referee} ${other.what}: ${other.detail}`);
    else used.push(row);
  }
  const alone = open.length === referees.size && own.error === null && used.length > 0;
  if (alone && !used.some((row) => row.alone))
    findings.push(`no referee agrees: ${open.map((one) => one.detail).join('; ')}`);
  return { kind: findings.length > 0 ? 'wrong' : kind, findings, used };
}

/** What speaks against a refusal: that all read the archive alike, or that none has what was given before it. */
function othersOfRefusal(
  others: readonly Otherwise[],
  agreeing: number,
  referees: ReadonlyMap<string, Answer>,
): readonly Otherwise[] {
  if (agreeing > 0) return [];
  const accepting = others.filter((one) => one.what === 'accepts');
  if (accepting.length === 0) return others;
  const [first, ...rest] = referees.values();
  const alike = first !== undefined && rest.every((answer) => otherwise(first, '', answer) === null);
  return accepting.length === referees.size && alike ? accepting : [];
}

export function otherwise(own: Answer, referee: string, answer: Answer): Otherwise | null {
  const detail = `own ${own.entries.length} ${own.error ?? 'whole'}; other ${answer.entries.length} ${answer.error ?? 'whole'}`;
  if (own.error === null && answer.error !== null) return { referee, what: 'refuses', detail };
  const least = Math.min(own.entries.length, answer.entries.length);
  for (let i = 0; i < least; i++) {
    const [ours, theirs] = [own.entries[i], answer.entries[i]];
    if (ours === undefined || theirs === undefined) break;
    const fields = differences(ours, theirs);
    if (fields.length > 0) {
      const both = `entry ${i}: own ${JSON.stringify(ours)} other ${JSON.stringify(theirs)}`;
      return { referee, what: fields.join(','), detail: both };
    }
  }
  if (own.error !== null) {
    if (answer.error !== null) return null;
    // What was given before the error is what the referee has, as far as it goes.
    return { referee, what: own.entries.length > answer.entries.length ? 'entries' : 'accepts', detail };
  }
  return own.entries.length === answer.entries.length ? null : { referee, what: 'entries', detail };
}
