import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLength } from './plain-text.js';

/** Printable ASCII with DEL, and what a terminal or an editor makes of a text. */
const isPlain = (byte: number): boolean => (byte >= 32 && byte < 128) || [9, 10, 12, 13, 27].includes(byte);

test('every byte at every place of a block is told', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (let at = 0; at < 40; at++) {
      const bytes = Buffer.alloc(40, 'a');
      bytes[at] = byte;
      assert.equal(plainLength(bytes), isPlain(byte) ? 40 : at, `${byte} at ${at}`);
    }
  }
});

test('what the call before showed is not looked at', () => {
  assert.equal(plainLength(Buffer.alloc(64, 0)), 0);
  for (let length = 0; length < 64; length++) assert.equal(plainLength(Buffer.alloc(length, 'x')), length);
  assert.equal(plainLength(Buffer.alloc(5, 'x')), 5);
});

test('of long texts 32 KiB are looked at', () => {
  assert.equal(plainLength(Buffer.alloc(100_000, 'x')), 32 * 1024);
});
