import { exceptionIdsByName, licenseIds } from './spdx-list.js';

/**
 * Other names of licences and the SPDX identifiers that they stand for, each with who gives them that meaning. A name that
 * means several licences (`BSD`, `GPL`, `Apache`) is not here: nobody could say which one it is.
 */
const otherNames: readonly (readonly [source: string, names: Readonly<Record<string, string>>])[] = [
  [
    'Debian, machine-readable copyright file 1.0, 7.1.1',
    {
      expat: 'MIT',
      artistic: 'Artistic-1.0',
      perl: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
      cc0: 'CC0-1.0',
      python: 'Python-2.0',
      'zope-1.1': 'ZPL-1.1',
      'zope-2.0': 'ZPL-2.0',
      'zope-2.1': 'ZPL-2.1',
      'apache-2': 'Apache-2.0',
      'mpl-2': 'MPL-2.0',
      'artistic-2': 'Artistic-2.0',
      'bsl-1': 'BSL-1.0',
    },
  ],
  [
    'Fedora, Licensing (names before 2022) and fedora-license-data, legacy-abbreviation',
    {
      'asl 1.0': 'Apache-1.0',
      'asl 1.1': 'Apache-1.1',
      'asl 2.0': 'Apache-2.0',
      'mplv1.0': 'MPL-1.0',
      'mplv1.1': 'MPL-1.1',
      'mplv2.0': 'MPL-2.0',
      'artistic 2.0': 'Artistic-2.0',
      boost: 'BSL-1.0',
      'cc0 1.0': 'CC0-1.0',
      psf: 'PSF-2.0',
      'epl-1.0': 'EPL-1.0',
      ofl: 'OFL-1.1',
      'bsd 2-clause': 'BSD-2-Clause',
      'bsd 3-clause': 'BSD-3-Clause',
    },
  ],
  [
    'PyPI classifiers below `License ::`, of one licence in one version',
    {
      'mit license': 'MIT',
      'isc license (iscl)': 'ISC',
      'python software foundation license': 'PSF-2.0',
      'mozilla public license 1.0 (mpl)': 'MPL-1.0',
      'mozilla public license 1.1 (mpl 1.1)': 'MPL-1.1',
      'mozilla public license 2.0 (mpl 2.0)': 'MPL-2.0',
      'the unlicense (unlicense)': 'Unlicense',
      'zlib/libpng license': 'Zlib',
      'universal permissive license (upl)': 'UPL-1.0',
      'university of illinois/ncsa open source license': 'NCSA',
      'european union public licence 1.1 (eupl 1.1)': 'EUPL-1.1',
      'european union public licence 1.2 (eupl 1.2)': 'EUPL-1.2',
      'cc0 1.0 universal (cc0 1.0) public domain dedication': 'CC0-1.0',
      'postgresql license': 'PostgreSQL',
      'w3c license': 'W3C',
      'mit no attribution license (mit-0)': 'MIT-0',
    },
  ],
  [
    'the titles of the licences themselves, as people write them',
    {
      'the mit license': 'MIT',
      'the mit license (mit)': 'MIT',
      'mit/x11': 'MIT',
      'expat (mit/x11)': 'MIT',
      'isc license': 'ISC',
      'apache 2': 'Apache-2.0',
      'apache 2.0': 'Apache-2.0',
      'apache2.0': 'Apache-2.0',
      apache2: 'Apache-2.0',
      'apache v2': 'Apache-2.0',
      'apache v2.0': 'Apache-2.0',
      'apache license 2.0': 'Apache-2.0',
      'apache license v2': 'Apache-2.0',
      'apache license v2.0': 'Apache-2.0',
      'apache license version 2.0': 'Apache-2.0',
      'apache license, version 2.0': 'Apache-2.0',
      'apache software license 2.0': 'Apache-2.0',
      'the apache license, version 2.0': 'Apache-2.0',
      'the apache software license, version 2.0': 'Apache-2.0',
      'bsd 2-clause license': 'BSD-2-Clause',
      'bsd 3-clause license': 'BSD-3-Clause',
      'bsd-2': 'BSD-2-Clause',
      'bsd-3': 'BSD-3-Clause',
      '2-clause bsd': 'BSD-2-Clause',
      '3-clause bsd': 'BSD-3-Clause',
      '2-clause bsd license': 'BSD-2-Clause',
      '3-clause bsd license': 'BSD-3-Clause',
      'new bsd license': 'BSD-3-Clause',
      'modified bsd license': 'BSD-3-Clause',
      'simplified bsd license': 'BSD-2-Clause',
      bsdl: 'BSD-2-Clause',
      'mpl 1.1': 'MPL-1.1',
      'mpl 2.0': 'MPL-2.0',
      'mozilla public license 2.0': 'MPL-2.0',
      'mozilla public license, version 2.0': 'MPL-2.0',
      'eclipse public license 1.0': 'EPL-1.0',
      'eclipse public license v1.0': 'EPL-1.0',
      'eclipse public license 2.0': 'EPL-2.0',
      'eclipse public license v2.0': 'EPL-2.0',
      'eclipse public license v. 2.0': 'EPL-2.0',
      'eclipse distribution license - v 1.0': 'BSD-3-Clause',
      'boost software license 1.0': 'BSL-1.0',
      'the unlicense': 'Unlicense',
      'zlib license': 'Zlib',
    },
  ],
  [
    'addresses of the licences; of GNU licences they say no more than a version, so those are not here',
    {
      'apache.org/licenses/license-2.0': 'Apache-2.0',
      'repository.jboss.org/licenses/apache-2.0': 'Apache-2.0',
      'eclipse.org/legal/epl-v10': 'EPL-1.0',
      'eclipse.org/org/documents/epl-v10': 'EPL-1.0',
      'eclipse.org/legal/epl-2.0': 'EPL-2.0',
      'eclipse.org/legal/epl-v20': 'EPL-2.0',
      'eclipse.org/org/documents/epl-2.0/epl-2.0': 'EPL-2.0',
      'eclipse.org/org/documents/edl-v10': 'BSD-3-Clause',
      'mozilla.org/mpl/2.0': 'MPL-2.0',
      'mozilla.org/en-us/mpl/2.0': 'MPL-2.0',
      'creativecommons.org/publicdomain/zero/1.0': 'CC0-1.0',
      'boost.org/license_1_0': 'BSL-1.0',
      'unlicense.org': 'Unlicense',
      'opensource.org/licenses/mit-license': 'MIT',
      'opensource.org/licenses/bsd-license': 'BSD-2-Clause',
    },
  ],
];

const byName: ReadonlyMap<string, string> = new Map(otherNames.flatMap(([, names]) => Object.entries(names)));

/** Exceptions as Debian and Fedora name them, where one text of SPDX is meant. */
const exceptions: Readonly<Record<string, string>> = {
  'bison exception': 'Bison-exception-2.2',
  'bison-2.2 exception': 'Bison-exception-2.2',
  'classpath exception': 'Classpath-exception-2.0',
  'font exception': 'Font-exception-2.0',
  'libtool exception': 'Libtool-exception',
  'linux-syscall-note exception': 'Linux-syscall-note',
  'llvm exception': 'LLVM-exception',
  'texinfo exception': 'Texinfo-exception',
  'gcc runtime exception': 'GCC-exception-3.1',
  'gcc-runtime-3.1 exception': 'GCC-exception-3.1',
};

const plain = (name: string): string => name.trim().toLowerCase().replace(/\s+/g, ' ');

/** The exception that a text behind `with` names, or null. */
export function exceptionOf(name: string): string | null {
  const key = plain(name);
  return exceptionIdsByName.get(key) ?? exceptions[key] ?? null;
}

/**
 * What one name of a licence is in SPDX: an identifier, an expression of several, a LicenseRef as it stands; null where
 * nobody says.
 */
export function licenseOf(name: string): string | null {
  const key = plain(name);
  return (
    licenseIds.get(key) ??
    byName.get(key) ??
    gnuLicense(key) ??
    (/^(?:documentref-[a-z0-9.-]+:)?licenseref-[a-z0-9.-]+$/.test(key) ? name.trim() : null) ??
    address(key) ??
    inParentheses(key)
  );
}

/**
 * Licences of the GNU family with a version: `GPL-2+` (Debian), `GPLv2+` (Fedora), `GPL-2.0+` (SPDX before 3.0), `GPL2+`,
 * `GPL v3 or later`, `GFDL-NIV-1.3`. Without `+` it is that version alone. `GPL+` is any (Fedora; GPL-1.0, section 7).
 */
function gnuLicense(name: string): string | null {
  if (name === 'gpl+') return 'GPL-1.0-or-later';
  const found =
    /^(?:gnu )?(gpl|lgpl|agpl|g?fdl)(-niv)?[ -]?(?:version |v\.? ?)?(\d)(?:\.(\d))?(?:\.0)?( ?\+|[ -]or[ -]later|[ -]only)?$/.exec(
      name,
    );
  if (found === null) return null;
  const [, family = '', invariants, major = '', minor = '0', later = ''] = found;
  const id = `${family === 'fdl' ? 'gfdl' : family}-${major}.${minor}`;
  const none = invariants === undefined ? '' : '-no-invariants';
  return licenseIds.get(`${id}${none}${/\+|later/.test(later) ? '-or-later' : '-only'}`) ?? null;
}

function address(name: string): string | null {
  const place = /^https?:\/\/(?:www\.)?(.*)$/.exec(name)?.[1];
  if (place === undefined) return null;
  const page = place.replace(/(?:\.(?:txt|html?|php))?[/#]*$/, '');
  const id = /^(?:opensource\.org\/licenses?|spdx\.org\/licenses)\/([^/]+)$/.exec(page)?.[1];
  return byName.get(page) ?? (id === undefined ? null : (licenseIds.get(id) ?? null));
}

/** `GNU General Public License v3 or later (GPLv3+)`, `Boost Software License 1.0 (BSL-1.0)`: classifiers end so. */
function inParentheses(name: string): string | null {
  const inner = /^[^()]{4,100}\(([^()]{2,30})\)$/.exec(name)?.[1];
  if (inner === undefined) return null;
  return licenseIds.get(inner) ?? gnuLicense(inner);
}
