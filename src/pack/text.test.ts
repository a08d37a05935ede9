import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cpuMs } from '../model/cpu.test.support.js';
import { nameText } from './text.js';

test('what is UTF-8 stays, every other byte is written out', () => {
  const rows: readonly (readonly [readonly number[], string])[] = [
    [[], ''],
    [[0x61, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9d, 0x84, 0x9e], 'aä€𝄞'],
    // U+FFFD itself is UTF-8.
    [[0xef, 0xbf, 0xbd], '\uFFFD'],
    // Cut off, a lone continuation, a byte that begins nothing.
    [[0xe2, 0x82, 0x61], '\\xe2\\x82a'],
    [[0x80, 0xc3], '\\x80\\xc3'],
    [[0xff, 0xc3, 0xa4], '\\xffä'],
    // Longer forms, surrogates, above U+10FFFF.
    [[0xc0, 0xaf], '\\xc0\\xaf'],
    [[0xe0, 0x80, 0xaf], '\\xe0\\x80\\xaf'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    [[0xf5, 0x80, 0x80, 0x80], '\\xf5\\x80\\x80\\x80'],
  ];
  for (const [bytes, text] of rows) assert.equal(nameText(Uint8Array.from(bytes)), text);
});

test('a sequence is good where a strict decoder takes it', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const takes = (bytes: Uint8Array): boolean => {
    try {
      strict.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const byte = fc.oneof(fc.constantFrom(0x61, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4), fc.nat(255));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), fc.array(byte, { maxLength: 6 }), (some, more) => {
      for (const bytes of [some, Uint8Array.from(more)]) {
        assert.equal(nameText(bytes) === Buffer.from(bytes).toString('utf8'), takes(bytes));
      }
    }),
    { numRuns: 2000, seed: 3 },
  );
});

test('half a megabyte that is no UTF-8 is written out at once', () => {
  // It took eight seconds: an exception for every byte.
  const bytes = new Uint8Array(512 * 1024).fill(0xff);
  const started = cpuMs();
  assert.equal(nameText(bytes).length, 4 * bytes.length);
  assert.ok(cpuMs() - started < 20_000);
});
