import type { JsonValue } from '../model/index.js';

/** Bounds of an outline: text that is longer is not configuration that somebody wrote. */
const limits = { textBytes: 2 * 1024 * 1024, lines: 60_000, depth: 60 } as const;

/** The key under which `readOutline` keeps what stands under a key a second time: branches of a template do that. */
const repeated = '';

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads the plain forms of block YAML: nested mappings and lists of scalars, JSON in one line, block scalars as text.
 *
 * This is no YAML reader: anchors, flow over several lines, tags and escapes are passed over, and so is any line that
 * has another form. Every scalar stays the text that is written (a tag `1.20` is not 1.2). It reads configuration
 * inside a ConfigMap's strings, also where a template's actions stand between the lines. Null where nothing has the
 * form of a mapping or list. What stands under a key that was there before is an entry of a list under the key `''`.
 * Linear in the text.
 */
export function readOutline(text: string): JsonValue | null {
  if (text.length > limits.textBytes) return null;
  const lines = splitLines(text);
  if (lines === null) return null;
  const reader = new Reader(lines);
  const value = reader.block(0, 0);
  return typeof value === 'string' ? null : value;
}

function splitLines(text: string): readonly Line[] | null {
  const lines: Line[] = [];
  for (const raw of text.split('\n')) {
    if (lines.length >= limits.lines) return null;
    const trimmed = raw.trimEnd();
    const body = trimmed.trimStart();
    lines.push({ indent: trimmed.length - body.length, text: body });
  }
  return lines;
}

/** Whether a line is of no consequence: empty, a comment, a document's mark, an action of a template. */
function isIdle(line: Line): boolean {
  return line.text === '' || line.text.startsWith('#') || line.text === '---' || line.text.startsWith('{{');
}

/** Holds the place in the lines. */
class Reader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** The block of lines from here on that are indented by at least `indent`. */
  block(indent: number, depth: number): JsonValue | null {
    const first = this.#peek();
    if (first === null || first.indent < indent || depth > limits.depth) return null;
    return isItem(first.text) ? this.#list(first.indent, depth) : this.#mapping(first.indent, depth);
  }

  #peek(): Line | null {
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at];
      if (line !== undefined && !isIdle(line)) return line;
    }
    return null;
  }

  #mapping(indent: number, depth: number): JsonValue | null {
    const object: Record<string, JsonValue> = Object.create(null);
    const again: JsonValue[] = [];
    let found = false;
    for (let line = this.#peek(); line !== null && line.indent >= indent; line = this.#peek()) {
      this.#at++;
      if (line.indent > indent) continue;
      const entry = splitEntry(line.text);
      if (entry === null) {
        if (isItem(line.text)) break;
        continue;
      }
      const value = this.#value(entry.rest, indent, depth);
      if (Object.hasOwn(object, entry.key)) again.push({ [entry.key]: value });
      else object[entry.key] = value;
      found = true;
    }
    if (again.length > 0) object[repeated] = again;
    return found ? object : null;
  }

  #list(indent: number, depth: number): JsonValue {
    const items: JsonValue[] = [];
    for (let line = this.#peek(); line !== null && line.indent >= indent; line = this.#peek()) {
      if (line.indent > indent) {
        this.#at++;
        continue;
      }
      if (!isItem(line.text)) break;
      items.push(this.#item(line, depth));
    }
    return items;
  }

  #item(line: Line, depth: number): JsonValue {
    const rest = line.text.slice(1).trimStart();
    const inner = line.indent + (line.text.length - rest.length);
    this.#at++;
    const entry = splitEntry(rest);
    if (entry === null && !isItem(rest)) return this.#value(rest, line.indent, depth);
    if (entry === null || depth > limits.depth) return rest;
    const value = this.#value(entry.rest, inner, depth);
    const more = this.#peek();
    const others =
      more !== null && more.indent === inner && !isItem(more.text) ? this.#mapping(inner, depth + 1) : null;
    const object: Record<string, JsonValue> = Object.create(null);
    object[entry.key] = value;
    return typeof others === 'object' && others !== null ? Object.assign(object, others) : object;
  }

  /** What stands behind a key, or below it. A list may stand at its key's own indentation. */
  #value(rest: string, indent: number, depth: number): JsonValue {
    if (/^[|>][-+0-9]{0,3}$/.test(rest)) return this.#blockScalar(indent);
    if (rest !== '') return scalar(rest);
    const next = this.#peek();
    if (next === null) return null;
    if (next.indent > indent) return this.block(indent + 1, depth + 1);
    return next.indent === indent && isItem(next.text) && depth < limits.depth ? this.#list(indent, depth + 1) : null;
  }

  #blockScalar(indent: number): string {
    const kept: Line[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at];
      if (line === undefined || (line.text !== '' && line.indent <= indent)) break;
      kept.push(line);
    }
    const least = kept.reduce((low, line) => (line.text === '' ? low : Math.min(low, line.indent)), 1000);
    return kept.map((line) => ' '.repeat(Math.max(line.indent - least, 0)) + line.text).join('\n');
  }
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** `key: rest`, `key:`, `"key": rest`; null for anything else. */
function splitEntry(text: string): { readonly key: string; readonly rest: string } | null {
  if (text.startsWith('"') || text.startsWith("'")) {
    const end = text.indexOf(text[0] ?? '', 1);
    if (end < 0 || text[end + 1] !== ':') return null;
    return { key: text.slice(1, end), rest: text.slice(end + 2).trim() };
  }
  const colon = text.endsWith(':') && !text.includes(': ') ? text.length - 1 : text.indexOf(': ');
  if (colon <= 0 || colon > 128) return null;
  const key = text.slice(0, colon).trimEnd();
  if (/[{}[\],&*!|>%@`"'=\s]/.test(key)) return null;
  return { key, rest: withoutComment(text.slice(colon + 1).trim()) };
}

function withoutComment(text: string): string {
  if (text.startsWith('#')) return '';
  if (text.startsWith('"') || text.startsWith("'")) return text;
  const comment = text.indexOf(' #');
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}

function scalar(text: string): JsonValue {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return end < 0 ? text : text.slice(1, end);
  }
  if (quote === '{' || quote === '[') {
    try {
      const value: JsonValue = JSON.parse(text);
      return value;
    } catch {
      return quote === '[' ? flowList(text) : text;
    }
  }
  return text === 'null' || text === '~' ? null : text;
}

/** `[a, "b"]` without nesting: its items as text. */
function flowList(text: string): JsonValue {
  if (!text.endsWith(']') || /[{}]/.test(text)) return text;
  return text
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim().replace(/^["'](.*)["']$/, '$1'));
}
