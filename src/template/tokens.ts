import { sprintf } from './format.js';
import type { Source } from './source.js';
import { byteLength } from './text.js';

/** The kinds of tokens, named as text/template/parse names its items; from `block` on they are keywords, and
 * `known` is a whole action that was parsed before. */
export const T = {
  error: 0,
  bool: 1,
  char: 2,
  charConstant: 3,
  complex: 4,
  assign: 5,
  declare: 6,
  eof: 7,
  field: 8,
  identifier: 9,
  leftDelim: 10,
  leftParen: 11,
  number: 12,
  pipe: 13,
  rawString: 14,
  rightDelim: 15,
  rightParen: 16,
  string: 17,
  text: 18,
  variable: 19,
  known: 20,
  block: 21,
  break: 22,
  continue: 23,
  dot: 24,
  define: 25,
  else: 26,
  end: 27,
  if: 28,
  nil: 29,
  range: 30,
  template: 31,
  with: 32,
} as const;

export type TokenKind = (typeof T)[keyof typeof T];

/** Enough for most files; it grows where one has more. */
const firstRoom = 4096;

/**
 * The tokens of a text, side by side in numbers: a chart has hundreds of thousands, and most are looked at once. Each
 * has a kind and a place (UTF-16 units); lines are counted when somebody asks.
 */
export class Tokens {
  private source: Source;
  /** The kind of each; the last one is `eof` or `error`. */
  kinds: Uint8Array;
  /** Whether there is a blank before it, within an action. */
  private spaced: Uint8Array;
  /** Where each begins and ends. */
  private places: Int32Array;
  private count = 0;
  /** What is wrong with the text: the text of the last token, where that is an `error`. */
  private message = '';

  constructor(source: Source) {
    this.source = source;
    this.kinds = new Uint8Array(firstRoom);
    this.spaced = new Uint8Array(firstRoom);
    this.places = new Int32Array(2 * firstRoom);
  }

  /** Begins anew with another text: what was allocated stays. */
  reset(source: Source): void {
    this.source = source;
    this.count = 0;
    this.message = '';
  }

  get length(): number {
    return this.count;
  }

  /** For a `known` action, `end` is its place among those that were met (`Lexer.met`). */
  add(kind: TokenKind, start: number, end: number, spaced: number): void {
    const at = this.count;
    if (at === this.kinds.length) this.grow();
    this.kinds[at] = kind;
    this.spaced[at] = spaced;
    this.places[2 * at] = start;
    this.places[2 * at + 1] = end;
    this.count = at + 1;
  }

  private grow(): void {
    const kinds = new Uint8Array(2 * this.kinds.length);
    const spaced = new Uint8Array(2 * this.kinds.length);
    const places = new Int32Array(2 * this.places.length);
    kinds.set(this.kinds);
    spaced.set(this.spaced);
    places.set(this.places);
    this.kinds = kinds;
    this.spaced = spaced;
    this.places = places;
  }

  removeFrom(token: number): void {
    this.count = token;
  }

  /** Ends the tokens with an error. */
  addError(message: string, start: number): void {
    this.message = message;
    this.add(T.error, start, start, 0);
  }

  kind(token: number): TokenKind {
    return this.kinds[token] as TokenKind;
  }

  /** The second of its places: where it ends. */
  end(token: number): number {
    return this.places[2 * token + 1] ?? 0;
  }

  isSpaced(token: number): boolean {
    return this.spaced[token] === 1;
  }

  /** Where it starts, in UTF-16 units of the text. */
  pos(token: number): number {
    return this.places[2 * token] ?? 0;
  }

  /** The line on which it starts, from 1. */
  line(token: number): number {
    return this.source.line(this.pos(token));
  }

  /** The text of it, quotes included; the message of an error. */
  text(token: number): string {
    if (this.kinds[token] === T.error) return this.message;
    return this.source.text.slice(this.places[2 * token], this.places[2 * token + 1]);
  }

  /** The text of it without its first character: the name of a field. */
  name(token: number): string {
    return this.source.text.slice((this.places[2 * token] ?? 0) + 1, this.places[2 * token + 1]);
  }

  /** Whether a character mark (`,` …) is this one. */
  isMark(token: number, mark: number): boolean {
    return this.kind(token) === T.char && this.source.text.charCodeAt(this.pos(token)) === mark;
  }

  /** A token as error texts show it (item.String). */
  shown(token: number): string {
    const kind = this.kind(token);
    const text = this.text(token);
    if (kind === T.eof) return 'EOF';
    if (kind === T.error) return text;
    if (kind >= T.block) return `<${text}>`;
    if (byteLength(text) > 10) return sprintf('%.10q...', [text]);
    return sprintf('%q', [text]);
  }
}
