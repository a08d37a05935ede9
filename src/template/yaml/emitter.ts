/** Whether a character is written as it is: LF, printable ASCII, U+00A0 to U+FFFD without BOM (go-yaml v2 as v3 for the rest). */
function isPrintable(code: number): boolean {
  if (code <= 0x7e) return code >= 0x20 || code === 10;
  if (code < 0xa0) return false;
  return code !== 0xfeff && code !== 0xfffe && code !== 0xffff && !(code >= 0xd800 && code <= 0xdfff);
}

export interface Style {
  /** The column behind which text is folded. */
  readonly width: number;
  /** Columns of one level. */
  readonly step: number;
  /** Whether lists stand at the column of their key. */
  readonly compactLists: boolean;
  /** Whether tabs may stand in blocks (go-yaml v3). */
  readonly tabs: boolean;
}

/** What a scalar would allow; see Emitter.scalar. */
interface Shape {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

export type ScalarStyle = 'plain' | 'double' | 'literal';

const doubleEscapes: ReadonlyMap<number, string> = new Map([
  [0, '0'],
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/** Text that is plain in every place and never folded: no blanks, nothing that means something to YAML. */
const harmless = /^[A-Za-z0-9_/+][A-Za-z0-9_/.+=;@$~^-]*$/;

const ascii = /^[\x20-\x7e]*$/;

/**
 * Writes YAML text as libyaml's emitter does: it knows column and indentation and chooses quotes.
 *
 * Follows go-yaml v2, emitterc.go, for block collections, which is all that marshalling makes.
 */
export class Emitter {
  indent = -1;
  indention = true;
  readonly style: Style;
  private out = '';
  private column = 0;
  private whitespace = true;

  constructor(style: Style) {
    this.style = style;
  }

  get text(): string {
    return this.out;
  }

  /** Starts a line at the current indentation, unless there is one already. */
  writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak();
    if (this.column < indent) {
      this.out += ' '.repeat(indent - this.column);
      this.column = indent;
    }
    this.whitespace = true;
    this.indention = true;
  }

  writeIndicator(indicator: string, spaceBefore: boolean, isSpace: boolean, isIndention: boolean): void {
    if (spaceBefore && !this.whitespace) {
      this.out += ' ';
      this.column += 1;
    }
    this.out += indicator;
    this.column += indicator.length;
    this.whitespace = isSpace;
    this.indention = this.indention && isIndention;
  }

  /** Whether a string may stand before `: ` without `? `: one line of at most 128 bytes. */
  fitsKey(value: string): boolean {
    return value.length <= 128 && Buffer.byteLength(value) <= 128 && !/[\n\r\u0085\u2028\u2029]/.test(value);
  }

  /** A scalar in the wanted style, or the next one that can hold it. `key`: before `: `, where nothing is folded. */
  scalar(value: string, wanted: ScalarStyle, key: boolean): void {
    if (wanted === 'plain' && harmless.test(value)) {
      this.words(value);
      return;
    }
    const outer = this.indent;
    this.indent = outer < 0 ? this.style.step : outer + this.style.step;
    const shape = analyze(value, this.style.tabs);
    let style: ScalarStyle | 'single' = key && shape.multiline ? 'double' : wanted;
    if (style === 'plain' && (!shape.plain || (value === '' && key))) style = 'single';
    if (style === 'single' && !shape.single) style = 'double';
    if (style === 'literal' && (!shape.block || key)) style = 'double';
    if (style === 'plain') this.plain(value, !key);
    else if (style === 'single') this.single(value, !key);
    else if (style === 'double') this.double(value, !key);
    else this.literal(value);
    this.indent = outer;
  }

  /** A tag before a scalar. */
  tag(name: string): void {
    this.writeIndicator(name, true, false, false);
  }

  private putBreak(): void {
    this.out += '\n';
    this.column = 0;
  }

  private write(char: string): void {
    this.out += char;
    this.column += 1;
  }

  /** Text that is written as it is. */
  private words(value: string): void {
    if (!this.whitespace) this.write(' ');
    this.out += value;
    this.column += value.length;
    this.whitespace = false;
    this.indention = false;
  }

  /** Whether an ASCII text can be written at once: nothing of it comes behind the width. */
  private fitsLine(value: string, fold: boolean): boolean {
    return (!fold || this.column + value.length < this.style.width) && ascii.test(value);
  }

  private plain(value: string, fold: boolean): void {
    if (this.fitsLine(value, fold)) {
      this.words(value);
      return;
    }
    if (!this.whitespace) this.write(' ');
    let spaces = false;
    let at = 0;
    for (const char of value) {
      if (char === ' ') {
        if (fold && !spaces && this.column > this.style.width && value[at + 1] !== ' ') this.writeIndent();
        else this.write(char);
        spaces = true;
      } else {
        this.write(char);
        this.indention = false;
        spaces = false;
      }
      at += char.length;
    }
    this.whitespace = false;
    this.indention = false;
  }

  private single(value: string, fold: boolean): void {
    if (this.fitsLine(value, fold)) {
      this.words(`'${value.replaceAll("'", "''")}'`);
      return;
    }
    this.writeIndicator("'", true, false, false);
    let spaces = false;
    let breaks = false;
    let at = 0;
    for (const char of value) {
      if (char === ' ') {
        const inside = at > 0 && at < value.length - 1 && value[at + 1] !== ' ';
        if (fold && !spaces && this.column > this.style.width && inside) this.writeIndent();
        else this.write(char);
        spaces = true;
      } else if (char === '\u2028' || char === '\u2029') {
        this.write(char);
        this.column = 0;
        this.indention = true;
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        if (char === "'") this.write("'");
        this.write(char);
        this.indention = false;
        spaces = false;
        breaks = false;
      }
      at += char.length;
    }
    this.writeIndicator("'", false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  private double(value: string, fold: boolean): void {
    this.writeIndicator('"', true, false, false);
    // go-yaml looks for a BOM at the start of the text, wherever it is asked.
    const escapeAll = value.charCodeAt(0) === 0xfeff;
    let spaces = false;
    let at = 0;
    for (const char of value) {
      const code = char.codePointAt(0) ?? 0;
      if (escapeAll || code === 34 || code === 92 || this.mustEscape(code)) {
        this.escape(code);
        spaces = false;
      } else if (char === ' ') {
        if (fold && !spaces && this.column > this.style.width && at > 0 && at < value.length - 1) {
          this.writeIndent();
          if (value[at + 1] === ' ') this.write('\\');
        } else {
          this.write(char);
        }
        spaces = true;
      } else {
        this.write(char);
        spaces = false;
      }
      at += char.length;
    }
    this.writeIndicator('"', false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  private mustEscape(code: number): boolean {
    if (code > 0xffff) return true;
    return !isPrintable(code) || code === 10 || code === 0x2028 || code === 0x2029;
  }

  private escape(code: number): void {
    const short = doubleEscapes.get(code);
    const width = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
    const mark = width === 2 ? 'x' : width === 4 ? 'u' : 'U';
    const text = short ?? mark + code.toString(16).toUpperCase().padStart(width, '0');
    this.out += `\\${text}`;
    this.column += text.length + 1;
  }

  private literal(value: string): void {
    this.writeIndicator('|', true, false, false);
    const first = value.charCodeAt(0);
    if (first === 32 || first === 10 || first === 0x2028 || first === 0x2029) {
      this.writeIndicator(String(this.style.step), false, false, false);
    }
    const chomping = blockChomping(value);
    if (chomping !== '') this.writeIndicator(chomping, false, false, false);
    this.putBreak();
    this.indention = true;
    this.whitespace = true;
    const pad = ' '.repeat(this.indent);
    let start = 0;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code !== 10 && code !== 0x2028 && code !== 0x2029) continue;
      if (at > start) this.out += pad + value.slice(start, at);
      this.out += value[at] ?? '';
      start = at + 1;
    }
    this.column = 0;
    if (start < value.length) {
      this.out += pad + value.slice(start);
      this.column = pad.length + 1;
      this.indention = false;
    }
  }
}

function blockChomping(value: string): '' | '-' | '+' {
  const isBreak = (at: number): boolean => {
    const code = value.charCodeAt(at);
    return code === 10 || code === 0x2028 || code === 0x2029;
  };
  const last = value.length - 1;
  if (!isBreak(last)) return '-';
  return last === 0 || isBreak(last - 1) ? '+' : '';
}

/** What a text allows in block context (yaml_emitter_analyze_scalar). */
function analyze(value: string, tabs: boolean): Shape {
  if (value === '') return { multiline: false, plain: true, single: true, block: false };
  let indicators = /^(?:---|\.\.\.)/.test(value);
  let special = false;
  let tab = false;
  let multiline = false;
  let breakSpace = false;
  let spaceBreak = false;
  let afterSpace = false;
  let afterBreak = false;
  let afterBlank = true;
  const last = value.length - 1;
  for (let i = 0; i <= last; i++) {
    const code = value.charCodeAt(i);
    if (isIndicator(code, i === 0, afterBlank, value, i)) indicators = true;
    if (code >= 0xd800 && code <= 0xdfff) {
      const point = value.codePointAt(i) ?? 0;
      if (point > 0xffff) i += 1;
      special = true;
    } else if (code === 9 && tabs) {
      tab = true;
    } else if (!isPrintable(code)) {
      special = true;
    }
    if (code === 32) {
      if (afterBreak) breakSpace = true;
      afterSpace = true;
      afterBreak = false;
    } else if (code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029) {
      multiline = true;
      if (afterSpace) spaceBreak = true;
      afterSpace = false;
      afterBreak = true;
    } else {
      afterSpace = false;
      afterBreak = false;
    }
    afterBlank = code === 32 || code === 9 || afterBreak;
  }
  const first = value.charCodeAt(0);
  const leading = first === 32 || isLineBreak(first);
  const trailingSpace = value.charCodeAt(last) === 32;
  const trailing = trailingSpace || isLineBreak(value.charCodeAt(last));
  const broken = spaceBreak || special;
  return {
    multiline,
    plain: !(leading || trailing || breakSpace || broken || tab || multiline || indicators),
    single: !(breakSpace || broken || tab),
    block: !(trailingSpace || broken),
  };
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Whether a character here would mean something in a plain scalar of a block collection. */
function isIndicator(code: number, first: boolean, afterBlank: boolean, value: string, at: number): boolean {
  if (code === 58 || (first && (code === 63 || code === 45))) {
    const next = value.charCodeAt(at + 1);
    return Number.isNaN(next) || next === 32 || next === 9;
  }
  if (first) return firstIndicators.has(code);
  return code === 35 && afterBlank;
}

const firstIndicators: ReadonlySet<number> = new Set([...'#,[]{}&*!|>\'"%@`'].map((char) => char.charCodeAt(0)));
