import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { apk } from './apk.js';
import { catalogued, readWith } from './image.test.support.js';

const osRelease = 'ID=alpine\nVERSION_ID=3.18.4\n';
const installed = `C:Q1zwvKMnYs1b6ZdPTBJ0Z7D5P3jyA=
P:busybox
V:1.36.1-r2
A:x86_64
o:busybox
L:GPL-2.0-only
m:Sören Tempel <soeren@example.org>
U:https://busybox.net/
F:bin
M:0:0:755
R:busybox
a:0:0:755
Z:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=
R:sh
a:0:0:777
Z:Q1pcfTfDNEbNKQc2s1tia7da05M8Q=
F:etc
R:securetty
Z:Q1mB95Hq2NUTZ599RDiSsj9w5FrOU=

P:nothing
V:1-r0
A:x86_64
`;

test('packages, files and their SHA-1', () => {
  const { components, distro } = catalogued({
    'etc/os-release': osRelease,
    'lib/apk/db/installed': installed,
    'bin/busybox': 'b',
    'bin/sh': { link: '/bin/busybox' },
    'etc/securetty': 's',
  });
  assert.deepEqual(distro, { id: 'alpine', versionId: '3.18.4', prettyName: null, idLike: [] });
  const [busybox, nothing] = components;
  assert.deepEqual(
    [busybox?.purl, busybox?.ecosystem, busybox?.release, busybox?.source, busybox?.licenses],
    [
      'pkg:apk/alpine/busybox@1.36.1-r2?arch=x86_64&distro=alpine-3.18.4',
      'Alpine',
      'v3.18',
      { name: 'busybox', version: '1.36.1-r2' },
      ['GPL-2.0-only'],
    ],
  );
  assert.equal(busybox?.supplier, 'Sören Tempel <soeren@example.org>');
  assert.equal(busybox?.evidence[1]?.value, 'https://busybox.net/');
  // The base64 of the checksum in hex, as `base64 -d | xxd -p` prints it.
  assert.deepEqual(busybox?.owns[0], {
    path: 'bin/busybox',
    digest: { algorithm: 'sha1', hex: '48b912f610627546cfc30af0f974745a1bf7c30f' },
    mayChange: false,
  });
  assert.deepEqual(
    busybox?.owns.map(({ path, mayChange }) => [path, mayChange]),
    [
      ['bin/busybox', false],
      ['bin/sh', false],
      ['etc/securetty', true],
    ],
  );
  assert.deepEqual([nothing?.name, nothing?.owns], ['nothing', []]);
});

test('releases that are no branch have no release', () => {
  const table = [
    ['3.19.0', 'v3.19'],
    ['3.12', 'v3.12'],
    ['3.19_alpha20230901', null],
  ] as const;
  for (const [version, release] of table) {
    const { components } = catalogued({ 'etc/alpine-release': `${version}\n`, 'lib/apk/db/installed': installed });
    assert.deepEqual([components[0]?.ecosystem, components[0]?.release], ['Alpine', release]);
  }
});

test('what is broken is a gap, and the rest is returned', () => {
  const table: readonly (readonly [string, string, number, number])[] = [
    ['empty', '', 0, 0],
    ['no name', 'V:1\nA:x\n\nP:b\nV:2\n', 1, 1],
    ['no version', 'P:b\n', 1, 0],
    ['truncated', 'P:b\nV:2\nF:bin\nR:x\nZ:Q1S', 1, 0],
    ['garbage', 'what is this\n\nP:b\nV:1\n', 1, 1],
    ['checksum without a file', 'P:b\nZ:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=\n', 1, 0],
  ];
  for (const [name, content, records, gaps] of table) {
    const result = readWith(apk, 'lib/apk/db/installed', content);
    assert.deepEqual([result?.records.length, result?.gaps.length], [records, gaps], name);
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (content) => {
      catalogued({ 'lib/apk/db/installed': content });
    }),
    { numRuns: 300, seed: 7 },
  );
});

const real = sharedData('formats', 'apk', 'installed');

test('a real database', { skip: real === null ? sharedMissing : false }, () => {
  const content = readFileSync(real ?? '', 'utf8');
  const result = readWith(apk, 'lib/apk/db/installed', content);
  assert.deepEqual(result?.gaps, []);
  assert.equal(result?.records.length, content.match(/^P:/gm)?.length);
  const files = result?.records.map((record) => JSON.stringify(record)).join('') ?? '';
  assert.ok(files.includes('etc/modprobe.d/kms.conf'));
});
