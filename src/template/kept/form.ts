/**
 * The form in which parsed templates are kept: numbers, side by side, and one text of all their names. A node is its
 * code, its place, and what it is made of; lists and pipelines stand by themselves and are named by where they begin,
 * so that nothing needs to be read but what runs.
 */

/** What begins a node. Operands first, then what stands in a list. */
export const K = {
  field: 0,
  variable: 1,
  chain: 2,
  dot: 3,
  nil: 4,
  bool: 5,
  string: 6,
  number: 7,
  identifier: 8,
  pipe: 9,
  text: 10,
  action: 11,
  if: 12,
  with: 13,
  range: 14,
  template: 15,
  loop: 16,
} as const;

/** In place of a list or pipeline that is not there. */
export const none = -1;

/** What a node that is kept asks of the one who writes: each call adds one number. */
export interface KeptWriter {
  add(number: number): void;
  /** The number of a text. */
  text(text: string): void;
  /** Where something begins that stands by itself, or that there is none. */
  block(thing: Keepable | null): void;
  /** As `block`, for what several things share: it is written once. */
  shared(thing: SharedKeepable | null): void;
}

/** What can be kept: it adds its numbers. */
export interface Keepable {
  keep(writer: KeptWriter): void;
}

/** What notes where it stands, and in whose numbers: a map of all such things takes longer than writing them. */
export interface SharedKeepable extends Keepable {
  keptBy: object | null;
  keptAt: number;
}

/** Adds how many texts there are, and these. */
export function keepTexts(writer: KeptWriter, texts: readonly string[]): void {
  writer.add(texts.length);
  for (const text of texts) writer.text(text);
}
