import type { JsonValue } from '../model/index.js';
import { byKind } from './round.js';
import type { Suspect } from './suspect.js';
import { valueAt } from './values-path.js';

/**
 * The switches without which a chart refuses changes, as its refusals name them (`… by setting the parameter
 * global.security.allowInsecureImages`). What was refused once for the names of images is not tried without the switch for
 * other names of the same images.
 */
export class Unlocks {
  readonly #find: (refusal: string) => string | null;
  readonly #known = new Map<number, string>();

  /** `find` gives the path of a switch that a text names and that is off. */
  constructor(find: (refusal: string) => string | null) {
    this.#find = find;
  }

  /** The switch that would allow what was refused; null where the refusal names none. */
  after(refusal: string, suspects: readonly Suspect[]): string | null {
    const unlock = this.#find(refusal);
    const [, names] = byKind(suspects);
    for (const index of unlock === null ? [] : names.flatMap(({ uses }) => [...uses.keys()])) {
      this.#known.set(index, unlock ?? '');
    }
    return unlock;
  }

  /** The switch that all names among the suspects are known to need; null where there is none. */
  before(suspects: readonly Suspect[]): string | null {
    const [, names] = byKind(suspects);
    const needed = new Set(
      names.flatMap(({ uses }) => [...uses.keys()].map((index) => this.#known.get(index) ?? null)),
    );
    const [unlock = null] = needed;
    return needed.size === 1 ? unlock : null;
  }
}

/** A switch that is off and that a refusal names: `… by setting the parameter global.security.allowInsecureImages`. */
export function switchNamedIn(refusal: string, values: JsonValue): string | null {
  for (const [path] of refusal.slice(0, 4000).matchAll(/[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+/g)) {
    if (valueAt(values, path) === false) return path;
  }
  return null;
}
