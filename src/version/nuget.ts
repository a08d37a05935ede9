import { compareNumbers } from './digits.js';
import { defineOrdering } from './ordering.js';
import { comparePre, parseSemver } from './semver.js';

/**
 * NuGet's order: up to four numbers, then a pre-release in which case does not count; build metadata does not either.
 *
 * Follows: https://learn.microsoft.com/nuget/concepts/package-versioning#normalized-version-numbers.
 */
export const nuget = defineOrdering({
  name: 'nuget',
  ecosystems: ['NuGet'],
  spec: 'https://learn.microsoft.com/nuget/concepts/package-versioning',
  parse(text) {
    const parts = parseSemver(text.toLowerCase());
    return parts === undefined || parts.numbers.length > 4 ? undefined : parts;
  },
  order: (a, b) => compareNumbers(a.numbers, b.numbers) || comparePre(a.pre, b.pre),
});
