import type { Cell } from './place.js';

/** What a template wrote, and what it read for it. */
export class Run {
  /** Null where it cannot be taken again. */
  text: string | null = null;
  /** The state in which it ran, and the last one in which what it read was seen to be the same. */
  madeAt = 0;
  checkedAt = 0;
  cells: Cell[] = [];
  /** The templates that it called, and that have runs of their own. */
  runs: Run[] = [];
  /** The list of runs that it was last put into. */
  reader: Run[] | null = null;
  /** The state in which it began and has not ended yet. */
  runningAt = 0;
  /** What its dot was (key.ts). */
  key = '';
  /** Whether it asked which file runs. */
  asksFile = false;
  /** Whether it asked for the time or for chance. */
  drew = false;
  /** Where the variables are kept that a block shares with what is around it; null for what has only its own. */
  frame: readonly unknown[] | null = null;
  /** Variables that the block declared, those of others that it read, each with what it was (key.ts), and those it set. */
  declared: Set<number> | null = null;
  readonly variables = new Map<number, string | null>();
  assigned: Set<number> | null = null;
  /** How long the text is that counts as kept. */
  size = 0;
  /** What it took of the limits. */
  steps = 0;
  written = 0;
  /** How many uses of `include` within each other it took. */
  depth = 0;

  /** Forgets all, before it runs again. */
  begin(): void {
    this.text = null;
    this.cells = [];
    this.runs = [];
    this.asksFile = false;
    this.drew = false;
    this.depth = 0;
    this.frame = null;
    this.declared = null;
    this.variables.clear();
    this.assigned = null;
  }
}
