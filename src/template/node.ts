import type { Source } from './source.js';

/**
 * A node of a parsed template. Nodes are made by the parser ready to run: what can be evaluated has `eval`
 * (operand.ts), what writes has `exec` (actions.ts).
 *
 * Follows: text/template/parse/node.go.
 */
export abstract class Node {
  /** Where it stands in the text of its source, in UTF-16 units. */
  readonly pos: number;
  readonly source: Source;

  constructor(pos: number, source: Source) {
    this.pos = pos;
    this.source = source;
  }

  /** The node as error texts show it in `<…>` (the String methods of parse/node.go). */
  abstract text(): string;

  /** `NAME:LINE:COLUMN`, as Go counts. */
  place(): string {
    return this.source.place(this.pos);
  }

  /** The line of the source on which it begins, from 1. */
  get line(): number {
    return this.source.line(this.pos);
  }
}
