import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { catalogImage } from './catalog-image.js';
import { catalogued, type TestLayer, testImage } from './image.test.support.js';
import { cataloguers } from './list.js';

function elfWith(text: string): Uint8Array {
  return buildElf({ bits: 64, littleEndian: true, data: Buffer.from(`\0${text}\0`, 'latin1'), address: 0x1000 });
}

const glibcText = 'GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.';

test('every cataloguer of the folder is in the list, under the name of its file', () => {
  const helpers = new Set([
    'catalog-image',
    'define',
    'dpkg-copyright',
    'index',
    'list',
    'mtree',
    'paths',
    'paragraphs',
    'shape',
    'go-version',
    'jar-groups',
    'jar-identity',
    'jar-pom',
    'jar-read',
    'dotnet-bundle',
    'dotnet-deps',
    'erlang-terms',
    'folder-files',
    'json',
    'xml',
    'lock-json',
    'lock-text',
    'npm-relations',
    'packages',
    'php-serialized',
    'program-section',
    'purl-ecosystems',
    'relations',
    'ruby-relations',
    'sbom-read',
    'sharp-versions',
    'statements',
    'toml-tables',
  ]);
  const entries = readdirSync(inRoot('src', 'catalog'), { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('.test.'))
    .map(({ name }) => name.slice(0, -3))
    .filter((name) => !helpers.has(name));
  const folders = entries
    .filter((entry) => entry.isDirectory() && existsSync(inRoot('src', 'catalog', entry.name, 'index.ts')))
    .map(({ name }) => name);
  assert.deepEqual(cataloguers.map((one) => one.name).sort(), [...files, ...folders].sort());
});

test('December 2020: a base image of busybox, glibc, certificates and time zones put together by hand', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
  const { components, distro } = catalogued({
    'bin/[': elfWith('BusyBox v1.31.1 (2020-06-08 21:03:21 UTC)'),
    'lib/libc.so.6': elfWith(glibcText),
    'lib/ld-musl-x86_64.so.1': elfWith('musl libc (x86_64)\nVersion %s\0 1.2\x001.2.4'),
    'etc/ssl/certs/ca-certificates.crt': `# comment\n${pem}${pem}${pem}`,
    'usr/share/zoneinfo/tzdata.zi': '# version 2020d\nR d 1916 o\n',
    'usr/share/zoneinfo/Europe/Zurich': 'TZif',
  });
  assert.equal(distro, null);
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.ecosystem, one.evidence[0]?.value, one.owns.length]),
    [
      ['pkg:generic/busybox@1.31.1', 'inferred', null, 'BusyBox v1.31.1 (2020-06-08 21:03:21 UTC)', 1],
      ['pkg:generic/ca-certificates', 'inferred', null, '0 certificates, 3 unreadable', 1],
      ['pkg:generic/glibc@2.28', 'inferred', null, glibcText.slice(0, -1), 1],
      ['pkg:generic/musl@1.2.4', 'inferred', null, '1.2.4', 1],
      ['pkg:generic/tzdata@2020d', 'inferred', null, '# version 2020d', 2],
    ],
  );
  assert.deepEqual(components[2]?.evidence, [
    { what: 'text of the program', where: 'lib/libc.so.6 at byte 121', value: glibcText.slice(0, -1) },
    { what: 'other version in the text', where: 'lib/libc.so.6', value: 'Debian GLIBC 2.28-10' },
    { what: 'rule', where: 'glibc csu/version.c (banner)', value: 'glibc' },
  ]);
});

test("what a rule knows in its own package's file is the package; in another's it stays", () => {
  const status = (name: string, source: string): string =>
    `Package: ${name}\nSource: ${source}\nVersion: 1\nArchitecture: all\n`;
  const image = (name: string, source: string) =>
    catalogued({
      'lib/libc.so.6': elfWith(glibcText),
      'var/lib/dpkg/status': status(name, source),
      [`var/lib/dpkg/info/${name}.list`]: '/lib/libc.so.6\n',
    }).components.map((one) => one.name);
  assert.deepEqual(image('libc6', 'glibc'), ['libc6']);
  assert.deepEqual(image('some-app', 'some-app'), ['some-app', 'glibc']);
});

test('the scripts of a library, each of its own bytes, are one component', () => {
  const banner = '/*! Select2 4.0.13 | https://github.com/select2/select2/blob/master/LICENSE.md */';
  const { components } = catalogued({ 'srv/select2.js': banner, 'srv/i18n/de.js': `${banner} de` });
  assert.deepEqual(
    components.map((one) => [one.purl, one.locations.map(({ path }) => path), one.owns.length]),
    [['pkg:npm/select2@4.0.13', ['srv/i18n/de.js', 'srv/select2.js'], 2]],
  );
});

test('only records of files that are visible from their own layer count, gaps likewise', () => {
  const good = '{"name":"a","version":"1.0.0"}';
  const path = 'node_modules/a/package.json';
  const purls = (...layers: readonly TestLayer[]) => catalogued(...layers).components.map((one) => one.purl);
  assert.deepEqual(purls({ [path]: good }, { [path]: '{"name":"a","version":"2.0.0"}' }), ['pkg:npm/a@2.0.0']);
  assert.deepEqual(purls({ [path]: good }, { [path]: null }), []);
  assert.deepEqual(catalogued({ [path]: '{' }, { [path]: good }).gaps, []);
  assert.equal(catalogued({ [path]: good }, { [path]: '{' }).gaps.length, 1);
});

test('a record follows its file to where the image has it, and unread layers only count', () => {
  const image = testImage({ 'x/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}' });
  const moved = catalogImage({
    ...image,
    layers: [null, image.layers[0] ?? null],
    placed: (layer, path) => (layer === 1 ? `usr/${path}` : null),
  });
  assert.deepEqual(moved.components[0]?.locations, [{ path: 'usr/x/node_modules/a/package.json', layer: 1 }]);
});

test('an empty image has nothing and no gap', () => {
  assert.deepEqual(catalogued(), {
    distro: null,
    distroWords: [],
    components: [],
    gaps: [],
    named: [],
    locks: [],
  });
});

test('the same image gives the same bytes, whatever the order of its records', () => {
  const layer = {
    'a/node_modules/x/package.json': '{"name":"x","version":"1.0.0"}',
    'b/node_modules/x/package.json': '{"name":"x","version":"1.0.0"}',
    'b/node_modules/y/package.json': '{"name":"y","version":"1.0.0"}',
  };
  const reversed = Object.fromEntries(Object.entries(layer).reverse());
  assert.equal(JSON.stringify(catalogued(layer)), JSON.stringify(catalogued(reversed)));
});
