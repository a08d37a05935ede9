import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { catalogued, readWith, type TestLayer } from './image.test.support.js';
import { parseMtree } from './mtree.js';
import { pacman } from './pacman.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const folder = 'var/lib/pacman/local/tool-1:2.3-4';

// What pacman 6.0.2 wrote for a package built with bsdtar's mtree.
const desc = `%NAME%
tool

%VERSION%
1:2.3-4

%BASE%
toolbase

%URL%
https://example.org

%ARCH%
any

%PACKAGER%
Jo <jo@example.org>

%LICENSE%
MIT
GPL-3.0-or-later

`;
const files = `%FILES%
etc/
etc/tool.conf
usr/
usr/bin/
usr/bin/link
usr/bin/tool
usr/share/x/
usr/share/x/with space é

%BACKUP%
etc/tool.conf	2cd6ee2c70b0bde53fbe6cac3c8b8bb1

`;
const mtree = `#mtree
/set type=file uid=0 gid=0 mode=755
./.PKGINFO time=1.0 mode=644 size=229 sha256digest=${sha256('p')}
./etc time=1795746333.970234596 type=dir
./etc/tool.conf time=1.0 mode=644 size=2 md5digest=2cd6ee2c70b0bde53fbe6cac3c8b8bb1 sha256digest=${sha256('c\n')}
./usr/bin/link time=1.0 mode=777 type=link link=tool
./usr/bin/tool time=1.0 mode=644 size=2 sha256digest=${sha256('a\n')}
./usr/share/x/with\\040space\\040\\303\\251 time=1.0 mode=644 size=2 sha256digest=${sha256('s\n')}
`;

const root: TestLayer = {
  'etc/os-release': 'ID=arch\nBUILD_ID=rolling\n',
  'etc/tool.conf': 'edited',
  'usr/bin/link': { link: 'tool' },
  'usr/bin/tool': 'a\n',
  'usr/share/x/with space é': 's\n',
  [`${folder}/desc`]: desc,
  [`${folder}/files`]: files,
};

test('a package with its files, digests and what may be edited', () => {
  const { components, gaps } = catalogued({ ...root, [`${folder}/mtree`]: gzipSync(mtree) });
  assert.deepEqual(gaps, []);
  const [tool] = components;
  assert.deepEqual(
    [tool?.purl, tool?.version, tool?.ecosystem, tool?.source, tool?.licenses, tool?.supplier],
    [
      'pkg:alpm/arch/tool@1:2.3-4?arch=any&distro=arch-rolling&upstream=toolbase',
      '1:2.3-4',
      'arch',
      { name: 'toolbase', version: '1:2.3-4' },
      ['MIT', 'GPL-3.0-or-later'],
      'Jo <jo@example.org>',
    ],
  );
  assert.deepEqual(
    [...(tool?.owns ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: 'etc/tool.conf', digest: { algorithm: 'sha256', hex: sha256('c\n') }, mayChange: true },
      { path: 'usr/bin/link', digest: null, mayChange: false },
      { path: 'usr/bin/tool', digest: { algorithm: 'sha256', hex: sha256('a\n') }, mayChange: false },
      { path: 'usr/share/x/with space é', digest: { algorithm: 'sha256', hex: sha256('s\n') }, mayChange: false },
    ],
  );
});

test('without an mtree the list has the paths, and the MD5 of what may be edited', () => {
  const [tool] = catalogued(root).components;
  assert.deepEqual(tool?.owns[0], {
    path: 'etc/tool.conf',
    digest: { algorithm: 'md5', hex: '2cd6ee2c70b0bde53fbe6cac3c8b8bb1' },
    mayChange: true,
  });
  assert.equal(tool?.owns.length, 4);
});

test('what is broken is a gap', () => {
  const cases: readonly (readonly [string, string | Uint8Array])[] = [
    ['desc', '%VERSION%\n1\n'],
    ['desc', ''],
    ['mtree', gzipSync(mtree).subarray(0, 60)],
  ];
  for (const [name, content] of cases) {
    const result = readWith(pacman, `${folder}/${name}`, content);
    assert.deepEqual([result?.records.length, result?.gaps[0]?.reason], [0, 'bad-database'], name);
  }
  for (const path of [
    'var/lib/pacman/local/ALPM_DB_VERSION',
    'var/lib/pacman/sync/core.db',
    `${folder}/x/desc`,
    'desc',
  ]) {
    assert.equal(readWith(pacman, path, desc), null, path);
  }
});

test('mtree: defaults of types, lines of other shapes', () => {
  const text = '#mtree\n/set type=dir\n./a\n/set type=file\n./b sha256digest=xyz\nplain line\n/unset type\n';
  assert.deepEqual(parseMtree(text), [
    { path: 'a', type: 'dir', sha256: null },
    { path: 'b', type: 'file', sha256: null },
  ]);
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('desc', 'files', 'mtree'),
      (text, name) => {
        catalogued({ [`${folder}/${name}`]: text, [`${folder}/desc`]: name === 'desc' ? text : desc });
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

const real = sharedData('formats', 'pacman', 'desc');

test('a real package', { skip: real === null ? sharedMissing : false }, () => {
  const [gawk] = catalogued({ 'var/lib/pacman/local/gawk-5.3.1-1/desc': readFileSync(real ?? '') }).components;
  assert.deepEqual(
    [gawk?.purl, gawk?.licenses, gawk?.supplier],
    ['pkg:alpm/gawk@5.3.1-1?arch=x86_64', ['GPL-3.0-or-later'], 'Tobias Powalowski <tpowa@archlinux.org>'],
  );
});
