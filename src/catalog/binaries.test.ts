import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { binaries } from './binaries.js';
import { binaryRules } from './binary-rules.js';
import { catalogued, readWith } from './image.test.support.js';

function rule(name: string) {
  const found = binaryRules.find((one) => one.name === name);
  assert.ok(found !== undefined);
  return found;
}

test('texts as the programs print them', () => {
  const table: readonly (readonly [string, string, string | null, string | null])[] = [
    ['glibc', 'GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.\n', '2.28', 'Debian 2.28-10'],
    [
      'glibc',
      'GNU C Library (Ubuntu GLIBC 2.35-0ubuntu3.4) stable release version 2.35.\n',
      '2.35',
      'Ubuntu 2.35-0ubuntu3.4',
    ],
    ['glibc', 'GNU C Library (GNU libc) stable release version 2.36.\n', '2.36', null],
    ['glibc', 'GNU C Library (x)', null, null],
    ['musl', 'musl libc (x86_64)\nVersion %s\0\x001.2.4\0', '1.2.4', null],
    ['musl', '\x001.2.4\0 without the words', null, null],
    ['busybox', 'BusyBox v1.36.1 (Debian 1:1.35.0-4)\0', '1.36.1', 'Debian 1:1.35.0-4'],
    ['busybox', 'BusyBox vX but BusyBox v1.2 (x)', '1.2', null],
    ['busybox', 'BusyBox v%s', null, null],
    ['tzdata', '# version 2024a\nR', '2024a', null],
    ['tzdata', '#version', null, null],
    ['ca-certificates', 'no certificate', null, null],
  ];
  for (const [name, text, version, hint] of table) {
    const match = rule(name).find(Buffer.from(text, 'latin1'));
    assert.deepEqual([match?.version ?? null, match?.hint ?? null], [version, hint], text);
  }
});

test('only fitting files are asked for: a text that quotes BusyBox is none', () => {
  assert.equal(readWith(binaries, 'usr/share/doc/x', 'BusyBox v1.31.1 (2020)'), null);
  const elf = buildElf({
    bits: 64,
    littleEndian: true,
    data: Buffer.from('GNU C Library (GNU libc) stable release version 2.36.'),
    address: 0,
  });
  assert.deepEqual(readWith(binaries, 'usr/bin/strings-of-libc', elf)?.records, []);
  assert.equal(readWith(binaries, 'usr/lib/libc-2.36.so', elf)?.records.length, 1);
});

test('many marks and no version end soon', () => {
  const elf = buildElf({ bits: 64, littleEndian: true, data: Buffer.from('BusyBox v'.repeat(500_000)), address: 0 });
  assert.deepEqual(readWith(binaries, 'bin/x', elf)?.records, []);
});

test('time zones own their folder, innermost first', () => {
  const { components } = catalogued({
    'a/tzdata.zi': '# version 2020a\n',
    'a/Zurich': 'x',
    'a/b/tzdata.zi': '# version 2021b\n',
    'a/b/Bern': 'x',
  });
  assert.deepEqual(
    components.map((one) => [one.version, one.owns.map(({ path }) => path)]),
    [
      ['2020a', ['a/tzdata.zi', 'a/Zurich']],
      ['2021b', ['a/b/tzdata.zi', 'a/b/Bern']],
    ],
  );
});

const pieces = sharedData('binaries');

test('a piece of a real BusyBox', { skip: pieces === null ? sharedMissing : false }, () => {
  const content = readFileSync(join(pieces ?? '', 'busybox', '1.36.1', 'linux-amd64', '['));
  assert.equal(rule('busybox').find(content)?.version, '1.36.1');
});
