import type { Hit } from './hit.js';

/** So many characters are remembered, all texts together. */
const mostCharacters = 16 * 1024 * 1024;

/** Reading a shorter text costs no more than looking it up. */
const shortest = 256;

/**
 * What was found in texts of configuration, for who looks through many renders of one chart: most texts are the same
 * in all of them.
 */
export class KnownTexts {
  readonly #hits = new Map<string, readonly Hit[]>();
  #left = mostCharacters;

  /** What is in a text of a field: as `read` finds it the first time; kept where it was read to its end. */
  hitsIn(
    text: string,
    field: string,
    read: () => { readonly hits: readonly Hit[]; readonly whole: boolean },
  ): readonly Hit[] {
    if (text.length < shortest) return read().hits;
    const key = `${field}\n${text}`;
    const known = this.#hits.get(key);
    if (known !== undefined) return known;
    const { hits, whole } = read();
    if (whole && this.#left >= key.length) {
      this.#left -= key.length;
      this.#hits.set(key, hits);
    }
    return hits;
  }
}
