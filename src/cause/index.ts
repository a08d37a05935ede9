/** What decides each image, by experiment: `findCauses`. Read causes.ts, then what it calls in order. */

export { type CausesInput, type CausesResult, findCauses, type ValuePlace } from './causes.js';
export { movesBetween } from './moves.js';
export type { Trial } from './suspect.js';
export { pathBelow, stepsOf, valueAt } from './values-path.js';
export { FieldPlaces } from './written-at.js';
