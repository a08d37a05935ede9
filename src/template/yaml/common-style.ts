import type { Builder } from './decode.js';
import { isText, resolve } from './resolve.js';

/**
 * Reads the YAML that nearly all charts and manifests consist of, in one pass: block maps and lists, scalars of one
 * line, literal blocks, comments, `{}` and `[]`. Whatever is beyond that (anchors, tags, flow style, several lines of
 * plain text, anything that might be wrong) gives undefined, and the whole reader is asked (parser.ts, decode.ts):
 * what is read here is read the same there, which a test holds for every chart.
 *
 * `longText` is what stands for a literal block of more than a page where its content is of no interest, and for what
 * is found in `known` again.
 */
export function readCommonStyle<T>(
  text: string,
  builder: Builder<T>,
  longText?: T,
  known?: KnownDocument,
): T | undefined {
  if (text.length <= 3 && (text === '{}' || text === '{}\n')) return builder.map(new Map());
  if (uncommon.test(text)) return undefined;
  return new Reader(text, builder, longText, known).document();
}

/** What was read of a document, for the next one in its place; `nothingKnown` makes one of nothing. */
export interface KnownDocument {
  /** Whether the last one was all of the common style, with one `kind`, a word on its line. */
  isPlain: boolean;
  /**
   * What stands below the keys of the document, by key, as it was when it was last read: the same text needs no second
   * reading. What manifests are known by is read each time.
   */
  readonly sections: Map<string, Section>;
}

export function nothingKnown(): KnownDocument {
  return { isPlain: false, sections: new Map() };
}

interface Section {
  readonly text: string;
  /** Whether the document ends with it. */
  readonly isLast: boolean;
}

const headKeys: ReadonlySet<string> = new Set(['apiversion', 'kind', 'metadata']);

/** Characters that are breaks or errors for YAML, and all that is no single UTF-16 unit. */
const uncommon = /[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

const page = 4096;
const deepest = 100;

const key = /(?:[A-Za-z_.$/][\w.$/-]{0,200}|"[^"\\\n\t]{0,200}"|'[^'\n\t]{0,200}')(?=:[ \n]|:$)/y;
const doubleQuoted = /"(?:[^"\\\t]|\\["\\nt])*"/y;
const singleQuoted = /'(?:[^'\t]|'')*'/y;
/** What stands in flow style: words and quoted texts, lists of them, and maps to either; all on one line. */
const word = `(?:"[^"\\\\\\n\\t]*"|'[^'\\n\\t]*'|[A-Za-z_/.][\\w./-]*)`;
const words = `\\[ *(?:${word} *(?:, *(?!\\])|(?=\\])))*\\]`;
const flowList = new RegExp(words, 'y');
const flowMap = new RegExp(`\\{ *(?:${word}: +(?:${word}|${words}) *(?:, *(?!\\})|(?=\\})))+\\}`, 'y');
const flowItem = new RegExp(word, 'g');
const flowEntry = new RegExp(`(${word}): +(${word}|${words})`, 'g');
/** What may stand behind a value on its line. */
const restOfLine = /[ ]*(?: #[^\n]*)?(?:\n|$)/y;
const literalHeader = /\|([1-9]?)([-+]?)[ ]*\n/y;

const plainKind = /^kind: \w+\n*$/;

/** First characters of what is no plain scalar, or may be none. */
const indicators = ',[]{}#&*!|>\'"%@`?:-\t';

/** Thrown inside, where the text turns out to be uncommon. */
const notCommon = Symbol('uncommon YAML');

class Reader<T> {
  private readonly text: string;
  private readonly builder: Builder<T>;
  private readonly longText: T | undefined;
  private readonly known: KnownDocument | undefined;
  /** Where the next word is, and its column; at the end the column is -1. */
  private pos = 0;
  private column = 0;
  private depth = 0;
  /** How many keys of the document are its kind; more than there are where one is not plain. */
  private kinds = 0;

  constructor(text: string, builder: Builder<T>, longText: T | undefined, known: KnownDocument | undefined) {
    this.text = text;
    this.builder = builder;
    this.longText = longText;
    this.known = known;
  }

  document(): T | undefined {
    try {
      if (this.text.startsWith('---\n')) this.pos = 4;
      this.nextLine();
      // A text of nothing is left to the other reader, as is one that goes on behind its first node.
      if (this.column < 0) return undefined;
      const value = this.node();
      if (this.column >= 0) return undefined;
      if (this.known !== undefined) this.known.isPlain = this.kinds === 1;
      return value;
    } catch (error) {
      if (error === notCommon) return undefined;
      throw error;
    }
  }

  private refuse(): never {
    throw notCommon;
  }

  /** From the beginning of a line on, goes to the first word that is no comment. */
  private nextLine(): void {
    const { text } = this;
    let start = this.pos;
    for (;;) {
      let at = start;
      let code = text.charCodeAt(at);
      while (code === 0x20) code = text.charCodeAt(++at);
      if (Number.isNaN(code)) {
        this.column = -1;
        return;
      }
      if (code !== 0x0a && code !== 0x23) {
        this.pos = at;
        this.column = at - start;
        if (code === 0x09 || (at === start && this.isMark(at, code))) this.refuse();
        return;
      }
      const end = code === 0x0a ? at : text.indexOf('\n', at);
      if (end < 0) {
        this.column = -1;
        return;
      }
      start = end + 1;
    }
  }

  /** Whether a line begins a directive or may end a document. */
  private isMark(at: number, code: number): boolean {
    if (code === 0x25) return true;
    return this.text.startsWith('---', at) || this.text.startsWith('...', at);
  }

  /** Whether a dash and a blank stand here. */
  private isItem(): boolean {
    if (this.text.charCodeAt(this.pos) !== 0x2d) return false;
    const next = this.text.charCodeAt(this.pos + 1);
    return next === 0x20 || next === 0x0a || Number.isNaN(next);
  }

  /** A map or a list that begins here. */
  private node(): T {
    if (this.depth >= deepest) this.refuse();
    this.depth += 1;
    const value = this.isItem() ? this.list() : this.map();
    this.depth -= 1;
    return value;
  }

  private list(): T {
    const { column } = this;
    const items: T[] = [];
    while (this.column === column && this.isItem()) items.push(this.item(column));
    if (this.column > column) this.refuse();
    return this.builder.list(items);
  }

  private item(column: number): T {
    this.pos += 1;
    const from = this.pos;
    while (this.text.charCodeAt(this.pos) === 0x20) this.pos += 1;
    const code = this.text.charCodeAt(this.pos);
    if (code === 0x0a || code === 0x23 || Number.isNaN(code)) {
      this.pos = from;
      return this.below(column, false);
    }
    this.column = column + 1 + this.pos - from;
    return this.isNode() ? this.node() : this.value(column);
  }

  /** Whether a list or a map begins here, and not a scalar. */
  private isNode(): boolean {
    if (this.isItem()) return true;
    key.lastIndex = this.pos;
    return key.test(this.text);
  }

  private map(): T {
    const { column, text } = this;
    const entries = new Map<string, T>();
    const known = column === 0 && this.depth === 1 ? this.known : undefined;
    while (this.column === column) {
      const start = this.pos;
      key.lastIndex = start;
      if (!key.test(text)) this.refuse();
      const name = this.name(text.slice(this.pos, key.lastIndex));
      this.pos = key.lastIndex + 1;
      const behind = this.pos;
      while (text.charCodeAt(this.pos) === 0x20) this.pos += 1;
      const code = text.charCodeAt(this.pos);
      const empty = code === 0x0a || code === 0x23 || Number.isNaN(code);
      if (empty) this.pos = behind;
      if (!empty) entries.set(name, this.value(column));
      else entries.set(name, known === undefined ? this.below(column, true) : this.section(known, name));
      if (known !== undefined && name.toLowerCase() === 'kind') {
        const isPlain = plainKind.test(text.slice(start, this.column < 0 ? text.length : this.pos));
        this.kinds += isPlain ? 1 : 2;
      }
    }
    if (this.column > column) this.refuse();
    return this.builder.map(entries);
  }

  /** What stands below a key of the document itself, which may be what was read before. */
  private section({ sections }: KnownDocument, name: string): T {
    const { longText, text } = this;
    if (longText === undefined || headKeys.has(name.toLowerCase())) return this.below(0, true);
    const start = this.pos;
    const known = sections.get(name);
    if (known !== undefined && text.startsWith(known.text, start)) {
      const end = start + known.text.length;
      if (known.isLast ? end === text.length : isLetter(text.charCodeAt(end))) {
        this.pos = end;
        this.column = known.isLast ? -1 : 0;
        return longText;
      }
    }
    const value = this.below(0, true);
    if (this.column < 0) sections.set(name, { text: text.slice(start), isLast: true });
    else if (this.column === 0 && isLetter(text.charCodeAt(this.pos))) {
      sections.set(name, { text: text.slice(start, this.pos), isLast: false });
    }
    return value;
  }

  private name(written: string): string {
    const first = written.charCodeAt(0);
    if (first === 0x22 || first === 0x27) return written.slice(1, -1);
    if (!isText(written) && typeof resolve('', written).value !== 'string') this.refuse();
    return written;
  }

  /** What stands on the lines below a key or a dash; a list below a key may stand under the key itself. */
  private below(column: number, isKey: boolean): T {
    this.endLine();
    if (isKey && this.column === column && this.isItem()) return this.node();
    if (this.column <= column) return this.builder.scalar(null);
    return this.isNode() ? this.node() : this.value(column);
  }

  /** Goes over the end of the line to the next word. */
  private endLine(): void {
    restOfLine.lastIndex = this.pos;
    // A comment that touches what stands before it is none.
    if (!restOfLine.test(this.text)) this.refuse();
    this.pos = restOfLine.lastIndex;
    this.nextLine();
  }

  /** A value on the line of its key or dash, which is in that column. */
  private value(column: number): T {
    const { text, builder } = this;
    const code = text.charCodeAt(this.pos);
    if (code === 0x7c) return this.literal(column);
    if (code === 0x22 || code === 0x27) return this.quoted(column, code);
    const next = text.charCodeAt(this.pos + 1);
    if ((code === 0x7b && next === 0x7d) || (code === 0x5b && next === 0x5d)) {
      this.pos += 2;
      this.endValue(column);
      return code === 0x7b ? builder.map(new Map()) : builder.list([]);
    }
    if (code === 0x5b || code === 0x7b) return this.flow(column, code === 0x5b ? flowList : flowMap);
    return this.plain(column);
  }

  /** Nothing of the value may stand on further lines. */
  private endValue(column: number): void {
    this.endLine();
    if (this.column > column) this.refuse();
  }

  /** A list of words on one line: `["get", 'list', watch]`; a map: `{key: app, values: [a, b]}`. */
  private flow(column: number, form: RegExp): T {
    form.lastIndex = this.pos;
    if (!form.test(this.text)) this.refuse();
    const inside = this.text.slice(this.pos, form.lastIndex);
    this.pos = form.lastIndex;
    this.endValue(column);
    if (form === flowList) return this.listOf(inside);
    const entries = new Map<string, T>();
    for (const [, written = '', value = ''] of inside.matchAll(flowEntry)) {
      entries.set(this.name(written), value.startsWith('[') ? this.listOf(value) : this.word(value));
    }
    return this.builder.map(entries);
  }

  private listOf(inside: string): T {
    return this.builder.list((inside.match(flowItem) ?? []).map((item) => this.word(item)));
  }

  private word(item: string): T {
    const quoted = item.startsWith('"') || item.startsWith("'");
    return this.builder.scalar(quoted ? item.slice(1, -1) : this.resolved(item));
  }

  private quoted(column: number, quote: number): T {
    const form = quote === 0x22 ? doubleQuoted : singleQuoted;
    form.lastIndex = this.pos;
    if (!form.test(this.text)) this.refuse();
    const written = this.text.slice(this.pos + 1, form.lastIndex - 1);
    this.pos = form.lastIndex;
    this.endValue(column);
    const inside = written.includes('\n') ? this.foldQuoted(written) : written;
    if (quote === 0x27) return this.builder.scalar(inside.includes("'") ? inside.replaceAll("''", "'") : inside);
    if (!inside.includes('\\')) return this.builder.scalar(inside);
    return this.builder.scalar(inside.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char));
  }

  /** Lines of a quoted text: a break is a blank, further breaks are kept. */
  private foldQuoted(written: string): string {
    const lines = written.split('\n');
    let folded = (lines[0] ?? '').replace(/ +$/, '');
    let breaks = 0;
    for (let i = 1; i < lines.length; i++) {
      const line = lines[i] ?? '';
      if (/^(?:---|\.\.\.)/.test(line)) this.refuse();
      const last = i === lines.length - 1;
      const content = last ? line.replace(/^ +/, '') : line.replace(/^ +| +$/g, '');
      breaks += 1;
      if (content === '' && !last) continue;
      folded += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + content;
      breaks = 0;
    }
    return folded;
  }

  private plain(column: number): T {
    const { text } = this;
    const first = text[this.pos] ?? '';
    if (indicators.includes(first)) {
      const next = text.charCodeAt(this.pos + 1);
      const alone = next === 0x20 || next === 0x0a || Number.isNaN(next);
      if ((first !== '-' && first !== ':') || alone) this.refuse();
    }
    let value = this.plainLine();
    if (text.charCodeAt(this.pos) === 0x0a) {
      const next = this.further(column);
      if (next !== null) value = this.plainLines(value, column, next);
    }
    this.endValue(column);
    return this.builder.scalar(this.resolved(value));
  }

  /** The rest of the line up to a comment, without blanks at its end. */
  private plainLine(): string {
    const { text } = this;
    const start = this.pos;
    const lineEnd = text.indexOf('\n', start);
    let value = text.slice(start, lineEnd < 0 ? text.length : lineEnd);
    const comment = value.indexOf(' #');
    if (comment >= 0) value = value.slice(0, comment);
    if (value.includes('\t')) this.refuse();
    value = value.trimEnd();
    if (value.endsWith(':') || value.includes(': ')) this.refuse();
    this.pos = start + value.length;
    // Blanks at the end are passed, so that a break is seen where one follows.
    if (comment < 0) this.pos = lineEnd < 0 ? text.length : lineEnd;
    return value;
  }

  /** Where a further line of a plain text begins, and how many breaks are before it; null where none follows. */
  private further(column: number): { readonly at: number; readonly breaks: number } | null {
    const { text } = this;
    let start = this.pos + 1;
    let breaks = 1;
    for (;;) {
      let at = start;
      let code = text.charCodeAt(at);
      while (code === 0x20) code = text.charCodeAt(++at);
      if (code === 0x0a) {
        breaks += 1;
        start = at + 1;
        continue;
      }
      if (Number.isNaN(code) || code === 0x23 || at - start <= column) return null;
      return { at, breaks };
    }
  }

  /** A plain text of several lines: a break is a blank, further breaks are kept. */
  private plainLines(first: string, column: number, second: { readonly at: number; readonly breaks: number }): string {
    let value = first;
    for (let next: { readonly at: number; readonly breaks: number } | null = second; next !== null; ) {
      this.pos = next.at;
      const line = this.plainLine();
      value += (next.breaks === 1 ? ' ' : '\n'.repeat(next.breaks - 1)) + line;
      next = this.text.charCodeAt(this.pos) === 0x0a ? this.further(column) : null;
    }
    return value;
  }

  private resolved(value: string): null | boolean | number | string {
    if (isText(value)) return value;
    const found = resolve('', value).value;
    if (typeof found === 'bigint') return Number(found);
    if (typeof found === 'number' && !Number.isFinite(found)) this.refuse();
    return found;
  }

  /** `|`, `|-`, `|+`, also with the indentation (`|2-`). Follows: scanBlock (scan-scalar.ts). */
  private literal(column: number): T {
    const { text } = this;
    literalHeader.lastIndex = this.pos;
    const header = literalHeader.exec(text);
    if (header === null) this.refuse();
    const [, stated = '', chomping = ''] = header;
    let start = literalHeader.lastIndex;
    const begin = start;
    const lines: string[] = [];
    let indent = stated === '' ? 0 : column + Number(stated);
    if (stated !== '' && this.longText !== undefined) {
      const skipped = this.skipLong(start, indent, column);
      if (skipped !== undefined) return skipped;
    }
    /** Behind the last line that holds something. */
    let filled = 0;
    let ended = false;
    for (;;) {
      let at = start;
      const limit = indent === 0 ? Number.POSITIVE_INFINITY : start + indent;
      while (at < limit && text.charCodeAt(at) === 0x20) at += 1;
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) {
        // Blanks at the end of the text; what they are is not worth knowing here.
        if (at > start) this.refuse();
        ended = true;
        break;
      }
      if (code !== 0x0a) {
        if (indent === 0 && at - start <= column) break;
        if (indent === 0) {
          indent = this.blockIndent(at - start, code, lines);
          const skipped = this.longText === undefined ? undefined : this.skipLong(start, indent, column);
          if (skipped !== undefined) return skipped;
        }
        if (at - start < indent) break;
        filled = lines.length + 1;
      } else if (indent === 0 && at > start) this.refuse();
      const end = text.indexOf('\n', at);
      lines.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) {
        start = text.length;
        this.pos = start;
        this.column = -1;
        return this.block(lines, filled, chomping, false, begin);
      }
      start = end + 1;
    }
    if (filled === 0 && chomping === '+') this.refuse();
    this.pos = start;
    if (ended) this.column = -1;
    else this.nextLine();
    if (this.column > column) this.refuse();
    return this.block(lines, filled, chomping, true, begin);
  }

  /** Goes over a literal of more than a page at once, where its content is of no interest. */
  private skipLong(start: number, indent: number, column: number): T | undefined {
    const lines = blockLines(indent);
    lines.lastIndex = start;
    lines.test(this.text);
    const end = lines.lastIndex;
    if (end - start <= page) return undefined;
    this.pos = end;
    // A last line without a break belongs to the block, or is blank.
    if (end === this.text.length || this.text.indexOf('\n', end) < 0) this.lastLine(end, indent);
    else this.nextLine();
    if (this.column > column) this.refuse();
    return this.longText;
  }

  private lastLine(start: number, indent: number): void {
    let at = start;
    while (this.text.charCodeAt(at) === 0x20) at += 1;
    if (at === this.text.length) {
      if (at > start && at - start <= indent) this.refuse();
      this.column = -1;
    } else if (at - start >= indent) this.column = -1;
    else this.nextLine();
  }

  private blockIndent(found: number, code: number, before: readonly string[]): number {
    if (found === 0 || code === 0x09 || before.some((line) => line !== '')) this.refuse();
    return found;
  }

  private block(lines: string[], filled: number, chomping: string, broken: boolean, begin: number): T {
    if (this.longText !== undefined && this.pos - begin > page) return this.longText;
    if (filled === 0) return this.builder.scalar('');
    const breaks = lines.length - filled;
    lines.length = filled;
    const value = lines.join('\n');
    const ends = broken || breaks > 0;
    if (chomping === '-') return this.builder.scalar(value);
    if (chomping === '+') return this.builder.scalar(value + '\n'.repeat(breaks + (broken ? 1 : 0)));
    return this.builder.scalar(ends ? `${value}\n` : value);
  }
}

/** Whether a character can only be that of a key where one may begin. */
function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Lines that belong to a literal with that indentation, blank ones included. */
function blockLines(indent: number): RegExp {
  let lines = blocks.get(indent);
  if (lines === undefined) {
    lines = new RegExp(`(?: {${indent}}[^\\n]*\\n| *\\n)*`, 'y');
    blocks.set(indent, lines);
  }
  return lines;
}

/** By indentation, which is a small number. */
const blocks = new Map<number, RegExp>();

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };
