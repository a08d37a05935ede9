/** The verbs of strconv.FormatFloat. */
export type FloatFormat = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X';

/** The decimal digits of a finite number without sign: 0.d1d2d3… × 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const zeroDecimal: Decimal = { digits: '', point: 0 };

/**
 * A float64 as Go writes it; precision -1 gives the shortest digits that read back as the same number.
 *
 * Follows: strconv.FormatFloat with 64 bits; rounding is to even, of the exact value.
 */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (format === 'b') return sign + formatBinary(size);
  if (format === 'x' || format === 'X') return sign + formatHex(size, format, precision);
  const shortest = precision < 0;
  if (format === 'f') {
    const decimal = shortest ? shortestDecimal(size) : roundAt(size, (exact) => exact.point + precision);
    return sign + fixed(decimal, shortest ? Math.max(decimal.digits.length - decimal.point, 0) : precision);
  }
  if (format === 'e' || format === 'E') {
    const decimal = shortest ? shortestDecimal(size) : roundAt(size, () => precision + 1);
    return sign + exponential(decimal, shortest ? decimal.digits.length - 1 : precision, format);
  }
  return sign + general(size, format, precision, shortest);
}

function general(size: number, format: 'g' | 'G', wanted: number, shortest: boolean): string {
  const significant = wanted === 0 ? 1 : wanted;
  const decimal = shortest ? shortestDecimal(size) : roundAt(size, () => significant);
  const count = decimal.digits.length;
  const precision = shortest ? 6 : significant;
  const limit = shortest ? 6 : precision > count && count >= decimal.point ? count : precision;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) {
    const digits = shortest ? count : Math.min(precision, count);
    return exponential(decimal, digits - 1, format === 'g' ? 'e' : 'E');
  }
  return fixed(decimal, Math.max(count - decimal.point, 0));
}

function fixed(decimal: Decimal, places: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, places)) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

function exponential(decimal: Decimal, places: number, mark: 'e' | 'E'): string {
  const { digits, point } = decimal;
  const exponent = digits === '' ? 0 : point - 1;
  const head = digits[0] ?? '0';
  const tail = places > 0 ? `.${digits.slice(1, 1 + places).padEnd(places, '0')}` : '';
  const power = Math.abs(exponent).toString().padStart(2, '0');
  return `${head}${tail}${mark}${exponent < 0 ? '-' : '+'}${power}`;
}

/** Number.prototype.toString gives the shortest digits that are unique, the nearest ones among them, as Go does. */
function shortestDecimal(size: number): Decimal {
  if (size === 0) return zeroDecimal;
  const [mantissa = '', power = '0'] = size.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(power) + 1 };
}

/** Rounds the exact value to as many digits as `count` says, half to even. */
function roundAt(size: number, count: (exact: Decimal) => number): Decimal {
  if (size === 0) return zeroDecimal;
  const exact = exactDecimal(size);
  const keep = count(exact);
  if (keep >= exact.digits.length) return exact;
  if (keep < 0) return zeroDecimal;
  const rest = exact.digits.slice(keep);
  const head = exact.digits.slice(0, keep);
  const half = rest[0] === '5' && /^50*$/.test(rest);
  const up = half ? Number(head.at(-1) ?? '0') % 2 === 1 : (rest[0] ?? '0') >= '5';
  if (!up) return trim({ digits: head, point: exact.point });
  const raised = (BigInt(head === '' ? '0' : head) + 1n).toString().padStart(keep, '0');
  return trim({ digits: raised, point: exact.point + raised.length - keep });
}

function trim(decimal: Decimal): Decimal {
  const digits = decimal.digits.replace(/0+$/, '');
  return digits === '' ? zeroDecimal : { digits, point: decimal.point };
}

function exactDecimal(size: number): Decimal {
  const { mantissa, exponent } = bitsOf(size);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return trim({ digits, point: digits.length });
  }
  // m / 2^k = m * 5^k / 10^k
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return trim({ digits, point: digits.length + exponent });
}

/** size = mantissa × 2^exponent, with the mantissa as it is stored (53 bits for normal numbers). */
function bitsOf(size: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const all = view.getBigUint64(0);
  const fraction = all & 0xfffffffffffffn;
  const biased = Number(all >> 52n) & 0x7ff;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

function formatBinary(size: number): string {
  const { mantissa, exponent } = bitsOf(size);
  return `${mantissa}p${exponent >= 0 ? '+' : ''}${exponent}`;
}

function formatHex(size: number, format: 'x' | 'X', precision: number): string {
  let { mantissa, exponent } = bitsOf(size);
  exponent += 52;
  if (mantissa === 0n) exponent = 0;
  mantissa <<= 8n; // the leading 1 at bit 60
  while (mantissa !== 0n && (mantissa & (1n << 60n)) === 0n) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  if (precision >= 0 && precision < 15) {
    const drop = BigInt(60 - precision * 4);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    const half = 1n << (drop - 1n);
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if ((mantissa & (1n << 61n)) !== 0n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const lead = (mantissa >> 60n) & 1n;
  const all = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  const fraction = precision < 0 ? all.replace(/0+$/, '') : all.padEnd(precision, '0').slice(0, precision);
  const power = Math.abs(exponent).toString().padStart(2, '0');
  const text = `0x${lead}${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '-' : '+'}${power}`;
  return format === 'X' ? text.toUpperCase() : text;
}
