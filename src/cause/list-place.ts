import type { JsonValue } from '../model/index.js';
import type { ListPlace, Suspect, SuspectInput } from './suspect.js';
import { stepsOf, valueAt, withValueAt } from './values-path.js';

/**
 * The suspects with their place in lists. One in a default list is tried with the element alone, and if that does more than
 * it should, with the whole list; of a list of which several elements are suspects the others would be missing, so that
 * the whole list is tried at once.
 */
export function withLists(suspects: readonly Suspect[], { values, isGiven }: SuspectInput): readonly Suspect[] {
  const elements = new Map<string, Set<string | number>>();
  const placed = suspects.map((suspect) => {
    const list = listPlace(suspect, values, isGiven);
    if (list === null) return suspect;
    const [first = ''] = list.inside;
    elements.set(list.path, (elements.get(list.path) ?? new Set()).add(first));
    return { ...suspect, list };
  });
  return placed.map((suspect) => {
    if (suspect.list === null) return suspect;
    const whole = asWhole(suspect, values);
    const isLone = suspect.list.together === 'each' || elements.get(suspect.list.path)?.size === 1;
    if (isLone) return { ...suspect, otherwise: [...suspect.otherwise, whole] };
    return { ...whole, otherwise: suspect.otherwise.map((one) => asWhole(one, values)) };
  });
}

function listPlace({ trial }: Suspect, values: JsonValue, isGiven: (path: string) => boolean): ListPlace | null {
  if (trial.kind !== 'value') return null;
  const path = /^(?:[^[\\]|\\.)*(?=\[)/.exec(trial.path)?.[0];
  if (path === undefined) return null;
  const inside = stepsOf(trial.path).slice(stepsOf(path).length);
  const whole = withValueAt(valueAt(values, path) ?? null, inside, trial.value);
  return { path, inside, whole, together: isGiven(path) ? 'each' : 'never' };
}

/** The suspect with all of the list given in which it is an element. */
function asWhole(suspect: Suspect, values: JsonValue): Suspect {
  const list = listPlace(suspect, values, () => false);
  if (list === null || suspect.trial.kind !== 'value') return suspect;
  const argument = `${list.path}=${JSON.stringify(list.whole)}`;
  return {
    ...suspect,
    trial: { ...suspect.trial, option: '--set-json', argument },
    holdsMore: true,
    list: { ...list, together: 'whole' },
    otherwise: [],
  };
}
