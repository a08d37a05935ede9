/** A term of an Erlang file: atoms and texts are texts; tuples and lists are lists, maps and binaries as far as needed. */
export type ErlangTerm = string | readonly ErlangTerm[];

const maxDepth = 100;
const maxTerms = 200_000;

/**
 * The terms of a text as `file:consult/1` reads them, up to the first that is none; comments are skipped. Numbers are
 * their text, `<<"x">>` the text in it.
 *
 * Follows: Erlang Reference Manual, "Terms".
 */
export function readErlangTerms(source: string): readonly ErlangTerm[] {
  const reader = new Reader(source);
  const terms: ErlangTerm[] = [];
  for (;;) {
    const term = reader.term(0);
    if (term === null) return terms;
    terms.push(term);
    reader.skip('.');
  }
}

class Reader {
  readonly #source: string;
  #at = 0;
  #terms = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Null where no term is there. */
  term(depth: number): ErlangTerm | null {
    this.#blank();
    if (depth > maxDepth || ++this.#terms > maxTerms) return null;
    const char = this.#source[this.#at];
    switch (char) {
      case '{':
        return this.#list('}', depth);
      case '[':
        return this.#list(']', depth);
      case '"':
      case "'":
        return this.#quoted(char);
      default:
        return char === '<' || char === '#' ? this.#wrapped(depth) : this.#word();
    }
  }

  skip(mark: string): boolean {
    this.#blank();
    if (!this.#source.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #list(close: string, depth: number): ErlangTerm | null {
    this.#at += 1;
    const items: ErlangTerm[] = [];
    for (;;) {
      if (this.skip(close)) return items;
      const item = this.term(depth + 1);
      if (item === null) return null;
      items.push(item);
      // Texts side by side are one; `|` and `=>` separate like a comma here.
      if (!this.skip(',') && !this.skip('|')) this.skip('=>');
    }
  }

  /** `<<"x">>`, `<<"x"/utf8>>`, `#{…}`. */
  #wrapped(depth: number): ErlangTerm | null {
    if (this.skip('#')) return this.#source[this.#at] === '{' ? this.#list('}', depth) : null;
    if (!this.skip('<<')) return null;
    if (this.skip('>>')) return '';
    const inner = this.term(depth + 1);
    const end = this.#source.indexOf('>>', this.#at);
    if (inner === null || end < 0) return null;
    this.#at = end + 2;
    return inner;
  }

  #quoted(quote: string): string | null {
    let text = '';
    for (let at = this.#at + 1; at < this.#source.length; at++) {
      const char = this.#source[at] ?? '';
      if (char === quote) {
        this.#at = at + 1;
        return text;
      }
      if (char === '\\') at += 1;
      text += this.#source[at] ?? '';
    }
    return null;
  }

  #word(): string | null {
    const word = /[\w@+#.-]*[\w@]/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#source)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #blank(): void {
    for (; this.#at < this.#source.length; this.#at++) {
      const char = this.#source.charCodeAt(this.#at);
      if (char === 0x25) {
        const end = this.#source.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#source.length : end;
      } else if (char > 0x20) return;
    }
  }
}
