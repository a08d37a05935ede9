import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogued, readWith } from './image.test.support.js';
import { portage } from './portage.js';

const folder = 'var/db/pkg/app-containers/skopeo-1.5.1-r2';
const md5 = (digit: string): string => digit.repeat(32);
const contents = `dir /usr
dir /usr/bin
obj /usr/bin/skopeo ${md5('a')} 1649284374
obj /usr/share/with space/x y ${md5('b')} 1649284374
sym /usr/bin/sk -> skopeo 1649284374
obj /etc/containers/policy.json ${md5('c')} 1649284374
obj /gone ${md5('d')} 1649284374
`;

test('a package with its files, slot, repository and licences', () => {
  const { components, gaps } = catalogued({
    'etc/os-release': 'ID=gentoo\nVERSION_ID="2.14"\n',
    [`${folder}/CONTENTS`]: contents,
    [`${folder}/SLOT`]: '0/1\n',
    [`${folder}/LICENSE`]: 'Apache-2.0 BSD doc? ( FDL-1.3 ) || ( GPL-2 MIT )\n',
    [`${folder}/repository`]: 'gentoo\n',
    'usr/bin/skopeo': 's',
    'usr/bin/sk': { link: 'skopeo' },
    'usr/share/with space/x y': 'x',
    'etc/containers/policy.json': '{}',
  });
  assert.deepEqual(gaps, []);
  const [one] = components;
  assert.deepEqual(
    [one?.purl, one?.name, one?.version, one?.ecosystem, one?.licenses],
    [
      'pkg:ebuild/app-containers/skopeo@1.5.1-r2?distro=gentoo-2.14',
      'app-containers/skopeo',
      '1.5.1-r2',
      'gentoo',
      ['Apache-2.0', 'BSD', 'FDL-1.3', 'GPL-2', 'MIT'],
    ],
  );
  assert.deepEqual(one?.owns, [
    { path: 'usr/bin/skopeo', digest: { algorithm: 'md5', hex: md5('a') }, mayChange: false },
    { path: 'usr/share/with space/x y', digest: { algorithm: 'md5', hex: md5('b') }, mayChange: false },
    { path: 'usr/bin/sk', digest: null, mayChange: false },
    { path: 'etc/containers/policy.json', digest: { algorithm: 'md5', hex: md5('c') }, mayChange: true },
  ]);
  assert.deepEqual(
    one?.evidence.map(({ what, value }) => `${what} ${value}`),
    ['portage database app-containers/skopeo-1.5.1-r2', 'portage SLOT 0/1', 'portage repository gentoo'],
  );
});

test('names and versions, as the specification splits them', () => {
  const table: readonly (readonly [string, string | null])[] = [
    ['gtk+-2.24.33', 'gtk+ 2.24.33'],
    ['font-adobe-100dpi-1.0.3', 'font-adobe-100dpi 1.0.3'],
    ['foo-1.2_rc3_p4-r1', 'foo 1.2_rc3_p4-r1'],
    ['openssl-1.1.1w', 'openssl 1.1.1w'],
    ['no-version', null],
    [`x-${'1.'.repeat(300)}`, null],
  ];
  for (const [folderName, expected] of table) {
    const { components, gaps } = catalogued({ [`var/db/pkg/cat/${folderName}/CONTENTS`]: '' });
    const [one] = components;
    assert.equal(one === undefined ? null : `${one.name.slice('cat/'.length)} ${one.version}`, expected, folderName);
    assert.equal(gaps.length, expected === null ? 1 : 0, folderName);
  }
});

test('what is broken is a gap, what is not of the database is not wanted', () => {
  const result = readWith(portage, `${folder}/CONTENTS`, 'obj /a short\nwhat\nobj /usr/bin/x\n');
  assert.deepEqual(result?.gaps, [{ reason: 'bad-database', detail: 'no file: line 1' }]);
  for (const path of [`${folder}/environment.bz2`, 'var/db/pkg/CONTENTS', 'var/db/pkg/a/b/c/CONTENTS']) {
    assert.equal(readWith(portage, path, ''), null, path);
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      catalogued({ [`${folder}/CONTENTS`]: text, [`${folder}/LICENSE`]: text });
    }),
    { numRuns: 300, seed: 7 },
  );
});
