/**
 * One value with one verb of Go's fmt. Follows: package fmt (print.go, format.go) of Go 1.26 and its documentation.
 */
import { type Complex, complexOf } from './complex.js';
import { type FloatFormat, formatFloat } from './float.js';
import { intText } from './named.js';
import { canBackquote, quote, quoteRune } from './quote.js';
import { maxValueDepth, typeName } from './reflect.js';
import { compareBytes, goBytes, goString, isPrint, runeCount } from './text.js';
import { GoError, GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue, isNilMap, nilPointer } from './value.js';
import { work } from './work.js';

/** The flags of one verb, with what was read of width and precision. */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  plusV: boolean;
  sharpV: boolean;
  width: number | null;
  precision: number | null;
  /** Within a complaint about a verb values are shown as they are, without their own methods. */
  readonly complaining?: true;
}

export function noFlags(): Flags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: null,
    precision: null,
  };
}

const plain: Readonly<Flags> = noFlags();

/** A value as `%v` prints it. */
export function formatV(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  if (value instanceof GoInt) return intText(value) ?? value.value.toString();
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return formatArg(value, 'v', plain);
}

/** fmt.Sprint: a blank between operands when neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  let out = '';
  let afterString = true;
  for (const [i, value] of values.entries()) {
    const isString = typeof value === 'string' || (value instanceof GoObject && value.kind === 'string');
    if (i > 0 && !isString && !afterString) out += ' ';
    out += formatV(value);
    afterString = isString;
  }
  return out;
}

/** fmt.Sprintln: blanks between all operands, a newline at the end. */
export function sprintln(values: readonly GoValue[]): string {
  return `${values.map(formatV).join(' ')}\n`;
}

/** One operand with one verb, as printArg does: `%!d(string=x)` where the verb does not fit. */
export function formatArg(value: GoValue, verb: string, flags: Readonly<Flags>): string {
  if (value === null) return verb === 'v' || verb === 'T' ? pad('<nil>', flags) : badVerb(value, verb, flags);
  if (verb === 'T') return pad(truncate(typeName(value), flags), flags);
  if (verb === 'p') return formatPointer(value, verb, flags);
  return formatValue(value, verb, flags, 0);
}

function formatValue(value: GoValue, verb: string, flags: Readonly<Flags>, depth: number): string {
  work();
  if (depth > maxValueDepth) throw new GoError('value is nested too deeply to be printed');
  if (value === null) return flags.sharpV ? 'interface {}(nil)' : '<nil>'; // a nil element, whatever the verb
  if (verb === 'w' && !(depth === 0 && isBytes(value))) return badVerb(value, verb, flags);
  if (typeof value === 'string') return formatString(value, verb, flags);
  if (typeof value === 'boolean') {
    return verb === 't' || verb === 'v' ? pad(value ? 'true' : 'false', flags) : badVerb(value, verb, flags);
  }
  if (typeof value === 'number') return formatNumber(value, verb, flags);
  if (value instanceof GoInt) return formatInteger(value, verb, flags);
  if (value instanceof GoSlice) return formatSlice(value, verb, flags, depth);
  if (value instanceof GoMap && flags.sharpV && isNilMap(value)) return `${value.type}(nil)`;
  if (value instanceof GoMap) return formatMap(value.entries, value.type, verb, flags, depth);
  if (value instanceof GoFunc) return formatPointer(value, verb, flags);
  const complex = complexOf(value);
  return complex === null ? formatObject(value, verb, flags, depth) : formatComplex(value, complex, verb, flags);
}

/** Whether Go prints a value before it asks for methods: then each byte has the wrong verb, and not the whole. */
function isBytes(value: GoValue): boolean {
  return value instanceof GoSlice && value.element === 'uint8';
}

function formatComplex(value: GoValue, { real, imaginary }: Complex, verb: string, flags: Readonly<Flags>): string {
  if (!'vbgGxXfFeE'.includes(verb)) return badVerb(value, verb, flags);
  return `(${formatNumber(real, verb, flags)}${formatNumber(imaginary, verb, { ...flags, plus: true })}i)`;
}

function badVerb(value: GoValue, verb: string, flags: Readonly<Flags>): string {
  if (value === null) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeName(value)}=${formatValue(value, 'v', { ...flags, complaining: true }, 0)})`;
}

/** Pads to the width in runes; zeros only to the left. */
function pad(text: string, flags: Readonly<Flags>, zero = flags.zero): string {
  const missing = flags.width === null ? 0 : flags.width - runeCount(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

function truncate(text: string, flags: Readonly<Flags>): string {
  if (flags.precision === null || text.length <= flags.precision) return text;
  let end = 0;
  let left = flags.precision;
  for (const char of text) {
    if (left === 0) break;
    left -= 1;
    end += char.length;
  }
  return text.slice(0, end);
}

function formatString(text: string, verb: string, flags: Readonly<Flags>): string {
  switch (verb) {
    case 'v':
      return flags.sharpV ? formatQuoted(text, flags) : pad(truncate(text, flags), flags);
    case 's':
      return pad(truncate(text, flags), flags);
    case 'x':
    case 'X':
      return formatHexBytes(goBytes(text), verb, flags);
    case 'q':
      return formatQuoted(text, flags);
    default:
      return badVerb(text, verb, flags);
  }
}

function formatQuoted(text: string, flags: Readonly<Flags>): string {
  const cut = truncate(text, flags);
  if (flags.sharp && canBackquote(cut)) return pad(`\`${cut}\``, flags);
  return pad(quote(cut, flags.plus), flags);
}

function formatHexBytes(bytes: Uint8Array, verb: 'x' | 'X', flags: Readonly<Flags>): string {
  const length = Math.min(bytes.length, flags.precision ?? bytes.length);
  const prefix = flags.sharp ? `0${verb}` : '';
  const digits = [...bytes.subarray(0, length)].map((byte) => {
    const hex = byte.toString(16).padStart(2, '0');
    return verb === 'X' ? hex.toUpperCase() : hex;
  });
  if (length === 0) return (flags.zero && !flags.minus ? '0' : ' ').repeat(flags.width ?? 0);
  const text = flags.space ? digits.map((two) => prefix + two).join(' ') : prefix + digits.join('');
  return pad(text, flags);
}

const floatVerbs: Readonly<Record<string, readonly [FloatFormat, number]>> = {
  v: ['g', -1],
  g: ['g', -1],
  G: ['G', -1],
  b: ['b', -1],
  x: ['x', -1],
  X: ['X', -1],
  e: ['e', 6],
  E: ['E', 6],
  f: ['f', 6],
  F: ['f', 6],
};

function formatNumber(value: number, verb: string, flags: Readonly<Flags>): string {
  const how = floatVerbs[verb];
  if (how === undefined) return badVerb(value, verb, flags);
  const [format, usual] = how;
  const precision = flags.precision ?? usual;
  const text = formatFloat(value, format, precision);
  const signed = text[0] === '-' || text[0] === '+';
  let sign = signed ? (text[0] ?? '') : '+';
  let digits = signed ? text.slice(1) : text;
  if (flags.space && sign === '+' && !flags.plus) sign = ' ';
  if (!Number.isFinite(value)) {
    const bare = Number.isNaN(value) && !flags.space && !flags.plus;
    return pad(bare ? digits : sign + digits, flags, false);
  }
  if (flags.sharp && format !== 'b') digits = keepPoint(digits, verb === 'F' ? 'f' : verb, precision);
  if (!flags.plus && sign === '+') return pad(digits, flags);
  if (flags.zero && !flags.minus && flags.width !== null && flags.width > digits.length + 1) {
    return sign + '0'.repeat(flags.width - digits.length - 1) + digits;
  }
  return pad(sign + digits, flags);
}

/** The sharp flag: a decimal point always, and for %g no trailing zeros removed. */
function keepPoint(digits: string, verb: string, precision: number): string {
  const hex = verb === 'x' || verb === 'X';
  const split = hex ? digits.search(/[pP]/) : digits.search(/[eE]/);
  let head = split < 0 ? digits : digits.slice(0, split);
  const tail = split < 0 ? '' : digits.slice(split);
  let wanted = 0;
  if (verb === 'v' || verb === 'g' || verb === 'G' || verb === 'x') wanted = precision === -1 ? 6 : precision;
  let started = false;
  for (const char of head) {
    if (char === '.') continue;
    if (char !== '0') started = true;
    if (started) wanted -= 1;
  }
  if (!head.includes('.')) {
    if (head === '0') wanted -= 1;
    head += '.';
  }
  return head + '0'.repeat(Math.max(wanted, 0)) + tail;
}

const bases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function formatInteger(value: GoInt, verb: string, flags: Readonly<Flags>): string {
  if (!flags.sharpV && !flags.complaining && 'vsxXq'.includes(verb)) {
    const text = intText(value);
    if (text !== null) return formatString(text, verb, flags);
  }
  const base = bases[verb];
  if (base !== undefined) {
    if (verb === 'v' && flags.sharpV && !value.signed) {
      return formatDigits(value.value, 16, 'v', { ...flags, sharp: true });
    }
    return formatDigits(value.value, base, verb, flags);
  }
  const code = value.value > 0x10ffffn || value.value < 0n ? 0xfffd : Number(value.value);
  switch (verb) {
    case 'c':
      return pad(String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code), flags);
    case 'q':
      return pad(quoteRune(code, flags.plus), flags);
    case 'U':
      return formatUnicode(value.value, flags);
    default:
      return badVerb(value, verb, flags);
  }
}

function formatDigits(value: bigint, base: number, verb: string, flags: Readonly<Flags>): string {
  const negative = value < 0n;
  if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
  let digits = (negative ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  let precision = flags.precision ?? 0;
  if (flags.precision === null && flags.zero && !flags.minus && flags.width !== null) {
    precision = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  digits = digits.padStart(precision, '0');
  if (flags.sharp) {
    if (base === 2) digits = `0b${digits}`;
    else if (base === 8 && digits[0] !== '0') digits = `0${digits}`;
    else if (base === 16) digits = `0${verb === 'X' ? 'X' : 'x'}${digits}`;
  }
  if (verb === 'O') digits = `0o${digits}`;
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return pad(sign + digits, flags, false);
}

function formatUnicode(value: bigint, flags: Readonly<Flags>): string {
  const unsigned = BigInt.asUintN(64, value);
  const precision = Math.max(flags.precision ?? 4, 4);
  let text = `U+${unsigned.toString(16).toUpperCase().padStart(precision, '0')}`;
  if (flags.sharp && unsigned <= 0x10ffffn && isPrint(Number(unsigned))) {
    text += ` '${String.fromCodePoint(Number(unsigned))}'`;
  }
  return pad(text, flags, false);
}

function formatSlice(slice: GoSlice, verb: string, flags: Readonly<Flags>, depth: number): string {
  if (slice.element === 'uint8') return formatBytes(slice, verb, flags, depth);
  return formatItems(slice, verb, flags, depth);
}

function formatItems(slice: GoSlice, verb: string, flags: Readonly<Flags>, depth: number): string {
  if (flags.sharpV && slice.isNil) return `${typeName(slice)}(nil)`;
  const items = slice.items.map((item) => formatValue(item, verb, flags, depth + 1));
  return flags.sharpV ? `${typeName(slice)}{${items.join(', ')}}` : `[${items.join(' ')}]`;
}

/** The bytes of a []byte. */
export function sliceBytes(slice: GoSlice): Uint8Array {
  return Uint8Array.from(slice.items, (item) => (item instanceof GoInt ? Number(item.value) & 0xff : 0));
}

function formatBytes(slice: GoSlice, verb: string, flags: Readonly<Flags>, depth: number): string {
  switch (verb) {
    case 's':
      return formatString(goString(sliceBytes(slice)), 's', flags);
    case 'q':
      return formatQuoted(goString(sliceBytes(slice)), flags);
    case 'x':
    case 'X':
      return formatHexBytes(sliceBytes(slice), verb, flags);
    default: {
      if (!flags.sharpV || slice.isNil || verb === 'w') return formatItems(slice, verb, flags, depth);
      const name = depth === 0 ? '[]byte' : typeName(slice);
      return `${name}{${slice.items.map((item) => formatValue(item, 'v', flags, depth + 1)).join(', ')}}`;
    }
  }
}

function formatMap(
  entries: ReadonlyMap<string, GoValue>,
  type: string,
  verb: string,
  flags: Readonly<Flags>,
  depth: number,
): string {
  const keys = [...entries.keys()].sort(compareBytes);
  const pairs = keys.map((key) => {
    const value = formatValue(entries.get(key) ?? null, verb, flags, depth + 1);
    return `${formatValue(key, verb, flags, depth + 1)}:${value}`;
  });
  return flags.sharpV ? `${type}{${pairs.join(', ')}}` : `map[${pairs.join(' ')}]`;
}

function formatObject(object: GoObject, verb: string, flags: Readonly<Flags>, depth: number): string {
  if (object.text !== undefined && !flags.sharpV && !flags.complaining && 'vsxXq'.includes(verb)) {
    return formatString(object.text(), verb, flags);
  }
  if (object.goText !== undefined && flags.sharpV && !flags.complaining) {
    return pad(truncate(object.goText(), flags), flags);
  }
  switch (object.kind) {
    case 'map':
      return formatMap(object.fields, object.type, verb, flags, depth);
    case 'slice':
      if (flags.sharpV) return `${object.type}${formatItemsOf([...object.fields.values()], flags, depth)}`;
      return formatItems(
        new GoSlice([...object.fields.values()], object.type.replace(/^\[\]/, '')),
        verb,
        flags,
        depth,
      );
    case 'string':
      return formatString(typeof object.payload === 'string' ? object.payload : '', verb, flags);
    case 'func':
      return formatPointer(object, verb, flags);
    case 'ptr':
      if (depth > 0 || object.payload === nilPointer) return formatPointer(object, verb, flags);
      return `&${formatStruct(object, object.type.replace(/^\*/, ''), verb, flags, depth)}`;
    default:
      return formatStruct(object, object.type, verb, flags, depth);
  }
}

/** `{a, b}` for `%#v`. */
function formatItemsOf(items: readonly GoValue[], flags: Readonly<Flags>, depth: number): string {
  return `{${items.map((item) => formatValue(item, 'v', flags, depth + 1)).join(', ')}}`;
}

function formatStruct(object: GoObject, type: string, verb: string, flags: Readonly<Flags>, depth: number): string {
  const fields: string[] = [];
  for (const [name, value] of object.hidden?.() ?? object.fields) {
    const text = formatValue(value, verb, flags, depth + 1);
    fields.push(flags.plusV || flags.sharpV ? `${name}:${text}` : text);
  }
  return flags.sharpV ? `${type}{${fields.join(', ')}}` : `{${fields.join(' ')}}`;
}

function formatNilPointer(value: GoObject, verb: string, flags: Readonly<Flags>): string {
  if (verb === 'v') return flags.sharpV ? `(${value.type})(nil)` : pad('<nil>', flags);
  if (verb === 'p') return formatDigits(0n, 16, 'v', { ...flags, sharp: !flags.sharp });
  return verb in bases
    ? formatDigits(0n, bases[verb] ?? 10, verb, flags)
    : `%!${verb}(${value.type}=${pad('<nil>', flags)})`;
}

/** Go prints an address, which is another one in every run; here it is always the same. */
const address = 0x2c0000123450n;

/** Whether reflection finds an address in a value (fmtPointer of fmt/print.go). */
function isPointer(value: GoValue): boolean {
  if (value instanceof GoObject) return ['ptr', 'map', 'slice', 'func'].includes(value.kind);
  return value instanceof GoMap || value instanceof GoSlice || value instanceof GoFunc;
}

function isNilValue(value: GoValue): boolean {
  return value instanceof GoSlice ? value.isNil : value instanceof GoMap && isNilMap(value);
}

function formatPointer(value: GoValue, verb: string, flags: Readonly<Flags>): string {
  if (!isPointer(value)) return badVerb(value, verb, flags);
  if (verb === 'p' && isNilValue(value)) return formatDigits(0n, 16, 'v', { ...flags, sharp: !flags.sharp });
  if (value instanceof GoObject && value.payload === nilPointer) return formatNilPointer(value, verb, flags);
  switch (verb) {
    case 'v':
      if (flags.sharpV) return `(${typeName(value)})(0x${address.toString(16)})`;
      return formatDigits(address, 16, 'v', { ...flags, sharp: !flags.sharp });
    case 'p':
      return formatDigits(address, 16, 'v', { ...flags, sharp: !flags.sharp });
    case 'b':
    case 'o':
    case 'd':
    case 'x':
    case 'X':
      return formatDigits(address, bases[verb] ?? 10, verb, flags);
    default:
      return badVerb(value, verb, flags);
  }
}
