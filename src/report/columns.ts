import { escapeText } from './escape.js';
import { as, draw, type Paper, type Span } from './paint.js';
import { charWidth, widthOf } from './width.js';

/** One line of a table; every row has as many cells as there are titles, or one that takes the whole line. */
export type Row = readonly Span[];

const gap = 2;
/** No column is made narrower than this. */
const least = 8;

/**
 * Rows in aligned columns, at most `paper.width` columns wide: the widest columns are narrowed first, and what does not
 * fit is cut in its middle and marked `…`. The whole texts are in the other formats.
 */
export function* drawColumns(titles: readonly string[], rows: readonly Row[], paper: Paper): Generator<string> {
  const cells = rows.map((row) => row.map((cell) => escapeText(textOf(cell))));
  const natural = titles.map((title, column) =>
    cells
      .filter((row) => row.length > 1)
      .reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(title)),
  );
  const widths = narrowed(natural, Math.max(paper.width, 30) - gap * (titles.length - 1));
  // The widths are made to fit, so that drawing never breaks a line.
  const wide = { ...paper, width: Number.MAX_SAFE_INTEGER };
  for (const row of [titles.map((title) => as('heading', title)), ...rows]) {
    if (row.length === 1) {
      yield* draw(row, '', '  ', paper);
      continue;
    }
    const spans = row.flatMap((cell, column): Span[] => {
      const width = widths[column] ?? 0;
      const text = cut(escapeText(textOf(cell)), width);
      const pad = column === row.length - 1 ? '' : '\u00a0'.repeat(width - widthOf(text) + gap);
      return [typeof cell === 'string' ? text : { text, as: cell.as }, pad];
    });
    yield* draw(spans.map(keepSpaces), '', '', wide);
  }
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text;
}

/** Drawing takes several spaces for one; inside a cell they stay. */
function keepSpaces(span: Span): Span {
  return typeof span === 'string'
    ? span.replaceAll(' ', '\u00a0')
    : { ...span, text: span.text.replaceAll(' ', '\u00a0') };
}

/** Widths whose sum is at most `room`: what is too wide is taken from the widest columns, down to a least width. */
function narrowed(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  for (;;) {
    const over = widths.reduce((sum, width) => sum + width, 0) - room;
    const widest = Math.max(...widths);
    if (over <= 0 || widest <= least) return widths;
    const column = widths.indexOf(widest);
    const next = widths.reduce((most, width, index) => (index === column ? most : Math.max(most, width)), least);
    widths[column] = Math.max(widest - Math.max(Math.min(over, widest - next), 1), least);
  }
}

/**
 * A text of at most `width` columns. Of a path the end is kept, of other texts both ends: that is where names differ.
 */
function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const head = text.includes('/') ? 0 : Math.ceil((width - 1) / 2);
  const tail = take([...text].reverse(), width - 1 - head);
  return `${take([...text], head)}…${[...tail].reverse().join('')}`;
}

function take(chars: readonly string[], width: number): string {
  let used = 0;
  let taken = '';
  for (const char of chars) {
    used += charWidth(char);
    if (used > width) break;
    taken += char;
  }
  return taken;
}
