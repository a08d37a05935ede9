import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { binaries } from './binaries.js';
import { catalogued, readWith } from './image.test.support.js';

const elfWith = (words: string): Uint8Array =>
  buildElf({ bits: 64, littleEndian: true, data: Buffer.from(words, 'latin1'), address: 0 });

function found(path: string, content: string | Uint8Array): readonly (readonly [string, string | null])[] {
  return catalogued({ [path]: content }).components.map((one) => [one.name, one.version] as const);
}

test('texts as the programs print them', () => {
  const table: readonly (readonly [string, string, string, string | null, string | null])[] = [
    [
      'lib/libc.so.6',
      'GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.\n',
      'glibc',
      '2.28',
      'Debian GLIBC 2.28-10',
    ],
    ['lib/libc.so.6', 'GNU C Library (GNU libc) stable release version 2.36.\n', 'glibc', '2.36', null],
    ['lib/ld-musl-x86_64.so.1', 'musl libc (x86_64)\nVersion %s\0\x001.2.4\0', 'musl', '1.2.4', null],
    ['bin/busybox', 'BusyBox v1.36.1 (Debian 1:1.35.0-4)\0', 'busybox', '1.36.1', 'Debian 1:1.35.0-4'],
    ['bin/sh', 'BusyBox v1.31.1 (2020-06-08 21:03:21 UTC)\0', 'busybox', '1.31.1', null],
  ];
  for (const [path, words, name, version, hint] of table) {
    const [one] = catalogued({ [path]: elfWith(words) }).components;
    const other = one?.evidence.find(({ what }) => what === 'other version in the text')?.value ?? null;
    assert.deepEqual([one?.name, one?.version, other], [name, version, hint], words);
  }
});

test('only fitting files are asked for: a text that quotes BusyBox is none', () => {
  assert.equal(readWith(binaries, 'usr/share/doc/x', 'BusyBox v1.31.1 (2020)'), null);
  const glibc = elfWith('GNU C Library (GNU libc) stable release version 2.36.');
  assert.deepEqual(readWith(binaries, 'usr/bin/strings-of-libc', glibc)?.records, []);
  assert.equal(readWith(binaries, 'usr/lib/libc-2.36.so', glibc)?.records.length, 1);
});

test('a library in a program is a component without a file of its own, at every program that has it', () => {
  const words = '\0libpng version 1.6.37\n\0';
  const { components } = catalogued({ 'opt/a': elfWith(`a${words}`), 'opt/b': elfWith(`b${words}`) });
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.owns.length, one.locations.map(({ path }) => path)]),
    [['pkg:generic/libpng@1.6.37', 'inferred', 0, ['opt/a', 'opt/b']]],
  );
  assert.deepEqual(components[0]?.cpes, ['cpe:2.3:a:libpng:libpng:1.6.37:*:*:*:*:*:*:*']);
});

test('OpenSSL in a program is more than the line that its header leaves behind', () => {
  assert.deepEqual(found('opt/x', elfWith('\0OpenSSL 3.0.9 30 May 2023\0')), []);
  assert.deepEqual(found('opt/x', elfWith('\0OpenSSL 3.0.9 30 May 2023\0crypto/evp/evp_enc.c\0')), [
    ['openssl', '3.0.9'],
  ]);
});

test('SQLite in a program counts by its one version, and never by that of the program', () => {
  const mark = 'SQLite format 3\0';
  assert.deepEqual(found('opt/x', elfWith(`${mark}\x003.45.0\0`)), [['sqlite', '3.45.0']]);
  assert.deepEqual(found('opt/x', elfWith(`${mark}\x003.45.0\0\x003.8.0\0`)), [['sqlite', null]]);
  assert.deepEqual(found('opt/python3.11', elfWith(`${mark}\x003.11.2\0Python %s\n\0`)), [['python', '3.11.2']]);
  assert.deepEqual(found('opt/python3.11', elfWith(`${mark}\x003.11.2\0Python %s\n\0\x003.45.0\0`)), [
    ['python', '3.11.2'],
    ['sqlite', '3.45.0'],
  ]);
});

test('one of a family: Percona is no plain MySQL, Valkey under the old name no Redis', () => {
  assert.deepEqual(found('bin/mysql', elfWith('\0/BUILD/percona-server-8.0.35-27/x\0\x008.0.35\0\0mysql_real\0')), [
    ['percona-server', '8.0.35'],
  ]);
  assert.deepEqual(found('bin/redis-server', elfWith('\0valkey9.0.0buildkitsandbox-1764887574000000000\0')), [
    ['valkey', '9.0.0'],
  ]);
});

test('a program of Go by name is none of Go where its headers show that it is not', () => {
  const data = Buffer.from('\0\0v1.2.3\0\0', 'latin1');
  const sections = [{ name: '.data', at: 0, size: data.length }];
  const plain = buildElf({ bits: 64, littleEndian: true, data, address: 0, sections });
  assert.deepEqual(readWith(binaries, 'bin/consul', plain)?.records, []);
  const ofGo = buildElf({
    bits: 64,
    littleEndian: true,
    data,
    address: 0,
    sections: [{ ...sections[0], name: '.gopclntab', at: 0, size: 1 }],
  });
  assert.equal(readWith(binaries, 'bin/consul', ofGo)?.records.length, 1);
});

test("what a distribution's package lists is its own to name", () => {
  const image = {
    'usr/sbin/nginx': elfWith('\0nginx version: nginx/1.22.1\n\0'),
    'var/lib/dpkg/status': 'Package: nginx-core\nVersion: 1.22.1-9\nArchitecture: amd64\n',
    'var/lib/dpkg/info/nginx-core.list': '/usr/sbin/nginx\n',
  };
  assert.deepEqual(
    catalogued(image).components.map((one) => one.foundBy),
    ['dpkg'],
  );
});

test('files of one program are one component, in two folders, too', () => {
  const words = '\0FFmpeg version 5.1.4\0';
  const { components } = catalogued({
    'a/libavcodec.so.59': elfWith(words),
    'a/libavutil.so.57': elfWith(`x${words}`),
    'b/libavutil.so.57': elfWith(`y${words}`),
  });
  assert.deepEqual(
    components.map((one) => one.locations.map(({ path }) => path)),
    [['a/libavcodec.so.59', 'a/libavutil.so.57', 'b/libavutil.so.57']],
  );
});

test('the libraries that are built with the C library are its own where they lie beside it', () => {
  const { components } = catalogued({
    'lib/libc.so.6': elfWith('GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.\n'),
    'lib/libm.so.6': elfWith('nothing'),
    'lib/libmine.so.6': elfWith('nothing'),
    'opt/libm.so.6': elfWith('nothing'),
  });
  assert.deepEqual(
    components.map((one) => one.owns.map(({ path }) => path)),
    [['lib/libc.so.6', 'lib/libm.so.6']],
  );
});

test('many marks and no version end soon', () => {
  const elf = elfWith('BusyBox v'.repeat(500_000));
  assert.deepEqual(readWith(binaries, 'bin/x', elf)?.records, []);
});
