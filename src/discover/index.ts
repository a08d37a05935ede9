/** Where images hide in manifests: `findUses`. Read list.ts next, then the finders one by one. */

export { type CausesInput, type CausesResult, findCauses, type Trial } from './causes.js';
export type { Surroundings } from './context.js';
export type { CarriedDefinitions } from './definitions.js';
export { findUses } from './find-uses.js';
export { compareClaims } from './image-claims.js';
