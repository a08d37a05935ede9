import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dpkg } from './dpkg.js';
import { catalogued, readWith, type TestLayer } from './image.test.support.js';

const osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';
const md5 = (digit: string): string => digit.repeat(32);

const status = `Package: libc6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: glibc (2.36-9)
Version: 2.36-9+deb12u3
Conffiles:
 /etc/ld.so.conf ${md5('a')}
 /etc/old.conf ${md5('b')} obsolete
Description: GNU C Library
 long text
 .
 Version: 9.9 is no field here

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0

Package: vim
Status: install ok half-configured
Architecture: amd64
Version: 2:9.0.1378-2
`;

function purls(...layers: readonly TestLayer[]): readonly string[] {
  return catalogued(...layers).components.map((one) => one.purl);
}

test('packages with files on disk, epoch and source version kept', () => {
  const { components, gaps } = catalogued({ 'etc/os-release': osRelease, 'var/lib/dpkg/status': status });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.version, one.ecosystem, one.release, one.source]),
    [
      [
        'pkg:deb/debian/libc6@2.36-9%2Bdeb12u3?arch=amd64&distro=debian-12',
        '2.36-9+deb12u3',
        'Debian',
        '12',
        { name: 'glibc', version: '2.36-9' },
      ],
      [
        'pkg:deb/debian/vim@2:9.0.1378-2?arch=amd64&distro=debian-12',
        '2:9.0.1378-2',
        'Debian',
        '12',
        { name: 'vim', version: '2:9.0.1378-2' },
      ],
    ],
  );
  assert.deepEqual(components[0]?.evidence[0], {
    what: 'dpkg status',
    where: 'var/lib/dpkg/status',
    value: 'Package: libc6, Version: 2.36-9+deb12u3, Architecture: amd64',
  });
});

test('an image that names no distribution has packages without ecosystem', () => {
  const [libc] = catalogued({ 'var/lib/dpkg/status': status }).components;
  assert.deepEqual(
    [libc?.purl, libc?.ecosystem, libc?.release],
    ['pkg:deb/libc6@2.36-9%2Bdeb12u3?arch=amd64', null, null],
  );
});

test('other distributions are named although OSV may have nothing for them', () => {
  const table: readonly (readonly [string, string | null, string | null])[] = [
    ['ID=ubuntu\nVERSION_ID="22.04"', 'Ubuntu', '22.04'],
    ['ID=debian\nVERSION_CODENAME=trixie', 'Debian', null],
    ['ID=raspbian\nID_LIKE=debian\nVERSION_ID=11', 'raspbian', '11'],
  ];
  for (const [release, ecosystem, version] of table) {
    const [libc] = catalogued({ 'usr/lib/os-release': release, 'var/lib/dpkg/status': status }).components;
    assert.deepEqual([libc?.ecosystem, libc?.release], [ecosystem, version], release);
  }
});

test('files are owned where they lie: through linked folders, with conffiles, diversions and no directories', () => {
  const { components } = catalogued({
    'etc/os-release': osRelease,
    lib: { link: 'usr/lib' },
    'usr/lib/libc.so.6': 'libc',
    'usr/lib/link.so': { link: 'libc.so.6' },
    'etc/ld.so.conf': 'conf',
    'usr/bin/sh.distrib': 'sh',
    'usr/bin/sh': 'other',
    'var/lib/dpkg/status': status,
    'var/lib/dpkg/diversions': '/usr/bin/sh\n/usr/bin/sh.distrib\ndash\n',
    'var/lib/dpkg/info/libc6:amd64.list':
      '/.\n/lib\n/lib/libc.so.6\n/lib/link.so\n/etc\n/etc/ld.so.conf\n/usr/bin/sh\n/gone\n',
    'var/lib/dpkg/info/libc6:amd64.md5sums': `${md5('c')}  lib/libc.so.6\n${md5('d')}  usr/bin/sh\n`,
  });
  const libc = components.find((one) => one.name === 'libc6');
  assert.deepEqual(
    [...(libc?.owns ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: 'etc/ld.so.conf', digest: { algorithm: 'md5', hex: md5('a') }, mayChange: true },
      { path: 'lib', digest: null, mayChange: false },
      { path: 'usr/bin/sh.distrib', digest: { algorithm: 'md5', hex: md5('d') }, mayChange: false },
      { path: 'usr/lib/libc.so.6', digest: { algorithm: 'md5', hex: md5('c') }, mayChange: false },
      { path: 'usr/lib/link.so', digest: null, mayChange: false },
    ],
  );
});

test('distroless: one file a package, no Status, sums beside it', () => {
  const { components } = catalogued({
    'usr/lib/os-release': osRelease,
    'etc/os-release': { link: '../usr/lib/os-release' },
    'usr/lib/libssl.so': 'x',
    'var/lib/dpkg/status.d/libssl3': 'Package: libssl3\nVersion: 3.0.9-1\nSource: openssl\nArchitecture: amd64\n',
    'var/lib/dpkg/status.d/libssl3.md5sums': `${md5('e')}  ./usr/lib/libssl.so\n`,
    'var/lib/dpkg/status.d/dHpkYXRh': 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n',
  });
  assert.deepEqual(
    components.map((one) => [one.name, one.source?.name, one.release, one.owns.map(({ path }) => path)]),
    [
      ['libssl3', 'openssl', '12', ['usr/lib/libssl.so']],
      ['tzdata', 'tzdata', '12', []],
    ],
  );
});

test('licences are those that the copyright file names, also through a linked folder', () => {
  const machineReadable = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files: *
License: GPL-2+ or MIT

License: GPL-2+
 see /usr/share/common-licenses/GPL-2
License:
`;
  const free = 'On Debian systems see /usr/share/common-licenses/LGPL-2.1, and `/usr/share/common-licenses/GPL-3.\n';
  const packages = ['a', 'b', 'c'].map((name) => `Package: ${name}\nVersion: 1\nMaintainer: M <m@example.org>\n`);
  const { components } = catalogued({
    'var/lib/dpkg/status': packages.join('\n'),
    'usr/share/doc/a/copyright': machineReadable,
    'usr/share/doc/b': { link: 'a' },
    'usr/share/doc/c/copyright': free,
    'usr/share/doc/c/deeper/copyright': machineReadable,
  });
  assert.deepEqual(
    components.map((one) => [one.name, one.licenses, one.supplier]),
    [
      ['a', ['GPL-2+', 'GPL-2+ or MIT'], 'M <m@example.org>'],
      ['b', ['GPL-2+', 'GPL-2+ or MIT'], 'M <m@example.org>'],
      ['c', ['GPL-3', 'LGPL-2.1'], 'M <m@example.org>'],
    ],
  );
});

test('a later layer replaces the status while file lists add up', () => {
  const base: TestLayer = {
    'etc/os-release': osRelease,
    'bin/a': 'a',
    'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
    'var/lib/dpkg/info/a.list': '/bin/a\n',
  };
  const upper: TestLayer = {
    'bin/b': 'b',
    'var/lib/dpkg/status':
      'Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\nPackage: b\nStatus: install ok installed\nVersion: 2\nArchitecture: all\n',
    'var/lib/dpkg/info/b.list': '/bin/b\n',
  };
  const { components } = catalogued(base, upper);
  assert.deepEqual(
    components.map((one) => [one.name, one.locations[0]?.layer, one.owns.map(({ path }) => path)]),
    [
      ['a', 1, ['bin/a']],
      ['b', 1, ['bin/b']],
    ],
  );
  assert.deepEqual(purls(base, { 'var/lib/dpkg/status': null }), []);
});

test('what is broken is a gap, and the rest is returned', () => {
  const table: readonly (readonly [string, string, number, readonly string[]])[] = [
    ['empty', '', 0, []],
    ['only blank lines', '\n\n\n', 0, []],
    ['not a status', '\x00\x01garbage without colon', 0, ['no field: line 1', 'no package in it']],
    [
      'no name',
      'Version: 1\nStatus: install ok installed\n\nPackage: b\nVersion: 2\n',
      1,
      ['a package without a name: line 1'],
    ],
    ['no version', 'Package: a\nStatus: install ok installed\n', 1, []],
    ['truncated in a field', 'Package: a\nVersion: 1\n\nPackage: b\nVers', 2, ['no field: line 5']],
    ['continuation first', ' x\nPackage: a\nVersion: 1\n', 1, ['no field: line 1']],
    ['CRLF', 'Package: a\r\nVersion: 1\r\n\r\nPackage: b\r\nVersion: 2\r\n', 2, []],
  ];
  for (const [name, content, count, gaps] of table) {
    const result = readWith(dpkg, 'var/lib/dpkg/status', content);
    assert.equal(result?.records.length, count, name);
    assert.deepEqual(
      result?.gaps.map((gap) => gap.detail),
      gaps,
      name,
    );
  }
});

test('only the database is wanted', () => {
  for (const path of [
    'var/lib/dpkg/status-old',
    'var/lib/dpkg/info/a.postinst',
    'opt/var/lib/dpkg/status',
    'var/lib/dpkg/lock',
  ]) {
    assert.equal(readWith(dpkg, path, 'Package: a\n'), null, path);
  }
});

test('no text makes it throw', () => {
  const paths = ['status', 'diversions', 'info/a.list', 'info/a.md5sums'];
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...paths), (content, path) => {
      const layer: TestLayer = { [`var/lib/dpkg/${path}`]: content };
      catalogued(layer);
    }),
    { numRuns: 500, seed: 7 },
  );
});
