import { TrowelError } from '../model/index.js';
import { type IndexLimits, type IndexScanner, mostNames } from './index-scanner.js';

/**
 * What the next line may be part of.
 *
 * `text`: a block scalar, or a plain one of several lines: it goes on in lines that are indented more than `column`.
 * `quoted` and `flow` go on until they are closed, whatever the indentation.
 */
type State =
  | { readonly kind: 'node' }
  | { readonly kind: 'text'; readonly column: number }
  | { readonly kind: 'quoted'; readonly quote: string }
  | { readonly kind: 'flow'; depth: number; quote: string };

const node: State = { kind: 'node' };

/**
 * Finds one entry in an index that is YAML, line by line. It follows what decides where an entry ends: indentation,
 * quotes, brackets and texts of several lines; the entry itself is left to a YAML reader.
 * Follows: YAML 1.2, 6.1 (indentation), 7.3 and 7.4 (flow scalars and collections), 8.1 (block scalars).
 */
export class YamlIndexScanner implements IndexScanner {
  readonly #chart: string;
  readonly #limits: IndexLimits;
  readonly #names: string[] = [];
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;
  #state: State = node;
  /** Column of the key whose value is still to come. */
  #pending = -1;
  #ended = false;
  #hasApiVersion = false;
  #inEntries = false;
  /** Column of the names below `entries`, once one was seen. */
  #nameColumn = -1;
  #keeping = false;
  #kept: string[] = [];
  #keptBytes = 0;
  #found = false;

  constructor(chart: string, limits: IndexLimits) {
    this.#chart = chart;
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(0x0a, start);
      if (end < 0) break;
      this.#rest.push(bytes.subarray(start, end));
      this.#take();
      start = end + 1;
    }
    if (start === bytes.length) return;
    // A copy: the buffer may be used again by whoever gave it.
    this.#rest.push(Buffer.from(bytes.subarray(start)));
    this.#restBytes += bytes.length - start;
    if (this.#restBytes > this.#limits.entryBytes) throw this.#tooLarge();
  }

  end(): ReturnType<IndexScanner['end']> {
    if (this.#rest.length > 0) this.#take();
    return {
      entry: this.#found ? { format: 'yaml', text: `${this.#kept.join('\n')}\n` } : null,
      hasApiVersion: this.#hasApiVersion,
      names: this.#names,
    };
  }

  #take(): void {
    const [first] = this.#rest;
    const line = this.#rest.length === 1 && first !== undefined ? first : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    this.#line++;
    if (this.#ended) return;
    // Only a line that is looked at or kept becomes text: most of an index is long texts of other charts.
    const indent = indentOf(line);
    if (!this.#keeping && this.#state.kind === 'text' && (indent > this.#state.column || indent < 0)) return;
    const text = line.toString('utf8').replace(/\r$/, '');
    const shown = this.#line === 1 ? text.replace(/^\ufeff/, '') : text;
    this.#read(shown);
    if (this.#keeping) this.#keep(shown);
  }

  #read(line: string): void {
    if (this.#state.kind === 'quoted') this.#quoted(line, 0, this.#state.quote);
    else if (this.#state.kind === 'flow') this.#flow(line, 0, this.#state);
    else this.#start(line, line.search(/[^ ]/));
  }

  /** A line that begins outside of quotes and brackets, indented to `at`. */
  #start(line: string, at: number): void {
    if (at < 0) return;
    if (this.#state.kind === 'text') {
      if (at > this.#state.column) return;
      this.#state = node;
    }
    if (line[at] === '#') return;
    if (at === 0 && line[0] === '%') return;
    if (at === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) this.#marker(line);
    else this.#block(line, at);
  }

  /** Helm reads the first document of a stream. */
  #marker(line: string): void {
    if (line.startsWith('...') || this.#hasApiVersion || this.#nameColumn >= 0 || this.#inEntries) {
      this.#ended = true;
      this.#keeping = false;
      return;
    }
    const rest = line.slice(3).search(/\S/);
    if (rest >= 0 && line[rest + 3] !== '#') this.#block(line, rest + 3);
  }

  /** A line, or what follows a dash, where a node of a block collection begins. */
  #block(line: string, from: number): void {
    let at = from;
    let column = this.#pending;
    while (line[at] === '-' && (at + 1 === line.length || line[at + 1] === ' ')) {
      column = at;
      const next = line.slice(at + 1).search(/[^ ]/);
      if (next < 0) {
        this.#pending = at;
        return;
      }
      at += 1 + next;
    }
    if (line[at] === '#') return;
    if (line[at] === '?' && (at + 1 === line.length || line[at + 1] === ' ')) throw this.#unsupported();
    const key = keyAt(line, at);
    if (key === null) {
      this.#value(line, at, column);
      return;
    }
    if (at === from) this.#key(key.text, at);
    this.#pending = at;
    this.#value(line, key.end, at);
  }

  /** A key that begins its line: it may begin or end an entry. */
  #key(text: string, column: number): void {
    if (column === 0) {
      this.#inEntries = text === 'entries';
      this.#keeping = false;
      if (text === 'apiVersion') this.#hasApiVersion = true;
      return;
    }
    if (!this.#inEntries) return;
    if (this.#nameColumn < 0) this.#nameColumn = column;
    if (column > this.#nameColumn) return;
    if (text === '<<') throw this.#unsupported();
    if (this.#names.length < mostNames) this.#names.push(text);
    this.#keeping = text === this.#chart;
    if (!this.#keeping) return;
    if (this.#found) {
      throw new TrowelError('bad-bytes', { what: `line ${this.#line}: key "${text}" already set in map` });
    }
    this.#found = true;
  }

  /** A value from `from` on, of a key or an item at `column`. */
  #value(line: string, from: number, column: number): void {
    let at = from;
    for (;;) {
      while (line[at] === ' ' || line[at] === '\t') at++;
      // Anchors and tags stand before the value itself.
      if (line[at] !== '&' && line[at] !== '!') break;
      while (at < line.length && line[at] !== ' ') at++;
    }
    const char = line[at];
    if (char === undefined || (char === '#' && at > from)) return;
    this.#pending = -1;
    // Written by no program; read wrongly it would say of every chart that there is none.
    if (this.#inEntries && column === 0 && !/^(?:\{\s*\}|null|~)\s*(?:#.*)?$/.test(line.slice(at)))
      throw this.#unsupported();
    if (char === '"' || char === "'") this.#quoted(line, at + 1, char);
    else if (char === '[' || char === '{') this.#flow(line, at, { kind: 'flow', depth: 0, quote: '' });
    else this.#state = { kind: 'text', column };
  }

  #quoted(line: string, from: number, quote: string): void {
    const end = endOfQuoted(line, from, quote);
    this.#state = end < 0 ? { kind: 'quoted', quote } : node;
  }

  #flow(line: string, from: number, state: State & { kind: 'flow' }): void {
    let at = from;
    while (at < line.length) {
      if (state.quote !== '') {
        const end = endOfQuoted(line, at, state.quote);
        if (end < 0) break;
        state.quote = '';
        at = end;
        continue;
      }
      const char = line[at] ?? '';
      if (char === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))) break;
      // A quote within a plain text of a flow collection is a letter.
      if ((char === '"' || char === "'") && /[\s,[{:]|^$/.test(line[at - 1] ?? '')) state.quote = char;
      else if (char === '[' || char === '{') state.depth++;
      else if (char === ']' || char === '}') {
        state.depth--;
        if (state.depth === 0) {
          this.#state = node;
          return;
        }
      }
      at++;
    }
    this.#state = state;
  }

  #keep(line: string): void {
    this.#keptBytes += line.length + 1;
    if (this.#keptBytes > this.#limits.entryBytes) throw this.#tooLarge();
    this.#kept.push(line);
  }

  #tooLarge(): TrowelError {
    const what = `an entry or a line of the index has more than ${this.#limits.entryBytes} bytes`;
    return new TrowelError('too-large', { what });
  }

  #unsupported(): TrowelError {
    return new TrowelError('unsupported', {
      what: `line ${this.#line} of the index: entries must be a block mapping of names`,
    });
  }
}

/** How far a line is indented, -1 for a blank one. */
function indentOf(line: Buffer): number {
  for (let i = 0; i < line.length; i++) {
    const byte = line[i];
    if (byte !== 0x20) return byte === 0x0d && i === line.length - 1 ? -1 : i;
  }
  return -1;
}

/** A key with its colon at a place, or null where something else stands there. */
function keyAt(line: string, at: number): { readonly text: string; readonly end: number } | null {
  const first = line[at] ?? '';
  if (first === '"' || first === "'") {
    const end = endOfQuoted(line, at + 1, first);
    const colon = end < 0 ? null : /^[ \t]*:(?=\s|$)/.exec(line.slice(end));
    if (colon === null) return null;
    return { text: unquote(line.slice(at, end)), end: end + colon[0].length };
  }
  if ('[{|>&!*@`%'.includes(first)) return null;
  for (let i = at; i < line.length; i++) {
    const next = line[i + 1];
    if (line[i] === ':' && (next === undefined || next === ' ' || next === '\t')) {
      return { text: line.slice(at, i).trimEnd(), end: i + 1 };
    }
    if (line[i] === '#' && i > at && line[i - 1] === ' ') return null;
  }
  return null;
}

/** Behind the closing quote, or -1 where the text goes on in the next line. */
function endOfQuoted(line: string, from: number, quote: string): number {
  for (let i = from; i < line.length; i++) {
    if (quote === '"' && line[i] === '\\') i++;
    else if (line[i] === quote) {
      if (quote === "'" && line[i + 1] === "'") i++;
      else return i + 1;
    }
  }
  return -1;
}

function unquote(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
