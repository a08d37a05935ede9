import { GoMap, GoSlice, type GoValue } from '../template/index.js';

/**
 * Sees which templates change the values or a template's dot (`set $ "Values" …`): what the others write depends on
 * them. What these tables are is gathered when anything is changed at all, and again after one of them was.
 */
export class ValuesWatch {
  readonly changers = new Set<string>();
  readonly #values: GoMap;
  readonly #dots: readonly GoMap[];
  readonly #before: () => void;
  #template = '';
  #contents: Set<object> | null = null;
  #isStale = true;

  /** `before` is called once, before the first change of any table: one that a template made can hold the values'. */
  constructor(values: GoMap, dots: readonly GoMap[], before: () => void) {
    this.#values = values;
    this.#dots = dots;
    this.#before = before;
  }

  /** The template that runs from now on. */
  runs(template: string): void {
    this.#template = template;
  }

  /** A table that the running template is about to change. */
  sees(table: GoValue): void {
    if (!(table instanceof GoMap) || this.changers.has(this.#template)) {
      this.#isStale ||= table instanceof GoMap;
      return;
    }
    if (this.#contents?.has(table.entries) !== true && this.#isStale) this.#gather();
    if (this.#contents?.has(table.entries) !== true) return;
    this.changers.add(this.#template);
    this.#isStale = true;
  }

  #gather(): void {
    if (this.#contents === null) this.#before();
    // A table that was once among them may be in other hands still.
    const contents = this.#contents ?? new Set();
    const seen = new Set<object>();
    const visit = (value: GoValue): void => {
      if (value instanceof GoMap) {
        if (seen.has(value.entries)) return;
        seen.add(value.entries);
        contents.add(value.entries);
        for (const inner of value.entries.values()) visit(inner);
      } else if (value instanceof GoSlice) {
        for (const inner of value.items) visit(inner);
      }
    };
    visit(this.#values);
    for (const dot of this.#dots) {
      contents.add(dot.entries);
      visit(dot.entries.get('Values') ?? null);
    }
    this.#contents = contents;
    this.#isStale = false;
  }
}
