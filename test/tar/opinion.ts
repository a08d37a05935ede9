import { type Answer, differences, type Entry } from './entry.js';

/** What a reader that is asked besides the referees makes of an archive that Trowel read. */
export type Opinion = 'agrees' | 'differs' | 'refuses';

/** Entries by their place in the archive, or by their path where the reader keeps no order. */
export function opinionOf(own: Answer, other: Answer): Opinion {
  if (other.error !== null) return 'refuses';
  if (own.entries.length !== other.entries.length) return 'differs';
  return own.entries.every((entry, i) => same(entry, other.entries[i])) ? 'agrees' : 'differs';
}

function same(own: Entry, other: Entry | undefined): boolean {
  if (other === undefined) return false;
  return differences(own, other).length === 0;
}
