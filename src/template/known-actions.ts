import type { TemplateParts } from './actions.js';
import type { Callable } from './machine.js';
import type { Declared, PipeNode } from './pipe.js';
import type { Tokens } from './tokens.js';

/**
 * What was made of the text of actions, `{{` and `}}` included: charts repeat themselves, and three of four actions are
 * known when they are met. `K` is what the parser keeps of one.
 */
export class KnownActions<K> {
  private readonly found = new Map<string, K>();

  get(text: string): K | undefined {
    return this.found.get(text);
  }

  add(text: string, action: K): void {
    if (this.found.size >= mostKnown) this.found.clear();
    this.found.set(text, action);
  }
}

const mostKnown = 50_000;

/**
 * What is kept of an action that can be met again: all but its place, and the variables that it uses, which must be kept
 * in the same slots. An action that declares some belongs to one place.
 */
export type KnownAction = { readonly variables: readonly Declared[] } & (
  | { readonly kind: 'action' | 'if' | 'with' | 'range'; readonly pipe: PipeNode }
  | { readonly kind: 'template'; readonly parts: TemplateParts }
  | { readonly kind: 'end' | 'else' }
);

export type Kept<K> = K extends KnownAction ? Omit<K, 'variables'> : never;

/** What templates are parsed with: the functions that they can call, and the actions that were parsed before. */
export interface Vocabulary {
  readonly functions: ReadonlyMap<string, Callable>;
  readonly known: KnownActions<KnownAction>;
  /** Used by one parse after the other. */
  readonly tokens?: Tokens;
}
