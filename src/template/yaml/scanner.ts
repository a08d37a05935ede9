import { isBlank, isBlankOrEnd, isBreak, isDocumentMark, isWord } from './chars.js';
import { Cursor } from './cursor.js';
import { scanBlock, scanPlain, scanQuoted } from './scan-scalar.js';
import { scanDirective, scanTag } from './scan-tag.js';
import type { SimpleKey, Token, TokenKind } from './token.js';

/** How deep collections may nest: go-yaml allows 10000, more than JavaScript's stack does. Its words are kept. */
export const maxDepth = 1500;
const tooDeep = 'exceeded max depth of 10000';

/**
 * YAML text to tokens, one at a time.
 *
 * Follows go-yaml v2 (scannerc.go), which is libyaml's scanner: a key is only known when its `:` is met, so tokens wait
 * in a queue until no `:` can come any more (same line, 1024 characters).
 */
export class Scanner {
  private readonly cursor: Cursor;
  private tokens: Token[] = [];
  private head = 0;
  /** How many tokens were taken out. */
  private taken = 0;
  private available = false;
  private flowLevel = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private keyAllowed = true;
  /** One slot for each level of flow collections; `opener` is the key that the level's own bracket may be. */
  private readonly slots: { key: SimpleKey | null; readonly opener: SimpleKey | null }[] = [
    { key: null, opener: null },
  ];

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** The next token, which stays. Throws YamlSyntaxError. */
  peek(): Token {
    while (!this.available) {
      const token = this.tokens[this.head];
      if (token !== undefined && (token.key === null || token.key.forgotten || !this.stillPossible(token.key))) {
        this.available = true;
        return token;
      }
      this.fetch();
    }
    const token = this.tokens[this.head];
    if (token === undefined) throw new Error('the YAML scanner lost a token');
    return token;
  }

  /** Takes out the token that `peek` gave. */
  skip(): void {
    this.head += 1;
    this.taken += 1;
    this.available = false;
    if (this.head === this.tokens.length) {
      this.tokens.length = 0;
      this.head = 0;
    } else if (this.head > 512) {
      this.tokens = this.tokens.slice(this.head);
      this.head = 0;
    }
  }

  private token(kind: TokenKind, line: number, value = '', key: SimpleKey | null = null): Token {
    return { kind, line, endLine: this.cursor.line, value, suffix: '', plain: false, key };
  }

  private add(token: Token): void {
    this.tokens.push(token);
  }

  /** One character as a token. */
  private mark(kind: TokenKind, width = 1, key: SimpleKey | null = null): void {
    this.cursor.pos += width;
    this.add(this.token(kind, this.cursor.line, '', key));
  }

  /** Puts a token before the one with this number, or at the end where that is none or gone. */
  private insert(number: number, token: Token): void {
    if (number < this.taken) this.tokens.push(token);
    else this.tokens.splice(this.head + number - this.taken, 0, token);
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.unrollIndent(cursor.column);
    const code = cursor.code;
    if (code === 0) {
      this.fetchEnd();
      return;
    }
    if (cursor.column === 0) {
      if (code === 37) {
        this.fetchDirective();
        return;
      }
      if (isDocumentMark(cursor.text, cursor.pos)) {
        this.fetchDocumentMark(code === 45 ? 'document-start' : 'document-end');
        return;
      }
    }
    const flow = this.flowLevel > 0;
    switch (code) {
      case 91:
        this.fetchFlowStart('flow-sequence-start');
        return;
      case 123:
        this.fetchFlowStart('flow-mapping-start');
        return;
      case 93:
        this.fetchFlowEnd('flow-sequence-end');
        return;
      case 125:
        this.fetchFlowEnd('flow-mapping-end');
        return;
      case 44:
        this.removeKey();
        this.keyAllowed = true;
        this.mark('flow-entry');
        return;
      case 45:
        if (isBlankOrEnd(cursor.at(1))) {
          this.fetchEntry();
          return;
        }
        break;
      case 63:
        if (flow || isBlankOrEnd(cursor.at(1))) {
          this.fetchKey();
          return;
        }
        break;
      case 58:
        if (flow || isBlankOrEnd(cursor.at(1))) {
          this.fetchValue();
          return;
        }
        break;
      case 42:
        this.fetchAnchor('alias');
        return;
      case 38:
        this.fetchAnchor('anchor');
        return;
      case 33: {
        const key = this.saveKey();
        this.keyAllowed = false;
        const { line } = cursor;
        const tag = scanTag(cursor);
        this.add({ ...this.token('tag', line, tag.handle, key), suffix: tag.suffix });
        return;
      }
      case 124:
      case 62:
        if (!flow) {
          this.removeKey();
          this.keyAllowed = true;
          const { line } = cursor;
          this.add(this.token('scalar', line, scanBlock(cursor, code === 124, this.indent)));
          return;
        }
        break;
      case 39:
      case 34: {
        const key = this.saveKey();
        this.keyAllowed = false;
        const { line } = cursor;
        this.add(this.token('scalar', line, scanQuoted(cursor, code), key));
        return;
      }
    }
    if (cannotStart(code) || ((code === 63 || code === 58) && flow)) {
      cursor.fail('found character that cannot start any token');
    }
    this.fetchPlain();
  }

  private fetchPlain(): void {
    const key = this.saveKey();
    this.keyAllowed = false;
    const { line } = this.cursor;
    const { value, endsLine } = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0);
    const token = this.token('scalar', line, value, key);
    this.add({ ...token, plain: true });
    if (endsLine) this.keyAllowed = true;
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      let code = cursor.code;
      const tabs = this.flowLevel > 0 || !this.keyAllowed;
      while (code === 32 || (tabs && code === 9)) {
        cursor.pos += 1;
        code = cursor.code;
      }
      if (code === 35) {
        cursor.skipToBreak();
        code = cursor.code;
      }
      if (!isBreak(code)) return;
      cursor.readBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  private stillPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.cursor.line || key.index + 1024 < this.cursor.pos) {
      if (key.required) this.cursor.fail("could not find expected ':'");
      key.possible = false;
      return false;
    }
    return true;
  }

  private saveKey(): SimpleKey | null {
    if (!this.keyAllowed) return null;
    const { cursor } = this;
    const key: SimpleKey = {
      possible: true,
      forgotten: false,
      required: this.flowLevel === 0 && this.indent === cursor.column,
      number: this.taken + this.tokens.length - this.head,
      index: cursor.pos,
      line: cursor.line,
      column: cursor.column,
    };
    this.removeKey();
    const slot = this.slots.at(-1);
    if (slot !== undefined) slot.key = key;
    return key;
  }

  private removeKey(): void {
    const key = this.slots.at(-1)?.key;
    if (key?.possible !== true) return;
    if (key.required) this.cursor.fail("could not find expected ':'");
    key.possible = false;
  }

  private rollIndent(column: number, kind: TokenKind, line: number, number: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxDepth) this.cursor.fail(tooDeep);
    const token: Token = { ...this.token(kind, line), endLine: line };
    this.insert(number, token);
  }

  private unrollIndent(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.add(this.token('block-end', this.cursor.line));
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private fetchEnd(): void {
    const { cursor } = this;
    if (cursor.column !== 0) {
      cursor.lineStart = cursor.pos;
      cursor.line += 1;
    }
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.add(this.token('stream-end', cursor.line));
  }

  private fetchDirective(): void {
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    const { line } = this.cursor;
    const directive = scanDirective(this.cursor);
    this.add({ ...this.token(directive.kind, line, directive.value), suffix: directive.suffix });
  }

  private fetchDocumentMark(kind: 'document-start' | 'document-end'): void {
    this.unrollIndent(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.mark(kind, 3);
  }

  private fetchFlowStart(kind: 'flow-sequence-start' | 'flow-mapping-start'): void {
    const key = this.saveKey();
    this.slots.push({ key: null, opener: key });
    this.flowLevel += 1;
    if (this.flowLevel > maxDepth) this.cursor.fail(tooDeep);
    this.keyAllowed = true;
    this.mark(kind, 1, key);
  }

  private fetchFlowEnd(kind: 'flow-sequence-end' | 'flow-mapping-end'): void {
    this.removeKey();
    if (this.flowLevel > 0) {
      this.flowLevel -= 1;
      // go-yaml forgets here that a bracket with no key inside may itself be a key, so `{}: x` ends behind `{}`.
      const slot = this.slots.pop();
      if (slot?.key === null && slot.opener !== null) slot.opener.forgotten = true;
    }
    this.keyAllowed = false;
    this.mark(kind);
  }

  private fetchEntry(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) cursor.fail('block sequence entries are not allowed in this context');
      this.rollIndent(cursor.column, 'block-sequence-start', cursor.line, -1);
    }
    this.removeKey();
    this.keyAllowed = true;
    this.mark('block-entry');
  }

  private fetchKey(): void {
    const { cursor } = this;
    if (this.flowLevel === 0) {
      if (!this.keyAllowed) cursor.fail('mapping keys are not allowed in this context');
      this.rollIndent(cursor.column, 'block-mapping-start', cursor.line, -1);
    }
    this.removeKey();
    this.keyAllowed = this.flowLevel === 0;
    this.mark('key');
  }

  private fetchValue(): void {
    const { cursor } = this;
    const key = this.slots.at(-1)?.key ?? null;
    if (key !== null && this.stillPossible(key)) {
      this.insert(key.number, { ...this.token('key', key.line), endLine: key.line });
      this.rollIndent(key.column, 'block-mapping-start', key.line, key.number);
      key.possible = false;
      this.keyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.keyAllowed) cursor.fail('mapping values are not allowed in this context');
        this.rollIndent(cursor.column, 'block-mapping-start', cursor.line, -1);
      }
      this.keyAllowed = this.flowLevel === 0;
    }
    this.mark('value');
  }

  private fetchAnchor(kind: 'alias' | 'anchor'): void {
    const { cursor } = this;
    const key = this.saveKey();
    this.keyAllowed = false;
    cursor.pos += 1;
    const start = cursor.pos;
    while (isWord(cursor.code)) cursor.pos += 1;
    if (cursor.pos === start || !(isBlankOrEnd(cursor.code) || '?:,]}%@`'.includes(String.fromCharCode(cursor.code)))) {
      cursor.fail('did not find expected alphabetic or numeric character');
    }
    this.add(this.token(kind, cursor.line, cursor.text.slice(start, cursor.pos), key));
  }
}

/** Characters that no plain scalar begins with, once the indicators were told apart. */
function cannotStart(code: number): boolean {
  return isBlank(code) || code === 124 || code === 62 || code === 37 || code === 64 || code === 96;
}
