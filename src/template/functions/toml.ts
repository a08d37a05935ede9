import { formatFloat, sliceBytes } from '../format.js';
import { compareBytes, kindName, typeName } from '../reflect.js';
import { GoError, GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue } from '../value.js';
import { work } from '../work.js';
import { formatLayout } from './layout.js';
import { clockOf, fixedName, type Moment, momentOf } from './time.js';

const nilElement = 'toml: cannot encode array with nil element';
const deepest = 1000;

type Kind = 'nil' | 'table' | 'tables' | 'value';

/** How TOML has to write a value: as a table, as a list of tables or after `=`. */
function kindOf(value: GoValue): Kind {
  work();
  if (value === null) return 'nil';
  if (value instanceof GoMap) return 'table';
  if (momentOf(value) !== null) return 'value';
  if (value instanceof GoObject && value.kind === 'complex128') throw new GoError(`unsupported type: ${value.type}`);
  if (value instanceof GoObject) return value.kind === 'map' || value.kind === 'struct' ? 'table' : 'value';
  if (value instanceof GoFunc) throw new GoError('unsupported type: func');
  if (!(value instanceof GoSlice)) return 'value';
  if (value.isNil) return 'nil';
  const kinds = value.items.map(kindOf);
  if (kinds.includes('nil')) throw new GoError(nilElement);
  return kinds.length > 0 && kinds.every((kind) => kind === 'table') ? 'tables' : 'value';
}

function entriesOf(value: GoValue): ReadonlyMap<string, GoValue> {
  if (value instanceof GoMap) return value.entries;
  return value instanceof GoObject ? value.fields : new Map();
}

/** Entries with plain values and those of tables, each in byte order; what is nil is among the plain ones. */
function parted(value: GoValue): {
  readonly plain: readonly [string, GoValue][];
  readonly tables: readonly [string, GoValue][];
} {
  const plain: [string, GoValue][] = [];
  const tables: [string, GoValue][] = [];
  for (const entry of [...entriesOf(value)].sort((a, b) => compareBytes(a[0], b[0]))) {
    const kind = kindOf(entry[1]);
    (kind === 'table' || kind === 'tables' ? tables : plain).push(entry);
  }
  return { plain, tables };
}

/** A map within a value. A comma follows what is not last, though nil may be all that comes after it. */
function inlineTable(value: GoValue, depth: number): string {
  const { plain, tables } = parted(value);
  const written = (entries: readonly [string, GoValue][], more: boolean): string =>
    entries
      .map(([key, item], i) => {
        if (kindOf(item) === 'nil') return '';
        return `${quoteKey(key)} = ${element(item, depth + 1)}${more || i < entries.length - 1 ? ', ' : ''}`;
      })
      .join('');
  return `{${written(plain, tables.length > 0)}${written(tables, false)}}`;
}

/**
 * A map as TOML, as BurntSushi/toml v1.6 encodes it: two spaces for each level of tables, plain values before tables.
 *
 * Throws GoError with its text.
 */
export function writeToml(value: GoValue): string {
  const writer = new TomlWriter();
  writer.encode([], value);
  return writer.text;
}

class TomlWriter {
  text = '';

  encode(key: readonly string[], value: GoValue): void {
    if (key.length > deepest) throw new GoError('toml: the value is nested too deeply, or contains itself');
    switch (kindOf(value)) {
      case 'nil':
        // A list at the top is written even so.
        if (key.length === 0 && value instanceof GoSlice) this.text += '[]';
        return;
      case 'table':
        this.table(key, value);
        return;
      case 'tables':
        this.tables(key, value);
        return;
      case 'value':
        if (key.length > 0) this.text += `${indentOf(key)}${quoteKey(key.at(-1) ?? '')} = `;
        this.text += element(value, 0);
        if (key.length > 0) this.newline();
    }
  }

  private newline(): void {
    if (this.text !== '') this.text += '\n';
  }

  private table(key: readonly string[], value: GoValue): void {
    if (key.length === 1) this.newline();
    if (key.length > 0) this.text += `${indentOf(key)}[${key.map(quoteKey).join('.')}]\n`;
    this.entries(key, value);
  }

  private tables(key: readonly string[], value: GoValue): void {
    if (key.length === 0) throw new GoError('toml: top-level values must be Go maps or structs');
    for (const item of value instanceof GoSlice ? value.items : []) {
      this.newline();
      this.text += `${indentOf(key)}[[${key.map(quoteKey).join('.')}]]\n`;
      this.entries(key, item);
    }
  }

  private entries(key: readonly string[], value: GoValue): void {
    const { plain, tables } = parted(value);
    for (const [name, item] of [...plain, ...tables]) this.encode([...key, name], item);
  }
}

function indentOf(key: readonly string[]): string {
  return '  '.repeat(key.length - 1);
}

function quoteKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoteText(key);
}

/** A value after `=` or within a list. */
function element(value: GoValue, depth: number): string {
  if (depth > deepest) throw new GoError('toml: the value is nested too deeply, or contains itself');
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return floatText(value);
  if (value instanceof GoInt) return value.value.toString();
  if (value instanceof GoSlice) {
    if (value.element === 'uint8') return `[${[...sliceBytes(value)].join(', ')}]`;
    return `[${value.items.map((item) => element(item, depth + 1)).join(', ')}]`;
  }
  if (value instanceof GoMap || (value instanceof GoObject && value.text === undefined)) {
    return inlineTable(value, depth);
  }
  const moment = momentOf(value);
  if (moment !== null) return timeText(moment);
  if (value instanceof GoObject) return quoteText(value.text?.() ?? '');
  throw new GoError(`unexpected type: ${value === null ? kindName(value) : typeName(value)}`);
}

/** TOML's dates and times without an offset keep their form. */
function timeText(moment: Moment): string {
  const layout = localLayouts.get(fixedName(moment.zone) ?? '');
  const shown = layout === undefined ? moment : { ...moment, zone: 'UTC' };
  return formatLayout(layout ?? '2006-01-02T15:04:05.999999999Z07:00', clockOf(shown));
}

const localLayouts: ReadonlyMap<string, string> = new Map([
  ['datetime-local', '2006-01-02T15:04:05.999999999'],
  ['date-local', '2006-01-02'],
  ['time-local', '15:04:05.999999999'],
]);

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = formatFloat(value, 'g', -1);
  return /[e.]/.test(text) ? text : `${text}.0`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** A text in double quotes, as BurntSushi/toml writes it. */
export function quoteText(text: string): string {
  const out = text.replace(/["\\\x7f]|\p{Cc}/gu, (char) => {
    const code = char.charCodeAt(0);
    if (code > 0x7f) return char;
    return escapes[char] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${out}"`;
}
