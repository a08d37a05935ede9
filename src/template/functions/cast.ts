import { GoInt, type GoValue } from '../value.js';

const minInt64 = -(1n << 63n);

/** A float as int64: towards zero; what does not fit is the least int64, as on amd64. */
function truncate(value: number): bigint {
  if (!Number.isFinite(value)) return minInt64;
  const whole = BigInt(Math.trunc(value));
  return BigInt.asIntN(64, whole) === whole ? whole : minInt64;
}

/** `12.000` is 12 to cast; other decimals stay and are refused. */
function trimZeroDecimal(text: string): string {
  return text.replace(/\.0+$/, '');
}

const digitsOf: Readonly<Record<number, RegExp>> = {
  2: /^[01]+$/,
  8: /^[0-7]+$/,
  10: /^[0-9]+$/,
  16: /^[0-9a-f]+$/,
};

/**
 * strconv.ParseInt with 64 bits; base 0 takes the base from the prefix and allows `_` between digits. Null is an error.
 */
export function parseInt64(text: string, base: 0 | 8 | 10): bigint | null {
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  let digits = text.slice(sign.length).toLowerCase();
  if (digits.length > 400) return null;
  let radix: number = base;
  if (base === 0) {
    const prefix = /^0[box]/.exec(digits)?.[0] ?? '';
    radix =
      prefix === '0b'
        ? 2
        : prefix === '0o'
          ? 8
          : prefix === '0x'
            ? 16
            : digits.length > 1 && digits[0] === '0'
              ? 8
              : 10;
    if (
      digits.includes('_') &&
      (radix === 10 ? !/^[0-9]+(_[0-9]+)*$/.test(digits) : !/^0[box]?(_?[0-9a-f]+)+$/.test(digits))
    ) {
      return null;
    }
    digits = digits.slice(prefix.length || (radix === 8 ? 1 : 0)).replaceAll('_', '');
  }
  if (digitsOf[radix]?.test(digits) !== true) return null;
  const head = radix === 2 ? '0b' : radix === 8 ? '0o' : radix === 16 ? '0x' : '';
  const size = BigInt(head + digits);
  const value = sign === '-' ? -size : size;
  return BigInt.asIntN(64, value) === value ? value : null;
}

/** Whether cast knows the type: a named integer, a duration say, it does not, but for months and weekdays. */
function isPlainInt(value: GoInt): boolean {
  return value.type === value.kind || value.type === 'time.Month' || value.type === 'time.Weekday';
}

/** Any value as an int64, 0 where it is none. Follows: spf13/cast v1.7, ToInt64 (and ToInt, the same on 64 bits). */
export function castInt(value: GoValue): bigint {
  if (value instanceof GoInt)
    return isPlainInt(value) && value.kind !== 'uintptr' ? BigInt.asIntN(64, value.value) : 0n;
  if (typeof value === 'number') return truncate(value);
  if (typeof value === 'string') return parseInt64(trimZeroDecimal(value), 0) ?? 0n;
  return value === true ? 1n : 0n;
}

/** Any value as a float64, 0 where it is none. Follows: spf13/cast v1.7, ToFloat64. */
export function castFloat(value: GoValue): number {
  if (value instanceof GoInt) return isPlainInt(value) && value.kind !== 'uintptr' ? Number(value.value) : 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseFloat64(value) ?? 0;
  return value === true ? 1 : 0;
}

const decimal = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
const hex = /^([-+]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([-+]?[0-9]{1,6})$/;

/** strconv.ParseFloat with 64 bits; null is an error, also of range. `_` may stand between digits. */
export function parseFloat64(given: string): number | null {
  const text = given.replace(/(?<=[0-9])_(?=[0-9])/g, '');
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  const word = /^([-+]?)(inf|infinity)$/i.exec(text);
  if (word !== null) return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const match = hex.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (whole + fraction === '' || whole.length + fraction.length > 13) return null;
  const value = Number.parseInt(whole + fraction, 16) * 2 ** (Number(power) - 4 * fraction.length);
  return Number.isFinite(value) ? (sign === '-' ? -value : value) : null;
}
