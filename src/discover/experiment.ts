import type { ImageUse } from '../model/index.js';
import { changedParts, imageParts } from './image-parts.js';
import { type Moves, movesBetween } from './moves.js';
import type { Suspect, Trial } from './suspect.js';
import { stepsOf } from './values-path.js';

/** Renders with these changes and finds the uses; throws where the chart does not render with them. */
export type Render = (trials: readonly Trial[]) => readonly ImageUse[] | Promise<readonly ImageUse[]>;

/** What came of changing one suspect. */
export type Outcome =
  | { readonly kind: 'moved'; readonly moved: ReadonlyMap<number, string | null>; readonly appeared: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'untried' };

export interface Experiments {
  readonly outcomes: ReadonlyMap<Suspect, Outcome>;
  readonly renders: number;
}

/**
 * Changes each suspect and sees what moves. Suspects that can only move different parts are changed in one render, each
 * to a text of its own, so that every change in it is one suspect's; where anything else is seen (a use that no suspect
 * of the render is in, another text than foreseen, an image more or less), or the chart does not render, the suspects are
 * tried again in halves, in the end alone.
 */
export async function tryAll(
  suspects: readonly Suspect[],
  uses: readonly ImageUse[],
  render: Render,
  budget: number,
): Promise<Experiments> {
  const outcomes = new Map<Suspect, Outcome>();
  let renders = 0;
  const open = roundsOf(suspects).reverse();
  for (let round = open.pop(); round !== undefined; round = open.pop()) {
    if (renders >= budget) {
      for (const suspect of round) outcomes.set(suspect, { kind: 'untried' });
      continue;
    }
    renders++;
    const found = await tryRound(round, uses, render);
    if (found !== null) for (const [suspect, outcome] of found) outcomes.set(suspect, outcome);
    else {
      const half = round.length >> 1;
      open.push(round.slice(half), round.slice(0, half));
    }
  }
  return { outcomes, renders };
}

/** The suspects in as few rounds as it takes to keep those apart that could be mistaken for each other. */
function roundsOf(suspects: readonly Suspect[]): Suspect[][] {
  const rounds: Suspect[][] = [];
  for (const suspect of suspects) {
    const round = rounds.find((members) => members.every((other) => canShare(suspect, other)));
    if (round === undefined) rounds.push([suspect]);
    else round.push(suspect);
  }
  return rounds;
}

function canShare(a: Suspect, b: Suspect): boolean {
  const list = listOf(a);
  if (list !== null && list === listOf(b)) return false;
  for (const [index, foreseen] of a.uses) {
    const other = b.uses.get(index);
    if (other === undefined) continue;
    if (foreseen === null || other === null) return false;
    for (const part of foreseen.keys()) if (other.has(part)) return false;
  }
  return true;
}

/** The list that a path leads into: setting one element of it may replace all. */
function listOf({ trial }: Suspect): string | null {
  if (trial.kind !== 'value') return null;
  const steps = stepsOf(trial.path);
  const at = steps.findIndex((step) => typeof step === 'number');
  return at < 0 ? null : steps.slice(0, at).join('\n');
}

/** What each suspect of a round did; null where that cannot be told apart. */
async function tryRound(
  round: readonly Suspect[],
  uses: readonly ImageUse[],
  render: Render,
): Promise<ReadonlyMap<Suspect, Outcome> | null> {
  let after: readonly ImageUse[];
  try {
    after = await render(round.map((suspect) => suspect.trial));
  } catch {
    // A chart may check the value, or fail on it in any way: alone in its render the suspect has no answer then.
    const [only] = round;
    return only !== undefined && round.length === 1 ? new Map([[only, { kind: 'refused' }]]) : null;
  }
  const moves = movesBetween(uses, after, (index, image) =>
    round.some((suspect) => movesAsForeseen(suspect, index, uses[index]?.image ?? '', image)),
  );
  const [only] = round;
  if (only !== undefined && round.length === 1) {
    return new Map([[only, { kind: 'moved', moved: moves.moved, appeared: moves.appeared.length }]]);
  }
  return attributed(round, uses, moves);
}

/** Shares the moves of a render out among its suspects; null where one fits none of them, or more than one. */
function attributed(
  round: readonly Suspect[],
  uses: readonly ImageUse[],
  { moved, appeared }: Moves,
): ReadonlyMap<Suspect, Outcome> | null {
  if (appeared.length > 0) return null;
  const shares = new Map(round.map((suspect) => [suspect, new Map<number, string | null>()]));
  for (const [index, image] of moved) {
    const before = uses[index]?.image ?? '';
    const here = round.filter((suspect) => suspect.uses.has(index));
    const [first] = here;
    if (image === null || first === undefined) return null;
    if (first.uses.get(index) === null) {
      // Alone in this use, as the rounds were made.
      if (!image.includes(first.probe)) return null;
      shares.get(first)?.set(index, image);
      continue;
    }
    const parts = imageParts(image);
    for (const part of changedParts(before, image)) {
      const mover = here.find((suspect) => suspect.uses.get(index)?.get(part)?.has(parts[part]));
      if (mover === undefined) return null;
      // Alone it would have left the other parts as they were.
      shares.get(mover)?.set(index, onlyPart(before, image, mover, index));
    }
  }
  return new Map([...shares].map(([suspect, share]) => [suspect, { kind: 'moved', moved: share, appeared: 0 }]));
}

function movesAsForeseen(suspect: Suspect, index: number, before: string, after: string): boolean {
  const foreseen = suspect.uses.get(index);
  if (foreseen === undefined || before === after) return false;
  if (foreseen === null) return after.includes(suspect.probe);
  const parts = imageParts(after);
  return [...changedParts(before, after)].every((part) => foreseen.get(part)?.has(parts[part]));
}

/** The image with those parts changed that are the suspect's. */
function onlyPart(before: string, after: string, suspect: Suspect, index: number): string {
  const foreseen = suspect.uses.get(index);
  const old = imageParts(before);
  const now = imageParts(after);
  const pick = (part: keyof typeof old): string => (foreseen?.has(part) === true ? now[part] : old[part]);
  const tag = pick('tag');
  const digest = pick('digest');
  const name = [pick('registry'), pick('repository')].filter((text) => text !== '').join('/');
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}
