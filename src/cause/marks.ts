import type { ImageUse } from '../model/index.js';
import { imageParts, shortName } from './image-parts.js';

/** What can be changed to several texts; `text` is what it says now, null where nothing. */
interface Markable {
  readonly text: string | null;
  /** The texts to try one after the other; each variant gives others. */
  readonly probes: (variant: number) => readonly string[];
}

/** Numbers and short texts have few others of their shape. */
const mostTries = 40;

/** Gives each suspect a text that nothing else has, so that what bears it can be nobody else's. */
export class Marks {
  readonly #taken = new Set<string>();
  readonly #variants = new Map<string, number>();

  constructor(uses: readonly ImageUse[]) {
    for (const { image, written } of uses) {
      const { registry, repository, tag, digest } = imageParts(image);
      for (const text of [
        image,
        shortName(image),
        written,
        registry,
        repository,
        `${registry}/${repository}`,
        tag,
        digest,
      ]) {
        this.#taken.add(text);
      }
    }
  }

  probesOf(draft: Markable): readonly string[] {
    const key = draft.text ?? '';
    let variant = this.#variants.get(key) ?? 0;
    if (draft.text === null) variant = 0;
    let probes = draft.probes(variant);
    for (let tries = 0; tries < mostTries && probes.some((probe) => this.#taken.has(probe)); tries++) {
      variant++;
      probes = draft.probes(variant);
    }
    this.#variants.set(key, variant + 1);
    for (const probe of probes) this.#taken.add(probe);
    return probes;
  }
}
