import { formatFloat, sliceBytes } from '../format.js';
import { compareBytes, typeName } from '../reflect.js';
import { GoError, GoFunc, GoInt, GoMap, type GoObject, GoSlice, type GoValue, isNilMap } from '../value.js';
import { work } from '../work.js';

export interface JsonOptions {
  /** Whether `<`, `>` and `&` are written as `\u003c` and the like, as json.Marshal does. */
  readonly escapeHtml: boolean;
  /** The indentation of one level, or empty for one line (json.MarshalIndent with an empty prefix). */
  readonly indent: string;
}

const compact: JsonOptions = { escapeHtml: true, indent: '' };

/** Below this depth Go looks for values that contain themselves; nothing real is as deep. */
const deepest = 1000;

/**
 * A value as Go's encoding/json writes it: keys in byte order, floats as ES6 writes them, bytes that are no UTF-8 as
 * U+FFFD, `[]byte` in base64, nil slices as null. Structs give their fields, or what their method MarshalJSON returns.
 *
 * Throws GoError with Go's text: `json: unsupported value: NaN`, `json: unsupported type: func()`, ….
 */
export function writeJson(value: GoValue, options: JsonOptions = compact): string {
  return write(value, options, '\n', 0);
}

function write(value: GoValue, options: JsonOptions, newline: string, depth: number): string {
  work();
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return jsonString(value, options.escapeHtml);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return jsonNumber(value);
  }
  if (value instanceof GoInt) return value.value.toString();
  if (depth > deepest) throw new GoError(`json: unsupported value: encountered a cycle via ${typeName(value)}`);
  if (value instanceof GoMap && isNilMap(value)) return 'null';
  if (value instanceof GoMap) return writeObject(sortedEntries(value.entries), options, newline, depth);
  if (value instanceof GoSlice) {
    if (value.isNil) return 'null';
    if (value.element === 'uint8') return `"${Buffer.from(sliceBytes(value)).toString('base64')}"`;
    return writeList(value.items, options, newline, depth);
  }
  if (value instanceof GoFunc) throw new GoError(`json: unsupported type: ${typeName(value)}`);
  return writeGoObject(value, options, newline, depth);
}

function writeGoObject(value: GoObject, options: JsonOptions, newline: string, depth: number): string {
  const marshal = value.methods.get('MarshalJSON');
  if (marshal !== undefined) {
    const text = marshal.call([]);
    return typeof text === 'string' ? text : 'null';
  }
  switch (value.kind) {
    case 'func':
    case 'complex128':
      throw new GoError(`json: unsupported type: ${value.type}`);
    case 'string':
      return jsonString(typeof value.payload === 'string' ? value.payload : (value.text?.() ?? ''), options.escapeHtml);
    case 'slice':
      return writeList([...value.fields.values()], options, newline, depth);
    case 'map':
      return writeObject(sortedEntries(value.fields), options, newline, depth);
    case 'struct':
    case 'ptr':
      return writeObject([...value.fields], options, newline, depth);
  }
}

function writeList(items: readonly GoValue[], options: JsonOptions, newline: string, depth: number): string {
  if (items.length === 0) return '[]';
  const inner = newline + options.indent;
  const gap = options.indent === '' ? '' : inner;
  let out = '[';
  for (let i = 0; i < items.length; i++) {
    out += (i === 0 ? '' : ',') + gap + write(items[i] ?? null, options, inner, depth + 1);
  }
  return `${out}${options.indent === '' ? '' : newline}]`;
}

function writeObject(
  entries: readonly (readonly [string, GoValue])[],
  options: JsonOptions,
  newline: string,
  depth: number,
): string {
  if (entries.length === 0) return '{}';
  const inner = newline + options.indent;
  const gap = options.indent === '' ? '' : inner;
  const colon = options.indent === '' ? ':' : ': ';
  let out = '{';
  let separator = '';
  for (const [key, item] of entries) {
    out += separator + gap + jsonString(key, options.escapeHtml) + colon + write(item, options, inner, depth + 1);
    separator = ',';
  }
  return `${out}${options.indent === '' ? '' : newline}}`;
}

/** The entries of a map in the byte order of their keys. */
function sortedEntries(entries: ReadonlyMap<string, GoValue>): [string, GoValue][] {
  return [...entries].sort((a, b) => compareBytes(a[0], b[0]));
}

/** A float64 as encoding/json writes it. Throws GoError for what is no number. */
export function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new GoError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

const plainJson = /^[\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x5b\x5d-\x7f]*$/;
const escaped = /["\\<>&\u2028\u2029]|\p{Cc}|\p{Cs}/gu;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string as encoding/json quotes it. */
export function jsonString(text: string, escapeHtml: boolean): string {
  if (plainJson.test(text)) return `"${text}"`;
  const out = text.replace(escaped, (char) => {
    const short = shortEscapes[char];
    if (short !== undefined) return short;
    const code = char.charCodeAt(0);
    if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
    if (code >= 0x7f && code < 0x2000) return char;
    if (!escapeHtml && (char === '<' || char === '>' || char === '&')) return char;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${out}"`;
}
