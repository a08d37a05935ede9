import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteLength, byteSlice, compareBytes, goBytes, goString, isPrint, runeCount } from './text.js';

test('any bytes become a string and the same bytes again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = goString(bytes);
      assert.deepEqual([...goBytes(text)], [...bytes]);
      assert.equal(byteLength(text), bytes.length);
    }),
  );
});

test('strings are ordered by their bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      assert.equal(compareBytes(goString(a), goString(b)), Buffer.compare(a, b));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 4 }), (a, b) => {
      assert.equal(compareBytes(a, b), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('bytes that are no UTF-8 stand alone, as utf8.DecodeRune takes them', () => {
  // a cut sequence, an overlong one, a surrogate, beyond U+10FFFF
  for (const bytes of [
    [0xe2, 0x82],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ]) {
    assert.equal(runeCount(goString(Uint8Array.from(bytes))), bytes.length);
  }
  assert.equal(goString(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61])), '\u{feff}a', 'a byte-order mark is kept');
});

test('a string is cut between bytes', () => {
  assert.deepEqual([...goBytes(byteSlice('é', 0, 1))], [0xc3]);
  assert.equal(byteSlice('abc', 1, 2), 'b');
  assert.equal(byteLength(''), 0);
});

test('what Go takes for printable', () => {
  for (const code of [0x20, 0x7e, 0xa1, 0xe9, 0x65e5, 0x1f600, 0x301]) assert.equal(isPrint(code), true);
  for (const code of [0x00, 0x7f, 0xa0, 0xad, 0x200b, 0x2028, 0xfeff, 0xe000, 0xdc80]) {
    assert.equal(isPrint(code), false);
  }
});
