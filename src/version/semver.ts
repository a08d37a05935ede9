import { compareAscii, compareCounts, compareDigits, compareNumbers, digitsEnd, isDigit, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

/** A version read leniently: any count of numbers, pre-release and build as dot-separated identifiers. */
export interface SemverParts {
  readonly numbers: readonly string[];
  readonly pre: readonly string[];
  readonly build: readonly string[];
}

/**
 * SemVer 2.0 precedence, as OSV's SEMVER ranges, npm, crates and Go's module versions use it.
 *
 * Also read: a leading `v` or `=`, missing minor and patch (0), numbers beyond the third (after the others),
 * and a pre-release without its hyphen (`1.2.3rc1`). Build metadata (`+incompatible`) does not count, a Go pseudo-version
 * is a pre-release like any other. What does not begin with a number cannot be ordered.
 * Follows: https://semver.org/spec/v2.0.0.html item 11, https://go.dev/ref/mod#versions.
 */
export const semver = defineOrdering<SemverParts>({
  name: 'semver',
  ecosystems: [
    'Bioconductor',
    'ConanCenter',
    'crates.io',
    'Docker Hardened Images',
    'GHC',
    'GitHub Actions',
    'Go',
    'Hex',
    'Julia',
    'Kubernetes',
    'npm',
    'SwiftURL',
    'VSCode',
  ],
  spec: 'https://semver.org/spec/v2.0.0.html#spec-item-11',
  parse: parseSemver,
  order: (a, b) => compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre),
});

/** The parts of a version; undefined for what does not begin with a number. */
export function parseSemver(text: string): SemverParts | undefined {
  const start = /^[=vV]*\s*/.exec(text.slice(0, 8))?.[0].length ?? 0;
  if (!isDigit(text[start]) || !/^[!-~]+$/.test(text.slice(start))) return undefined;
  const numbers: string[] = [];
  let at = start;
  while (isDigit(text[at])) {
    const end = digitsEnd(text, at);
    numbers.push(text.slice(at, end));
    at = end;
    if (text[at] !== '.' || !isDigit(text[at + 1])) break;
    at++;
  }
  const plus = text.indexOf('+', at);
  const pre = text.slice(at, plus < 0 ? text.length : plus).replace(/^[-.]/, '');
  return {
    numbers,
    pre: pre === '' ? [] : pre.split('.'),
    build: plus < 0 ? [] : text.slice(plus + 1).split('.'),
  };
}

/** A pre-release is older than the release without one. */
export function comparePre(a: readonly string[], b: readonly string[]): Order {
  if (a.length === 0 || b.length === 0) return compareCounts(a.length === 0 ? 1 : 0, b.length === 0 ? 1 : 0);
  return compareIdentifiers(a, b);
}

/** Numbers by value and before words, words by ASCII; of two that begin the same the longer is newer. */
export function compareIdentifiers(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    const leftNumber = isNumber(left);
    const rightNumber = isNumber(right);
    let order: Order;
    if (leftNumber && rightNumber) order = compareDigits(left, right);
    else if (leftNumber !== rightNumber) order = leftNumber ? -1 : 1;
    else order = compareAscii(left, right);
    if (order !== 0) return order;
  }
  return compareCounts(a.length, b.length);
}
