import type { ImageUse } from '../model/index.js';
import { type Foreseen, foreseenFor } from './foreseen.js';
import { changedParts, imageParts, joinParts, type PartName } from './image-parts.js';
import { type Moves, movesBetween } from './moves.js';
import { partNamedBy } from './part-name.js';
import type { Suspect, Trial } from './suspect.js';
import { stepsOf } from './values-path.js';

/** Renders with these changes and finds the uses; throws where the chart does not render with them. */
export type Render = (trials: readonly Trial[]) => readonly ImageUse[] | Promise<readonly ImageUse[]>;

/** What came of changing one suspect. */
export type Outcome = MovedOutcome | { readonly kind: 'refused' } | { readonly kind: 'untried' };

export interface MovedOutcome {
  readonly kind: 'moved';
  readonly moved: ReadonlyMap<number, string | null>;
  readonly appeared: number;
  /** The switch that had to be on for the chart to take the change; null where none had to. */
  readonly unlock: string | null;
}

export interface Experiments {
  readonly outcomes: ReadonlyMap<Suspect, Outcome>;
  readonly renders: number;
}

/** How many renders may be made, and whether time is up. */
export interface Budget {
  readonly renders: number;
  readonly isOver: () => boolean;
}

interface Round {
  readonly suspects: readonly Suspect[];
  readonly unlock: string | null;
}

/** A chart that gave the same reason so often for single suspects would give it for the others of a round, too. */
const enoughRefusals = 4;

/**
 * Changes each suspect and sees what moves. Suspects that can only move different parts are changed in one render, each
 * to a text of its own, so that every change in it is one suspect's; where anything else is seen (a use that no suspect
 * of the render is in, another text than foreseen, an image more or less), or the chart does not render, the suspects are
 * tried again in halves, in the end alone.
 *
 * `unlockIn` finds in the chart's refusal the switch that would allow the change: then it is tried once more with it.
 */
export async function tryAll(
  suspects: readonly Suspect[],
  uses: readonly ImageUse[],
  render: Render,
  unlockIn: (refusal: string) => string | null,
  budget: Budget,
): Promise<Experiments> {
  const outcomes = new Map<Suspect, Outcome>();
  const refusals = new Map<string, number>();
  let renders = 0;
  const open: Round[] = roundsOf(suspects)
    .reverse()
    .map((members) => ({ suspects: members, unlock: null }));
  for (let round = open.pop(); round !== undefined; round = open.pop()) {
    const settle = (outcome: Outcome): void => {
      for (const suspect of round?.suspects ?? []) outcomes.set(suspect, outcome);
    };
    if (renders >= budget.renders || budget.isOver()) {
      settle({ kind: 'untried' });
      continue;
    }
    renders++;
    const result = await tryRound(round, uses, render);
    if (result instanceof Map) {
      for (const [suspect, outcome] of result) outcomes.set(suspect, outcome);
      continue;
    }
    const refusal = typeof result === 'string' ? result : null;
    const unlock = refusal === null || round.unlock !== null ? null : unlockIn(refusal);
    if (unlock !== null) {
      open.push(...unlocked(round, unlock));
      continue;
    }
    if (round.suspects.length > 1) {
      if (refusal !== null && (refusals.get(refusal) ?? 0) >= enoughRefusals) settle({ kind: 'refused' });
      else open.push(...halves(round, refusal));
      continue;
    }
    settle({ kind: 'refused' });
    if (refusal !== null) refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
  }
  return { outcomes, renders };
}

/** The round with a switch on; tags and digests, which charts check less, without it first. */
function unlocked({ suspects }: Round, unlock: string): readonly Round[] {
  const [versions, names] = byKind(suspects);
  if (versions.length === 0 || names.length === 0) return [{ suspects, unlock }];
  return [
    { suspects: names, unlock },
    { suspects: versions, unlock: null },
  ];
}

/** The round in two: those that the refusal names apart, else tags apart from names, else one half and the other. */
function halves({ suspects, unlock }: Round, refusal: string | null): readonly Round[] {
  const named = suspects.filter(({ trial }) => trial.kind === 'value' && refusal?.includes(tailOf(trial.path)));
  if (named.length > 0 && named.length < suspects.length) {
    return [
      { suspects: suspects.filter((suspect) => !named.includes(suspect)), unlock },
      { suspects: named, unlock },
    ];
  }
  const [versions, names] = byKind(suspects);
  if (versions.length > 0 && names.length > 0) {
    return [
      { suspects: names, unlock },
      { suspects: versions, unlock },
    ];
  }
  const half = suspects.length >> 1;
  return [
    { suspects: suspects.slice(half), unlock },
    { suspects: suspects.slice(0, half), unlock },
  ];
}

/** The last two names of a path, as a message may say them: `image.sha`. */
function tailOf(path: string): string {
  return path.split('.').slice(-2).join('.');
}

/** Suspects that move tags and digests alone, and the others. */
function byKind(suspects: readonly Suspect[]): readonly [readonly Suspect[], readonly Suspect[]] {
  const isVersion = ({ trial, uses }: Suspect): boolean => {
    const parts = [...uses.values()].flatMap((foreseen) => (foreseen === null ? [] : [...foreseen.keys()]));
    if (parts.length > 0) return parts.every((part) => part === 'tag' || part === 'digest');
    const named = trial.kind === 'value' ? partNamedBy(trial.path) : 'tag';
    return named === 'tag' || named === 'digest';
  };
  return [suspects.filter(isVersion), suspects.filter((suspect) => !isVersion(suspect))];
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
  // Two texts for one value: the later would win.
  if (a.trial.kind === 'value' && b.trial.kind === 'value' && a.trial.path === b.trial.path) return false;
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

/** What each suspect of a round did; null where that cannot be told apart, the chart's words where it does not render. */
async function tryRound(
  { suspects: round, unlock }: Round,
  uses: readonly ImageUse[],
  render: Render,
): Promise<ReadonlyMap<Suspect, Outcome> | string | null> {
  let after: readonly ImageUse[];
  try {
    const trials = round.map((suspect) => suspect.trial);
    after = await render(unlock === null ? trials : [...trials, switchTrial(unlock)]);
  } catch (error) {
    // A chart may check the value, or fail on it in any way.
    return error instanceof Error ? error.message : '';
  }
  const moves = movesBetween(uses, after, (index, image) =>
    round.some((suspect) => movesAsForeseen(suspect, index, uses[index]?.image ?? '', image)),
  );
  const [only] = round;
  if (only !== undefined && round.length === 1) {
    return new Map([[only, { kind: 'moved', moved: moves.moved, appeared: moves.appeared.length, unlock }]]);
  }
  return attributed(round, uses, moves, unlock);
}

/** A switch of the values turned on. */
export function switchTrial(path: string): Trial {
  return { kind: 'value', path, value: true, option: '--set', argument: `${path}=true` };
}

/** Shares the moves of a render out among its suspects; null where one fits none of them, or more than one. */
function attributed(
  round: readonly Suspect[],
  uses: readonly ImageUse[],
  { moved, appeared }: Moves,
  unlock: string | null,
): ReadonlyMap<Suspect, Outcome> | null {
  if (appeared.length > 0) return null;
  const shares = new Map(round.map((suspect) => [suspect, new Map<number, string | null>()]));
  for (const [index, image] of moved) {
    const before = uses[index]?.image ?? '';
    const here = round.filter((suspect) => suspect.uses.has(index));
    const [first] = here;
    if (image === null) return null;
    if (first !== undefined && first.uses.get(index) === null) {
      // Alone in this use, as the rounds were made.
      if (!image.includes(first.probe)) return null;
      shares.get(first)?.set(index, image);
      continue;
    }
    const parts = imageParts(image);
    for (const part of changedParts(before, image)) {
      const isMover = (suspect: Suspect): boolean =>
        expected(suspect, index, before)?.get(part)?.has(parts[part]) === true;
      // The trace may have lost its way; a text that only one suspect was changed to tells all the same.
      const [mover = null, other] = here.length > 0 ? here.filter(isMover) : round.filter(isMover);
      if (mover === null || (here.length === 0 && other !== undefined)) return null;
      // Alone it would have left the other parts as they were.
      shares.get(mover)?.set(index, onlyPart(before, image, expected(mover, index, before)));
    }
  }
  return new Map(
    [...shares].map(([suspect, share]) => [suspect, { kind: 'moved', moved: share, appeared: 0, unlock }]),
  );
}

/** What was foreseen for a use, or would be for one in which the trace did not see the suspect. */
function expected(suspect: Suspect, index: number, before: string): Foreseen | null | undefined {
  const foreseen = suspect.uses.get(index);
  if (foreseen !== undefined || suspect.text === null) return foreseen;
  return foreseenFor(before, suspect.text, suspect.probe) ?? undefined;
}

function movesAsForeseen(suspect: Suspect, index: number, before: string, after: string): boolean {
  const foreseen = expected(suspect, index, before);
  if (foreseen === undefined || before === after) return false;
  if (foreseen === null) return after.includes(suspect.probe);
  const parts = imageParts(after);
  return [...changedParts(before, after)].every((part) => foreseen.get(part)?.has(parts[part]));
}

/** The image with those parts changed that are the suspect's. */
function onlyPart(before: string, after: string, foreseen: Foreseen | null | undefined): string {
  const old = imageParts(before);
  const now = imageParts(after);
  const pick = (part: PartName): string => (foreseen?.has(part) === true ? now[part] : old[part]);
  return joinParts({
    registry: pick('registry'),
    repository: pick('repository'),
    tag: pick('tag'),
    digest: pick('digest'),
  });
}
