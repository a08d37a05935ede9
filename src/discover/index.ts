/** Where images hide in manifests: `findUses`. Read list.ts next, then the finders one by one. */

export { type CausesInput, type CausesResult, findCauses, type ValuePlace } from './causes.js';
export type { Surroundings } from './context.js';
export type { CarriedDefinitions } from './definitions.js';
export { findUses } from './find-uses.js';
export { compareClaims } from './image-claims.js';
export { KnownTexts } from './known-texts.js';
export type { Trial } from './suspect.js';
export { pathBelow, stepsOf, valueAt } from './values-path.js';
export { FieldPlaces } from './written-at.js';
