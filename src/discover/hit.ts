import type { How, Role } from '../model/index.js';
import type { PartsHit } from './parts.js';
import type { ValueHit } from './value.js';

/**
 * A place that names an image, or that should and does not.
 *
 * `written` stands in the manifest; `image` is the normalised reference. Where `image` is null, `trouble` says why:
 * `bad-reference` for text that is no reference, `undecided` for what only somebody else can complete. `field` is a
 * JSON pointer within the manifest.
 */
export interface Hit {
  readonly field: string;
  readonly written: string;
  readonly image: string | null;
  readonly how: How;
  readonly role: Role;
  readonly container: string | null;
  readonly certainty: 'certain' | 'likely';
  readonly against: readonly string[];
  readonly trouble: { readonly reason: 'bad-reference' | 'undecided'; readonly detail: string } | null;
}

/** Where and how a hit was made: what all hits of one place share. */
export interface Place {
  readonly how: How;
  readonly role: Role;
  readonly container: string | null;
}

/** A value that names an image. */
export function hitOf(hit: ValueHit, field: string, place: Place): Hit {
  return {
    ...place,
    field,
    written: hit.written,
    image: hit.verdict.candidate.image,
    certainty: hit.verdict.certainty,
    against: hit.verdict.against,
    trouble: null,
  };
}

/** Parts that make an image, or that should and do not. */
export function hitOfParts(hit: PartsHit, place: Place): Hit {
  return {
    ...place,
    field: hit.pair.field,
    written: hit.pair.value.trim(),
    image: hit.verdict?.candidate.image ?? null,
    certainty: hit.verdict?.certainty ?? 'likely',
    against: hit.verdict?.against ?? [],
    trouble: hit.trouble,
  };
}

/** A place that should name an image and does not. */
export function troubleHit(
  reason: 'bad-reference' | 'undecided',
  detail: string,
  written: string,
  field: string,
  place: Place,
): Hit {
  return { ...place, field, written, image: null, certainty: 'likely', against: [], trouble: { reason, detail } };
}
