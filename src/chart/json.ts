import { quoteRune } from './text.js';

/** A number as JSON spells it: messages show it as it was written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON with numbers unread and objects as maps, so that no key can mean anything to JavaScript. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

/** What is wrong with a text that should be JSON, in the words of Go's encoding/json where they are simple. */
export class JsonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonError';
  }
}

/** Deeper nesting is refused; encoding/json stops at 10000, which no schema reaches and no call stack need hold. */
const maxDepth = 1000;

/** Reads one JSON text (RFC 8259). Of equal keys the last wins. Throws JsonError. */
export function parseJson(text: string): Json {
  return quickJson(text) ?? carefulJson(text);
}

/**
 * What V8's own parser makes of a text, where that cannot be told from what ours does: null for a text that is no JSON,
 * has numbers that are not spelt as V8 would spell them, or keys that V8 puts in another order.
 */
function quickJson(text: string): Json | null {
  // What looks like such a number within quotes is taken for one, to no harm.
  if (/[:,[]\s*-?(?:\d+[.eE]|\d{15})|[:,[]\s*-0/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? asJson(value, 0) : null;
  } catch {
    return null;
  }
}

/** Throws where the careful parser is to be asked. */
function asJson(value: unknown, depth: number): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return new JsonNumber(String(value));
  if (depth >= maxDepth || typeof value !== 'object') throw new JsonError('exceeded max depth');
  if (Array.isArray(value)) return value.map((item: unknown) => asJson(item, depth + 1));
  const object = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    const first = key.charCodeAt(0);
    if (first >= 48 && first <= 57) throw new JsonError('a key that may have been moved to the front');
    object.set(key, asJson(item, depth + 1));
  }
  return object;
}

function carefulJson(text: string): Json {
  const { value, end } = parseJsonPrefix(text, 0);
  if (skipBlanks(text, end) < text.length) throw new JsonError('invalid character after top-level value');
  return value;
}

/** Reads the JSON value that begins at `start` (blanks skipped) and says where it ends. Throws JsonError. */
export function parseJsonPrefix(text: string, start: number): { readonly value: Json; readonly end: number } {
  const parser = new JsonParser(text, start);
  const value = parser.value(0);
  return { value, end: parser.at };
}

class JsonParser {
  at: number;
  readonly #text: string;

  constructor(text: string, start: number) {
    this.#text = text;
    this.at = start;
  }

  value(depth: number): Json {
    if (depth > maxDepth) throw new JsonError('exceeded max depth');
    this.#blanks();
    const char = this.#text[this.at];
    if (char === undefined) throw new JsonError(this.at === 0 || depth === 0 ? 'EOF' : 'unexpected EOF');
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number();
    for (const [word, meaning] of words) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length;
        return meaning;
      }
    }
    throw this.#unexpected('looking for beginning of value');
  }

  #object(depth: number): Json {
    const object = new Map<string, Json>();
    this.at++;
    this.#blanks();
    if (this.#take('}')) return object;
    for (;;) {
      this.#blanks();
      if (this.#text[this.at] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      this.#blanks();
      if (!this.#take(':')) throw this.#unexpected('after object key');
      object.set(key, this.value(depth + 1));
      this.#blanks();
      if (this.#take('}')) return object;
      if (!this.#take(',')) throw this.#unexpected('after object key:value pair');
    }
  }

  #array(depth: number): Json {
    const array: Json[] = [];
    this.at++;
    this.#blanks();
    if (this.#take(']')) return array;
    for (;;) {
      array.push(this.value(depth + 1));
      this.#blanks();
      if (this.#take(']')) return array;
      if (!this.#take(',')) throw this.#unexpected('after array element');
    }
  }

  #string(): string {
    const start = this.at++;
    for (;;) {
      const char = this.#text[this.at];
      if (char === undefined) throw new JsonError('unexpected EOF');
      this.at++;
      if (char === '"') break;
      if (char === '\\') this.at++;
      else if (char < ' ') {
        this.at--;
        throw this.#unexpected('in string literal');
      }
    }
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, this.at));
      if (typeof value === 'string') return value;
    } catch {
      // said below
    }
    throw new JsonError('invalid character in string escape code');
  }

  #number(): JsonNumber {
    const start = this.at;
    this.#take('-');
    if (!this.#take('0')) this.#digits('in numeric literal');
    if (this.#take('.')) this.#digits('after decimal point in numeric literal');
    if (this.#take('e') || this.#take('E')) {
      if (!this.#take('+')) this.#take('-');
      this.#digits('in exponent of numeric literal');
    }
    return new JsonNumber(this.#text.slice(start, this.at));
  }

  #digits(where: string): void {
    const start = this.at;
    for (let char = this.#text[this.at]; char !== undefined && char >= '0' && char <= '9'; char = this.#text[this.at]) {
      this.at++;
    }
    if (this.at === start) throw this.#unexpected(where);
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  #blanks(): void {
    this.at = skipBlanks(this.#text, this.at);
  }

  #unexpected(where: string): JsonError {
    if (this.at >= this.#text.length) return new JsonError('unexpected EOF');
    return new JsonError(`invalid character ${charName(this.#text, this.at)} ${where}`);
  }
}

const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
  return at;
}

/** The byte at a place as encoding/json names it (quoteChar). */
function charName(text: string, at: number): string {
  const byte = Buffer.from(String.fromCodePoint(text.codePointAt(at) ?? 0))[0] ?? 0;
  return quoteRune(String.fromCharCode(byte));
}
