import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { r } from './r.js';

const cli = `Package: cli
Title: Helpers for Developing Command Line Interfaces
Version: 3.6.0
Authors@R: c(
    person("Gabor", "Csardi", role = c("aut", "cre")))
License: MIT + file LICENSE
Maintainer: Gabor Csardi <c@example.org>
Repository: CRAN
Built: R 4.2.2; x86_64-pc-linux-gnu; 2023-01-12 19:00:00 UTC; unix
`;

test('installed packages own their folders; sources and files of others are none', () => {
  const { components } = catalogued({
    'usr/lib/R/site-library/cli/DESCRIPTION': cli,
    'usr/lib/R/site-library/cli/R/cli.rdb': 'x',
    'usr/lib/R/site-library/limma/DESCRIPTION':
      'Package: limma\nVersion: 3.54.0\nbiocViews: ExonArray\nBuilt: R 4.2.2\n',
    'usr/lib/R/library/translations/DESCRIPTION': 'Package: translations\nVersion: 4.2.2\nPriority: base\n',
    'src/cli/DESCRIPTION': cli.replace(/Built: .*/, ''),
    'usr/share/doc/DESCRIPTION': 'A description.\n',
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.licenses, one.supplier, one.owns.length]),
    [
      ['pkg:bioconductor/limma@3.54.0', 'Bioconductor', [], undefined, 1],
      ['pkg:cran/cli@3.6.0', 'CRAN', ['MIT + file LICENSE'], 'Gabor Csardi <c@example.org>', 2],
      ['pkg:cran/translations@4.2.2', 'CRAN', [], undefined, 1],
    ],
  );
  assert.deepEqual(readWith(r, 'a/DESCRIPTION', ''), { records: [], gaps: [] });
});

test('broken descriptions', () => survivesMutations('usr/lib/R/library/cli/DESCRIPTION', cli));
