/**
 * The variables that are visible while a tree is made ready, each with the slot in which it is kept at run time.
 *
 * text/template looks for names on a stack when it runs; which declaration is found is known before, since the stack
 * grows and shrinks with the blocks.
 */
export class Scope {
  private readonly names: { readonly name: string; readonly slot: number; readonly typeSlot: number }[] = [];
  /** The next free slot, and how many there were at most. */
  private next = 0;
  private most = 0;

  /** Declares `$` in slot 0. */
  constructor() {
    this.declare('$');
  }

  /** The slot of a new variable. `typed` gives it a second one, for the static type of an element of a range. */
  declare(name: string, typed = false): { readonly slot: number; readonly typeSlot: number } {
    const slot = this.next;
    const typeSlot = typed ? slot + 1 : -1;
    this.next += typed ? 2 : 1;
    this.most = Math.max(this.most, this.next);
    this.names.push({ name, slot, typeSlot });
    return { slot, typeSlot };
  }

  /** The last declared variable of that name that is visible. */
  find(name: string): { readonly slot: number; readonly typeSlot: number } | undefined {
    return this.names.findLast((entry) => entry.name === name);
  }

  mark(): number {
    return this.names.length;
  }

  /** Forgets what was declared since the mark, and gives its slots to others. */
  release(mark: number): void {
    const first = this.names[mark];
    if (first !== undefined) this.next = first.slot;
    this.names.length = mark;
  }

  get slots(): number {
    return this.most;
  }
}
