/** Where images hide in manifests: `findUses`. Read list.ts next, then the finders one by one. */

export { type Candidate, readCandidate } from './candidate.js';
export type { Surroundings } from './context.js';
export type { CarriedDefinitions } from './definitions.js';
export { findUses } from './find-uses.js';
export { compareClaims } from './image-claims.js';
export { isList, isObject, step } from './json.js';
export { KnownTexts } from './known-texts.js';
export { wordsOf } from './name.js';
