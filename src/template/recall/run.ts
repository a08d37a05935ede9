/** The limits of a rendering (machine.ts), which count what is taken again as if it were done again. */
export interface Budget {
  readonly spent: number;
  readonly output: number;
  allows(steps: number, written: number): boolean;
  add(steps: number, written: number): void;
}

/** What a template, or a block of one, wrote: it holds until something changes that it read. */
export class Run {
  /** Null where it cannot be taken again. */
  text: string | null = null;
  /** The runs that called it, in which it is no more worth than their own text. */
  readonly callers = new Set<Run>();
  /** The one that was added last. */
  caller: Run | null = null;
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

  /** Forgets what it wrote, before it runs again. Who called it before still depends on what it read then. */
  begin(): void {
    this.text = null;
    this.asksFile = false;
    this.drew = false;
    this.frame = null;
    this.declared = null;
    this.variables.clear();
    this.assigned = null;
    this.depth = 0;
  }
}
