import { compareCounts, compareDigits, isDigit, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

/** PHP's words in their order; `#` stands for any number. The first that a part begins with is its rank. */
const words: readonly (readonly [begins: string, rank: number])[] = [
  ['dev', 0],
  ['a', 1],
  ['b', 2],
  ['RC', 3],
  ['rc', 3],
  ['#', 4],
  ['p', 5],
];

/**
 * Composer's order: PHP's `version_compare` after a leading `v` is taken away.
 *
 * Follows: https://www.php.net/manual/function.version-compare.php, php-src ext/standard/versioning.c.
 */
export const packagist = defineOrdering<readonly string[]>({
  name: 'packagist',
  ecosystems: ['Packagist'],
  spec: 'https://www.php.net/manual/function.version-compare.php',
  parse: (text) => parts(text.replace(/^[vV]/, '')),
  order: compareParts,
});

/** Dots between all parts: `-`, `_`, `+` become dots, and a change between digits and others gets one. */
function parts(text: string): readonly string[] {
  let dotted = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '-' || char === '_' || char === '+') {
      dotted += '.';
      continue;
    }
    const before = dotted[dotted.length - 1];
    const edge = before !== undefined && before !== '.' && char !== '.' && isDigit(before) !== isDigit(char);
    dotted += edge ? `.${char}` : char;
  }
  return dotted.split('.').filter((part) => part !== '');
}

function compareParts(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparePart(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  if (a.length === b.length) return 0;
  return a.length > b.length ? compareRest(a.slice(b.length)) : reversed(compareRest(b.slice(a.length)));
}

/** What the longer version has more: numbers are newer, a word says itself whether it comes before the release. */
function compareRest(rest: readonly string[]): Order {
  for (const part of rest) {
    const order = isNumber(part) ? 1 : comparePart(part, '#');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): Order {
  if (isNumber(a) && isNumber(b)) return compareDigits(a, b);
  return compareCounts(rank(a), rank(b));
}

/** A part that begins with no known word is older than all. */
function rank(part: string): number {
  const known = isNumber(part) ? '#' : part;
  return words.find(([begins]) => known.startsWith(begins))?.[1] ?? -1;
}

function reversed(order: Order): Order {
  return order === 0 ? 0 : order === 1 ? -1 : 1;
}
