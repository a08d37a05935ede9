/** Levenshtein distance, for short words. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The names that are most like a word, the nearest first: a third of its letters may differ, or it is a part of them. */
export function nearest(word: string, names: readonly string[], most: number): readonly string[] {
  const steps = Math.max(2, Math.floor(word.length / 3));
  return names
    .filter((name) => name.length <= 128 && Math.abs(name.length - word.length) <= Math.max(steps, 64))
    .map((name) => ({ name, far: name.includes(word) ? steps : distance(word, name) }))
    .filter(({ far }) => far <= steps)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
