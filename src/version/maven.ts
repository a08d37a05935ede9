import { compareAscii, compareCounts, compareDigits, isDigit, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

interface Token {
  /** What stands before it: `''` for the first. */
  readonly separator: '' | '.' | '-';
  readonly value: string;
  /** Whether it only fills up the shorter version. */
  readonly padding: boolean;
}

/** In their order; `''` is the release itself (`final`, `ga`, `release`). Unknown words follow by alphabet. */
const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];

/**
 * Maven's order: tokens between dots, hyphens and changes of digits to letters.
 *
 * Follows: POM reference of Maven, "Version Order Specification", and ComparableVersion where that is silent
 * (numbers are newer than words; `release` is a word for the empty qualifier; case does not count).
 */
export const maven = defineOrdering<readonly Token[]>({
  name: 'maven',
  ecosystems: ['Maven'],
  spec: 'org.apache.maven.artifact.versioning.ComparableVersion',
  parse: (text) => trimmed(tokens(text.toLowerCase())),
  order(a, b) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const left = a[i] ?? paddingFor(b[i]);
      const right = b[i] ?? paddingFor(a[i]);
      if (left === undefined || right === undefined) return 0;
      const order = compareTokens(left, right);
      if (order !== 0) return order;
    }
    return 0;
  },
});

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let separator: Token['separator'] = '';
  let start = 0;
  const push = (end: number, beforeDigit: boolean): void => {
    found.push({ separator, value: normal(text.slice(start, end), beforeDigit), padding: false });
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '.' || char === '-') {
      push(at, false);
      separator = char;
      start = at + 1;
    } else if (at > start && isDigit(char) !== isDigit(text[at - 1])) {
      push(at, isDigit(char));
      separator = '-';
      start = at;
    }
  }
  push(text.length, false);
  return found;
}

function normal(value: string, beforeDigit: boolean): string {
  if (value === '') return '0';
  if (isNumber(value)) return value.replace(/^0+(?=\d)/, '');
  if (value === 'cr') return 'rc';
  if (value === 'ga' || value === 'final' || value === 'release') return '';
  if (beforeDigit && value === 'a') return 'alpha';
  if (beforeDigit && value === 'b') return 'beta';
  if (beforeDigit && value === 'm') return 'milestone';
  return value;
}

/** Without the empty tokens at the end, and before each hyphen, from the end to the start. */
function trimmed(list: readonly Token[]): Token[] {
  const kept: Token[] = [];
  let trimming = true;
  for (let i = list.length - 1; i >= 0; i--) {
    const token = list[i];
    if (token === undefined) continue;
    if (trimming && i > 0 && (token.value === '0' || token.value === '')) continue;
    trimming = token.separator === '-';
    kept.push(token);
  }
  return kept.reverse();
}

function paddingFor(token: Token | undefined): Token | undefined {
  if (token === undefined) return undefined;
  // `sp` is the one qualifier that is newer than the empty one, so against it the padding must be empty too.
  const value = token.separator === '.' && token.value !== 'sp' ? '0' : '';
  return { separator: token.separator, value, padding: true };
}

function compareTokens(a: Token, b: Token): Order {
  if (a.separator !== b.separator) return compareCounts(separatorRank(a), separatorRank(b));
  if (isNumber(a.value) && isNumber(b.value)) return compareDigits(a.value, b.value);
  if (isNumber(a.value) && !a.padding) return 1;
  if (isNumber(b.value) && !b.padding) return -1;
  const order = compareCounts(qualifierRank(a.value), qualifierRank(b.value));
  return order !== 0 || qualifierRank(a.value) < qualifiers.length ? order : compareAscii(a.value, b.value);
}

/** `.qualifier` < `-qualifier` < `-number` < `.number` */
function separatorRank(token: Token): number {
  if (isNumber(token.value)) return token.separator === '.' ? 3 : 2;
  return token.separator === '.' ? 0 : 1;
}

/** A padding zero stands where the release itself would. */
function qualifierRank(value: string): number {
  const rank = qualifiers.indexOf(value === '0' ? '' : value);
  return rank < 0 ? qualifiers.length : rank;
}
