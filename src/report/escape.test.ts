import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeJson, escapeText } from './escape.js';

test('what would act on a terminal is shown', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['plain/text:1.0', 'plain/text:1.0'],
    ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['a\nb\tc\r', 'a\\x0ab\\x09c\\x0d'],
    ['\u009b31m', '\\x9b31m'],
    ['\u007f\u0000', '\\x7f\\x00'],
    ['abc\u202ecba', 'abc\\u{202e}cba'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['データ é 😀', 'データ é 😀'],
  ];
  for (const [text, shown] of cases) assert.equal(escapeText(text), shown);
});

test('JSON keeps its meaning', () => {
  const value = { a: '\u001b[31m\u009b\u202e\u2028\u007f', b: 'データ 😀 \u{e0041}', c: ['\n'] };
  const json = JSON.stringify(value, null, 2);
  const safe = escapeJson(json);
  assert.deepEqual(JSON.parse(safe), value);
  assert.doesNotMatch(safe, /(?!\n)\p{Cc}|[\u202e\u2028]/u);
});

test('no character that acts on a terminal is left, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.match(escapeText(text), /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f]*$/u);
      assert.equal(JSON.parse(escapeJson(JSON.stringify(text))), JSON.parse(JSON.stringify(text)));
    }),
  );
});
