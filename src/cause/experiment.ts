import type { ImageUse } from '../model/index.js';
import { attributed, isRepeated, movesAsForeseen, type Share } from './attribution.js';
import { type Moves, movesBetween } from './moves.js';
import { halves, type Round, roundsOf, trialsOf, unlocked } from './round.js';
import type { Suspect, Trial } from './suspect.js';
import type { Unlocks } from './unlocks.js';

/** Renders with these changes and finds the uses; throws where the chart does not render with them. */
export type Render = (trials: readonly Trial[]) => readonly ImageUse[] | Promise<readonly ImageUse[]>;

/** What came of changing one suspect. */
export type Outcome = MovedOutcome | { readonly kind: 'refused' } | { readonly kind: 'untried' };

export interface MovedOutcome {
  readonly kind: 'moved';
  readonly moved: ReadonlyMap<number, string | null>;
  /** Images in places in which none was before. */
  readonly appeared: readonly string[];
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

/** A chart that gave the same reason so often for single suspects would give it for the others of a round, too. */
const enoughRefusals = 4;

/**
 * Changes each suspect and sees what moves. Suspects that can only move different parts are changed in one render, each
 * to a text of its own, so that every change in it is one suspect's. Where anything else is seen (another text than
 * foreseen, an image more or less), those whose uses it touches are tried again, in the end alone; if what they do then
 * and what bears the marks of the others is all that there was, the others are known, too, else they are tried again
 * as well. Where the chart does not render, all are, in halves.
 *
 * Where the chart's refusal names a switch that would allow the change, it is tried once more with it.
 */
export async function tryAll(
  suspects: readonly Suspect[],
  uses: readonly ImageUse[],
  render: Render,
  unlocks: Unlocks,
  budget: Budget,
): Promise<Experiments> {
  const outcomes = new Map<Suspect, Outcome>();
  const refusals = new Map<string, number>();
  let renders = 0;
  for (const round of roundsOf(suspects, uses)) await tryRound(round);
  return { outcomes, renders };

  function settle(members: Iterable<Suspect>, outcome: Outcome): void {
    for (const suspect of members) outcomes.set(suspect, outcome);
  }

  async function tryRound(round: Round): Promise<void> {
    if (renders >= budget.renders || budget.isOver()) return settle(round.suspects, { kind: 'untried' });
    const needed = round.unlock === null ? unlocks.before(round.suspects) : null;
    if (needed !== null) return await tryEach(unlocked(round, needed));
    renders++;
    const result = await movesOf(round, uses, render);
    if (typeof result === 'string') return await refused(round, result);
    const { unlock } = round;
    const [only] = round.suspects;
    if (only !== undefined && round.suspects.length === 1) {
      const { moved, appeared } = result;
      return settle([only], { kind: 'moved', moved, appeared: appeared.map((use) => use.image), unlock });
    }
    const { shares, open, doubtful } = attributed(round.suspects, uses, result);
    if (doubtful === null || doubtful.size === round.suspects.length) return await tryEach(halves(round, null));
    const clear = round.suspects.filter((suspect) => !doubtful.has(suspect));
    if (doubtful.size > 0) {
      const again = { suspects: [...doubtful], unlock };
      await tryEach(doubtful.size === 1 ? [again] : halves(again, null));
      const alone = [...doubtful].flatMap((suspect) => shareIn(outcomes.get(suspect), unlock));
      if (alone.length < doubtful.size || !isRepeated(open, alone, uses))
        return await tryRound({ suspects: clear, unlock });
    }
    for (const suspect of clear) {
      const share = shares.get(suspect);
      if (share !== undefined) settle([suspect], { kind: 'moved', ...share, unlock });
    }
  }

  async function tryEach(rounds: readonly Round[]): Promise<void> {
    for (const round of rounds) await tryRound(round);
  }

  async function refused(round: Round, refusal: string): Promise<void> {
    const unlock = round.unlock === null ? unlocks.after(refusal, round.suspects) : null;
    if (unlock !== null) return await tryEach(unlocked(round, unlock));
    const count = refusals.get(refusal) ?? 0;
    if (round.suspects.length > 1 && count < enoughRefusals) return await tryEach(halves(round, refusal));
    settle(round.suspects, { kind: 'refused' });
    if (round.suspects.length === 1) refusals.set(refusal, count + 1);
  }
}

/** What a suspect did by itself, if it was tried under the same switch. */
function shareIn(outcome: Outcome | undefined, unlock: string | null): readonly Share[] {
  if (outcome?.kind !== 'moved' || outcome.unlock !== unlock) return [];
  return [{ moved: new Map(outcome.moved), appeared: [...outcome.appeared] }];
}

/** What a round changed; the chart's words where it does not render. */
async function movesOf(round: Round, uses: readonly ImageUse[], render: Render): Promise<Moves | string> {
  let after: readonly ImageUse[];
  try {
    after = await render(trialsOf(round));
  } catch (error) {
    // A chart may check the value, or fail on it in any way.
    return error instanceof Error ? error.message : '';
  }
  return movesBetween(uses, after, (index, image) =>
    round.suspects.some((suspect) => movesAsForeseen(suspect, index, uses[index]?.image ?? '', image)),
  );
}
