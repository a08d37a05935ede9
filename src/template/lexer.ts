import { sprintf } from './format.js';
import type { KnownActions } from './known-actions.js';
import type { Source } from './source.js';
import { T, type TokenKind, Tokens } from './tokens.js';
import { GoInt } from './value.js';

/** Longer actions are seldom met twice. */
const longestKnown = 200;

const keywords: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ['block', T.block],
  ['break', T.break],
  ['continue', T.continue],
  ['define', T.define],
  ['else', T.else],
  ['end', T.end],
  ['if', T.if],
  ['range', T.range],
  ['nil', T.nil],
  ['template', T.template],
  ['with', T.with],
  ['true', T.bool],
  ['false', T.bool],
]);

const letterOrDigit = /[\p{L}\p{Nd}]/u;

const isBlank = 1;
const isWord = 2;
/** What may follow a word: blanks and `.,|:)(`; so may `}}` and the end. */
const endsWord = 4;

/** What an ASCII character is, as bits. */
const classes = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (chars: string, bits: number): void => {
    for (let i = 0; i < chars.length; i++) {
      const code = chars.charCodeAt(i);
      table[code] = (table[code] ?? 0) | bits;
    }
  };
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', isWord);
  mark(' \t\r\n', isBlank | endsWord);
  mark('.,|:)(', endsWord);
  return table;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

const eof = -1;

/**
 * Reads the tokens of a template, a text and an action at a time. State that moves: the place, and whether in an action.
 *
 * The tokens end with `eof` or, where the text is wrong, with an `error`; comments and blanks give none.
 * Follows: text/template/parse/lex.go with the delimiters `{{` and `}}`.
 */
export class Lexer<K> {
  private readonly input: string;
  private readonly size: number;
  readonly tokens: Tokens;
  /** The known actions that were met, in their order. */
  readonly met: K[] = [];
  private readonly known: KnownActions<K>;
  private done = false;
  private pos = 0;
  private start = 0;
  private parens = 0;
  /** 1 where a blank was passed since the last token. */
  private spaced = 0;

  /** `tokens` are those of another text that nobody reads any more. */
  constructor(source: Source, known: KnownActions<K>, tokens: Tokens = new Tokens(source)) {
    this.input = source.text;
    this.size = source.text.length;
    tokens.reset(source);
    this.tokens = tokens;
    this.known = known;
  }

  /** Reads up to an action, and the action; false where all was read. */
  more(): boolean {
    if (this.done) return false;
    this.done = !(this.readText() && (this.isKnown() || this.readAction()));
    return true;
  }

  private emit(kind: TokenKind): true {
    this.tokens.add(kind, this.start, this.pos, this.spaced);
    this.start = this.pos;
    this.spaced = 0;
    return true;
  }

  private fail(message: string): false {
    this.tokens.addError(message, this.start);
    return false;
  }

  private ignore(): void {
    this.start = this.pos;
  }

  /** The code unit at a place, -1 behind the end. */
  private unit(at: number): number {
    return at < this.size ? this.input.charCodeAt(at) : eof;
  }

  private peek(): number {
    return this.pos < this.size ? (this.input.codePointAt(this.pos) ?? eof) : eof;
  }

  private next(): number {
    const code = this.peek();
    if (code === eof) return eof;
    this.pos += code > 0xffff ? 2 : 1;
    return code;
  }

  private hasLeftTrim(at: number): boolean {
    return this.unit(at) === 0x2d && isSpace(this.unit(at + 1));
  }

  private hasRightTrim(at: number): boolean {
    return this.unit(at + 1) === 0x2d && isSpace(this.unit(at));
  }

  /** Whether `}}` stands at a place. */
  private closesAt(at: number): boolean {
    return this.unit(at) === 0x7d && this.unit(at + 1) === 0x7d;
  }

  private skipSpaces(): void {
    while (isSpace(this.unit(this.pos))) this.pos += 1;
  }

  /** Text up to an action, and the action's left delimiter; comments are skipped. False at the end. */
  private readText(): boolean {
    for (;;) {
      const at = this.input.indexOf('{{', this.pos);
      if (at < 0) {
        this.pos = this.size;
        if (this.pos > this.start) this.emit(T.text);
        this.emit(T.eof);
        return false;
      }
      this.readTextBefore(at);
      this.pos += 2;
      const marker = this.hasLeftTrim(this.pos) ? 2 : 0;
      if (this.unit(this.pos + marker) !== 0x2f || this.unit(this.pos + marker + 1) !== 0x2a) {
        this.start = at;
        return true;
      }
      this.pos += marker;
      this.ignore();
      if (!this.skipComment()) return false;
    }
  }

  /** Whether the action that begins here was parsed before: then it is one token. */
  private isKnown(): boolean {
    const end = this.input.indexOf('}}', this.start + 2) + 2;
    const length = end - this.start;
    const known = length < 4 || length > longestKnown ? undefined : this.known.get(this.input.slice(this.start, end));
    if (known === undefined) {
      this.beginAction();
      return false;
    }
    this.tokens.add(T.known, this.start, this.met.length, 0);
    this.met.push(known);
    this.pos = end;
    if (this.hasRightTrim(end - 4)) this.skipSpaces();
    this.start = this.pos;
    return true;
  }

  /** The action that was read last is none that is known, where it stands: its tokens are read in its place. */
  unmeet(token: number): void {
    this.start = this.tokens.pos(token);
    this.tokens.removeFrom(token);
    this.met.pop();
    this.beginAction();
    this.done = !this.readAction();
  }

  private beginAction(): void {
    this.pos = this.start + 2;
    const marker = this.hasLeftTrim(this.pos) ? 2 : 0;
    this.emit(T.leftDelim);
    this.pos += marker;
    this.start = this.pos;
    this.parens = 0;
  }

  private readTextBefore(at: number): void {
    if (at === this.pos) return;
    let end = at;
    if (this.hasLeftTrim(at + 2)) {
      while (end > this.start && isSpace(this.unit(end - 1))) end -= 1;
    }
    this.pos = end;
    if (end > this.start) this.emit(T.text);
    this.pos = at;
    this.ignore();
  }

  private skipComment(): boolean {
    const end = this.input.indexOf('*/', this.pos + 2);
    if (end < 0) return this.fail('unclosed comment');
    this.pos = end + 2;
    const trims = this.hasRightTrim(this.pos) && this.closesAt(this.pos + 2);
    if (!trims && !this.closesAt(this.pos)) return this.fail('comment ends before closing delimiter');
    this.pos += trims ? 4 : 2;
    if (trims) this.skipSpaces();
    this.ignore();
    return true;
  }

  /** The inside of an action and its right delimiter. */
  private readAction(): boolean {
    for (;;) {
      const code = this.unit(this.pos);
      const trims = isSpace(code) && this.unit(this.pos + 1) === 0x2d && this.closesAt(this.pos + 2);
      if (trims || (code === 0x7d && this.unit(this.pos + 1) === 0x7d)) return this.readRightDelim(trims);
      if (!this.readInside(code)) return false;
    }
  }

  private readRightDelim(trims: boolean): boolean {
    if (this.parens !== 0) return this.fail('unclosed left paren');
    if (trims) {
      this.pos += 2;
      this.ignore();
    }
    this.pos += 2;
    this.emit(T.rightDelim);
    if (trims) {
      this.skipSpaces();
      this.ignore();
    }
    return true;
  }

  private readInside(code: number): boolean {
    if (code >= 0x80) return this.readOther();
    if (code === eof) return this.fail('unclosed action');
    const bits = classes[code] ?? 0;
    if ((bits & isBlank) !== 0) return this.readSpace();
    if (code === 0x2e) {
      const after = this.unit(this.pos + 1);
      if (after === eof || (after >= 0x30 && after <= 0x39)) return this.readNumber();
      this.pos += 1;
      return this.readName(T.field, T.dot);
    }
    if (code === 0x2b || code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.readNumber();
    if ((bits & isWord) !== 0) return this.readIdentifier();
    return this.readMark(code);
  }

  private readOther(): boolean {
    const code = this.peek();
    if (letterOrDigit.test(String.fromCodePoint(code))) return this.readIdentifier();
    this.next();
    return this.fail(`unrecognized character in action: ${named(code)}`);
  }

  private readMark(code: number): boolean {
    this.pos += 1;
    switch (code) {
      case 0x3d: // =
        return this.emit(T.assign);
      case 0x3a: // :
        return this.next() === 0x3d ? this.emit(T.declare) : this.fail('expected :=');
      case 0x7c: // |
        return this.emit(T.pipe);
      case 0x22: // "
        return this.readQuoted(0x22, T.string, 'unterminated quoted string');
      case 0x27: // '
        return this.readQuoted(0x27, T.charConstant, 'unterminated character constant');
      case 0x60: // `
        return this.readRaw();
      case 0x24: // $
        return this.readName(T.variable, T.variable);
      case 0x28: // (
        this.parens += 1;
        return this.emit(T.leftParen);
      case 0x29: // )
        this.parens -= 1;
        return this.parens < 0 ? this.fail('unexpected right paren') : this.emit(T.rightParen);
      default:
        if (code > 0x20 && code < 0x7f) return this.emit(T.char);
        return this.fail(`unrecognized character in action: ${named(code)}`);
    }
  }

  private readSpace(): boolean {
    // One blank, nearly always.
    this.pos += 1;
    let code = this.unit(this.pos);
    while (isSpace(code)) {
      this.pos += 1;
      code = this.unit(this.pos);
    }
    // The last space may belong to a trim marker.
    if (code === 0x2d && this.closesAt(this.pos + 1)) this.pos -= 1;
    this.start = this.pos;
    this.spaced = 1;
    return true;
  }

  private skipWord(): void {
    const { input, size } = this;
    let { pos } = this;
    while (pos < size) {
      const code = input.charCodeAt(pos);
      if (code < 0x80) {
        if (((classes[code] ?? 0) & isWord) === 0) break;
        pos += 1;
        continue;
      }
      const point = input.codePointAt(pos) ?? 0;
      if (!letterOrDigit.test(String.fromCodePoint(point))) break;
      pos += point > 0xffff ? 2 : 1;
    }
    this.pos = pos;
  }

  private readIdentifier(): boolean {
    this.skipWord();
    if (!this.atTerminator()) return this.fail(`bad character ${named(this.peek())}`);
    // No keyword is longer.
    const keyword = this.pos - this.start > 8 ? undefined : keywords.get(this.input.slice(this.start, this.pos));
    return this.emit(keyword ?? T.identifier);
  }

  /** A field or a variable, whose first character was read; `alone` is what that character is by itself. */
  private readName(kind: TokenKind, alone: TokenKind): boolean {
    if (this.atTerminator()) return this.emit(alone);
    this.skipWord();
    if (!this.atTerminator()) return this.fail(`bad character ${named(this.peek())}`);
    return this.emit(kind);
  }

  private atTerminator(): boolean {
    const code = this.unit(this.pos);
    if (code === eof || (code < 0x80 && ((classes[code] ?? 0) & endsWord) !== 0)) return true;
    return code === 0x7d && this.unit(this.pos + 1) === 0x7d;
  }

  private readQuoted(mark: number, kind: TokenKind, message: string): boolean {
    const { input, size } = this;
    let { pos } = this;
    for (;;) {
      const code = pos < size ? input.charCodeAt(pos) : eof;
      pos += 1;
      if (code === mark) break;
      if (code === eof || code === 0x0a) return this.fail(message);
      if (code !== 0x5c) continue;
      const escaped = pos < size ? input.charCodeAt(pos) : eof;
      if (escaped === eof || escaped === 0x0a) return this.fail(message);
      pos += 1;
    }
    this.pos = pos;
    return this.emit(kind);
  }

  private readRaw(): boolean {
    const end = this.input.indexOf('`', this.pos);
    if (end < 0) return this.fail('unterminated raw quoted string');
    this.pos = end + 1;
    return this.emit(T.rawString);
  }

  private readNumber(): boolean {
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.unit(this.pos);
    if (sign !== 0x2b && sign !== 0x2d) return this.emit(T.number);
    // Complex: 1+2i. No spaces, must end in 'i'.
    if (!this.scanNumber() || this.unit(this.pos - 1) !== 0x69) return this.badNumber();
    return this.emit(T.complex);
  }

  private badNumber(): false {
    return this.fail(sprintf('bad number syntax: %q', [this.input.slice(this.start, this.pos)]));
  }

  private accept(valid: string): boolean {
    const char = this.input[this.pos];
    if (char === undefined || !valid.includes(char)) return false;
    this.pos += 1;
    return true;
  }

  private acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  /** Not a perfect scanner: where it accepts too much, the parser notices. */
  private scanNumber(): boolean {
    this.accept('+-');
    let digits = '0123456789_';
    if (this.accept('0')) {
      if (this.accept('xX')) digits = '0123456789abcdefABCDEF_';
      else if (this.accept('oO')) digits = '01234567_';
      else if (this.accept('bB')) digits = '01_';
    }
    this.acceptRun(digits);
    if (this.accept('.')) this.acceptRun(digits);
    const exponent = digits.length === 11 ? 'eE' : digits.length === 23 ? 'pP' : '';
    if (exponent !== '' && this.accept(exponent)) {
      this.accept('+-');
      this.acceptRun('0123456789_');
    }
    this.accept('i');
    const at = this.pos;
    this.skipWord();
    if (this.pos === at) return true;
    // One character too many is named, as Go reads it.
    this.pos = at;
    this.next();
    return false;
  }
}

/** A character as `%#U` shows it. */
function named(code: number): string {
  const shown = code >= 0xdc80 && code <= 0xdcff ? 0xfffd : code;
  return sprintf('%#U', [new GoInt('int32', shown)]);
}
