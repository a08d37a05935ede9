import type { Definition } from '../machine.js';
import type { Keepable, KeptWriter } from './form.js';
import { packed } from './pack.js';

/** A template file as it was parsed. */
export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly trees: ReadonlyMap<string, Definition>;
}

/** Gathers numbers and texts; pipelines that several actions share are written once. */
class Writer implements KeptWriter {
  readonly code: number[] = [];
  readonly texts: string[] = [];
  private readonly numberOf = new Map<string, number>();
  private readonly placeOf = new Map<Keepable, number>();

  text(text: string): number {
    const known = this.numberOf.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.texts.push(text);
    this.numberOf.set(text, number);
    return number;
  }

  block(thing: Keepable): number {
    const known = this.placeOf.get(thing);
    if (known !== undefined) return known;
    // What it is made of comes before it.
    const numbers = thing.kept(this);
    const place = this.code.length;
    for (const number of numbers) this.code.push(number);
    this.placeOf.set(thing, place);
    return place;
  }
}

/**
 * Parsed files as bytes, which `readKept` makes templates of that are ready to run. Their texts are held in full: they
 * are believed for just these texts.
 */
export function writeKept(files: readonly ParsedFile[]): Uint8Array {
  const writer = new Writer();
  const index: number[] = [];
  let at = 0;
  for (const { path, text, trees } of files) {
    index.push(writer.text(path), at, text.length, trees.size);
    at += text.length;
    for (const [name, { root, slots }] of trees) index.push(writer.text(name), slots, writer.block(root));
  }
  return packed({ numbers: [index, writer.code], texts: [files.map((file) => file.text), writer.texts] });
}
