import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cpuMs } from '../../model/cpu.test.support.js';
import { licenseExpression } from './expression.js';

/** Purl type, what a record states, the expression that the type's own rules make of it. */
const rows: readonly (readonly [type: string, licenses: readonly string[], expression: string | null])[] = [
  // SPDX as it stands, in other case, and before 3.0.
  ['npm', ['MIT'], 'MIT'],
  ['cargo', ['mit or apache-2.0'], 'MIT OR Apache-2.0'],
  ['npm', ['(MIT OR Apache-2.0) AND ISC'], '(MIT OR Apache-2.0) AND ISC'],
  ['generic', ['GPL-2.0+'], 'GPL-2.0-or-later'],
  ['generic', ['GPL-2.0-only WITH Classpath-exception-2.0'], 'GPL-2.0-only WITH Classpath-exception-2.0'],
  ['generic', ['LicenseRef-Own'], 'LicenseRef-Own'],
  // Debian's names, its comma, its exceptions.
  ['deb', ['Expat', 'GPL-2+'], 'MIT AND GPL-2.0-or-later'],
  ['deb', ['BSD-3-clause'], 'BSD-3-Clause'],
  ['deb', ['GPL-1+ or Artistic'], 'GPL-1.0-or-later OR Artistic-1.0'],
  ['deb', ['GPL-2+ or AFL-2.1, and Expat'], '(GPL-2.0-or-later OR AFL-2.1) AND MIT'],
  ['deb', ['GPL-3+ with Bison exception'], 'GPL-3.0-or-later WITH Bison-exception-2.2'],
  ['deb', ['GPL-2+ with OpenSSL exception'], 'LicenseRef-GPL-2-or-later-with-OpenSSL-exception'],
  ['deb', ['GFDL-NIV-1.3+'], 'GFDL-1.3-no-invariants-or-later'],
  ['deb', ['public-domain', 'GPL'], 'LicenseRef-public-domain AND LicenseRef-GPL'],
  // Fedora's.
  ['rpm', ['GPLv3+'], 'GPL-3.0-or-later'],
  ['rpm', ['GPLv3+ AND (GPLv2+ OR LGPLv3+)'], 'GPL-3.0-or-later AND (GPL-2.0-or-later OR LGPL-3.0-or-later)'],
  [
    'rpm',
    ['BSD AND Public Domain AND (ASL 2.0 OR CC0 1.0 OR OpenSSL)'],
    'LicenseRef-BSD AND LicenseRef-Public-Domain AND (Apache-2.0 OR CC0-1.0 OR OpenSSL)',
  ],
  ['rpm', ['GPL+ and MIT'], 'GPL-1.0-or-later AND MIT'],
  ['rpm', ['GPLv2+ WITH exceptions'], 'LicenseRef-GPLv2-or-later-with-exceptions'],
  // Alpine's, new and old.
  ['apk', ['MIT AND BSD-2-Clause AND GPL-2.0-or-later'], 'MIT AND BSD-2-Clause AND GPL-2.0-or-later'],
  ['apk', ['GPL2+ MIT'], 'GPL-2.0-or-later AND MIT'],
  // PyPI's classifiers, and what stands in License.
  ['pypi', ['GNU General Public License v3 or later (GPLv3+)'], 'GPL-3.0-or-later'],
  ['pypi', ['GNU Lesser General Public License v2 (LGPLv2)'], 'LGPL-2.0-only'],
  ['pypi', ['Mozilla Public License 2.0 (MPL 2.0)', 'MIT License'], 'MPL-2.0 AND MIT'],
  ['pypi', ['Apache License, Version 2.0'], 'Apache-2.0'],
  ['pypi', ['BSD-3-Clause OR Apache-2.0'], 'BSD-3-Clause OR Apache-2.0'],
  ['pypi', ['BSD License'], 'LicenseRef-BSD-License'],
  ['pypi', ['Apache Software License'], 'LicenseRef-Apache-Software-License'],
  // Where one may be chosen, and where all hold.
  ['npm', ['MIT', 'Apache-2.0'], 'MIT OR Apache-2.0'],
  ['composer', ['LGPL-2.1-only', 'GPL-3.0-or-later'], 'LGPL-2.1-only OR GPL-3.0-or-later'],
  ['gem', ['Ruby', 'BSD-2-Clause'], 'Ruby AND BSD-2-Clause'],
  ['ebuild', ['GPL-2'], 'GPL-2.0-only'],
  ['ebuild', ['GPL-2', 'MIT'], null],
  // Addresses in jars.
  ['maven', ['https://www.apache.org/licenses/LICENSE-2.0.txt'], 'Apache-2.0'],
  [
    'maven',
    ['http://www.eclipse.org/legal/epl-2.0, https://www.gnu.org/software/classpath/license.html'],
    'EPL-2.0 AND LicenseRef-https-www.gnu.org-software-classpath-license.html',
  ],
  ['maven', ['BSD-3-Clause;link=https://asm.ow2.io/LICENSE.txt'], 'BSD-3-Clause'],
  ['maven', ['https://opensource.org/license/mit'], 'MIT'],
  [
    'maven',
    ['https://glassfish.java.net/public/CDDL+GPL_1_1.html'],
    'LicenseRef-https-glassfish.java.net-public-CDDL-GPL-1-1.html',
  ],
  // Nothing, twice, prose.
  ['npm', [], null],
  ['npm', ['SEE LICENSE IN LICENSE.txt'], null],
  ['npm', ['UNLICENSED'], 'LicenseRef-UNLICENSED'],
  ['deb', ['MIT', 'Expat', 'MIT'], 'MIT'],
  [
    'pypi',
    ['you may do with this and that file what you like (mostly)'],
    'LicenseRef-you-may-do-with-this-and-that-file-what-you-like-mostly',
  ],
  ['rpm', ['(MIT'], 'LicenseRef-MIT'],
];

for (const [type, licenses, expression] of rows) {
  test(`${type}: ${licenses.join(' | ') || 'no licence'}`, () => {
    assert.equal(licenseExpression(type, licenses), expression);
  });
}

/** SPDX 2.3, annex D.2 and D.4, as a recogniser of its own. */
function isExpression(text: string): boolean {
  const id = `(?:LicenseRef-)?[A-Za-z0-9.-]+(?: WITH [A-Za-z0-9.-]+)?`;
  let rest = text;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(new RegExp(String.raw`\(${id}(?: (?:AND|OR) ${id})+\)`, 'g'), 'X');
  }
  return new RegExp(`^${id}(?:(?: AND ${id})*|(?: OR ${id})*)$`).test(rest);
}

test('whatever a record states, the answer is an expression, and stays one', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'MIT',
      'GPL-2+',
      'and',
      'or',
      'AND',
      'OR',
      'with',
      '(',
      ')',
      ',',
      '&',
      '||',
      'exception',
      ';link=x',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('deb', 'apk', 'npm', 'maven'),
      fc.array(
        fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
        { maxLength: 3 },
      ),
      (type, licenses) => {
        const made = licenseExpression(type, licenses);
        if (made === null) return;
        assert.ok(isExpression(made), made);
        assert.equal(licenseExpression('generic', [made]), made);
      },
    ),
    { numRuns: 3000, seed: 5 },
  );
});

test('a text of a megabyte, and brackets without end, take no time', () => {
  const started = cpuMs();
  for (const text of ['('.repeat(1_000_000), 'MIT and '.repeat(125_000), `${'a '.repeat(900)}`]) {
    const made = licenseExpression('rpm', [text]);
    assert.ok(made !== null && made.length < 200, made?.slice(0, 300));
  }
  assert.ok(cpuMs() - started < 20_000);
});
