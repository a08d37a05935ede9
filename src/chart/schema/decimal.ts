/** An exact decimal number, `coefficient × 10^exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Exponents beyond this are cut: no float64 reaches it, and a power of ten that large would cost memory. */
const maxExponent = 1000;

/** A number as JSON or Go spells it; null for anything else. */
export function decimal(text: string): Decimal | null {
  const match = /^([+-]?)([0-9]{1,5000})(?:\.([0-9]{0,5000}))?(?:[eE]([+-]?[0-9]{1,20}))?$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const coefficient = BigInt(`${whole}${fraction}`);
  const exponent = Number(power) - fraction.length;
  return {
    coefficient: sign === '-' ? -coefficient : coefficient,
    exponent: Math.max(-maxExponent - fraction.length, Math.min(maxExponent, exponent)),
  };
}

/** -1, 0 or 1. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isWhole(a: Decimal): boolean {
  return a.exponent >= 0 || a.coefficient % 10n ** BigInt(-a.exponent) === 0n;
}

/** Whether `a` is a whole multiple of `b`; true for a `b` of zero, which is no divisor. */
export function isMultiple(a: Decimal, b: Decimal): boolean {
  const [left, right] = aligned(a, b);
  return right === 0n || left % right === 0n;
}

/** The whole number, or null where it has a fraction or is too large to count with. */
export function asCount(a: Decimal): number | null {
  if (!isWhole(a)) return null;
  const value =
    a.exponent >= 0 ? a.coefficient * 10n ** BigInt(a.exponent) : a.coefficient / 10n ** BigInt(-a.exponent);
  return Number(BigInt.asIntN(64, value));
}

/**
 * A number as Go's x/text prints it in English for `%v`: groups of three, from a million on `1.5 × 10⁰⁶`.
 *
 * Follows: golang.org/x/text/message (as santhosh-tekuri/jsonschema prints bounds).
 */
export function englishNumber(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${mantissa}\u202f×\u202f10${raised(exponent)}`;
  const [whole = '', fraction] = plain(value).split('.');
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

/** A count with its thousands apart: `12,345`. */
export function grouped(whole: string): string {
  return whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

function plain(value: number): string {
  const text = String(value);
  // Only below 1e-6, which the caller prints with an exponent.
  return text.includes('e') ? value.toFixed(12) : text;
}

function raised(exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(2, '0');
  const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return `${exponent < 0 ? '⁻' : ''}${[...digits].map((digit) => superscripts[Number(digit)] ?? '').join('')}`;
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [a.coefficient * 10n ** BigInt(a.exponent - exponent), b.coefficient * 10n ** BigInt(b.exponent - exponent)];
}
