/** The order of two versions; undefined where nobody can say, which is a gap and never a guess. */
export type Order = -1 | 0 | 1;

/** How the versions of some ecosystems are ordered: one file, one line in the list of orderings. */
export interface Ordering {
  readonly name: string;
  /** OSV's names (https://ossf.github.io/osv-schema/#defined-ecosystems) without release. */
  readonly ecosystems: readonly string[];
  /** Where the order is defined. */
  readonly spec: string;
  /**
   * Whether `a` is older (-1), the same (0) or newer (1) than `b`.
   *
   * Undefined when one of them is no version of this scheme, or longer than `maxVersionLength`. Linear in the length.
   */
  compare(a: string, b: string): Order | undefined;
}

/** Real versions stay under 200 characters; what is over this is an attack or a mistake. */
export const maxVersionLength = 1000;

/** An ordering of versions that are parsed first; `parse` answers undefined for what is no version. */
export function defineOrdering<T>(scheme: {
  readonly name: string;
  readonly ecosystems: readonly string[];
  readonly spec: string;
  readonly parse: (text: string) => T | undefined;
  readonly order: (a: T, b: T) => Order;
}): Ordering {
  const parse = (text: string): T | undefined => {
    const trimmed = text.length > maxVersionLength ? '' : text.trim();
    return trimmed === '' ? undefined : scheme.parse(trimmed);
  };
  return {
    name: scheme.name,
    ecosystems: scheme.ecosystems,
    spec: scheme.spec,
    compare(a, b) {
      const left = parse(a);
      const right = parse(b);
      return left === undefined || right === undefined ? undefined : scheme.order(left, right);
    },
  };
}
