/** A part of a text, in UTF-16 units. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly at: number;
  readonly indent: number;
  readonly text: string;
}

/**
 * Where the field of a JSON pointer stands in a document of block YAML, as templates write it: from its key or dash to
 * the end of its value. Null where the document has another form (flow style, anchors, quoted keys with escapes); who
 * asks then takes the whole.
 */
export class FieldPlaces {
  readonly #text: string;
  readonly #lines: readonly Line[];
  readonly #whole: Block;
  readonly #known = new Map<number, Map<number, ReadonlyMap<string, Block>>>();

  constructor(text: string) {
    this.#text = text;
    let at = 0;
    this.#lines = text.split('\n').map((raw): Line => {
      const line = { at, indent: raw.length - raw.trimStart().length, text: raw.trim() };
      at += raw.length + 1;
      return line;
    });
    const first = Math.max(this.#lines.findIndex(isContent), 0);
    this.#whole = { first, end: this.#lines.length, indent: this.#lines[first]?.indent ?? 0 };
  }

  of(pointer: string): Region | null {
    let block: Block | null = this.#whole;
    for (const part of pointer.split('/').slice(1)) {
      block = this.#inside(block).get(part.replaceAll('~1', '/').replaceAll('~0', '~')) ?? null;
      if (block === null) return null;
    }
    const first = this.#lines[block.first];
    const end = this.#lines[block.end];
    if (first === undefined) return null;
    return { from: first.at + block.indent, to: end === undefined ? this.#text.length : end.at };
  }

  /** The line, from 1, in which a place of the text is. */
  lineAt(place: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.at ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The entries of a block by their keys, or the items by their numbers; found once. */
  #inside(outer: Block): ReadonlyMap<string, Block> {
    const block = this.#valueOf(outer);
    if (block === null) return none;
    const known = this.#known.get(block.first)?.get(block.indent);
    if (known !== undefined) return known;
    const inside = new Map<string, Block>();
    const isList = isItem(this.#textAt(block, block.first));
    let open: { key: string; first: number } | null = null;
    const close = (end: number): void => {
      if (open !== null && !inside.has(open.key))
        inside.set(open.key, this.#block(open.key, open.first, end, block, isList));
    };
    let count = 0;
    for (let index = block.first; index < block.end; index++) {
      const line = this.#lines[index];
      if (line === undefined || !isContent(line)) continue;
      const indent = index === block.first ? block.indent : line.indent;
      const text = this.#textAt(block, index);
      if (indent > block.indent || (indent === block.indent && !isList && isItem(text))) continue;
      if (indent < block.indent) break;
      close(index);
      const key = isList ? (isItem(text) ? String(count++) : null) : keyOf(text);
      open = key === null ? null : { key, first: index };
    }
    close(this.#endOf(block));
    const byIndent = this.#known.get(block.first) ?? new Map<number, ReadonlyMap<string, Block>>();
    this.#known.set(block.first, byIndent.set(block.indent, inside));
    return inside;
  }

  /** The line behind a block: the first that is indented less. */
  #endOf(block: Block): number {
    for (let index = block.first + 1; index < block.end; index++) {
      const line = this.#lines[index];
      if (line !== undefined && isContent(line) && line.indent < block.indent) return index;
    }
    return block.end;
  }

  #block(key: string, first: number, end: number, { indent }: Block, isList: boolean): Block {
    if (!isList) return { first, end, indent, key };
    const text = this.#textAt({ first, end, indent }, first);
    // A dash alone: the item stands below it, as a value does below its key.
    if (text === '-') return this.#valueOf({ first, end, indent, key }) ?? { first, end, indent, key };
    return { first, end, indent: indent + text.length - text.slice(1).trimStart().length };
  }

  /** The value's own block: behind a dash or below a key. */
  #valueOf(block: Block): Block | null {
    if (block.key === undefined) return block;
    for (let index = block.first + 1; index < block.end; index++) {
      const line = this.#lines[index];
      if (line !== undefined && isContent(line)) return { first: index, end: block.end, indent: line.indent };
    }
    return null;
  }

  /** The text of a line: of a block's first line from the block's column on, without dashes that are not its own. */
  #textAt(block: Block, index: number): string {
    const line = this.#lines[index];
    if (line === undefined) return '';
    return index === block.first ? line.text.slice(Math.max(block.indent - line.indent, 0)) : line.text;
  }
}

const none: ReadonlyMap<string, Block> = new Map();

/** Lines from `first` up to `end`; its entries begin at column `indent`. `key` where it is an entry and not yet its value. */
interface Block {
  readonly first: number;
  readonly end: number;
  readonly indent: number;
  readonly key?: string;
}

function isContent(line: Line): boolean {
  return line.text !== '' && !line.text.startsWith('#') && line.text !== '---';
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** The key of an entry, quotes taken off; null where the line is none. */
function keyOf(text: string): string | null {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return end > 0 && /^:(?:\s|$)/.test(text.slice(end + 1, end + 3)) ? text.slice(1, end) : null;
  }
  const colon = text.endsWith(':') && !text.includes(': ') ? text.length - 1 : text.search(/:\s/);
  return colon > 0 ? text.slice(0, colon) : null;
}
