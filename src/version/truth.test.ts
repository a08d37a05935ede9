import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { orderingFor } from './list.js';

/** Files of comparisons (`a < b` a line) made with each ecosystem's own comparator, and one ecosystem they are for. */
const truths: readonly (readonly [file: string, ecosystem: string, lines: number])[] = [
  ['alpine-versions.txt', 'Alpine', 700],
  ['alpine-versions-generated.txt', 'Alpine', 13_000],
  ['cran-versions.txt', 'CRAN', 19],
  ['cran-versions-generated.txt', 'CRAN', 50],
  ['debian-versions.txt', 'Debian', 29],
  ['debian-versions-generated.txt', 'Debian', 14_000],
  ['hackage-versions.txt', 'Hackage', 10],
  ['maven-versions.txt', 'Maven', 90],
  ['maven-versions-generated.txt', 'Maven', 14_000],
  ['nuget-versions.txt', 'NuGet', 30],
  ['packagist-versions.txt', 'Packagist', 80],
  ['packagist-versions-generated.txt', 'Packagist', 10_000],
  ['pub-versions.txt', 'Pub', 80],
  ['pypi-versions.txt', 'PyPI', 30],
  ['pypi-versions-generated.txt', 'PyPI', 12_000],
  ['redhat-versions.txt', 'Red Hat', 150],
  ['rubygems-versions.txt', 'RubyGems', 20],
  ['rubygems-versions-generated.txt', 'RubyGems', 4_000],
  ['semver-versions.txt', 'npm', 70],
];

const expected: Readonly<Record<string, -1 | 0 | 1>> = { '<': -1, '=': 0, '>': 1 };

for (const [file, ecosystem, atLeast] of truths) {
  const path = sharedData('versions', file);
  test(`${file}: every line holds, both ways round`, { skip: path === null && sharedMissing }, () => {
    const ordering = orderingFor(ecosystem);
    assert.ok(ordering !== undefined && path !== null);
    const wrong: string[] = [];
    let lines = 0;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '' || line.startsWith('# ') || line.startsWith('// ')) continue;
      const [a = '', sign = '', b = ''] = line.split(' ');
      const order = expected[sign];
      assert.ok(order !== undefined, line);
      lines++;
      const there = ordering.compare(a, b);
      const back = ordering.compare(b, a);
      if (there !== order || back === undefined || back + order !== 0) wrong.push(`${line} (${there}, ${back})`);
    }
    assert.ok(lines >= atLeast, `only ${lines} lines`);
    assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${lines} are wrong`);
  });
}
