import { sprint } from '../format.js';
import { GoError, type GoFunc, GoInt, type GoValue, int64 } from '../value.js';
import { type Args, alias, define, defineVariadic } from './args.js';
import { castFloat, castInt, parseInt64 } from './cast.js';
import { add, type Decimal, decimalOf, divide, floatOf, multiply, subtract } from './decimal.js';

/** Decimal arithmetic from the left, so that 0.1 + 0.2 is 0.3. */
function foldDecimals(start: GoValue, rest: readonly GoValue[], step: (a: Decimal, b: Decimal) => Decimal): number {
  let result = decimalOf(castFloat(start));
  for (const value of rest) result = step(result, decimalOf(castFloat(value)));
  return floatOf(result);
}

function divisor(value: GoValue): bigint {
  const number = castInt(value);
  if (number === 0n) throw new GoError('runtime error: integer divide by zero');
  return number;
}

function extreme(a: Args, better: (x: bigint, y: bigint) => boolean): GoInt {
  let best = castInt(a.any(0));
  for (const value of a.from(1)) {
    const number = castInt(value);
    if (better(number, best)) best = number;
  }
  return int64(best);
}

/** math.Pow(10, places), which is not the nearest number for every power. Follows: Go's math/pow.go. */
function powerOfTen(places: number): number {
  let mantissa = 1;
  let exponent = 0;
  // 10 is 0.625 * 2 ** 4.
  let square = 0.625;
  let squareExponent = 4;
  for (let left = Math.abs(places); left > 0; left = Math.floor(left / 2)) {
    if (squareExponent > 4096) {
      exponent += squareExponent;
      break;
    }
    if (left % 2 === 1) {
      mantissa *= square;
      exponent += squareExponent;
    }
    square *= square;
    squareExponent *= 2;
    if (square < 0.5) {
      square += square;
      squareExponent -= 1;
    }
  }
  // In two steps: one power of two alone may be out of range.
  const power = places < 0 ? -exponent : exponent;
  const half = Math.trunc(power / 2);
  return (places < 0 ? 1 / mantissa : mantissa) * 2 ** half * 2 ** (power - half);
}

/** sprig's round: half (or `roundOn`) and more goes up; negative numbers are not mirrored. */
function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const scaled = power * value;
  const up = scaled - Math.trunc(scaled) >= roundOn;
  return (up ? Math.ceil(scaled) : Math.floor(scaled)) / power;
}

/** Whether the digits that a text begins with are more than a uint64 holds: strconv looks no further then. */
export function overflows(text: string): boolean {
  const digits = /^[-+]?0*([0-9]*)/.exec(text)?.[1] ?? '';
  return digits.length > 20 || (digits.length === 20 && BigInt(digits) >= 1n << 64n);
}

/** strconv.Atoi, whose error sprig drops: out of range it gives the nearest int64. */
function atoi(text: string): bigint {
  const value = parseInt64(text, 10);
  if (value !== null) return value;
  if (!/^[-+]?[0-9]+$/.test(text) && !overflows(text)) return 0n;
  return text.startsWith('-') ? -(1n << 63n) : (1n << 63n) - 1n;
}

/** sprig's functions of numbers. Follows: sprig v3.3.0, numeric.go and functions.go. */
export function mathFunctions(): readonly GoFunc[] {
  const max = defineVariadic('max', ['any'], 'any', (a) => extreme(a, (x, y) => x > y));
  return [
    define('int', ['any'], (a) => new GoInt('int', castInt(a.any(0)))),
    define('int64', ['any'], (a) => int64(castInt(a.any(0)))),
    define('float64', ['any'], (a) => castFloat(a.any(0))),
    define('atoi', ['string'], (a) => new GoInt('int', atoi(a.str(0)))),
    define('toDecimal', ['any'], (a) => int64(parseInt64(sprint([a.any(0)]), 8) ?? 0n)),
    define('add1', ['any'], (a) => int64(castInt(a.any(0)) + 1n)),
    defineVariadic('add', [], 'any', (a) => int64(a.all.reduce((sum: bigint, value) => sum + castInt(value), 0n))),
    define('sub', ['any', 'any'], (a) => int64(castInt(a.any(0)) - castInt(a.any(1)))),
    define('div', ['any', 'any'], (a) => int64(castInt(a.any(0)) / divisor(a.any(1)))),
    define('mod', ['any', 'any'], (a) => int64(castInt(a.any(0)) % divisor(a.any(1)))),
    defineVariadic('mul', ['any'], 'any', (a) =>
      int64(a.all.reduce((product: bigint, value) => BigInt.asIntN(64, product * castInt(value)), 1n)),
    ),
    define('add1f', ['any'], (a) => foldDecimals(a.any(0), [1], add)),
    defineVariadic('addf', [], 'any', (a) => foldDecimals(0, a.all, add)),
    defineVariadic('subf', ['any'], 'any', (a) => foldDecimals(a.any(0), a.from(1), subtract)),
    defineVariadic('mulf', ['any'], 'any', (a) => foldDecimals(a.any(0), a.from(1), multiply)),
    defineVariadic('divf', ['any'], 'any', (a) => foldDecimals(a.any(0), a.from(1), divide)),
    max,
    alias('biggest', max),
    defineVariadic('min', ['any'], 'any', (a) => extreme(a, (x, y) => x < y)),
    defineVariadic('maxf', ['any'], 'any', (a) => Math.max(...a.all.map(castFloat))),
    defineVariadic('minf', ['any'], 'any', (a) => Math.min(...a.all.map(castFloat))),
    define('ceil', ['any'], (a) => Math.ceil(castFloat(a.any(0)))),
    define('floor', ['any'], (a) => Math.floor(castFloat(a.any(0)))),
    defineVariadic('round', ['any', 'int'], 'float64', (a) =>
      round(castFloat(a.any(0)), a.int(1), a.length > 2 ? a.float(2) : 0.5),
    ),
  ];
}
