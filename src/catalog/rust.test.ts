import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { rust } from './rust.js';

/** As cargo-auditable's schema has it. */
const list = {
  packages: [
    { name: 'adler', version: '0.2.3', source: 'crates.io' },
    { name: 'autocfg', version: '1.0.1', source: 'crates.io', kind: 'build' },
    { name: 'tool', version: '0.1.0', source: 'local', dependencies: [0, 1], root: true },
  ],
};

function program(name: string, data: Uint8Array): Uint8Array {
  return buildElf({
    bits: 64,
    littleEndian: true,
    address: 0x1000,
    data,
    sections: [{ name, at: 0, size: data.length }],
  });
}

const auditable = program('.dep-v0', Buffer.concat([deflateSync(JSON.stringify(list)), Buffer.alloc(7)]));

test('the list of cargo-auditable without what only took part in building; the root owns the program', () => {
  const { components, gaps } = catalogued({ 'usr/bin/tool': auditable });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.grade, one.owns.map(({ path }) => path)]),
    [
      ['pkg:cargo/adler@0.2.3', 'crates.io', 'claimed', []],
      ['pkg:cargo/tool@0.1.0', 'crates.io', 'claimed', ['usr/bin/tool']],
    ],
  );
});

test('paths in messages name crates, inferred; vendored ones and other paths name none', () => {
  const hash = '1ecc6299db9ec823';
  const data = Buffer.from(
    [
      `/usr/local/cargo/registry/src/index.example-${hash}/zstd-sys-2.0.12+zstd.1.5.6/src/lib.rs`,
      `/root/.cargo/registry/src/mirror.example.org-${hash}/serde_json-1.0.120/src/de.rs`,
      `C:\\\\Users\\\\x`,
      `C:\\Users\\b\\.cargo\\registry\\src\\index.example-${hash}\\aho-corasick-1.1.3\\src\\lib.rs`,
      `/root/.cargo/registry/src/mirror.example.org-${hash}/serde_json-1.0.120/src/ser.rs`,
      `/build/vendor/libc-0.2.155/src/lib.rs`,
      `/registry/src/notahash/foo-1.0.0/src/lib.rs`,
    ].join('\0'),
  );
  const { components } = catalogued({ 'usr/bin/rg': program('.rodata', data) });
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade]),
    [
      ['pkg:cargo/aho-corasick@1.1.3', 'inferred'],
      ['pkg:cargo/serde_json@1.0.120', 'inferred'],
      ['pkg:cargo/zstd-sys@2.0.12%2Bzstd.1.5.6', 'inferred'],
    ],
  );
});

test('a crate in several programs is one component at several places', () => {
  const data = Buffer.from('/c/registry/src/index.example-1ecc6299db9ec823/memchr-2.7.4/src/lib.rs');
  const { components } = catalogued({ 'bin/a': program('.rodata', data), 'bin/b': program('.rodata', data) });
  assert.deepEqual(
    components.map((one) => [one.purl, one.locations.map(({ path }) => path)]),
    [['pkg:cargo/memchr@2.7.4', ['bin/a', 'bin/b']]],
  );
});

test('a list that cannot be read is a gap; a program that is none is not ours', () => {
  for (const bytes of [Buffer.from('no zlib'), deflateSync('no json'), deflateSync('[1]').subarray(0, 4)]) {
    assert.equal(readWith(rust, 'x', program('.dep-v0', bytes))?.gaps.length, 1);
  }
  const bomb = deflateSync(Buffer.alloc(80 * 1024 * 1024));
  assert.equal(readWith(rust, 'x', program('.dep-v0', bomb))?.gaps[0]?.reason, 'bad-bytes');
  assert.deepEqual(readWith(rust, 'x', auditable.subarray(0, 80)), { records: [], gaps: [] });
});

test('broken programs', () => survivesMutations('usr/bin/tool', auditable));
