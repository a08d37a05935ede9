import { isOpen, readCandidate, troubleOf } from './candidate.js';
import { type Hit, hitOf, hitOfParts, type Place, troubleHit } from './hit.js';
import { beginsWithImage, namesImage, namesImageParts, namesNoImage } from './name.js';
import { type Inherited, type Pair, type PartsHit, readParts } from './parts.js';
import { readValue, type Standing } from './value.js';

export interface PairsOptions {
  readonly place: Place;
  /** Name of the object around the pairs, or ''. */
  readonly parent: string;
  readonly inherited: Inherited;
  /** What a value below a name that says image has to show. */
  readonly standing: 'named' | 'strict';
  /** Whether an unresolved variable in an image's place is told. */
  readonly tellOpen: boolean;
}

export const nothingInherited: Inherited = { hub: null, tag: null, version: null };

/** Fields of an image's own object that may hold all of it: `image: {ref: …}`, the default of a schema. */
const isWhole = /^(?:name|repository|repo|ref|reference|uri|url|path|full|fullName|value|default)$/i;

/** The images of names and values that stand side by side, in their order; parts of one image are joined. */
export function* readPairs(pairs: readonly Pair[], options: PairsOptions): Generator<Hit> {
  const parts = new Map(readParts(pairs, options.parent, options.inherited).map((hit) => [hit.pair, hit]));
  for (const pair of pairs) {
    const joined = parts.get(pair);
    if (joined !== undefined) {
      if (isWorthTelling(joined, options)) yield hitOfParts(joined, options.place);
      continue;
    }
    const named = namesImage(pair.name);
    if (named && options.tellOpen && isOpen(pair.value) && !/\s/.test(pair.value.trim())) {
      yield troubleHit('undecided', troubleOf(pair.value), pair.value, pair.field, options.place);
      continue;
    }
    const whole = !named && isWhole.test(pair.name) && namesImageParts(options.parent);
    if (!named && !whole && (namesNoImage(pair.name) || namesNoImage(options.parent))) continue;
    const standing = named ? options.standing : whole ? 'strict' : unnamedStanding(pair.name, options.place);
    for (const hit of readValue(pair.value, standing)) yield hitOf(hit, pair.field, options.place);
  }
}

function unnamedStanding(name: string, place: Place): Standing {
  if (beginsWithImage(name)) return 'begun';
  return place.how === 'argument' || place.how === 'environment' ? 'told' : 'unnamed';
}

/** Parts that make no reference are told of, except in text in which they may be a program's own expressions. */
function isWorthTelling(hit: PartsHit, options: PairsOptions): boolean {
  if (hit.trouble === null) return true;
  if (hit.trouble.reason === 'undecided') return options.tellOpen;
  return options.standing === 'named' || readCandidate(hit.pair.value.trim()) !== null;
}
