/** Advisories in the OSV format: a database of them, importing them, and matching components against them. */

export { type CvssRating, cvssRating, levelOfScore } from './cvss.js';
export { type AdvisoryDatabase, databaseStatus, openAdvisories, type StoredAdvisory } from './database.js';
export { type Imported, importAdvisories } from './import.js';
export type { Skipped } from './inputs.js';
export { type MatchedComponent, match } from './match.js';
export { readAdvisory } from './osv.js';
export type { AdvisoryHead } from './stored.js';
