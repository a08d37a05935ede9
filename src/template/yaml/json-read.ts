import { collected } from '../capacity.js';
import { quote } from '../format.js';
import { goBytes } from '../text.js';
import { GoError, GoMap, GoSlice, type GoValue } from '../value.js';

/** Nesting that Go takes is 10000; JavaScript's stack takes less. */
const deepest = 1500;

/**
 * JSON as Go's json.Unmarshal reads it into interface{}: numbers are float64, of keys given twice the last counts,
 * halves of surrogate pairs and bytes that are no UTF-8 become U+FFFD.
 *
 * Throws GoError with Go's text: `invalid character 'x' looking for beginning of value`, ….
 */
export function readJson(text: string): GoValue {
  const { value, problem } = readJsonOrPart(text);
  if (problem !== null) throw new GoError(problem);
  return value;
}

/** The same; with numbers that float64 cannot hold, it is nil where they are, beside the error. */
export function readJsonOrPart(text: string): { readonly value: GoValue; readonly problem: string | null } {
  let parsed: unknown;
  try {
    // A byte that is no UTF-8 is none also behind half a pair that is escaped.
    parsed = JSON.parse(wellFormed(text));
  } catch {
    throw new GoError(jsonProblem(text));
  }
  let problem: string | null = null;
  const huge = (): null => {
    problem ??= `json: cannot unmarshal number ${hugeNumber(text)} into Go value of type float64`;
    return null;
  };
  const value = convert(parsed, huge, 0);
  return { value, problem };
}

function convert(value: unknown, huge: () => null, depth: number): GoValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : huge();
  }
  if (depth > deepest) throw new GoError('exceeded max depth');
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => convert(item, huge, depth + 1));
    return new GoSlice(items, 'interface {}', false, collected(items.length));
  }
  const entries = new Map<string, GoValue>();
  for (const [key, item] of Object.entries(value ?? {})) entries.set(wellFormed(key), convert(item, huge, depth + 1));
  return new GoMap(entries);
}

function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text)
    ? text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (char) => (char.length === 2 ? char : '\ufffd'))
    : text;
}

/** The number that float64 cannot hold, as the text spells it. */
function hugeNumber(text: string): string {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [number] of outside.matchAll(/[-0-9][-+.0-9eE]*/g)) {
    if (!Number.isFinite(Number(number))) return number;
  }
  return '';
}

/** What encoding/json says of a text that is no JSON (scanner.go). */
function jsonProblem(text: string): string {
  try {
    new JsonChecker(goBytes(text)).check();
  } catch (error) {
    if (error instanceof GoError) return error.message;
    throw error;
  }
  return 'invalid JSON';
}

const literals: Readonly<Record<number, string>> = { 116: 'true', 102: 'false', 110: 'null' };

/** Walks over JSON without building anything, to find the first byte that is wrong. */
class JsonChecker {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  check(): void {
    // Open brackets, so that depth costs no stack.
    const open: (91 | 123)[] = [];
    for (;;) {
      this.blanks();
      if (this.value(open)) continue;
      for (;;) {
        this.blanks();
        const inside = open.at(-1);
        if (inside === undefined) {
          if (this.at < this.bytes.length) this.fail('after top-level value');
          return;
        }
        const code = this.need();
        if (code === 44) {
          this.at += 1;
          if (inside === 123) this.key();
          break;
        }
        if (code !== (inside === 91 ? 93 : 125)) {
          this.fail(inside === 91 ? 'after array element' : 'after object key:value pair');
        }
        this.at += 1;
        open.pop();
      }
    }
  }

  /** Reads the start of a value; true where a container was opened and its first value follows. */
  private value(open: (91 | 123)[]): boolean {
    const code = this.need();
    if (code === 91 || code === 123) {
      this.at += 1;
      open.push(code);
      if (open.length > 10000) throw new GoError('exceeded max depth');
      this.blanks();
      if (this.need() === (code === 91 ? 93 : 125)) {
        this.at += 1;
        open.pop();
        return false;
      }
      if (code === 123) this.key();
      return true;
    }
    if (code === 34) this.string();
    else if (code === 45 || (code >= 48 && code <= 57)) this.number();
    else if (literals[code] !== undefined) this.literal(literals[code]);
    else this.fail('looking for beginning of value');
    return false;
  }

  private key(): void {
    this.blanks();
    if (this.need() !== 34) this.fail('looking for beginning of object key string');
    this.string();
    this.blanks();
    if (this.need() !== 58) this.fail('after object key');
    this.at += 1;
  }

  private string(): void {
    this.at += 1;
    for (;;) {
      const code = this.need();
      if (code === 34) {
        this.at += 1;
        return;
      }
      if (code < 32) this.fail('in string literal');
      this.at += 1;
      if (code !== 92) continue;
      const kind = this.need('in string escape code');
      if (!'bfnrt\\/"u'.includes(String.fromCharCode(kind))) this.fail('in string escape code');
      this.at += 1;
      for (let k = 0; kind === 117 && k < 4; k++) {
        if (!/^[0-9a-fA-F]$/.test(String.fromCharCode(this.need('in \\u hexadecimal character escape'))))
          this.fail('in \\u hexadecimal character escape');
        this.at += 1;
      }
    }
  }

  private number(): void {
    if (this.need() === 45) this.at += 1;
    if (this.need('in numeric literal') === 48) this.at += 1;
    else this.digits('in numeric literal');
    if (this.bytes[this.at] === 46) {
      this.at += 1;
      this.digits('after decimal point in numeric literal');
    }
    const mark = this.bytes[this.at];
    if (mark !== 101 && mark !== 69) return;
    this.at += 1;
    const sign = this.need('in exponent of numeric literal');
    if (sign === 43 || sign === 45) this.at += 1;
    this.digits('in exponent of numeric literal');
  }

  private digits(context: string): void {
    const first = this.need(context);
    if (first < 48 || first > 57) this.fail(context);
    for (;;) {
      const code = this.bytes[this.at] ?? 0;
      if (code < 48 || code > 57) return;
      this.at += 1;
    }
  }

  private literal(word: string): void {
    for (let k = 0; k < word.length; k++) {
      const expected = word[k] ?? '';
      const context = `in literal ${word} (expecting '${expected}')`;
      if (String.fromCharCode(this.need(context)) !== expected) this.fail(context);
      this.at += 1;
    }
  }

  private blanks(): void {
    for (;;) {
      const code = this.bytes[this.at];
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return;
      this.at += 1;
    }
  }

  /** The next byte. At the end Go goes on with a blank, which is what it complains of inside numbers and words. */
  private need(context: string | null = null): number {
    const code = this.bytes[this.at];
    if (code !== undefined) return code;
    throw new GoError(context === null ? 'unexpected end of JSON input' : `invalid character ' ' ${context}`);
  }

  private fail(context: string): never {
    throw new GoError(`invalid character ${quoteByte(this.bytes[this.at] ?? 0)} ${context}`);
  }
}

/** A byte as encoding/json names it: as if it were the code point. */
function quoteByte(code: number): string {
  if (code === 39) return "'\\''";
  if (code === 34) return `'"'`;
  return `'${quote(String.fromCharCode(code)).slice(1, -1)}'`;
}
