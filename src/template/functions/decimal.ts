import { GoError } from '../value.js';

/** A decimal number: value × 10^exponent. Follows: shopspring/decimal v1.4. */
export interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

/** How many places a division keeps (decimal.DivisionPrecision). */
const divisionPlaces = 16;

/** The decimal with the shortest digits that read back as this float64. */
export function decimalOf(float: number): Decimal {
  if (!Number.isFinite(float)) {
    const name = Number.isNaN(float) ? 'NaN' : float > 0 ? '+Inf' : '-Inf';
    throw new GoError(`Cannot create a Decimal from ${name}`);
  }
  const [digits = '0', power = '0'] = float.toExponential().split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  return { value: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** The nearest float64. */
export function floatOf(decimal: Decimal): number {
  return Number(`${decimal.value}e${decimal.exponent}`);
}

function scaled(decimal: Decimal, exponent: number): bigint {
  return decimal.value * 10n ** BigInt(decimal.exponent - exponent);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { value: scaled(a, exponent) + scaled(b, exponent), exponent };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { value: -b.value, exponent: b.exponent });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent };
}

/** Rounded to 16 places, half away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) throw new GoError('decimal division by 0');
  const shift = a.exponent - b.exponent + divisionPlaces;
  const top = shift >= 0 ? a.value * 10n ** BigInt(shift) : a.value;
  const bottom = shift >= 0 ? b.value : b.value * 10n ** BigInt(-shift);
  let value = top / bottom;
  const rest = top % bottom;
  if (2n * size(rest) >= size(bottom)) value += top < 0n === bottom < 0n ? 1n : -1n;
  return { value, exponent: -divisionPlaces };
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
