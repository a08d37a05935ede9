/** Where images hide in manifests: `findUses`. Read list.ts next, then the finders one by one. */
export { findUses } from './find-uses.js';
