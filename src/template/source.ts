import { byteLength } from './text.js';

/** The text of one template file, of a `define` in it, or of what was given to `tpl`; `parseName` is what errors call it. */
export class Source {
  readonly parseName: string;
  readonly text: string;
  /** Where each line begins; made when first asked. */
  private starts: number[] | null = null;

  constructor(parseName: string, text: string) {
    this.parseName = parseName;
    this.text = text;
  }

  /** The line (from 1) on which a place (UTF-16 units) of the text is. */
  line(pos: number): number {
    this.starts ??= lineStarts(this.text);
    const { starts } = this;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= pos) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** `NAME:LINE:COLUMN` of a place, as Go counts: lines from 1, columns in bytes from 0. */
  place(pos: number): string {
    const { text } = this;
    const lineStart = pos === 0 ? 0 : text.lastIndexOf('\n', pos - 1) + 1;
    return `${this.parseName}:${this.line(pos)}:${byteLength(text.slice(lineStart, pos))}`;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
