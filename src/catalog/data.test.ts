import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { data } from './data.js';
import { readBundle } from './data-files/certificates.js';
import { readFontNames } from './data-files/fonts.js';
import { catalogued, fileOf, readWith } from './image.test.support.js';

test('time zones own their folder, innermost first; a folder without a version is told as such', () => {
  const { components } = catalogued({
    'a/tzdata.zi': '# version 2020a\n',
    'a/Zurich': 'x',
    'a/b/tzdata.zi': '# version 2021b\n',
    'a/b/Bern': 'x',
    'c/zoneinfo/+VERSION': '2023c\n',
    'c/zoneinfo/Etc/UTC': 'TZif2',
    'd/zoneinfo/UTC': 'TZif2',
  });
  assert.deepEqual(
    components.map((one) => [one.version, one.owns.map(({ path }) => path)]),
    [
      [null, ['d/zoneinfo/UTC']],
      ['2020a', ['a/tzdata.zi', 'a/Zurich']],
      ['2021b', ['a/b/tzdata.zi', 'a/b/Bern']],
      ['2023c', ['c/zoneinfo/+VERSION', 'c/zoneinfo/Etc/UTC']],
    ],
  );
});

test('data by its first words', () => {
  const table: readonly (readonly [string, string, string, string | null])[] = [
    ['usr/share/misc/pci.ids', "#\n#\tList of PCI ID's\n#\n#\tVersion: 2023.01.18\n", 'pci.ids', '2023.01.18'],
    [
      'usr/share/publicsuffix/public_suffix_list.dat',
      '// text\n// VERSION: 2024-10-25_08-31-52_UTC\n',
      'publicsuffix',
      '2024-10-25_08-31-52_UTC',
    ],
    ['x/public_suffix_list.dat', '// MPL\n\n// ===BEGIN ICANN DOMAINS===\n', 'publicsuffix', null],
    ['etc/services', '# Network services, Internet style\n#\n', 'netbase', null],
    [
      'etc/nsswitch.conf',
      '# /etc/nsswitch.conf\n#\n# Example configuration of GNU Name Service Switch functionality.\n',
      'nsswitch',
      null,
    ],
  ];
  for (const [path, words, name, version] of table) {
    const [one] = catalogued({ [path]: words }).components;
    assert.deepEqual([one?.name, one?.version, one?.grade, one?.foundBy], [name, version, 'inferred', 'data'], path);
  }
  assert.deepEqual(
    catalogued({ 'etc/nsswitch.conf': 'hosts: files dns\n', 'etc/services': 'x 1/tcp\n' }).components,
    [],
  );
});

test('a real bundle: how many, when they end, and that the set is no release that is known', () => {
  const pem = rootCertificates.slice(0, 12).join('\n');
  const bundle = readBundle(
    Buffer.from(`# roots\n${pem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${pem}`),
  );
  assert.deepEqual([bundle?.count, bundle?.unreadable, bundle?.notAfter.length], [12, 1, 12]);
  assert.match(bundle?.notAfter[0] ?? '', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  const [one] = catalogued({ 'etc/ssl/certs/ca-certificates.crt': pem }).components;
  assert.equal(one?.version, null);
  assert.deepEqual(one?.evidence.at(-1), {
    what: 'set of roots',
    where: 'etc/ssl/certs/ca-certificates.crt',
    value: 'none of the releases that are known',
  });
});

const debian = '/etc/ssl/certs/ca-certificates.crt';

test('the bundle of this machine has as many roots as marks', (t) => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(debian);
  } catch {
    t.skip('no bundle of certificates on this machine');
    return;
  }
  const marks = bytes.toString('latin1').split('-----BEGIN CERTIFICATE-----').length - 1;
  const bundle = readBundle(bytes);
  assert.deepEqual([bundle?.count, bundle?.unreadable], [marks, 0]);
});

test('mutated bundles: no exception, every block counted', () => {
  const pem = Buffer.from(rootCertificates.slice(0, 2).join('\n'));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }), fc.nat(pem.length), (changes, length) => {
      const copy = Buffer.from(pem);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      const bundle = readBundle(copy.subarray(0, length));
      assert.ok(bundle === null || bundle.count + bundle.unreadable <= 2);
    }),
    { numRuns: 400 },
  );
});

/** A font of one table: names of Windows in English. */
function font(names: Readonly<Record<number, string>>): Buffer {
  const texts = Object.entries(names).map(([id, text]) => ({
    id: Number(id),
    bytes: Buffer.from(text, 'utf16le').swap16(),
  }));
  const table = Buffer.alloc(6 + texts.length * 12);
  table.writeUInt16BE(texts.length, 2);
  table.writeUInt16BE(table.length, 4);
  let at = 0;
  for (const [index, { id, bytes }] of texts.entries()) {
    [3, 1, 0x409, id, bytes.length, at].forEach((value, column) => {
      table.writeUInt16BE(value, 6 + index * 12 + column * 2);
    });
    at += bytes.length;
  }
  const head = Buffer.alloc(28);
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(1, 4);
  head.write('name', 12, 'latin1');
  head.writeUInt32BE(28, 20);
  head.writeUInt32BE(table.length + at, 24);
  return Buffer.concat([head, table, ...texts.map(({ bytes }) => bytes)]);
}

test('a font is known by its own names', () => {
  const bytes = font({ 1: 'DejaVu Sans', 5: 'Version 2.37', 13: 'Fonts are (c) Bitstream' });
  const [one] = catalogued({ 'usr/share/fonts/DejaVuSans.ttf': bytes }).components;
  assert.deepEqual([one?.purl, one?.grade], ['pkg:generic/font-dejavu-sans@2.37', 'inferred']);
  assert.deepEqual(readWith(data, 'x.ttf', 'no font')?.records, []);
});

test('mutated fonts: no exception', () => {
  const bytes = font({ 1: 'A', 5: 'Version 1', 16: 'B' });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 10 }),
      fc.nat(bytes.length),
      (changes, length) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        const names = readFontNames(fileOf('x.ttf', copy.subarray(0, length)));
        assert.ok(names === null || names.family !== '');
      },
    ),
    { numRuns: 2000 },
  );
});
