import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { hexOf, rpmHeaderOf } from '../../../test/packages.js';
import { type CatalogRecord, isTrowelError } from '../../model/index.js';
import { catalogImage } from '../catalog-image.js';
import { fileOf, imageOf, type TestLayer } from '../image.test.support.js';
import { cataloguers, everyCataloguer } from '../list.js';
import { archiveCataloguers } from './list.js';

/** The components of an archive that is told as these files, with records that only the container has. */
function componentsOf(layer: TestLayer, records: readonly CatalogRecord[] = []): ReturnType<typeof catalogImage> {
  const image = imageOf([layer], everyCataloguer);
  const [first] = image.layers;
  const all = { records: [...(first?.records ?? []), ...records], gaps: first?.gaps ?? [] };
  return catalogImage({ ...image, layers: [all] });
}

const control = `Package: demo
Version: 2.0-3
Architecture: all
Maintainer: Ann <ann@example.test>
`;

test('an image is not asked for the metadata of archives', () => {
  for (const { name } of archiveCataloguers) assert.ok(!cataloguers.some((one) => one.name === name), name);
  assert.equal(new Set(everyCataloguer.map(({ name }) => name)).size, everyCataloguer.length);
});

test('deb: control, sums, conffiles with and without a flag, licences; control files are owned by place', () => {
  const { components } = componentsOf({
    'DEBIAN/control': control,
    'DEBIAN/md5sums': `${hexOf('md5', 'program')}  usr/bin/demo\n`,
    'DEBIAN/conffiles': '/etc/a\nremove-on-upgrade /etc/b\n',
    'usr/bin/demo': 'program',
    'etc/a': '1',
    'etc/b': '2',
    'usr/share/doc/demo/copyright':
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: MIT\n',
  });
  const [one] = components;
  assert.deepEqual(
    [one?.purl, one?.foundBy, one?.supplier, one?.licenses, one?.ecosystem],
    ['pkg:deb/demo@2.0-3?arch=all', 'deb-archive', 'Ann <ann@example.test>', ['MIT'], null],
  );
  const owns = new Map(one?.owns.map((file) => [file.path, file]));
  assert.deepEqual(owns.get('usr/bin/demo')?.digest, { algorithm: 'md5', hex: hexOf('md5', 'program') });
  assert.deepEqual([owns.get('etc/a')?.mayChange, owns.get('etc/b')?.mayChange], [true, true]);
  assert.equal(owns.get('DEBIAN/control')?.listed, false);
  assert.equal(owns.size, 7);
});

test('a package that names its distribution by its own os-release is of that', () => {
  const { components } = componentsOf({
    'DEBIAN/control': control,
    'usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\n',
  });
  assert.deepEqual([components[0]?.ecosystem, components[0]?.release], ['Debian', '12']);
});

test('the ending of a version names a distribution, which is told and decides nothing', () => {
  const told = componentsOf({ 'DEBIAN/control': control.replace('2.0-3', '2.0-3+deb12u1') });
  assert.deepEqual([told.distro, told.components[0]?.ecosystem], [null, null]);
  assert.deepEqual(
    told.distroWords.map(({ id, versionId, grade }) => [id, versionId, grade]),
    [['debian', '12', 'inferred']],
  );
});

test('apk: comments are passed over, the first value counts; packages of pacman are none', () => {
  const info = '# Generated\npkgname = demo\npkgver = 1.0-r0\npkgname = other\nlicense = MIT\nmaintainer = Ann\n';
  const sums = { kind: 'sums', files: [['etc/x', hexOf('sha1', 'x')]] };
  const records = [{ by: 'apk-archive', path: '.PKGINFO', data: sums }];
  const layer = { '.PKGINFO': info, 'etc/x': 'x', 'usr/y': 'y' };
  const [one] = componentsOf(layer, records).components;
  assert.deepEqual([one?.purl, one?.supplier, one?.licenses], ['pkg:apk/demo@1.0-r0', 'Ann', ['MIT']]);
  assert.deepEqual(one?.owns, [
    { path: '.PKGINFO', digest: null, mayChange: false, listed: false },
    { path: 'etc/x', digest: { algorithm: 'sha1', hex: hexOf('sha1', 'x') }, mayChange: true },
    { path: 'usr/y', digest: null, mayChange: false },
  ]);
  assert.deepEqual(componentsOf({ ...layer, '.MTREE': '' }).components, []);
});

test('rpm: a source package is of the architecture src', () => {
  const header = rpmHeaderOf({ 1000: 'demo', 1001: '1', 1002: '2', 1022: 'x86_64' });
  assert.equal(componentsOf({ 'RPM/header': header }).components[0]?.purl, 'pkg:rpm/demo@1-2?arch=src');
});

test('gem: quoted values, platform, and a version that is an object', () => {
  const metadata = `--- !ruby/object:Gem::Specification
name: demo
version: !ruby/object:Gem::Version
  version: '1.10'
platform: x86_64-linux
authors:
- 'It''s Ann'
- "Bob \\"B\\""
- Plain: Name
description: |-
  name: other
dependencies:
- !ruby/object:Gem::Dependency
  name: rack
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - ">="
      - !ruby/object:Gem::Version
        version: '1'
licenses: []
`;
  const [one] = componentsOf({ 'GEM/metadata.gz': gzipSync(metadata) }).components;
  assert.equal(one?.purl, 'pkg:gem/demo@1.10?platform=x86_64-linux');
  assert.equal(one.supplier, 'It\'s Ann, Bob "B", Plain: Name');
  assert.deepEqual(one.licenses, []);
});

test('npm: the one folder that holds all, whatever it is called', () => {
  const json = '{"name":"demo","version":"1.0.0"}';
  const purls = (layer: TestLayer): string[] =>
    componentsOf(layer)
      .components.filter((one) => one.foundBy !== 'npm')
      .map((one) => one.purl);
  assert.deepEqual(purls({ 'node/package.json': json, 'node/a.js': '' }), ['pkg:npm/demo@1.0.0']);
  assert.deepEqual(purls({ 'a/package.json': json, 'b/x': '' }), [], 'a tarball of several things');
  assert.deepEqual(purls({ 'package.json': json }), []);
});

test('what is broken is a gap', () => {
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['DEBIAN/control', 'nothing here', 'bad-database'],
    ['DEBIAN/control', '', 'bad-database'],
    ['.PKGINFO', 'pkgver = 1\n', 'bad-database'],
    ['GEM/metadata.gz', gzipSync('version: 1\n'), 'bad-database'],
    ['GEM/metadata.gz', gzipSync('x').subarray(0, 8), 'truncated'],
    ['GEM/metadata.gz', gzipSync(Buffer.alloc(20 << 20)), 'too-large'],
    ['RPM/header', 'no header', 'bad-bytes'],
    ['RPM/header', rpmHeaderOf({ 1014: 'MIT' }), 'bad-database'],
    ['package/package.json', 'no JSON', 'bad-database'],
  ];
  for (const [path, content, reason] of cases) {
    const { components, gaps } = componentsOf({ [path]: content });
    assert.deepEqual(components, [], path);
    assert.ok(
      gaps.some((gap) => gap.reason === reason),
      `${path}: ${gaps.map((gap) => gap.reason).join()}`,
    );
  }
});

test('mutations are read or are gaps, and never an exception', () => {
  const samples: readonly (readonly [string, Buffer])[] = [
    ['DEBIAN/control', Buffer.from(control)],
    ['DEBIAN/md5sums', Buffer.from(`${hexOf('md5', 'x')}  usr/bin/demo\n`)],
    ['DEBIAN/conffiles', Buffer.from('/etc/a\n')],
    ['.PKGINFO', Buffer.from('pkgname = demo\npkgver = 1.0-r0\n')],
    [
      'RPM/header',
      rpmHeaderOf({ 1000: 'demo', 1001: '1', 1002: '2', 1117: ['a', 'b'], 1116: [0, 0], 1118: ['/usr/'] }),
    ],
    ['GEM/metadata.gz', gzipSync('name: demo\nversion: !x\n  version: 1\nauthors:\n- a\n')],
    ['package/package.json', Buffer.from('{"name":"demo","version":"1.0.0","license":[{"type":"MIT"}]}')],
  ];
  const edits = fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { maxLength: 5 });
  for (const [path, bytes] of samples) {
    const readers = archiveCataloguers.filter((one) => one.wants(fileOf(path, bytes).head, bytes));
    assert.equal(readers.length, 1, path);
    fc.assert(
      fc.property(edits, (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        try {
          for (const reader of readers) reader.read(fileOf(path, copy));
        } catch (error) {
          assert.ok(isTrowelError(error), String(error));
          throw error;
        }
      }),
      { numRuns: 200 },
    );
  }
});
