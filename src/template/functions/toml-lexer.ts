import { sprintf } from '../format.js';
import { GoError, GoInt } from '../value.js';

/**
 * The tokens of a TOML text, one after another as they are asked for: a text that is wrong further on is wrong only
 * when the reader comes there.
 *
 * Follows: github.com/BurntSushi/toml v1.6.0, lex.go, state by state.
 */

export type TomlKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'string'
  | 'stringEscaped'
  | 'rawString'
  | 'multiline'
  | 'rawMultiline'
  | 'bool'
  | 'integer'
  | 'float'
  | 'datetime'
  | 'array'
  | 'arrayEnd'
  | 'table'
  | 'tableEnd'
  | 'tables'
  | 'tablesEnd'
  | 'key'
  | 'keyEnd'
  | 'comment'
  | 'inlineTable'
  | 'inlineTableEnd';

/** `text` is what was read, of an `error` what is wrong. */
export interface TomlItem {
  readonly kind: TomlKind;
  readonly text: string;
  readonly line: number;
}

/** The end of the text, as a character. */
export const eof = '\0';
/** What Go reads where there is no character that may stand there. */
const broken = '\ufffd';

export const isBlank = (char: string): boolean => char === '\t' || char === ' ';
export const isBreak = (char: string): boolean => char === '\n' || char === '\r';
export const isDigit = (char: string): boolean => char >= '0' && char <= '9' && char.length === 1;
export const isBinary = (char: string): boolean => char === '0' || char === '1';
export const isOctal = (char: string): boolean => char >= '0' && char <= '7' && char.length === 1;
export const isHex = (char: string): boolean => /^[0-9a-fA-F]$/.test(char);
export const isBare = (char: string): boolean => /^[A-Za-z0-9_-]$/.test(char);
export const isLetter = (char: string): boolean => /^\p{L}$/u.test(char);
const isControl = (char: string): boolean => char < ' ' && !isBreak(char) && char !== '\t';

/** A character as `%q` prints a rune. */
export function quoteChar(char: string): string {
  return sprintf('%q', [new GoInt('int32', char.codePointAt(0) ?? 0)]);
}

/** Reads on, and says how it goes on; null where the text is read or wrong. */
export type State = (lexer: TomlLexer) => State | null;

export class TomlLexer {
  readonly #chars: readonly string[];
  readonly #ready: TomlItem[] = [];
  readonly #stack: State[] = [];
  #state: State | null;
  #start = 0;
  #line = 1;
  #atEnd = false;
  pos = 0;
  /** Whether the string that is being read has an escape. */
  escaped = false;

  constructor(text: string, first: State) {
    this.#chars = [...text];
    this.#state = first;
  }

  nextItem(): TomlItem {
    for (;;) {
      const item = this.#ready.shift();
      if (item !== undefined) return item;
      if (this.#state === null) throw new GoError('runtime error: invalid memory address or nil pointer dereference');
      this.#state = this.#state(this);
    }
  }

  push(state: State): void {
    this.#stack.push(state);
  }

  pop(): State {
    const state = this.#stack.pop();
    if (state === undefined) throw new GoError('BUG in lexer: no states to pop');
    return state;
  }

  current(): string {
    return this.#chars.slice(this.#start, this.pos).join('');
  }

  /** Whether what was read of this token ends so. */
  endsWith(text: string): boolean {
    const from = Math.max(this.#start, this.pos - text.length);
    return this.#chars.slice(from, this.pos).join('') === text;
  }

  emit(kind: TomlKind): void {
    this.#ready.push({ kind, text: this.current(), line: this.#line });
    this.ignore();
  }

  emitTrimmed(kind: TomlKind): void {
    this.#ready.push({ kind, text: this.current().trim(), line: this.#line });
    this.ignore();
  }

  next(): string {
    if (this.#atEnd) throw new GoError('BUG in lexer: next called after EOF');
    const char = this.#chars[this.pos];
    if (char === undefined) {
      this.#atEnd = true;
      return eof;
    }
    if (char === '\n') this.#line += 1;
    const code = char.charCodeAt(0);
    if (char.length === 1 && code >= 0xdc80 && code <= 0xdcff) {
      this.error(`invalid UTF-8 byte: 0x${(code - 0xdc00).toString(16).padStart(2, '0')}`);
      return broken;
    }
    if (isControl(char) || char === '\x7f' || (char === '\r' && this.#chars[this.pos + 1] !== '\n')) {
      const shown = code.toString(16).padStart(2, '0');
      this.#wrong(`TOML files cannot contain control characters: '0x${shown}'`, this.#line);
      return broken;
    }
    this.pos += 1;
    return char;
  }

  ignore(): void {
    this.#start = this.pos;
  }

  backup(): void {
    if (this.#atEnd) {
      this.#atEnd = false;
      return;
    }
    this.pos -= 1;
    if (this.#chars[this.pos] === '\n') this.#line -= 1;
  }

  accept(char: string): boolean {
    if (this.next() === char) return true;
    this.backup();
    return false;
  }

  peek(): string {
    const char = this.next();
    this.backup();
    return char;
  }

  skipBlanks(): void {
    while (isBlank(this.next())) {
      // On to what is no blank.
    }
    this.backup();
    this.ignore();
  }

  #wrong(text: string, line: number): null {
    this.#ready.push({ kind: 'error', text, line });
    return null;
  }

  /** lexer.error. */
  error(text: string): null {
    return this.#wrong(text, this.#atEnd ? this.#line - 1 : this.#line);
  }

  /** lexer.errorPrevLine. */
  errorBefore(text: string): null {
    return this.#wrong(text, this.#line - 1);
  }

  /** lexer.errorf. */
  fail(text: string): null {
    const after = this.#atEnd && this.#chars[this.pos - 1] === '\n';
    return this.#wrong(text, after ? this.#line - 1 : this.#line);
  }
}
