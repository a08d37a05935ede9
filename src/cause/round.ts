import type { ImageUse } from '../model/index.js';
import { partNamedBy } from './part-name.js';
import type { Suspect, Trial } from './suspect.js';
import { withValueAt } from './values-path.js';

/** Suspects that are changed in one render, and the switch that is turned on beside them. */
export interface Round {
  readonly suspects: readonly Suspect[];
  readonly unlock: string | null;
}

/** The suspects in as few rounds as it takes to keep those apart that could be mistaken for each other. */
export function roundsOf(suspects: readonly Suspect[], uses: readonly ImageUse[]): readonly Round[] {
  const rounds: Suspect[][] = [];
  for (const suspect of suspects) {
    const round = rounds.find((members) => members.every((other) => canShare(suspect, other, uses)));
    if (round === undefined) rounds.push([suspect]);
    else round.push(suspect);
  }
  return rounds.map((members) => ({ suspects: members, unlock: null }));
}

function canShare(a: Suspect, b: Suspect, uses: readonly ImageUse[]): boolean {
  // Two texts for one value: the later would win.
  if (a.trial.kind === 'value' && b.trial.kind === 'value' && a.trial.path === b.trial.path) return false;
  if (a.list !== null && b.list?.path === a.list.path) {
    if (a.list.together === 'never' || a.list.together !== b.list.together) return false;
  }
  for (const [index, foreseen] of a.uses) {
    const other = b.uses.get(index);
    if (other === undefined) continue;
    if (foreseen === null || other === null) {
      // Of values that a function stands before most move nothing. One that takes the place of others would hide it.
      if (a.text === null || b.text === null) return false;
      continue;
    }
    // Where one image stands and nothing else, a text that both say now is from one of them alone.
    if (a.text !== null && a.text === b.text && uses[index]?.how === 'workload') continue;
    for (const part of foreseen.keys()) if (other.has(part)) return false;
  }
  return true;
}

/** What is given to the chart: elements of one list as one list. */
export function trialsOf({ suspects, unlock }: Round): readonly Trial[] {
  const lists = new Map<string, readonly Suspect[]>();
  const trials: Trial[] = [];
  for (const suspect of suspects) {
    if (suspect.list?.together !== 'whole') trials.push(suspect.trial);
    else lists.set(suspect.list.path, [...(lists.get(suspect.list.path) ?? []), suspect]);
  }
  for (const [path, members] of lists) trials.push(...asOneList(path, members));
  return unlock === null ? trials : [...trials, switchTrial(unlock)];
}

function asOneList(path: string, members: readonly Suspect[]): readonly Trial[] {
  const [first, ...others] = members;
  if (first?.list === null || first?.trial.kind !== 'value') return [];
  let { whole } = first.list;
  for (const { list, trial } of others) {
    if (list !== null && trial.kind === 'value') whole = withValueAt(whole, list.inside, trial.value);
  }
  return [{ ...first.trial, argument: `${path}=${JSON.stringify(whole)}` }];
}

/** A switch of the values turned on. */
export function switchTrial(path: string): Trial {
  return { kind: 'value', path, value: true, option: '--set', argument: `${path}=true` };
}

/** The round with a switch on; tags and digests, which charts check less, first and without it. */
export function unlocked({ suspects }: Round, unlock: string): readonly Round[] {
  const [versions, others] = byKind(suspects);
  if (versions.length === 0 || others.length === 0) return [{ suspects, unlock }];
  return [
    { suspects: versions, unlock: null },
    { suspects: others, unlock },
  ];
}

/**
 * The round in two: those that the refusal names apart, else those of which nothing is foreseen, else tags apart from
 * names, else one half and the other.
 */
export function halves({ suspects, unlock }: Round, refusal: string | null): readonly Round[] {
  const apart = (chosen: readonly Suspect[]): readonly Round[] => [
    { suspects: chosen, unlock },
    { suspects: suspects.filter((suspect) => !chosen.includes(suspect)), unlock },
  ];
  const isSome = (chosen: readonly Suspect[]): boolean => chosen.length > 0 && chosen.length < suspects.length;
  const named = suspects.filter(
    ({ trial }) => trial.kind === 'value' && refusal !== null && names(refusal, trial.path),
  );
  if (isSome(named)) return apart(named);
  const vague = suspects.filter(({ uses }) => [...uses.values()].every((foreseen) => foreseen === null));
  if (isSome(vague)) return apart(vague);
  const [versions, others] = byKind(suspects);
  if (versions.length > 0 && others.length > 0) {
    return [
      { suspects: versions, unlock },
      { suspects: others, unlock },
    ];
  }
  const half = suspects.length >> 1;
  return [
    { suspects: suspects.slice(0, half), unlock },
    { suspects: suspects.slice(half), unlock },
  ];
}

/** Whether a message says the last two names of a path: `image.sha`, or `/image/sha` as schemas do. */
function names(message: string, path: string): boolean {
  const tail = path.split('.').slice(-2);
  return message.includes(tail.join('.')) || message.includes(`/${tail.join('/')}'`);
}

/** Suspects that move tags and digests alone, and the others. */
export function byKind(suspects: readonly Suspect[]): readonly [readonly Suspect[], readonly Suspect[]] {
  const isVersion = ({ trial, uses }: Suspect): boolean => {
    const parts = [...uses.values()].flatMap((foreseen) => (foreseen === null ? [] : [...foreseen.keys()]));
    if (parts.length > 0) return parts.every((part) => part === 'tag' || part === 'digest');
    const named = trial.kind === 'value' ? partNamedBy(trial.path) : 'tag';
    return named === 'tag' || named === 'digest';
  };
  return [suspects.filter(isVersion), suspects.filter((suspect) => !isVersion(suspect))];
}
