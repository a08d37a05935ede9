import type { Keepable, KeptWriter } from './kept/form.js';
import type { Source } from './source.js';

/**
 * A node of a parsed template. Nodes are made by the parser ready to run: what can be evaluated has `eval`
 * (operand.ts), what writes has `exec` (actions.ts).
 *
 * Follows: text/template/parse/node.go.
 */
export abstract class Node implements Keepable {
  /** Where it stands, in UTF-16 units from the beginning of its action: actions of one text share their nodes. */
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  /** The node as error texts show it in `<…>` (the String methods of parse/node.go). */
  abstract text(): string;

  /** The node as numbers, which kept/read.ts makes the same node of. */
  abstract keep(writer: KeptWriter): void;
}

/** A text or an action, which stands in a file; the nodes in an action have their place by it. */
export abstract class PlacedNode extends Node {
  readonly source: Source;
  /** Where its action begins in the text of the source, in UTF-16 units. */
  readonly start: number;

  constructor(at: number, start: number, source: Source) {
    super(at);
    this.start = start;
    this.source = source;
  }

  /** Where it stands in the text of its source. */
  get pos(): number {
    return this.start + this.at;
  }

  /** The line of the source on which it stands, from 1. */
  get line(): number {
    return this.source.line(this.pos);
  }
}

/** `NAME:LINE:COLUMN` of a node of an action, as Go counts. */
export function placeIn(action: PlacedNode, node: Node): string {
  return action.source.place(action.start + node.at);
}
