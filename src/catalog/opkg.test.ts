import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { catalogued, readWith } from './image.test.support.js';
import { opkg } from './opkg.js';

const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const status = `Package: busybox
Version: 1.36.1-r2
Status: install ok installed
Architecture: x86_64
Conffiles:
 /etc/syslog.conf ${sha256}
Installed-Time: 1730715936

Package: gone
Version: 1
Status: deinstall ok not-installed
Architecture: x86_64
`;
const control = `Package: busybox
Version: 1.36.1-r2
Source: feeds/base/package/utils/busybox
SourceName: busybox-src
License: GPL-2.0
Maintainer: Felix <nbd@nbd.name>
Architecture: x86_64
Description: one
 more
`;

test('packages, their files and what their control files add', () => {
  for (const root of ['usr/lib/opkg', 'var/lib/opkg']) {
    const { components, gaps } = catalogued({
      'etc/os-release': 'ID="openwrt"\nVERSION_ID="23.05.3"\n',
      'bin/busybox': 'b',
      'bin/ls': { link: 'busybox' },
      'etc/syslog.conf': '',
      [`${root}/status`]: status,
      [`${root}/info/busybox.list`]: '/bin/busybox\n/bin/ls\t0777\tbusybox\n/etc/syslog.conf\n/gone\n',
      [`${root}/info/busybox.control`]: control,
    });
    assert.deepEqual(gaps, []);
    assert.deepEqual(
      components.map((one) => [one.purl, one.source, one.licenses, one.supplier, one.ecosystem]),
      [
        [
          'pkg:opkg/openwrt/busybox@1.36.1-r2?arch=x86_64&distro=openwrt-23.05.3',
          { name: 'busybox-src', version: '1.36.1-r2' },
          ['GPL-2.0'],
          'Felix <nbd@nbd.name>',
          'openwrt',
        ],
      ],
    );
    assert.deepEqual(components[0]?.owns, [
      { path: 'bin/busybox', digest: null, mayChange: false },
      { path: 'bin/ls', digest: null, mayChange: false },
      { path: 'etc/syslog.conf', digest: { algorithm: 'sha256', hex: sha256 }, mayChange: true },
    ]);
  }
});

test('what is broken is a gap, and the rest is returned', () => {
  const result = readWith(opkg, 'usr/lib/opkg/status', 'Version: 1\n\nPackage: a\nVersion: 2\n');
  assert.deepEqual(
    [result?.records.length, result?.gaps.map(({ detail }) => detail)],
    [1, ['a package without a name: line 1']],
  );
  for (const path of ['usr/lib/opkg/info/a.postinst', 'usr/lib/opkg/lists/x', 'srv/usr/lib/opkg/status']) {
    assert.equal(readWith(opkg, path, status), null, path);
  }
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('status', 'info/a.list', 'info/a.control'),
      (text, name) => {
        catalogued({ [`usr/lib/opkg/${name}`]: text });
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

const real = sharedData('formats', 'opkg', 'status');

test('a real status', { skip: real === null ? sharedMissing : false }, () => {
  const { components, gaps } = catalogued({ 'usr/lib/opkg/status': readFileSync(real ?? '') });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => `${one.name} ${one.version}`),
    ['busybox 1.36.1-r2', 'libuci20130104 2023.08.10~5781664d-r1', 'ubus 2024.10.20~252a9b0c-r1'],
  );
});
