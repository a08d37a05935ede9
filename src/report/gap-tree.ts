import type { Gap } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as } from './paint.js';
import { gapText } from './words.js';

/** What was not assessed in a place that the reader knows already; each line says so itself. */
export function gapBranches(gaps: readonly Gap[]): readonly Branch[] {
  return gaps.map((gap) => branch([as('missing', 'NOT ASSESSED '), gapText(gap)]));
}

/** A block of its own, each gap with its image where it has one. */
export function gapBlock(gaps: readonly Gap[]): Branch {
  const below = gaps.map((gap) => {
    const image = gap.image === null || gap.image.split('|', 1)[0] === gap.subject ? [] : [as('name', gap.image), ': '];
    return branch([...image, gapText(gap)]);
  });
  return branch([as('missing', 'NOT ASSESSED')], below);
}
