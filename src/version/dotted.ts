import { compareCounts, compareNumbers, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

/**
 * R's order of `package_version`: numbers between dots or hyphens; of two that begin the same the longer is newer.
 *
 * Follows: https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html.
 */
export const cran = defineOrdering<readonly string[]>({
  name: 'cran',
  ecosystems: ['CRAN'],
  spec: 'https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html',
  parse: (text) => numbers(text.replaceAll('-', '.')),
  order: compareLists,
});

/**
 * Haskell's order: numbers between dots, lexicographic (`1.0 < 1.0.0`).
 *
 * Follows: the Haskell Package Versioning Policy, Cabal's Distribution.Types.Version.
 */
export const hackage = defineOrdering<readonly string[]>({
  name: 'hackage',
  ecosystems: ['Hackage'],
  spec: 'https://pvp.haskell.org/',
  parse: numbers,
  order: compareLists,
});

function numbers(text: string): readonly string[] | undefined {
  const parts = text.split('.');
  return parts.every(isNumber) ? parts : undefined;
}

function compareLists(a: readonly string[], b: readonly string[]): Order {
  return compareNumbers(a, b) || compareCounts(a.length, b.length);
}
