import { Complex } from './complex.js';
import { quote, unquoteChar } from './quote.js';
import { GoError } from './value.js';

/**
 * A number of a template, as each of the types that can hold it; null where the type cannot.
 *
 * Follows: parse.NumberNode, "ideal constants".
 */
export interface NumberValue {
  readonly int: bigint | null;
  readonly uint: bigint | null;
  readonly float: number | null;
  /** What it is where it ends in `i`. */
  readonly complex: Complex | null;
}

const maxInt = 2n ** 63n - 1n;
const minInt = -(2n ** 63n);
const maxUint = 2n ** 64n - 1n;

/** How a number was written: as the lexer tells them apart. */
export const numberKinds = ['number', 'complex', 'charConstant'] as const;

export type NumberKind = (typeof numberKinds)[number];

/** Reads a number token. Throws GoError with Go's text for what is no number. */
export function readNumber(text: string, kind: NumberKind): NumberValue {
  if (kind === 'charConstant') return readChar(text);
  if (kind === 'complex') return readComplex(text);
  if (text.endsWith('i')) {
    const imaginary = parseFloatText(text.slice(0, -1));
    if (imaginary !== null) return complex(0, imaginary);
  }
  return readReal(text);
}

function readChar(text: string): NumberValue {
  const char = unquoteChar(text, 1, "'");
  if (char === null) throw new GoError('invalid syntax');
  if (text.slice(char.next) !== "'") throw new GoError(`malformed character constant: ${text}`);
  const code = BigInt(char.code);
  return { int: code, uint: code, float: char.code, complex: null };
}

function readComplex(text: string): NumberValue {
  // The sign between the parts is the last one that is not part of an exponent.
  for (let at = text.length - 2; at > 0; at--) {
    if (text[at] !== '+' && text[at] !== '-') continue;
    const real = parseFloatText(text.slice(0, at));
    const imaginary = parseFloatText(text.slice(at, -1));
    if (real !== null && imaginary !== null) return complex(real, imaginary);
  }
  throw new GoError('syntax error scanning complex number');
}

function complex(real: number, imaginary: number): NumberValue {
  const number = new Complex(real, imaginary);
  if (imaginary !== 0) return { int: null, uint: null, float: null, complex: number };
  return { ...fromFloat(real), complex: number };
}

function fromFloat(value: number): NumberValue {
  const whole = Number.isInteger(value) ? BigInt(value) : null;
  return {
    int: whole !== null && whole >= minInt && whole <= maxInt ? whole : null,
    uint: whole !== null && whole >= 0n && whole <= maxUint ? whole : null,
    float: value,
    complex: null,
  };
}

function readReal(text: string): NumberValue {
  const whole = parseInteger(text);
  if (whole !== null) {
    const signed = text[0] === '+' || text[0] === '-';
    const int = whole >= minInt && whole <= maxInt ? whole : null;
    const uint = whole >= 0n && whole <= maxUint && (!signed || whole === 0n) ? whole : null;
    if (int !== null || uint !== null) return { int, uint, float: Number(int ?? uint ?? 0n), complex: null };
  }
  const float = parseFloatText(text);
  if (float === null) throw new GoError(`illegal number syntax: ${quote(text)}`);
  // A float that looks like an integer is one that is too large for an int.
  if (!/[.eEpP]/.test(text)) throw new GoError(`integer overflow: ${quote(text)}`);
  return fromFloat(float);
}

const bases: Readonly<Record<string, { readonly base: string; readonly digits: RegExp }>> = {
  x: { base: '0x', digits: /^_?[0-9a-fA-F]+(_[0-9a-fA-F]+)*$/ },
  o: { base: '0o', digits: /^_?[0-7]+(_[0-7]+)*$/ },
  b: { base: '0b', digits: /^_?[01]+(_[01]+)*$/ },
};

/** strconv.ParseInt with base 0, without a range: `0x1F`, `0o17`, `017`, `0b11`, `1_000`. */
function parseInteger(text: string): bigint | null {
  const sign = text[0] === '-' ? -1n : 1n;
  const body = text[0] === '-' || text[0] === '+' ? text.slice(1) : text;
  const kind = bases[(body[0] === '0' ? (body[1] ?? '') : '').toLowerCase()];
  if (kind !== undefined) {
    const digits = body.slice(2);
    return kind.digits.test(digits) ? sign * BigInt(kind.base + digits.replaceAll('_', '')) : null;
  }
  if (/^0_?[0-7]+(_[0-7]+)*$/.test(body)) return sign * BigInt(`0o${body.slice(1).replaceAll('_', '')}`);
  if (body === '0' || /^[1-9][0-9]*(_[0-9]+)*$/.test(body)) return sign * BigInt(body.replaceAll('_', ''));
  return null;
}

/** strconv.ParseFloat, but for `Inf` and `NaN`, which are no numbers in a template. */
function parseFloatText(text: string): number | null {
  if (/(^|[^0-9a-fA-FxX])_|_($|[^0-9a-fA-F])/.test(text)) return null;
  const bare = text.replaceAll('_', '');
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/.exec(bare);
  if (match !== null) return hexFloat(match);
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(bare)) return null;
  const value = Number(bare);
  return Number.isFinite(value) ? value : null;
}

function hexFloat(match: RegExpExecArray): number | null {
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  const digits = whole + fraction;
  if (digits === '' || digits.length > 4000) return null;
  let value = Number(BigInt(`0x${digits}`));
  let power = Number(match[4]) - 4 * fraction.length;
  if (Math.abs(power) > 20_000) return value === 0 || power < 0 ? 0 : null;
  // In steps, since 2 ** power alone may be out of range where the product is not.
  for (; power > 1000; power -= 1000) value *= 2 ** 1000;
  for (; power < -1000; power += 1000) value *= 2 ** -1000;
  value *= 2 ** power;
  if (!Number.isFinite(value)) return null;
  return match[1] === '-' ? -value : value;
}
