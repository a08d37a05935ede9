import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageText } from './age.js';
import { bytesText, count, gapCount, grouped, percent, shortDigest } from './words.js';

test('ages, against the time of the dig', () => {
  const now = '2025-11-24T00:00:00Z';
  const cases: readonly (readonly [string | null, string])[] = [
    ['2020-10-08T11:12:13.5Z', 'created 5 years ago (2020-10-08)'],
    ['2020-11-25T00:00:00Z', 'created 4 years ago (2020-11-25)'],
    ['2023-11-24T00:00:00Z', 'created 2 years ago (2023-11-24)'],
    ['2024-06-01T00:00:00Z', 'created 17 months ago (2024-06-01)'],
    ['2025-11-01T00:00:00Z', 'created 23 days ago (2025-11-01)'],
    ['2025-11-22T12:00:00Z', 'created yesterday (2025-11-22)'],
    ['2025-11-23T23:59:59+00:00', 'created today (2025-11-23)'],
    ['1970-01-01T00:00:00Z', 'age unknown (states 1970-01-01)'],
    ['0001-01-01T00:00:00Z', 'age unknown (states 0001-01-01)'],
    ['1980-01-01T00:00:01Z', 'age unknown (states 1980-01-01)'],
    ['2031-01-01T00:00:00Z', 'age unknown (states 2031-01-01, after this dig)'],
    [null, 'age unknown (no date stated)'],
    ['', 'age unknown (no date stated)'],
    ['soon', 'age unknown (states "soon")'],
  ];
  for (const [created, text] of cases) assert.equal(ageText(created, now), text);
});

test('numbers', () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([0, 1, 1023, 1024, 10_240, 1_048_576, 1_572_864, 1e12].map(bytesText), [
    '0 B',
    '1 B',
    '1023 B',
    '1.00 KiB',
    '10.0 KiB',
    '1.00 MiB',
    '1.50 MiB',
    '931 GiB',
  ]);
  assert.deepEqual([count(1, 'image'), count(2, 'image'), count(0, 'file')], ['1 image', '2 images', '0 files']);
  assert.deepEqual([gapCount('use', 1), gapCount('severity', 2)], ['1 use', '2 severities']);
  assert.equal(shortDigest(`sha256:${'a'.repeat(64)}`), `sha256:${'a'.repeat(12)}`);
});

test('a share is never nothing of something, nor all of less', () => {
  const cases: readonly (readonly [number, number, string])[] = [
    [0, 100, '0 %'],
    [100, 100, '100 %'],
    [1, 1_000_000, '<0.1 %'],
    [999_999, 1_000_000, '>99.9 %'],
    [1, 8, '13 %'],
    [1, 50, '2.0 %'],
    [0, 0, '0 %'],
  ];
  for (const [part, whole, text] of cases) assert.equal(percent(part, whole), text);
});
