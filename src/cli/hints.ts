import type { Dig } from '../model/index.js';

/** The one line that a dig without any advisory database ends with. */
export function databaseHint(dig: Dig): string | null {
  if (dig.database.sources.length > 0 || dig.components.length === 0) return null;
  return 'No advisory database: nothing was matched. Import one with: trowel db import PATH\n';
}
