import { quote } from '../format.js';
import { GoError, GoMap, GoSlice, type GoValue, int64 } from '../value.js';
import { parseLayout } from './layout-parse.js';
import { fixedZone, makeTime, placed } from './time.js';
import { quoteText } from './toml.js';
import type { TomlItem, TomlLexer } from './toml-lexer.js';
import { lexToml } from './toml-states.js';

/** What is wrong with a text, as toml.ParseError says it. */
class TomlError extends GoError {
  constructor(line: number, lastKey: string, message: string) {
    super(`toml: line ${line}${lastKey === '' ? '' : ` (last key ${quote(lastKey)})`}: ${message}`);
  }
}

/**
 * TOML as BurntSushi/toml decodes it into map[string]interface{}: integers are int64, lists of tables keep their type.
 * `zone` is what Go calls Local.
 *
 * Throws GoError with its words. Follows: github.com/BurntSushi/toml v1.6.0, parse.go.
 */
export function readToml(text: string, zone: () => string): GoMap {
  // UTF-16 marks are two bytes that are no UTF-8.
  const body = text.replace(/^(?:\udcff\udcfe|\udcfe\udcff|\ufeff)/, '');
  if (body.slice(0, 6).includes('\0')) {
    const message = 'files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8';
    throw new TomlError(1, '', message);
  }
  return new TomlParser(body, zone).parse();
}

type Key = readonly string[];

/** Each part of a key makes a table, and a text of all before it: thousands of them would take minutes, as in Go. */
const maxParts = 200;

/** Tables and arrays inside each other: each adds to the names of all that is in it, and to the stack. */
const maxDepth = 200;

const keyText = (key: Key): string =>
  key.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : quoteText(part))).join('.');
const parentOf = (key: Key): Key => key.slice(0, -1);
const lastOf = (key: Key): string => key.at(-1) ?? '';

const tablesType = 'map[string]interface {}';
const isTables = (value: GoValue | undefined): value is GoSlice =>
  value instanceof GoSlice && value.element === tablesType;

class TomlParser {
  readonly #lexer: TomlLexer;
  readonly #zone: () => string;
  readonly #root = new GoMap();
  readonly #implicit = new Set<string>();
  readonly #arrays = new Set<string>();
  #context: Key = [];
  #key = '';
  /** The line of the first part of the last key. */
  #line = 0;
  /** How many arrays and inline tables are open. */
  #depth = 0;

  constructor(text: string, zone: () => string) {
    this.#lexer = lexToml(text);
    this.#zone = zone;
  }

  parse(): GoMap {
    for (let item = this.#next(); item.kind !== 'eof'; item = this.#next()) this.#topLevel(item);
    return this.#root;
  }

  #next(): TomlItem {
    const item = this.#lexer.nextItem();
    if (item.kind === 'error') throw new TomlError(item.line, this.#current(), item.text);
    return item;
  }

  #wrong(item: TomlItem, message: string): TomlError {
    return new TomlError(item.line, this.#current(), message);
  }

  #wrongKey(message: string): TomlError {
    return new TomlError(this.#line, this.#current(), message);
  }

  #current(): string {
    if (this.#key === '') return keyText(this.#context);
    return this.#context.length === 0 ? this.#key : `${keyText(this.#context)}.${this.#key}`;
  }

  #topLevel(item: TomlItem): void {
    switch (item.kind) {
      case 'comment':
        this.#next();
        return;
      case 'table':
        this.#addContext(this.#keyUntil('tableEnd'), false);
        this.#setType('', false);
        return;
      case 'tables':
        this.#addContext(this.#keyUntil('tablesEnd'), true);
        this.#setType('', false);
        return;
      case 'key': {
        const outer = this.#context;
        this.#keyValue();
        this.#context = outer;
        this.#key = '';
        return;
      }
      default:
        throw new GoError(`BUG: Unexpected type at top level: ${item.kind}\n\n`);
    }
  }

  /** The parts of a key or of a table's name. */
  #keyUntil(end: TomlItem['kind']): Key {
    const key: string[] = [];
    let item = this.#next();
    this.#line = item.line;
    for (; item.kind !== end && item.kind !== 'eof'; item = this.#next()) {
      const part = item.kind === 'text' ? item.text : this.#value(item, false);
      key.push(typeof part === 'string' ? part : '');
      if (key.length > maxParts) throw this.#wrongKey(`a key of more than ${maxParts} parts`);
    }
    return key;
  }

  /** `a.b = value`: gives the key without its last part, and the value. */
  #keyValue(): { readonly context: Key; readonly value: GoValue } {
    const key = this.#keyUntil('keyEnd');
    this.#key = lastOf(key);
    const context = parentOf(key);
    for (const part of context) {
      const inner = [...this.#context, part];
      this.#implicit.add(keyText(inner));
      this.#addContext(inner, false);
    }
    const item = this.#next();
    const value = this.#value(item, false);
    this.#setValue(this.#key, value);
    this.#setType(this.#key, item.kind === 'array');
    return { context, value };
  }

  #value(item: TomlItem, inArray: boolean): GoValue {
    switch (item.kind) {
      case 'string':
      case 'rawString':
        return item.text;
      case 'stringEscaped':
        return this.#unescaped(item, item.text);
      case 'multiline':
        return this.#unescaped(item, joinedLines(item.text.replace(/^\r?\n/, '')));
      case 'rawMultiline':
        return item.text.replace(/^\r?\n/, '');
      case 'integer':
        return this.#integer(item);
      case 'float':
        return this.#float(item);
      case 'bool':
        return item.text === 'true';
      case 'datetime':
        return this.#datetime(item);
      case 'array':
        return this.#nested(() => this.#array());
      case 'inlineTable':
        return this.#nested(() => this.#inlineTable(inArray));
      default:
        throw new GoError(`BUG: Unexpected value type: ${item.kind}\n\n`);
    }
  }

  #nested(read: () => GoValue): GoValue {
    this.#depth++;
    if (this.#depth > maxDepth) throw this.#wrongKey(`more than ${maxDepth} tables and arrays inside each other`);
    const value = read();
    this.#depth--;
    return value;
  }

  #integer(item: TomlItem): GoValue {
    const { text } = item;
    if (!underscoresFit(text)) {
      throw this.#wrong(item, `Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (hasLeadingZero(text)) throw this.#wrong(item, `Invalid integer ${quote(text)}: cannot have leading zeroes`);
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    const size = BigInt(digits);
    const value = text.startsWith('-') ? -size : size;
    if (BigInt.asIntN(64, value) !== value) throw this.#wrong(item, `${text} is out of range for int64`);
    return int64(value);
  }

  #float(item: TomlItem): GoValue {
    const { text } = item;
    const parts = text.split(/[.eE]/).filter((part) => part !== '');
    if (!parts.every(underscoresFit)) {
      throw this.#wrong(item, `Invalid float ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (hasLeadingZero(parts[0] ?? '')) {
      throw this.#wrong(item, `Invalid float ${quote(text)}: cannot have leading zeroes`);
    }
    if (/\.(?![0-9])/.test(text)) {
      throw this.#wrong(item, `Invalid float ${quote(text)}: '.' must be followed by one or more digits`);
    }
    const plain = text.replaceAll('_', '');
    if (/^[-+]?nan$/.test(plain)) return Number.NaN;
    if (/^[-+]?inf$/.test(plain)) return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    if (!/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(plain)) {
      throw this.#wrong(item, `Invalid float value: ${quote(text)}`);
    }
    const value = Number(plain);
    if (!Number.isFinite(value)) throw this.#wrong(item, `${text} is out of range for float64`);
    return value;
  }

  #datetime(item: TomlItem): GoValue {
    const text = item.text.replaceAll('z', 'Z').replaceAll('t', 'T').replaceAll(' ', 'T');
    const wrong = (): TomlError => this.#wrong(item, `invalid datetime: ${quote(text)}`);
    for (const [layout, name] of dateLayouts) {
      const value = tryLayout(layout, text, name, this.#zone);
      if (value === null) continue;
      if (lacksZero(text, layout)) throw wrong();
      return value;
    }
    throw wrong();
  }

  #array(): GoValue {
    this.#setType(this.#key, true);
    const items: GoValue[] = [];
    for (let item = this.#next(); item.kind !== 'arrayEnd'; item = this.#next()) {
      if (item.kind === 'comment') this.#next();
      else items.push(this.#value(item, true));
    }
    return new GoSlice(items);
  }

  #inlineTable(inArray: boolean): GoValue {
    const table = new GoMap();
    const outer = { context: this.#context, key: this.#key };
    const inside = [...this.#context, this.#key];
    this.#context = inside;
    this.#key = '';
    this.#implicit.add(keyText(inside));
    this.#addContext(inside, inArray);
    const context = inside;
    for (let item = this.#next(); item.kind !== 'inlineTableEnd'; item = this.#next()) {
      if (item.kind === 'comment') {
        this.#next();
        continue;
      }
      const { context: path, value } = this.#keyValue();
      let at = table;
      for (const part of path) {
        const inner = at.entries.get(part) ?? new GoMap();
        if (!(inner instanceof GoMap)) throw this.#wrongKey(`${goList(this.#context)} is not a table`);
        at.entries.set(part, inner);
        at = inner;
      }
      at.entries.set(this.#key, value);
      this.#context = context;
    }
    this.#context = outer.context;
    this.#key = outer.key;
    return table;
  }

  /** Makes a table, or the next of a list of tables, the one that keys belong to. */
  #addContext(key: Key, isList: boolean): void {
    let table = this.#root;
    const above: string[] = [];
    for (const part of parentOf(key)) {
      above.push(part);
      if (!table.entries.has(part)) {
        this.#implicit.add(keyText(above));
        table.entries.set(part, new GoMap());
      }
      const inner = table.entries.get(part);
      const next = isTables(inner) ? inner.items.at(-1) : inner;
      if (!(next instanceof GoMap)) {
        throw this.#wrongKey(`Key '${keyText(above)}' was already created as a hash.`);
      }
      table = next;
    }
    this.#context = above;
    const last = lastOf(key);
    if (isList) {
      const known = table.entries.get(last) ?? new GoSlice([], tablesType);
      if (!isTables(known)) {
        throw this.#wrongKey(`Key '${keyText(key)}' was already created and cannot be used as an array.`);
      }
      table.entries.set(last, known);
      known.items.push(new GoMap());
    } else this.#setValue(last, new GoMap());
    this.#context = [...this.#context, last];
  }

  #setValue(key: string, value: GoValue): void {
    let table = this.#root;
    const above: string[] = [];
    for (const part of this.#context) {
      above.push(part);
      const inner = table.entries.get(part);
      if (inner === undefined) {
        throw new GoError(`BUG: Context for key '${keyText(above)}' has not been established.\n\n`);
      }
      const next = isTables(inner) ? inner.items.at(-1) : inner;
      if (!(next instanceof GoMap)) throw this.#wrongKey(`Key '${keyText(above)}' has already been defined.`);
      table = next;
    }
    const whole = keyText([...above, key]);
    if (table.entries.has(key)) {
      if (!this.#implicit.has(whole)) throw this.#wrongKey(`Key '${whole}' has already been defined.`);
      this.#implicit.delete(whole);
      if (this.#arrays.has(whole)) table.entries.set(key, value);
      return;
    }
    table.entries.set(key, value);
  }

  /** What a key is, as far as it matters: an array or not. */
  #setType(key: string, isArray: boolean): void {
    const whole = keyText(key === '' ? this.#context : [...this.#context, key]);
    if (isArray) this.#arrays.add(whole);
    else this.#arrays.delete(whole);
  }

  #unescaped(item: TomlItem, text: string): string {
    return text.replace(/\\(?:x(..)|u(.{4})|U(.{8})|([\s\S]))/g, (_all, x, u, U, plain) => {
      if (plain !== undefined) {
        if (plain === ' ' || plain === '\t') throw this.#wrong(item, `invalid escape: '\\${plain}'`);
        return escapes[plain] ?? plain;
      }
      const hex: string = x ?? u ?? U;
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        throw this.#wrong(item, `Escaped character '\\u${hex}' is not valid UTF-8.`);
      }
      return String.fromCodePoint(code);
    });
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\x1b',
};

/** A list of texts as `%q` prints it. */
const goList = (key: Key): string => `[${key.map((part) => quote(part)).join(' ')}]`;

/** Takes a backslash at the end of a line out, with all blanks up to the next text. */
function joinedLines(text: string): string {
  return text.replace(/\\\\|\\[ \t\r\n]*\n[ \t\r\n]*/g, (found) => (found === '\\\\' ? found : ''));
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./.test(text);
}

function underscoresFit(text: string): boolean {
  if (/^[-+]?(?:nan|inf)$/.test(text)) return true;
  let accept = false;
  for (const char of text) {
    if (char === '_' && !accept) return false;
    accept = /[0-9a-fA-F]/.test(char);
  }
  return accept;
}

const dateLayouts: readonly (readonly [layout: string, zone: string | null])[] = [
  ['2006-01-02T15:04:05.999999999Z07:00', null],
  ['2006-01-02T15:04:05.999999999', 'datetime-local'],
  ['2006-01-02', 'date-local'],
  ['15:04:05.999999999', 'time-local'],
  ['2006-01-02T15:04Z07:00', null],
  ['2006-01-02T15:04', 'datetime-local'],
  ['15:04', 'time-local'],
];

function tryLayout(layout: string, text: string, name: string | null, zone: () => string): GoValue {
  try {
    const parsed = parseLayout(layout, text);
    if (name === null) return makeTime(placed(parsed, zone()));
    const { isLocal, ...moment } = placed(parsed, fixedZone(name, 0));
    return makeTime(moment);
  } catch (error) {
    if (error instanceof GoError) return null;
    throw error;
  }
}

/** Whether a number of one digit stands where the layout has two. */
function lacksZero(text: string, layout: string): boolean {
  for (let i = 0; i < layout.length; i++) {
    const char = layout[i] ?? '';
    if (char === '.' || char === 'Z') return false;
    if (!/[0-9]/.test(char) && text[i] !== char) return true;
  }
  return false;
}
