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

  constructor(text: string) {
    this.#text = text;
    let at = 0;
    this.#lines = text.split('\n').map((raw): Line => {
      const line = { at, indent: raw.length - raw.trimStart().length, text: raw.trim() };
      at += raw.length + 1;
      return line;
    });
  }

  of(pointer: string): Region | null {
    let block: Block | null = this.#whole();
    for (const part of pointer.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      block = /^\d+$/.test(key) && this.#isList(block) ? this.#item(block, Number(key)) : this.#entry(block, key);
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

  #whole(): Block {
    const first = this.#lines.findIndex(isContent);
    return { first: Math.max(first, 0), end: this.#lines.length, indent: this.#lines[first]?.indent ?? 0 };
  }

  #isList(block: Block): boolean {
    const start = this.#valueOf(block);
    return start !== null && isItem(this.#textAt(start, start.first));
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

  /** The text of a line from a column on: of an item's first line the dash is left out. */
  #textAt(block: Block, index: number): string {
    const line = this.#lines[index];
    if (line === undefined) return '';
    return index === block.first ? line.text.slice(Math.max(block.indent - line.indent, 0)) : line.text;
  }

  #entry(outer: Block, key: string): Block | null {
    const block = this.#valueOf(outer);
    if (block === null) return null;
    for (let index = block.first; index < block.end; index++) {
      const line = this.#lines[index];
      if (line === undefined || !isContent(line)) continue;
      const indent = index === block.first ? block.indent : line.indent;
      if (indent !== block.indent || !hasKey(this.#textAt(block, index), key)) continue;
      return { first: index, end: this.#endOf(index, block, indent, true), indent, key };
    }
    return null;
  }

  #item(outer: Block, wanted: number): Block | null {
    const block = this.#valueOf(outer);
    if (block === null) return null;
    let count = -1;
    for (let index = block.first; index < block.end; index++) {
      const line = this.#lines[index];
      if (line === undefined || !isContent(line)) continue;
      const indent = index === block.first ? block.indent : line.indent;
      const text = this.#textAt(block, index);
      if (indent !== block.indent || !isItem(text) || ++count !== wanted) continue;
      const end = this.#endOf(index, block, indent, false);
      // A dash alone: the item stands below it, as a value does below its key.
      if (text === '-') return this.#valueOf({ first: index, end, indent, key: '-' });
      return { first: index, end, indent: indent + text.length - text.slice(1).trimStart().length };
    }
    return null;
  }

  /** The line behind an entry or item: the next one that is not indented further. A list may stand at its key's column. */
  #endOf(from: number, block: Block, indent: number, isEntry: boolean): number {
    for (let index = from + 1; index < block.end; index++) {
      const line = this.#lines[index];
      if (line === undefined || !isContent(line)) continue;
      if (line.indent < indent || (line.indent === indent && !(isEntry && isItem(line.text)))) return index;
    }
    return block.end;
  }
}

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

function hasKey(text: string, key: string): boolean {
  const colon = [key, `"${key}"`, `'${key}'`].find((form) => text.startsWith(`${form}:`));
  return colon !== undefined && /^(?:\s|$)/.test(text.slice(colon.length + 1));
}
