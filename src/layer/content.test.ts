import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileContent } from '../model/index.js';
import { contentOf } from './content.js';

function pe(at: number, signature: string, length = 512): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(at, 60);
  if (at < length) bytes.write(signature, at, 'latin1');
  return bytes;
}

const tar = Buffer.alloc(512);
tar.write('ustar', 257);

/** Magic numbers as file(1)'s own table and each format's specification have them. */
const cases: [string, Buffer, FileContent][] = [
  ['empty', Buffer.alloc(0), 'empty'],
  ['ELF', Buffer.from('7f454c4602', 'hex'), 'elf'],
  ['PE', pe(128, 'PE\0\0'), 'pe'],
  ['DOS only', pe(128, 'NE\0\0'), 'data'],
  ['Mach-O 64', Buffer.from('cffaedfe07000001', 'hex'), 'mach-o'],
  ['fat Mach-O', Buffer.from('cafebabe00000002', 'hex'), 'mach-o'],
  ['Java class', Buffer.from('cafebabe00000034', 'hex'), 'data'],
  ['script', Buffer.from('#!/bin/sh\n'), 'script'],
  ['zip', Buffer.from('PK\x03\x04'), 'archive'],
  ['gzip', Buffer.from('1f8b0800', 'hex'), 'archive'],
  ['static library', Buffer.from('!<arch>\n'), 'archive'],
  ['tar', tar, 'archive'],
  ['text', Buffer.from('plain words\n'), 'text'],
  ['UTF-8', Buffer.from('grüße — 漢字'), 'text'],
  ['latin-1', Buffer.from('gr\xfc\xdfe', 'latin1'), 'data'],
  ['NUL', Buffer.from('a\0b'), 'data'],
];

test('what the first bytes say', () => {
  for (const [name, bytes, expected] of cases) assert.equal(contentOf(bytes, bytes.length), expected, name);
});

test('a header that lies past the first bytes is still an executable, a sequence cut off still text', () => {
  assert.equal(contentOf(pe(100_000, 'PE\0\0'), 200_000), 'pe');
  assert.equal(contentOf(pe(100_000, 'PE\0\0'), 4000), 'data');
  const cut = Buffer.from('ü'.repeat(2049)).subarray(1, 4096);
  assert.equal(contentOf(Buffer.concat([Buffer.from('a'), cut.subarray(1)]), 10_000), 'text');
});
