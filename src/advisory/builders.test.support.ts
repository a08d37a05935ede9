import type { MatchedComponent } from './match.js';

/** A component for tests: what is given, and plain values for the rest. */
export function component(given: Partial<MatchedComponent> & { readonly name: string }): MatchedComponent {
  return {
    purl: `pkg:generic/${given.name}`,
    version: null,
    ecosystem: null,
    release: null,
    source: null,
    locations: [],
    foundBy: 'test',
    licenses: [],
    owns: [],
    grade: 'claimed',
    evidence: [],
    id: `component ${given.name}`,
    image: 'image',
    ...given,
  };
}
