import type { PlacedNode } from './node.js';

/**
 * Where a value comes from: the paths that were read for it, sorted, each once. For a text that was put together, also
 * which part comes from where.
 */
export interface Origin {
  readonly paths: readonly string[];
  /** In the order of the text, without overlaps; null where all of it is alike. */
  readonly stretches: readonly Stretch[] | null;
}

/** A part of a text that one node wrote. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The innermost node that wrote it: in a helper, for what `include` gave. */
  readonly node: PlacedNode;
  /** The node of the file itself: the action that called the helper. */
  readonly site: PlacedNode;
  readonly paths: readonly string[];
  /** What the branches around it looked at. */
  readonly conditions: readonly string[];
}

const none: readonly string[] = [];

/** The paths of both lists, sorted, each once. */
export function joinPaths(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  if (b.every((path) => a.includes(path))) return a;
  return [...new Set([...a, ...b])].sort();
}

export function unionOf(origins: readonly (Origin | null)[]): Origin | null {
  let only: Origin | null = null;
  let paths = none;
  for (const origin of origins) {
    if (origin === null) continue;
    only = paths.length === 0 && only === null ? origin : null;
    paths = joinPaths(paths, origin.paths);
  }
  if (paths.length === 0) return null;
  return only !== null && only.stretches === null ? only : { paths, stretches: null };
}

/** A text that went into another one, and where it came from. */
export interface Piece {
  readonly text: string;
  readonly origin: Origin | null;
}

/**
 * Where a text comes from that a function made of others: their lines are looked for in it, in their order. What is
 * not found back (a hash, an upper-cased name) makes the rest of the text depend on all that was lost.
 */
export function originOfText(
  result: string,
  pieces: readonly Piece[],
  whole: Origin | null,
  node: PlacedNode,
): Origin | null {
  if (whole === null) return null;
  const [only] = pieces;
  if (only !== undefined && only.text === result && only.origin?.stretches != null) {
    return { paths: whole.paths, stretches: only.origin.stretches };
  }
  const found: Stretch[] = [];
  const taken = new Search(result);
  let lost: readonly string[] = none;
  for (const { text, origin } of pieces) {
    if (origin === null || text === '') continue;
    const parts = partsOf(text, origin, node);
    const before = found.length;
    for (const part of parts) {
      const at = taken.find(text.slice(part.from, part.to));
      if (at >= 0) found.push({ ...part, from: at, to: at + part.to - part.from });
    }
    if (found.length === before) lost = joinPaths(lost, origin.paths);
  }
  for (const path of whole.paths) {
    if (!pieces.some(({ origin }) => origin?.paths.includes(path))) lost = joinPaths(lost, [path]);
  }
  if (found.length === 0) return { paths: whole.paths, stretches: null };
  found.sort((a, b) => a.from - b.from);
  return { paths: whole.paths, stretches: filled(found, result.length, lost, node) };
}

/** The lines of each stretch of a text, blanks around them left out. */
function partsOf(text: string, origin: Origin, node: PlacedNode): readonly Stretch[] {
  const whole: Stretch = { from: 0, to: text.length, node, site: node, paths: origin.paths, conditions: none };
  const parts: Stretch[] = [];
  for (const stretch of origin.stretches ?? [whole]) {
    const line = /[^\s](?:[^\n]*[^\s])?/g;
    const inside = text.slice(stretch.from, stretch.to);
    for (const match of inside.matchAll(line)) {
      const from = stretch.from + match.index;
      parts.push({ ...stretch, from, to: from + match[0].length });
    }
  }
  return parts;
}

/** Finds texts in another one, forward, and no place twice. */
class Search {
  private readonly text: string;
  private readonly taken: { from: number; to: number }[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  find(part: string): number {
    const ahead = this.text.indexOf(part, this.at);
    const at = ahead >= 0 ? ahead : this.before(part);
    if (at < 0) return -1;
    this.taken.push({ from: at, to: at + part.length });
    if (ahead >= 0) this.at = at + part.length;
    return at;
  }

  private before(part: string): number {
    for (let at = this.text.indexOf(part); at >= 0; at = this.text.indexOf(part, at + 1)) {
      const to = at + part.length;
      if (!this.taken.some((other) => at < other.to && other.from < to)) return at;
    }
    return -1;
  }
}

/** The stretches with the gaps between them filled. */
function filled(found: readonly Stretch[], length: number, paths: readonly string[], node: PlacedNode): Stretch[] {
  const all: Stretch[] = [];
  let at = 0;
  const fill = (to: number): void => {
    if (to > at) all.push({ from: at, to, node, site: node, paths, conditions: none });
  };
  for (const stretch of found) {
    if (stretch.from < at) continue;
    fill(stretch.from);
    all.push(stretch);
    at = stretch.to;
  }
  fill(length);
  return all;
}

/** The stretches of a text after each `part` was taken out of it. */
export function withoutText(stretches: readonly Stretch[], text: string, part: string): readonly Stretch[] {
  const cuts: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) cuts.push(at);
  if (cuts.length === 0) return stretches;
  let cut = 0;
  const moved = (place: number): number => {
    while (cut > 0 && (cuts[cut - 1] ?? 0) >= place) cut -= 1;
    while (cut < cuts.length && (cuts[cut] ?? 0) < place) cut += 1;
    const inside = cut === 0 ? 0 : Math.max(0, (cuts[cut - 1] ?? 0) + part.length - place);
    return place - cut * part.length + inside;
  };
  return stretches.map((stretch) => ({ ...stretch, from: moved(stretch.from), to: moved(stretch.to) }));
}

/** The paths that were read for what stands between two places of a text. */
export function pathsBetween(origin: Origin, from: number, to: number): readonly string[] {
  if (origin.stretches === null) return origin.paths;
  let paths = none;
  for (const stretch of origin.stretches) {
    if (stretch.from < to && from < stretch.to) paths = joinPaths(paths, stretch.paths);
  }
  return paths;
}
