import { YamlSyntaxError } from './syntax-error.js';

export const strTag = 'tag:yaml.org,2002:str';
export const boolTag = 'tag:yaml.org,2002:bool';
export const intTag = 'tag:yaml.org,2002:int';
export const floatTag = 'tag:yaml.org,2002:float';
export const nullTag = 'tag:yaml.org,2002:null';
export const timestampTag = 'tag:yaml.org,2002:timestamp';
export const binaryTag = 'tag:yaml.org,2002:binary';
export const mergeTag = 'tag:yaml.org,2002:merge';

const longPrefix = 'tag:yaml.org,2002:';

/** What a scalar stands for. Integers are bigint, floats number. */
export interface Resolved {
  readonly tag: string;
  readonly value: null | boolean | number | bigint | string;
}

const words: ReadonlyMap<string, Resolved> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word): [string, Resolved] => [
    word,
    { tag: boolTag, value: true },
  ]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word): [string, Resolved] => [
    word,
    { tag: boolTag, value: false },
  ]),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Resolved] => [word, { tag: nullTag, value: null }]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Resolved] => [word, { tag: floatTag, value: Number.NaN }]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Resolved] => [
    word,
    { tag: floatTag, value: Number.POSITIVE_INFINITY },
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Resolved] => [
    word,
    { tag: floatTag, value: Number.NEGATIVE_INFINITY },
  ]),
]);

/** What the first character of a plain scalar says: 0 nothing but text, 1 perhaps a word, 2 a digit or sign, 3 a dot. */
const hints = new Uint8Array(128);
for (const char of 'yYnNtTfFoO~') hints[char.charCodeAt(0)] = 1;
for (const char of '+-0123456789') hints[char.charCodeAt(0)] = 2;
hints['.'.charCodeAt(0)] = 3;

/** Whether a plain scalar can only be text, by its first character alone. */
export function isText(value: string): boolean {
  return value !== '' && (hints[value.charCodeAt(0)] ?? 0) === 0;
}

/**
 * The type and value of a scalar with this tag (empty: none, and plain).
 *
 * Follows go-yaml v2, resolve.go: YAML 1.1's booleans, `_` within numbers, base 0 integers, no base 60; what reads as
 * a timestamp keeps its text as value. Throws YamlSyntaxError where text and tag contradict.
 */
export function resolve(tag: string, text: string): Resolved {
  if (tag === strTag) return { tag: strTag, value: text };
  if (tag === '') return resolvePlain(text, true);
  if (tag !== boolTag && tag !== intTag && tag !== floatTag && tag !== nullTag && tag !== timestampTag) {
    return { tag, value: text };
  }
  const found = resolvePlain(text, tag === timestampTag);
  if (found.tag === tag) return found;
  if (tag === floatTag && typeof found.value === 'bigint' && BigInt.asIntN(64, found.value) === found.value) {
    return { tag, value: Number(found.value) };
  }
  throw new YamlSyntaxError(`cannot decode ${shortTag(found.tag)} \`${text}\` as a ${shortTag(tag)}`);
}

function shortTag(tag: string): string {
  return tag.startsWith(longPrefix) ? `!!${tag.slice(longPrefix.length)}` : tag;
}

function resolvePlain(text: string, dates: boolean): Resolved {
  if (isText(text)) return { tag: strTag, value: text };
  const word = words.get(text);
  if (word !== undefined) return word;
  const hint = hints[text.charCodeAt(0)] ?? 0;
  if (hint === 2) {
    if (dates && isTimestamp(text)) return { tag: timestampTag, value: text };
    return resolveNumber(text.replaceAll('_', '')) ?? { tag: strTag, value: text };
  }
  if (hint === 3) {
    // Here go-yaml leaves `_` to strconv.ParseFloat, which takes it between digits.
    const value = parseFloatText(text.replace(/(?<=[0-9])_(?=[0-9])/g, ''));
    if (value !== null) return { tag: floatTag, value };
  }
  return { tag: strTag, value: text };
}

function resolveNumber(plain: string): Resolved | null {
  const int = parseInteger(plain);
  if (int !== null) return { tag: intTag, value: int };
  const value = parseFloatText(plain);
  return value === null ? null : { tag: floatTag, value };
}

const maxUint64 = (1n << 64n) - 1n;
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|(0[0-7]*|[1-9][0-9]*))$/;

/** strconv.ParseInt and ParseUint with base 0 and 64 bits (underscores were removed before). */
function parseInteger(text: string): bigint | null {
  const match = integer.exec(text);
  if (match === null) return null;
  const [, sign, hex, binary, octal, plain] = match;
  let value: bigint;
  if (hex !== undefined) value = BigInt(`0x${hex}`);
  else if (binary !== undefined) value = BigInt(`0b${binary}`);
  else if (octal !== undefined) value = BigInt(`0o${octal}`);
  else if (plain === undefined || plain.length > 400) return null;
  else value = plain.length > 1 && plain.startsWith('0') ? BigInt(`0o${plain.slice(1)}`) : BigInt(plain);
  if (sign === '-') return value > 1n << 63n ? null : -value;
  if (sign === '+') return value >= 1n << 63n ? null : value;
  return value > maxUint64 ? null : value;
}

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** A decimal float, or null where it is none or beyond float64. */
function parseFloatText(text: string): number | null {
  if (!float.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

const date = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/;
const dateTime =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?$/;

/** Whether Go's time.Parse takes the text for one of the forms of a YAML timestamp that go-yaml knows. */
export function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== 45) return false;
  const day = date.exec(text) ?? dateTime.exec(text);
  if (day === null) return false;
  const [, year, month, dayOfMonth, mark, hour, minute, second, zone] = day;
  if (!isDay(Number(year), Number(month), Number(dayOfMonth))) return false;
  if (mark === undefined) return true;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false;
  if (mark === ' ') return zone === undefined;
  if (zone === undefined) return false;
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60);
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
