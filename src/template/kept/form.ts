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

/** What a node that is kept asks of the one who writes. */
export interface KeptWriter {
  /** The number of a text. */
  text(text: string): number;
  /** Where something begins that stands by itself; the same thing is written once. */
  block(thing: Keepable): number;
}

/** What can be kept: as numbers. */
export interface Keepable {
  kept(writer: KeptWriter): readonly number[];
}

/** Some texts, with how many there are. */
export function keptTexts(writer: KeptWriter, texts: readonly string[]): readonly number[] {
  return [texts.length, ...texts.map((text) => writer.text(text))];
}
