import type { KnownAction } from './known-actions.js';
import type { Lexer } from './lexer.js';
import { T, type TokenKind, type Tokens } from './tokens.js';

/** Reads tokens forth and back. Tokens are their places among the others. */
export class Cursor {
  private readonly lexer: Lexer<KnownAction>;
  private readonly tokens: Tokens;
  private at = 0;
  private furthest = 0;

  constructor(lexer: Lexer<KnownAction>) {
    this.lexer = lexer;
    this.tokens = lexer.tokens;
  }

  /** The line of the furthest token that was read, which Go's errors name. */
  get line(): number {
    return this.tokens.line(this.furthest);
  }

  /** The lexer always ends with a token (eof or error), which is given again and again. */
  peek(): number {
    const token = this.at < this.tokens.length ? this.at : this.read();
    if (token > this.furthest) this.furthest = token;
    return token;
  }

  private read(): number {
    while (this.at >= this.tokens.length && this.lexer.more());
    return Math.min(this.at, this.tokens.length - 1);
  }

  next(): number {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  kind(): TokenKind {
    return this.tokens.kind(this.peek());
  }

  /** Whether the next token is a field that belongs to the term before it. */
  isFurtherField(): boolean {
    const token = this.peek();
    return this.tokens.kind(token) === T.field && !this.tokens.isSpaced(token);
  }

  mark(): number {
    return this.at;
  }

  reset(mark: number): void {
    this.at = mark;
  }
}
