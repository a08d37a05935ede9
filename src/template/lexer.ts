import { sprintf } from './format.js';
import { byteLength } from './text.js';
import { GoInt } from './value.js';

/** The kinds of tokens, named as text/template/parse names its items. */
export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'dot'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export interface Token {
  readonly kind: TokenKind;
  /** Where it starts, in UTF-16 units of the text. */
  readonly pos: number;
  /** The text of it, quotes included; the message of an error. */
  readonly text: string;
  /** The line on which it starts, from 1. */
  readonly line: number;
}

const keywords: ReadonlyMap<string, Keyword> = new Map([
  ['.', 'dot'],
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['range', 'range'],
  ['nil', 'nil'],
  ['template', 'template'],
  ['with', 'with'],
]);

const keywordKinds: ReadonlySet<string> = new Set(keywords.values());

/** A token as error texts show it (item.String). */
export function tokenText(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'error') return token.text;
  if (keywordKinds.has(token.kind)) return `<${token.text}>`;
  if (byteLength(token.text) > 10) return sprintf('%.10q...', [token.text]);
  return sprintf('%q', [token.text]);
}

const letterOrDigit = /[\p{L}\p{Nd}]/u;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** `code` is a code point, -1 at the end. */
function isAlphaNumeric(code: number): boolean {
  if (code < 0x80) {
    return (
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x5f
    );
  }
  return letterOrDigit.test(String.fromCodePoint(code));
}

const eof = -1;

/** Reads the tokens of a template, one after another. State that moves: the place, the line, whether in an action. */
class Lexer {
  private readonly input: string;
  private readonly tokens: Token[] = [];
  private pos = 0;
  private start = 0;
  private line = 1;
  private startLine = 1;
  private parens = 0;

  constructor(input: string) {
    this.input = input;
  }

  run(): Token[] {
    while (this.readText() && this.readAction()) {
      // each round reads up to an action, and the action
    }
    return this.tokens;
  }

  private emit(kind: TokenKind): void {
    const text = this.input.slice(this.start, this.pos);
    this.tokens.push({ kind, pos: this.start, text, line: this.startLine });
    this.start = this.pos;
    this.startLine = this.line;
  }

  private fail(message: string): false {
    this.tokens.push({ kind: 'error', pos: this.start, text: message, line: this.startLine });
    return false;
  }

  /** Counts the newlines between start and pos, for what is skipped without looking at each character. */
  private count(): void {
    for (let i = this.start; i < this.pos; i++) {
      if (this.input.charCodeAt(i) === 0x0a) this.line += 1;
    }
  }

  private ignore(): void {
    this.count();
    this.start = this.pos;
    this.startLine = this.line;
  }

  private peek(): number {
    return this.pos < this.input.length ? (this.input.codePointAt(this.pos) ?? eof) : eof;
  }

  private next(): number {
    const code = this.peek();
    if (code === eof) return eof;
    this.pos += code > 0xffff ? 2 : 1;
    if (code === 0x0a) this.line += 1;
    return code;
  }

  private unit(at: number): number {
    return at < this.input.length ? this.input.charCodeAt(at) : eof;
  }

  private hasLeftTrim(at: number): boolean {
    return this.unit(at) === 0x2d && isSpace(this.unit(at + 1));
  }

  private hasRightTrim(at: number): boolean {
    return isSpace(this.unit(at)) && this.unit(at + 1) === 0x2d;
  }

  private skipSpaces(): void {
    while (isSpace(this.unit(this.pos))) this.pos += 1;
  }

  /** Text up to an action, and the action's left delimiter; comments are skipped. False at the end. */
  private readText(): boolean {
    for (;;) {
      const at = this.input.indexOf('{{', this.pos);
      if (at < 0) {
        this.pos = this.input.length;
        if (this.pos > this.start) {
          this.count();
          this.emit('text');
        }
        this.emit('eof');
        return false;
      }
      this.readTextBefore(at);
      this.pos += 2;
      const marker = this.hasLeftTrim(this.pos) ? 2 : 0;
      if (!this.input.startsWith('/*', this.pos + marker)) {
        this.emit('leftDelim');
        this.pos += marker;
        this.ignore();
        this.parens = 0;
        return true;
      }
      this.pos += marker;
      this.ignore();
      if (!this.skipComment()) return false;
    }
  }

  private readTextBefore(at: number): void {
    if (at === this.pos) return;
    let end = at;
    if (this.hasLeftTrim(at + 2)) {
      while (end > this.start && isSpace(this.unit(end - 1))) end -= 1;
    }
    this.pos = end;
    this.count();
    if (end > this.start) this.emit('text');
    this.start = end;
    this.startLine = this.line;
    this.pos = at;
    this.ignore();
  }

  private skipComment(): boolean {
    const end = this.input.indexOf('*/', this.pos + 2);
    if (end < 0) return this.fail('unclosed comment');
    this.pos = end + 2;
    const delim = this.rightDelim();
    if (delim === null) return this.fail('comment ends before closing delimiter');
    this.pos += delim.trims ? 4 : 2;
    if (delim.trims) this.skipSpaces();
    this.ignore();
    return true;
  }

  /** Whether a right delimiter stands here, possibly with a trim marker. */
  private rightDelim(): { readonly trims: boolean } | null {
    if (this.hasRightTrim(this.pos) && this.input.startsWith('}}', this.pos + 2)) return { trims: true };
    return this.input.startsWith('}}', this.pos) ? { trims: false } : null;
  }

  /** The inside of an action and its right delimiter. */
  private readAction(): boolean {
    for (;;) {
      const delim = this.rightDelim();
      if (delim !== null) {
        if (this.parens !== 0) return this.fail('unclosed left paren');
        if (delim.trims) {
          this.pos += 2;
          this.ignore();
        }
        this.pos += 2;
        this.emit('rightDelim');
        if (delim.trims) {
          this.skipSpaces();
          this.ignore();
        }
        return true;
      }
      if (!this.readInside()) return false;
    }
  }

  private readInside(): boolean {
    const code = this.peek();
    if (code === eof) return this.fail('unclosed action');
    if (isSpace(code)) return this.readSpace();
    if (code === 0x2e) {
      const after = this.unit(this.pos + 1);
      if (after < 0x30 || after > 0x39) {
        if (after === eof) return this.readNumber();
        this.pos += 1;
        return this.readName('field');
      }
      return this.readNumber();
    }
    if (code === 0x2b || code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.readNumber();
    if (isAlphaNumeric(code)) return this.readIdentifier();
    this.next();
    return this.readMark(code);
  }

  private readMark(code: number): boolean {
    switch (String.fromCodePoint(code)) {
      case '=':
        this.emit('assign');
        return true;
      case ':':
        if (this.next() !== 0x3d) return this.fail('expected :=');
        this.emit('declare');
        return true;
      case '|':
        this.emit('pipe');
        return true;
      case '"':
        return this.readQuoted(0x22, 'string', 'unterminated quoted string');
      case "'":
        return this.readQuoted(0x27, 'charConstant', 'unterminated character constant');
      case '`':
        return this.readRaw();
      case '$':
        if (this.atTerminator()) {
          this.emit('variable');
          return true;
        }
        return this.readName('variable');
      case '(':
        this.parens += 1;
        this.emit('leftParen');
        return true;
      case ')':
        this.parens -= 1;
        if (this.parens < 0) return this.fail('unexpected right paren');
        this.emit('rightParen');
        return true;
      default:
        if (code > 0x20 && code < 0x7f) {
          this.emit('char');
          return true;
        }
        return this.fail(`unrecognized character in action: ${named(code)}`);
    }
  }

  private readSpace(): boolean {
    const from = this.pos;
    while (isSpace(this.unit(this.pos))) this.pos += 1;
    // The last space may belong to a trim marker.
    const last = this.pos - 1;
    if (this.hasRightTrim(last) && this.input.startsWith('}}', last + 2)) this.pos = last;
    if (this.pos === from) return true;
    for (let i = from; i < this.pos; i++) {
      if (this.unit(i) === 0x0a) this.line += 1;
    }
    this.emit('space');
    return true;
  }

  private readIdentifier(): boolean {
    while (isAlphaNumeric(this.peek())) this.next();
    if (!this.atTerminator()) return this.fail(`bad character ${named(this.peek())}`);
    const word = this.input.slice(this.start, this.pos);
    const keyword = keywords.get(word);
    if (keyword !== undefined) this.emit(keyword);
    else this.emit(word === 'true' || word === 'false' ? 'bool' : 'identifier');
    return true;
  }

  /** A field or a variable, whose first character was read. */
  private readName(kind: 'field' | 'variable'): boolean {
    if (this.atTerminator()) {
      this.emit(kind === 'field' ? 'dot' : 'variable');
      return true;
    }
    while (isAlphaNumeric(this.peek())) this.next();
    if (!this.atTerminator()) return this.fail(`bad character ${named(this.peek())}`);
    this.emit(kind);
    return true;
  }

  private atTerminator(): boolean {
    const code = this.peek();
    return code === eof || isSpace(code) || '.,|:)('.includes(String.fromCodePoint(code)) || this.atRightDelim();
  }

  private atRightDelim(): boolean {
    return this.input.startsWith('}}', this.pos);
  }

  private readQuoted(mark: number, kind: 'string' | 'charConstant', message: string): boolean {
    for (;;) {
      let code = this.next();
      if (code === mark) break;
      if (code === 0x5c) {
        code = this.next();
        if (code !== eof && code !== 0x0a) continue;
      }
      if (code === eof || code === 0x0a) return this.fail(message);
    }
    this.emit(kind);
    return true;
  }

  private readRaw(): boolean {
    const end = this.input.indexOf('`', this.pos);
    if (end < 0) return this.fail('unterminated raw quoted string');
    for (let i = this.pos; i < end; i++) {
      if (this.unit(i) === 0x0a) this.line += 1;
    }
    this.pos = end + 1;
    this.emit('rawString');
    return true;
  }

  private readNumber(): boolean {
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.peek();
    if (sign === 0x2b || sign === 0x2d) {
      // Complex: 1+2i. No spaces, must end in 'i'.
      if (!this.scanNumber() || this.unit(this.pos - 1) !== 0x69) return this.badNumber();
      this.emit('complex');
      return true;
    }
    this.emit('number');
    return true;
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
    if (isAlphaNumeric(this.peek())) {
      this.next();
      return false;
    }
    return true;
  }
}

/** A character as `%#U` shows it. */
function named(code: number): string {
  const shown = code >= 0xdc80 && code <= 0xdcff ? 0xfffd : code;
  return sprintf('%#U', [new GoInt('int32', shown)]);
}

/**
 * The tokens of a template, ending with `eof` or, where the text is wrong, with an `error`.
 *
 * Follows: text/template/parse/lex.go with the delimiters `{{` and `}}`; comments give no tokens.
 */
export function lex(text: string): Token[] {
  return new Lexer(text).run();
}
