import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FloatFormat, formatFloat } from './float.js';

// Expected texts are strconv.FormatFloat's (from Go's ftoa_test.go and by running it).
const table: readonly (readonly [number, FloatFormat, number, string])[] = [
  [1, 'e', 5, '1.00000e+00'],
  [1, 'g', -1, '1'],
  [20, 'g', -1, '20'],
  [100000, 'g', -1, '100000'],
  [1000000, 'g', -1, '1e+06'],
  [1234567.8, 'g', -1, '1.2345678e+06'],
  [200000, 'g', -1, '200000'],
  [2000000, 'g', -1, '2e+06'],
  [0.0001, 'g', -1, '0.0001'],
  [0.00001, 'g', -1, '1e-05'],
  [400, 'g', 2, '4e+02'],
  [40, 'g', 2, '40'],
  [0, 'e', 4, '0.0000e+00'],
  [0, 'g', 4, '0'],
  [-0, 'f', 1, '-0.0'],
  [123.456, 'f', -1, '123.456'],
  [1e23, 'f', -1, '100000000000000000000000'],
  [1e23, 'e', 17, '9.99999999999999916e+22'],
  [2.5, 'f', 0, '2'],
  [3.5, 'f', 0, '4'],
  [0.5, 'f', 0, '0'],
  [9.99, 'f', 1, '10.0'],
  [0.05, 'f', 0, '0'],
  [99.5, 'g', 2, '1e+02'],
  [1.7976931348623157e308, 'g', -1, '1.7976931348623157e+308'],
  [5e-324, 'g', -1, '5e-324'],
  [5e-324, 'e', 20, '4.94065645841246544177e-324'],
  [32, 'G', -1, '32'],
  [1e-7, 'G', -1, '1E-07'],
  [1, 'b', -1, '4503599627370496p-52'],
  [1, 'x', -1, '0x1p+00'],
  [10, 'x', -1, '0x1.4p+03'],
  [0.15625, 'X', 2, '0X1.40P-03'],
  [5e-324, 'x', -1, '0x1p-1074'],
  [Number.NaN, 'g', -1, 'NaN'],
  [Number.NEGATIVE_INFINITY, 'f', 3, '-Inf'],
  [Number.POSITIVE_INFINITY, 'e', -1, '+Inf'],
];

test('floats are written as strconv.FormatFloat writes them', () => {
  for (const [value, format, precision, expected] of table) {
    assert.equal(formatFloat(value, format, precision), expected, `${value} ${format} ${precision}`);
  }
});

test('the shortest text reads back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const format of ['e', 'f', 'g'] as const) {
        assert.equal(Number(formatFloat(value, format, -1)), value);
      }
    }),
  );
});

test('17 digits are exact to the last', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300 }), (value) => {
      assert.equal(Number(formatFloat(value, 'e', 16)), value);
    }),
  );
});
