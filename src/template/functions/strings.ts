import { formatV, quote } from '../format.js';
import { byteLength, byteSlice, compareBytes } from '../reflect.js';
import { hasInvalidBytes } from '../text.js';
import { GoError, type GoFunc, type GoMap, GoSlice, type GoValue } from '../value.js';
import {
  alias,
  checkItems,
  checkSize,
  define,
  defineVariadic,
  stringMap,
  stringSlice,
  strings,
  strval,
} from './args.js';
import { swapCase, toConnectedCase, toLower, toPascalCase, toTitle, toUpper, trimSpace, uncapitalize } from './case.js';
import { abbreviate, bytesOf, deleteWhiteSpace, initials, textOf, wrapWords } from './words.js';

/** strings.Repeat. */
function repeat(text: string, count: number): string {
  if (count < 0) throw new GoError('strings: negative Repeat count');
  checkSize(text.length * count, 'repeat');
  return text.repeat(count);
}

function indent(spaces: number, text: string): string {
  const pad = repeat(' ', spaces);
  return pad + text.replaceAll('\n', `\n${pad}`);
}

/** strings.Replace of all; an empty `from` stands before every character and at the end. */
function replace(text: string, from: string, to: string): string {
  if (hasInvalidBytes(from)) return textOf(bytesOf(text).split(bytesOf(from)).join(bytesOf(to)));
  if (from !== '') return text.split(from).join(to);
  return `${to}${[...text].map((char) => char + to).join('')}`;
}

/** strings.SplitN; a negative count is all, 0 nothing. */
export function splitN(text: string, separator: string, count: number): string[] {
  if (count === 0) return [];
  if (hasInvalidBytes(separator)) return splitN(bytesOf(text), bytesOf(separator), count).map(textOf);
  // `[...text]` of a long text would end the program.
  if (separator === '') checkItems(text.length);
  const parts = separator === '' ? [...text] : text.split(separator);
  checkItems(parts.length);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** Looks for a part in a text; among the bytes, where the part is no whole characters. */
function inBytes<T>(part: string, text: string, look: (part: string, text: string) => T): T {
  return hasInvalidBytes(part) ? look(bytesOf(part), bytesOf(text)) : look(part, text);
}

const startsWith = (text: string, start: string): boolean =>
  inBytes(start, text, (part, whole) => whole.startsWith(part));
const endsWith = (text: string, end: string): boolean => inBytes(end, text, (part, whole) => whole.endsWith(part));

/** `_0`, `_1`, …, as templates can reach them. */
function numbered(parts: readonly string[]): GoMap {
  return stringMap(parts.map((part, i) => [`_${i}`, part]));
}

/** strings.Trim with a set of characters. */
function trimSet(text: string, set: string): string {
  // Bytes that are no text are all the same here: Go's RuneError.
  const seen = (char: string): string => (hasInvalidBytes(char) ? '\ufffd' : char);
  const chars = new Set([...set].map(seen));
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (start < end && chars.has(seen(all[start] ?? ''))) start += 1;
  while (end > start && chars.has(seen(all[end - 1] ?? ''))) end -= 1;
  return all.slice(start, end).join('');
}

/** In bytes; a negative count takes from the end. */
function trunc(count: number, text: string): string {
  const length = byteLength(text);
  if (count < 0 && length + count > 0) return byteSlice(text, length + count, length);
  return count >= 0 && length > count ? byteSlice(text, 0, count) : text;
}

/** In bytes, with Go's complaints about bounds. */
function substr(start: number, end: number, text: string): string {
  const length = byteLength(text);
  if (start < 0) {
    if (end < 0) throw new GoError(`runtime error: slice bounds out of range [:${end}]`);
    if (end > length) throw new GoError(`runtime error: slice bounds out of range [:${end}] with length ${length}`);
    return byteSlice(text, 0, end);
  }
  const stop = end < 0 || end > length ? length : end;
  if (start > stop) throw new GoError(`runtime error: slice bounds out of range [${start}:${stop}]`);
  return byteSlice(text, start, stop);
}

function sortAlpha(value: GoValue): GoSlice {
  if (!(value instanceof GoSlice)) return stringSlice([strval(value)]);
  const sorted = strings(value).sort(compareBytes);
  if (value.element !== 'string') return stringSlice(sorted);
  // A []string is sorted where it is.
  value.items.splice(0, value.items.length, ...sorted);
  return value;
}

function toStrings(value: GoValue): GoSlice {
  return value instanceof GoSlice && value.element === 'string' ? value : stringSlice(strings(value));
}

/** sprig's functions of strings. Follows: sprig v3.3.0, strings.go and functions.go. */
export function stringFunctions(): readonly GoFunc[] {
  const trimAll = define('trimAll', ['string', 'string'], (a) => trimSet(a.str(1), a.str(0)));
  return [
    define('hello', [], () => 'Hello!'),
    define('trim', ['string'], (a) => trimSpace(a.str(0))),
    trimAll,
    alias('trimall', trimAll),
    define('trimSuffix', ['string', 'string'], (a) => {
      const [end, text] = [a.str(0), a.str(1)];
      return endsWith(text, end) ? byteSlice(text, 0, byteLength(text) - byteLength(end)) : text;
    }),
    define('trimPrefix', ['string', 'string'], (a) => {
      const [start, text] = [a.str(0), a.str(1)];
      return startsWith(text, start) ? byteSlice(text, byteLength(start), byteLength(text)) : text;
    }),
    define('upper', ['string'], (a) => toUpper(a.str(0))),
    define('lower', ['string'], (a) => toLower(a.str(0))),
    define('title', ['string'], (a) => toTitle(a.str(0))),
    define('untitle', ['string'], (a) => uncapitalize(a.str(0))),
    define('swapcase', ['string'], (a) => swapCase(a.str(0))),
    define('snakecase', ['string'], (a) => toConnectedCase(a.str(0), '_')),
    define('kebabcase', ['string'], (a) => toConnectedCase(a.str(0), '-')),
    define('camelcase', ['string'], (a) => toPascalCase(a.str(0))),
    define('trunc', ['int', 'string'], (a) => trunc(a.int(0), a.str(1))),
    define('substr', ['int', 'int', 'string'], (a) => substr(a.int(0), a.int(1), a.str(2))),
    define('repeat', ['int', 'string'], (a) => repeat(a.str(1), a.int(0))),
    define('nospace', ['string'], (a) => deleteWhiteSpace(a.str(0))),
    define('initials', ['string'], (a) => initials(a.str(0))),
    define('abbrev', ['int', 'string'], (a) => (a.int(0) < 4 ? a.str(1) : abbreviate(a.str(1), 0, a.int(0)))),
    define('abbrevboth', ['int', 'int', 'string'], (a) =>
      a.int(1) < 4 || (a.int(0) > 0 && a.int(1) < 7) ? a.str(2) : abbreviate(a.str(2), a.int(0), a.int(1)),
    ),
    define('wrap', ['int', 'string'], (a) => wrapWords(a.str(1), a.int(0), '', false)),
    define('wrapWith', ['int', 'string', 'string'], (a) => wrapWords(a.str(2), a.int(0), a.str(1), true)),
    define('contains', ['string', 'string'], (a) => inBytes(a.str(0), a.str(1), (part, text) => text.includes(part))),
    define('hasPrefix', ['string', 'string'], (a) => startsWith(a.str(1), a.str(0))),
    define('hasSuffix', ['string', 'string'], (a) => endsWith(a.str(1), a.str(0))),
    defineVariadic('quote', [], 'any', (a) => joinQuoted(a.all, (value) => quote(strval(value)))),
    defineVariadic('squote', [], 'any', (a) => joinQuoted(a.all, (value) => `'${formatV(value)}'`)),
    defineVariadic('cat', [], 'any', (a) => joinQuoted(a.all, formatV)),
    define('indent', ['int', 'string'], (a) => indent(a.int(0), a.str(1))),
    define('nindent', ['int', 'string'], (a) => `\n${indent(a.int(0), a.str(1))}`),
    define('replace', ['string', 'string', 'string'], (a) => replace(a.str(2), a.str(0), a.str(1))),
    define('plural', ['string', 'string', 'int'], (a) => (a.int(2) === 1 ? a.str(0) : a.str(1))),
    define('toString', ['any'], (a) => strval(a.any(0))),
    define('toStrings', ['any'], (a) => toStrings(a.any(0))),
    define('join', ['string', 'any'], (a) => strings(a.any(1)).join(a.str(0))),
    define('sortAlpha', ['any'], (a) => sortAlpha(a.any(0))),
    define('split', ['string', 'string'], (a) => numbered(splitN(a.str(1), a.str(0), -1))),
    define('splitList', ['string', 'string'], (a) => stringSlice(splitN(a.str(1), a.str(0), -1))),
    define('splitn', ['string', 'int', 'string'], (a) => numbered(splitN(a.str(2), a.str(0), a.int(1)))),
    define('fail', ['string'], (a) => {
      throw new GoError(a.str(0));
    }),
  ];
}

/** What is not nil, with blanks between. */
function joinQuoted(values: readonly GoValue[], show: (value: GoValue) => string): string {
  return values
    .filter((value) => value !== null)
    .map(show)
    .join(' ');
}
