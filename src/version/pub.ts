import { compareNumbers } from './digits.js';
import { defineOrdering } from './ordering.js';
import { compareIdentifiers, comparePre, parseSemver } from './semver.js';

/**
 * Dart's order: SemVer 2.0 with the build identifiers as the last key; a version without build is the older.
 *
 * Follows: https://dart.dev/tools/pub/versioning, pub_semver's Version.compareTo.
 */
export const pub = defineOrdering({
  name: 'pub',
  ecosystems: ['Pub'],
  spec: 'https://dart.dev/tools/pub/versioning',
  parse: parseSemver,
  order: (a, b) =>
    compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre) || compareIdentifiers(a.build, b.build),
});
