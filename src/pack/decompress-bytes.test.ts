import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { decompressBytes } from './decompress-bytes.js';
import { rawZstd } from './zstd.test.support.js';

const text = Buffer.from('the same words again and again, '.repeat(5000));
const codeOf = (bytes: Uint8Array, limit: number): string => {
  try {
    return `${decompressBytes(bytes, limit).length} bytes`;
  } catch (error) {
    return isTrowelError(error) ? error.code : String(error);
  }
};

test('what is compressed comes back, within the limit', () => {
  for (const bytes of [text, gzipSync(text), Buffer.concat([gzipSync(text), gzipSync('')]), rawZstd(text)]) {
    assert.ok(Buffer.from(decompressBytes(bytes, text.length)).equals(text));
  }
  for (const length of [0, 1, 6, 20]) {
    assert.equal(decompressBytes(rawZstd(Buffer.alloc(length)), 100).length, length);
  }
  for (const bytes of [gzipSync(text), rawZstd(text)]) {
    assert.equal(codeOf(bytes, text.length - 1), 'too-large');
    assert.equal(codeOf(bytes.subarray(0, -4), 2 ** 30), 'truncated');
  }
  assert.equal(codeOf(Buffer.from('fd377a585a0000', 'hex'), 100), 'unsupported');
  assert.equal(codeOf(Buffer.from('BZh91AY&SY'), 100), 'unsupported');
  assert.equal(codeOf(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 255, 255, 255]), 100), 'bad-bytes');
});

test('mutations give bytes or a typed error', () => {
  const originals = [gzipSync(text), rawZstd(text)];
  fc.assert(
    fc.property(fc.constantFrom(...originals), fc.nat(), fc.nat({ max: 255 }), (original, at, value) => {
      const bytes = Uint8Array.from(original);
      bytes[at % Math.min(bytes.length, 200)] = value;
      assert.match(codeOf(bytes, 2 ** 20), /bytes|truncated|too-large|unsupported/);
    }),
    { numRuns: 500, seed: 9 },
  );
});
