import { hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit, isDocumentMark } from './chars.js';
import type { Cursor } from './cursor.js';

/** Characters that end a plain scalar inside `[]` and `{}` (go-yaml v2: `?` too, but not `:`). */
function endsPlainInFlow(code: number): boolean {
  return code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125;
}

/** What folded lines become: one break is a space, more breaks are kept but for the first. */
function fold(leading: string, trailing: string): string {
  if (leading.charCodeAt(0) !== 10) return leading + trailing;
  return trailing === '' ? ' ' : trailing;
}

export interface PlainScalar {
  readonly value: string;
  /** Whether a line break follows it, after which a key may start. */
  readonly endsLine: boolean;
}

/**
 * A plain scalar from the cursor on. `indent` is the least column of a further line, `flow` whether it stands inside
 * `[]` or `{}`. Follows go-yaml v2, scannerc.go (yaml_parser_scan_plain_scalar).
 */
export function scanPlain(cursor: Cursor, indent: number, flow: boolean): PlainScalar {
  const { text } = cursor;
  let value = '';
  let blanks = '';
  let leading = '';
  let trailing = '';
  let endsLine = false;
  for (;;) {
    if (cursor.pos === cursor.lineStart && isDocumentMark(text, cursor.pos)) break;
    if (text.charCodeAt(cursor.pos) === 35) break;
    const start = cursor.pos;
    let pos = start;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (isBlankOrEnd(code)) break;
      if (code === 58 && isBlankOrEnd(text.charCodeAt(pos + 1))) break;
      if (flow && endsPlainInFlow(code)) break;
      pos += 1;
    }
    if (pos > start) {
      if (endsLine) {
        value += fold(leading, trailing);
        leading = '';
        trailing = '';
        endsLine = false;
      } else {
        value += blanks;
      }
      blanks = '';
      value += text.slice(start, pos);
      cursor.pos = pos;
    }
    let code = text.charCodeAt(pos);
    if (!(isBlank(code) || isBreak(code))) break;
    for (;;) {
      code = text.charCodeAt(cursor.pos);
      if (isBlank(code)) {
        if (endsLine && code === 9 && cursor.column < indent) {
          cursor.fail('found a tab character that violates indentation');
        }
        if (!endsLine) blanks += text[cursor.pos] ?? '';
        cursor.pos += 1;
      } else if (isBreak(code)) {
        if (endsLine) {
          trailing += cursor.readBreak();
        } else {
          blanks = '';
          leading = cursor.readBreak();
          endsLine = true;
        }
      } else {
        break;
      }
    }
    if (!flow && cursor.column < indent) break;
  }
  return { value, endsLine };
}

const simpleEscapes: ReadonlyMap<number, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\u0085',
    _: '\u00a0',
    L: '\u2028',
    P: '\u2029',
  }).map(([key, value]) => [key.charCodeAt(0), value]),
);

/** The character of a backslash sequence; the cursor stands on the backslash and goes behind the sequence. */
function scanEscape(cursor: Cursor): string {
  const code = cursor.at(1);
  const simple = simpleEscapes.get(code);
  if (simple !== undefined) {
    cursor.pos += 2;
    return simple;
  }
  const length = code === 120 ? 2 : code === 117 ? 4 : code === 85 ? 8 : 0;
  if (length === 0) cursor.fail('found unknown escape character');
  cursor.pos += 2;
  let value = 0;
  for (let k = 0; k < length; k++) {
    const digit = hexValue(cursor.at(k));
    if (digit < 0) cursor.fail('did not find expected hexdecimal number');
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    cursor.fail('found invalid Unicode character escape code');
  }
  cursor.pos += length;
  return String.fromCodePoint(value);
}

/** A quoted scalar; the cursor stands on the opening quote and goes behind the closing one (yaml_parser_scan_flow_scalar). */
export function scanQuoted(cursor: Cursor, quote: 34 | 39): string {
  const { text } = cursor;
  const single = quote === 39;
  cursor.pos += 1;
  let value = '';
  for (;;) {
    if (cursor.pos === cursor.lineStart && isDocumentMark(text, cursor.pos)) {
      cursor.fail('found unexpected document indicator');
    }
    if (cursor.code === 0) cursor.fail('found unexpected end of stream');
    let joined = false;
    for (;;) {
      const start = cursor.pos;
      let pos = start;
      let code = text.charCodeAt(pos);
      while (!isBlankOrEnd(code) && code !== quote && (single || code !== 92)) code = text.charCodeAt(++pos);
      if (pos > start) value += text.slice(start, pos);
      cursor.pos = pos;
      if (single && code === 39 && text.charCodeAt(pos + 1) === 39) {
        value += "'";
        cursor.pos += 2;
      } else if (!single && code === 92) {
        if (isBreak(text.charCodeAt(pos + 1))) {
          cursor.pos += 1;
          cursor.readBreak();
          joined = true;
          break;
        }
        value += scanEscape(cursor);
      } else {
        break;
      }
    }
    if (cursor.code === quote) break;
    value += scanQuotedGap(cursor, joined);
  }
  cursor.pos += 1;
  return value;
}

/** Blanks and breaks between the words of a quoted scalar, folded. `joined`: an escaped break came before. */
function scanQuotedGap(cursor: Cursor, joined: boolean): string {
  let blanks = '';
  let leading = '';
  let trailing = '';
  let broken = joined;
  for (;;) {
    const code = cursor.code;
    if (isBlank(code)) {
      if (!broken) blanks += String.fromCharCode(code);
      cursor.pos += 1;
    } else if (isBreak(code)) {
      if (broken) {
        trailing += cursor.readBreak();
      } else {
        blanks = '';
        leading = cursor.readBreak();
        broken = true;
      }
    } else {
      break;
    }
  }
  return broken ? fold(leading, trailing) : blanks;
}

/** Chomping and indentation behind `|` or `>`. */
function scanBlockHeader(cursor: Cursor): { chomping: -1 | 0 | 1; increment: number } {
  let chomping: -1 | 0 | 1 = 0;
  let increment = 0;
  const readChomping = (): boolean => {
    if (cursor.code !== 43 && cursor.code !== 45) return false;
    chomping = cursor.code === 43 ? 1 : -1;
    cursor.pos += 1;
    return true;
  };
  const readIncrement = (): void => {
    if (!isDigit(cursor.code)) return;
    if (cursor.code === 48) cursor.fail('found an indentation indicator equal to 0');
    increment = cursor.code - 48;
    cursor.pos += 1;
  };
  if (readChomping()) {
    readIncrement();
  } else {
    readIncrement();
    if (increment > 0) readChomping();
  }
  while (isBlank(cursor.code)) cursor.pos += 1;
  if (cursor.code === 35) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code)) cursor.fail('did not find expected comment or line break');
  cursor.readBreak();
  return { chomping, increment };
}

/**
 * A block scalar; the cursor stands on `|` or `>`. `parent` is the indentation around it, -1 at the top
 * (yaml_parser_scan_block_scalar).
 */
export function scanBlock(cursor: Cursor, literal: boolean, parent: number): string {
  const { text } = cursor;
  cursor.pos += 1;
  const { chomping, increment } = scanBlockHeader(cursor);
  const known = increment === 0 ? 0 : Math.max(parent, 0) + increment;
  const first = scanBlockBreaks(cursor, known, parent);
  const { indent } = first;
  let trailing = first.breaks;
  let value = '';
  let leading = '';
  let leadingBlank = false;
  while (cursor.column === indent && cursor.code !== 0) {
    const blank = isBlank(cursor.code);
    if (!literal && !leadingBlank && !blank && leading.charCodeAt(0) === 10) {
      if (trailing === '') value += ' ';
    } else {
      value += leading;
    }
    value += trailing;
    leadingBlank = blank;
    const start = cursor.pos;
    cursor.skipToBreak();
    value += text.slice(start, cursor.pos);
    leading = cursor.readBreak();
    trailing = scanBlockBreaks(cursor, indent, parent).breaks;
  }
  if (chomping !== -1) value += leading;
  if (chomping === 1) value += trailing;
  return value;
}

/** Indentation and empty lines; with `indent` 0 it is found out from the first line that holds something. */
function scanBlockBreaks(cursor: Cursor, indent: number, parent: number): { breaks: string; indent: number } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.code === 32) cursor.pos += 1;
    widest = Math.max(widest, cursor.column);
    if ((indent === 0 || cursor.column < indent) && cursor.code === 9) {
      cursor.fail('found a tab character where an indentation space is expected');
    }
    if (!isBreak(cursor.code)) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: indent === 0 ? Math.max(widest, parent + 1, 1) : indent };
}
