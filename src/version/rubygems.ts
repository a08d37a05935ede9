import { compareAscii, compareDigits, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

/**
 * RubyGems' order: runs of digits and runs of letters; a word makes a pre-release, a hyphen means `.pre.`.
 *
 * Zeros at the end of the numbers, and of what follows the first word, do not count.
 * Follows: Gem::Version (`<=>`, `canonical_segments`), https://docs.ruby-lang.org/en/master/Gem/Version.html.
 */
export const rubygems = defineOrdering<readonly string[]>({
  name: 'rubygems',
  ecosystems: ['RubyGems'],
  spec: 'https://docs.ruby-lang.org/en/master/Gem/Version.html',
  parse(text) {
    if (!/^[0-9][0-9A-Za-z.-]*$/.test(text)) return undefined;
    const segments = text.replaceAll('-', '.pre.').match(/[0-9]+|[a-z]+/gi) ?? [];
    const word = segments.findIndex((segment) => !isNumber(segment));
    const split = word < 0 ? segments.length : word;
    return [...withoutZeros(segments.slice(0, split)), ...withoutZeros(segments.slice(split))];
  },
  order(a, b) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const order = compareSegments(a[i] ?? '0', b[i] ?? '0');
      if (order !== 0) return order;
    }
    return 0;
  },
});

function compareSegments(a: string, b: string): Order {
  if (isNumber(a) && isNumber(b)) return compareDigits(a, b);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? 1 : -1;
  return compareAscii(a, b);
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  let end = segments.length;
  while (end > 0 && /^0+$/.test(segments[end - 1] ?? '')) end--;
  return segments.slice(0, end);
}
