import type { Context } from './context.js';
import type { Hit } from './hit.js';
import type { Budget } from './json.js';
import type { KubeObject } from './objects.js';

/** One way in which images hide: one file, one line in the list. */
export interface Finder {
  readonly name: string;
  /** Whether it finds what no text spells: an image that is missing, or that a program makes. */
  readonly beyondText?: true;
  find(object: KubeObject, budget: Budget, context: Context): Iterable<Hit>;
}
