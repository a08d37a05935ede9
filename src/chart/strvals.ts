import { GoMap, GoSlice, type GoValue, int64, quote, typeName } from '../template/index.js';
import { fromJson } from './go-values.js';
import { JsonError, parseJsonPrefix } from './json.js';
import { quoteRune } from './text.js';

/** What is wrong with an argument of `--set` and its kin, in Helm's words. */
export class StrvalsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StrvalsError';
  }
}

/** How the text behind `=` becomes a value. */
export type SetKind = 'set' | 'string' | 'json' | 'literal' | { readonly file: (path: string) => string };

/**
 * Lays one argument (`a.b[0]=x,c={1,2}`) into a map, changing it, by the grammar of `--set`, `--set-string`,
 * `--set-json`, `--set-literal` or `--set-file`. Throws StrvalsError.
 *
 * Follows: helm pkg/strvals/parser.go and literal_parser.go. Helm 4 takes an index without its `]` for the end.
 */
export function setInto(argument: string, target: GoMap, kind: SetKind, helm: 3 | 4 = 3): void {
  const parser = new StrvalsParser(argument, kind, helm);
  while (!parser.key(target, 0));
}

const maxIndex = 65_536;
const maxNesting = 30;

/** The parser's methods answer whether the end of the argument was reached (Go's io.EOF). */
class StrvalsParser {
  readonly #text: string;
  readonly #chars: readonly string[];
  /** Where each character begins in the text; null where that is its number. */
  readonly #places: readonly number[] | null;
  readonly #kind: SetKind;
  readonly #helm: 3 | 4;
  #at = 0;

  constructor(argument: string, kind: SetKind, helm: 3 | 4) {
    this.#text = argument;
    this.#chars = [...argument];
    let place = 0;
    this.#places =
      this.#chars.length === argument.length
        ? null
        : this.#chars.map((char) => {
            place += char.length;
            return place - char.length;
          });
    this.#kind = kind;
    this.#helm = helm;
  }

  key(target: GoMap, nesting: number): boolean {
    const { text, stop } = this.#until(this.#kind === 'literal' ? '=[.' : '=[,.');
    if (stop === null) {
      if (text === '') return true;
      throw new StrvalsError(`key ${quote(text)} has no value`);
    }
    switch (stop) {
      case '[': {
        const index = this.#index();
        if (index === null) return true;
        const known = target.entries.get(text);
        if (known !== undefined && !(known instanceof GoSlice)) throw wrongType(known, '[]interface {}');
        const list = known === undefined ? [] : known.items;
        const item = this.#item(list, index, nesting);
        put(target, text, new GoSlice(item.list));
        return item.ended;
      }
      case '=':
        return this.#value(target, text);
      case ',':
        throw new StrvalsError(`key ${quote(text)} has no value (cannot end with ,)`);
      default:
        return this.#nested(target, text, nesting + 1);
    }
  }

  #nested(target: GoMap, name: string, nesting: number): boolean {
    if (nesting > maxNesting) {
      throw new StrvalsError(`value name nested level is greater than maximum supported nested level of ${maxNesting}`);
    }
    const known = target.entries.get(name);
    if (known !== undefined && !(known instanceof GoMap)) throw wrongType(known, 'map[string]interface {}');
    const inner = known ?? new GoMap();
    const ended = this.key(inner, nesting);
    if (!ended && inner.entries.size === 0) throw new StrvalsError(`key map ${quote(name)} has no value`);
    if (inner.entries.size > 0) put(target, name, inner);
    return ended;
  }

  #value(target: GoMap, name: string): boolean {
    if (this.#kind === 'literal') {
      put(target, name, this.#rest());
      return false;
    }
    if (this.#kind === 'json') {
      put(target, name, this.#emptyValue() ? null : this.#jsonValue());
      return false;
    }
    if (this.#at >= this.#chars.length) {
      put(target, name, '');
      return true;
    }
    put(target, name, this.#list() ?? this.#typed(this.#until(',').text));
    return false;
  }

  #item(list: GoValue[], index: number, nesting: number): { readonly list: GoValue[]; readonly ended: boolean } {
    if (index < 0) throw new StrvalsError(`negative ${index} index not allowed`);
    const { text, stop } = this.#until('[.=');
    if (text !== '') {
      const runes = [...text].map(quoteRune);
      throw new StrvalsError(`unexpected data at end of array index: [${runes.join(' ')}]`);
    }
    if (stop === null) return { list, ended: true };
    if (stop === '=') return { list: withItem(list, index, this.#itemValue()), ended: false };
    if (stop === '[') {
      const next = this.#index();
      if (next === null) return { list, ended: true };
      const known = list[index] ?? null;
      if (known !== null && !(known instanceof GoSlice)) throw wrongType(known, '[]interface {}');
      const inner = this.#item(known === null ? [] : known.items, next, nesting);
      if (inner.ended) return { list, ended: true };
      return { list: withItem(list, index, new GoSlice(inner.list)), ended: false };
    }
    let inner = new GoMap();
    const known = list[index];
    if (known instanceof GoMap) inner = known;
    else if (index < list.length) list[index] = inner;
    if (this.key(inner, nesting)) return { list, ended: true };
    return { list: withItem(list, index, inner), ended: false };
  }

  #itemValue(): GoValue {
    if (this.#kind === 'literal') return this.#rest();
    if (this.#kind === 'json') return this.#emptyValue() ? null : this.#jsonValue();
    if (this.#at >= this.#chars.length) return '';
    return this.#list() ?? this.#typed(this.#until(',').text);
  }

  /** Null for the end that Helm 4 takes it for. */
  #index(): number | null {
    const { text, stop } = this.#until(']');
    if (stop === null) {
      if (this.#helm === 4) return null;
      throw new StrvalsError('error parsing index: EOF');
    }
    if (!/^[+-]?[0-9]{1,18}$/.test(text)) {
      throw new StrvalsError(`error parsing index: strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
    }
    return Number(text);
  }

  /** `{a,b}`, or null where no list begins here. */
  #list(): GoSlice | null {
    if (this.#chars[this.#at] !== '{') return null;
    this.#at++;
    const items: GoValue[] = [];
    for (;;) {
      const { text, stop } = this.#until(',}');
      if (stop === null) throw new StrvalsError("list must terminate with '}'");
      items.push(this.#typed(text));
      if (stop === '}') {
        if (this.#chars[this.#at] === ',') this.#at++;
        return new GoSlice(items);
      }
    }
  }

  #typed(text: string): GoValue {
    if (this.#kind === 'string') return text;
    if (typeof this.#kind === 'object') return this.#kind.file(text);
    return typedValue(text);
  }

  /** Whether nothing stands before the next comma or the end; takes the blanks, and the comma. */
  #emptyValue(): boolean {
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined) return true;
      if (!/[\s\u0085]/u.test(char)) {
        if (char === ',') this.#at++;
        return char === ',';
      }
      this.#at++;
    }
  }

  #jsonValue(): GoValue {
    const start = this.#places === null ? this.#at : (this.#places[this.#at] ?? this.#text.length);
    try {
      const { value, end } = parseJsonPrefix(this.#text, start);
      this.#at += [...this.#text.slice(start, end)].length;
      this.#emptyValue();
      return fromJson(value);
    } catch (error) {
      if (error instanceof JsonError) throw new StrvalsError(error.message);
      throw error;
    }
  }

  #rest(): string {
    const text = this.#chars.slice(this.#at).join('');
    this.#at = this.#chars.length;
    return text;
  }

  /** Characters up to one of `stops`, a backslash taking the next one as it is (not in literals). */
  #until(stops: string): { readonly text: string; readonly stop: string | null } {
    let text = '';
    while (this.#at < this.#chars.length) {
      const char = this.#chars[this.#at++] ?? '';
      if (stops.includes(char)) return { text, stop: char };
      if (char === '\\' && this.#kind !== 'literal') {
        const next = this.#chars[this.#at++];
        if (next === undefined) break;
        text += next;
      } else text += char;
    }
    return { text, stop: null };
  }
}

/** What `--set` makes of a text: true, false, null in any case, int64 without a leading zero, else the text itself. */
function typedValue(text: string): GoValue {
  const lower = text.length <= 5 ? text.toLowerCase() : text;
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  if (lower === 'null') return null;
  if (text === '0') return int64(0);
  if (/^[+-]?[0-9]{1,19}$/.test(text) && !text.startsWith('0')) {
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    if (BigInt.asIntN(64, value) === value) return int64(value);
  }
  return text;
}

function put(target: GoMap, name: string, value: GoValue): void {
  // Helm leaves out an empty name without a word.
  if (name !== '') target.entries.set(name, value);
}

function withItem(list: GoValue[], index: number, value: GoValue): GoValue[] {
  if (index > maxIndex) {
    throw new StrvalsError(`index of ${index} is greater than maximum supported index of ${maxIndex}`);
  }
  const longer = list.length > index ? list : [...list, ...new Array<null>(index + 1 - list.length).fill(null)];
  longer[index] = value;
  return longer;
}

function wrongType(value: GoValue, wanted: string): StrvalsError {
  const is = value === null ? 'nil' : typeName(value);
  return new StrvalsError(`unable to parse key: interface conversion: interface {} is ${is}, not ${wanted}`);
}
