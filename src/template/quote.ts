import { goString, isPrint } from './text.js';

const short: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

/**
 * A string as a Go literal in double quotes.
 *
 * Follows: strconv.Quote; `ascii` as strconv.QuoteToASCII.
 */
export function quote(text: string, ascii = false): string {
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text)) return `"${text}"`;
  return quoteWith(text, '"', ascii);
}

/** A character as a Go literal in single quotes (strconv.QuoteRune); what is no character becomes U+FFFD. */
export function quoteRune(code: number, ascii = false): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return quoteWith(String.fromCodePoint(valid ? code : 0xfffd), "'", ascii);
}

function quoteWith(text: string, mark: '"' | "'", ascii: boolean): string {
  const markCode = mark.charCodeAt(0);
  let out = mark as string;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === markCode) out += `\\${mark}`;
    else out += short[code] ?? escapeChar(char, code, ascii);
  }
  return out + mark;
}

function escapeChar(char: string, code: number, ascii: boolean): string {
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (ascii ? code >= 0x20 && code < 0x7f : isPrint(code)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Whether a string can stand in backquotes on one line (strconv.CanBackquote). */
export function canBackquote(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0xfeff || (code >= 0xdc80 && code <= 0xdcff)) return false;
    if ((code < 0x20 && code !== 9) || code === 0x60 || code === 0x7f) return false;
  }
  return true;
}

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

interface Char {
  /** A code point, or a byte where `isByte`. */
  readonly code: number;
  readonly isByte: boolean;
  readonly next: number;
}

/**
 * The first character of a quoted text at `at` (strconv.UnquoteChar), or null where the escape is wrong.
 * `mark` is the quote around it, which must be escaped.
 */
export function unquoteChar(text: string, at: number, mark: string): Char | null {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (at >= text.length || char === mark || char === '\n') return null;
  if (char !== '\\') {
    const code = char.codePointAt(0) ?? 0;
    // A byte that is not UTF-8 stands for itself in raw strings only.
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    return { code: isByte ? 0xfffd : code, isByte: false, next: at + char.length };
  }
  const kind = text[at + 1] ?? '';
  const simple = simpleEscapes[kind];
  if (simple !== undefined) return { code: simple, isByte: false, next: at + 2 };
  if (kind === '"' || kind === "'") {
    return kind === mark ? { code: kind.charCodeAt(0), isByte: false, next: at + 2 } : null;
  }
  const digits = kind === 'x' ? 2 : kind === 'u' ? 4 : kind === 'U' ? 8 : 0;
  if (digits > 0) {
    const hex = text.slice(at + 2, at + 2 + digits);
    if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) return null;
    const code = Number.parseInt(hex, 16);
    if (kind !== 'x' && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return null;
    return { code, isByte: kind === 'x', next: at + 2 + digits };
  }
  const octal = text.slice(at + 1, at + 4);
  if (!/^[0-7]{3}$/.test(octal)) return null;
  const code = Number.parseInt(octal, 8);
  return code > 255 ? null : { code, isByte: true, next: at + 4 };
}

/**
 * The string that a Go literal stands for, in double quotes, backquotes or (one character) single quotes; null where
 * it is none.
 *
 * Follows: strconv.Unquote.
 */
export function unquote(literal: string): string | null {
  const mark = literal[0] ?? '';
  if (literal.length < 2 || literal.at(-1) !== mark) return null;
  const inner = literal.slice(1, -1);
  if (mark === '`') return inner.includes('`') ? null : inner.replaceAll('\r', '');
  if (mark !== '"' && mark !== "'") return null;
  if (mark === '"' && !/[\\"\n\udc80-\udcff]/.test(inner)) return inner;
  return unquoteEscaped(inner, mark);
}

function unquoteEscaped(inner: string, mark: string): string | null {
  let out = '';
  let hasBytes = false;
  let at = 0;
  let count = 0;
  while (at < inner.length) {
    const char = unquoteChar(inner, at, mark);
    if (char === null) return null;
    if (char.isByte && char.code >= 0x80) {
      hasBytes = true;
      out += String.fromCharCode(0xdc00 + char.code);
    } else {
      out += String.fromCodePoint(char.code);
    }
    at = char.next;
    count += 1;
  }
  if (mark === "'" && count !== 1) return null;
  return hasBytes ? joinBytes(out) : out;
}

/** Escaped bytes may be valid UTF-8 together: `"\xc3\xa9"` is é. */
function joinBytes(text: string): string {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...Buffer.from(char, 'utf8'));
  }
  return goString(Uint8Array.from(bytes));
}
