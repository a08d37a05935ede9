import type { How, Role } from '../model/index.js';
import type { Context } from './context.js';
import type { Budget } from './json.js';
import type { KubeObject } from './objects.js';

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

/** One way in which images hide: one file, one line in the list. */
export interface Finder {
  readonly name: string;
  /** Whether it finds what no text spells: an image that is missing, or that a program makes. */
  readonly beyondText?: true;
  find(object: KubeObject, budget: Budget, context: Context): Iterable<Hit>;
}
