import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildAssembly } from '../binary/pe-builder.test.support.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { windowsPrograms } from './windows-programs.js';

/** A library without CLI metadata: the directory that leads to it is emptied (PE Format, "Optional Header Data Directories"). */
function library(strings: Readonly<Record<string, string>>): Uint8Array {
  const bytes = buildAssembly({ name: 'x', version: [1, 0, 0, 0], strings });
  bytes.fill(0, 0x58 + 96 + 14 * 8, 0x58 + 96 + 15 * 8);
  return bytes;
}

const openssl = { ProductName: 'The OpenSSL Toolkit', ProductVersion: '3.0.13', CompanyName: 'The OpenSSL Project' };

test('a program for Windows is the product that its version resource names, with the place of it', () => {
  const bytes = library(openssl);
  const { components } = catalogued({
    'app/libssl-3.dll': bytes,
    'app/libcrypto-3.dll': library({ ...openssl, FileVersion: '3.0.13' }),
    'other/libssl-3.dll': library({ ...openssl, ProductVersion: '3, 0, 14, 0' }),
    'app/plain.dll': library({}),
    'app/Shop.dll': buildAssembly({ name: 'Shop', version: [1, 0, 0, 0], strings: openssl }),
  });
  const found = components.filter((one) => one.foundBy === 'windows-programs');
  assert.deepEqual(
    found.map((one) => [one.name, one.version, one.supplier, one.grade, one.owns.map(({ path }) => path)]),
    [
      ['The OpenSSL Toolkit', '3.0.13', 'The OpenSSL Project', 'claimed', ['app/libssl-3.dll', 'app/libcrypto-3.dll']],
      ['The OpenSSL Toolkit', '3.0.14.0', 'The OpenSSL Project', 'claimed', ['other/libssl-3.dll']],
    ],
  );
  // The resource lies where its words do.
  const words = /at byte (\d+)$/.exec(found[0]?.evidence[0]?.value ?? '')?.[1];
  const at = Buffer.from(bytes).indexOf(Buffer.from('VS_VERSION_INFO', 'utf16le'));
  assert.equal(Number(words), at - 6);
});

test("a file that a package lists is the package's", () => {
  const { components } = catalogued({
    'opt/conda/conda-meta/openssl-3-0.json':
      '{"name":"openssl","version":"3.0.13","build":"0","files":["bin/libssl-3.dll"]}',
    'opt/conda/bin/libssl-3.dll': library(openssl),
  });
  assert.deepEqual(
    components.map((one) => one.foundBy),
    ['conda'],
  );
});

test('words are no version, and what leads out of the file is a gap', () => {
  const versions = [
    ['10.0.19041.1 (WinBuild.160101.0800)', '10.0.19041.1'],
    ['2.4.1-rc1', '2.4.1-rc1'],
    ['Release build', null],
    ['', null],
  ] as const;
  for (const [stated, version] of versions) {
    const { components } = catalogued({ 'a.dll': library({ ProductName: 'A', ProductVersion: stated }) });
    assert.deepEqual(
      components.map((one) => one.version),
      [version],
    );
  }
  const bytes = Buffer.from(library(openssl));
  const start = bytes.indexOf(Buffer.from('VS_VERSION_INFO', 'utf16le'));
  const cut = readWith(windowsPrograms, 'a.dll', bytes.subarray(0, start - 30));
  assert.deepEqual([cut?.records.length, cut?.gaps.map(({ reason }) => reason)], [0, ['truncated']]);
  survivesMutations('a.dll', bytes, 60);
});
