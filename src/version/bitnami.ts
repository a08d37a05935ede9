import { compareDigits, compareNumbers, isNumber } from './digits.js';
import { defineOrdering } from './ordering.js';
import { comparePre, parseSemver } from './semver.js';

/**
 * Bitnami's order: SemVer, but a number alone after the hyphen is the revision of the packaging and newer (`3.8.5-2`).
 *
 * Follows: https://github.com/bitnami/go-version.
 */
export const bitnami = defineOrdering({
  name: 'bitnami',
  ecosystems: ['Bitnami'],
  spec: 'https://github.com/bitnami/go-version',
  parse(text) {
    const parts = parseSemver(text);
    if (parts === undefined) return undefined;
    const [first = ''] = parts.pre;
    const isRevision = parts.pre.length === 1 && isNumber(first);
    return { numbers: parts.numbers, pre: isRevision ? [] : parts.pre, revision: isRevision ? first : '0' };
  },
  order: (a, b) =>
    compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre) || compareDigits(a.revision, b.revision),
});
