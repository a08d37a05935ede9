/**
 * Orders two strings by UTF-16 code units, never by locale, so that output is the same on every machine.
 */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An order by several text or number keys in turn: `list.sort(by((x) => [x.path, x.sizeBytes]))`. */
export function by<T>(keys: (item: T) => readonly (string | number)[]): (a: T, b: T) => number {
  return (a, b) => {
    const left = keys(a);
    const right = keys(b);
    for (let i = 0; i < left.length; i++) {
      const x = left[i];
      const y = right[i];
      if (x === undefined || y === undefined || x === y) continue;
      return x < y ? -1 : 1;
    }
    return 0;
  };
}
