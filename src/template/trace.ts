/**
 * From lines of a template's output to the lines of the template that wrote them.
 *
 * `marks` are pairs of an offset in `output` and a line of the template: the one on which the action is that writes
 * from there on, or, negative, the first line of a text, which then goes on with the text.
 */
export function lineMap(output: string, marks: readonly number[]): (textLine: number) => number | null {
  let lines: number[] | null = null;
  return (textLine) => {
    lines ??= linesOf(output, marks);
    return lines[textLine] ?? null;
  };
}

function linesOf(output: string, marks: readonly number[]): number[] {
  const lines: number[] = [];
  let mark = 0;
  let start = 0;
  while (start < output.length) {
    // The last mark at or before the line's first character; of several at one offset, the last one wrote it.
    while (mark + 2 < marks.length && (marks[mark + 2] ?? 0) <= start) mark += 2;
    const offset = marks[mark] ?? 0;
    const line = marks[mark + 1] ?? 0;
    lines.push(line < 0 ? -line + newlines(output, offset, start) : line);
    const end = output.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
