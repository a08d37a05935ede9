import type { ImageUse } from '../model/index.js';
import { type Foreseen, foreseenFor } from './foreseen.js';
import { changedParts, imageParts, joinParts, type PartName } from './image-parts.js';
import { type Moves, placeKey } from './moves.js';
import type { Suspect } from './suspect.js';

/** What one suspect did: by index of the use the image that it makes of it, null for none; and images that came. */
export interface Share {
  readonly moved: Map<number, string | null>;
  readonly appeared: string[];
}

/** A render's changes, each given to the suspect whose mark it bears. */
export interface Attribution {
  readonly shares: ReadonlyMap<Suspect, Share>;
  /** Suspects that might have to do with a change that bears nobody's mark; null where it might be any. */
  readonly doubtful: ReadonlySet<Suspect> | null;
}

/** Shares the moves of a render out among its suspects. */
export function attributed(round: readonly Suspect[], uses: readonly ImageUse[], { moved, appeared }: Moves): Attribution {
  const shares = new Map(round.map((suspect): [Suspect, Share] => [suspect, { moved: new Map(), appeared: [] }]));
  const doubtful = new Set<Suspect>();
  const nobody: Attribution = { shares, doubtful: null };
  for (const [index, image] of moved) {
    const before = uses[index]?.image ?? '';
    const here = round.filter((suspect) => suspect.uses.has(index));
    const movers = image === null ? null : moversOf(index, before, image, here, round);
    if (movers === null || image === null) {
      if (here.length === 0) return nobody;
      for (const suspect of here) doubtful.add(suspect);
      continue;
    }
    for (const mover of movers) {
      // Alone it would have left the other parts as they were.
      const foreseen = expected(mover, index, before);
      shares.get(mover)?.moved.set(index, foreseen === null ? image : onlyPart(before, image, foreseen));
    }
  }
  for (const use of appeared) {
    const key = placeKey(use);
    const isSource = (suspect: Suspect): boolean =>
      [...suspect.uses.keys()].some((index) => {
        const one = uses[index];
        return one !== undefined && placeKey(one) === key && movesAsForeseen(suspect, index, one.image, use.image);
      });
    const [source, other] = round.filter(isSource);
    if (source !== undefined && other === undefined) {
      shares.get(source)?.appeared.push(use.image);
      continue;
    }
    const near = round.filter((suspect) => [...suspect.uses.keys()].some((index) => isNear(uses[index], use)));
    if (near.length === 0) return nobody;
    for (const suspect of near) doubtful.add(suspect);
  }
  return { shares, doubtful };
}

function isNear(one: ImageUse | undefined, other: ImageUse): boolean {
  return one?.in.template === other.in.template && one.in.document === other.in.document;
}

/** Those who moved a use, one for each part that changed; null where a part bears nobody's mark, or that of two. */
function moversOf(
  index: number,
  before: string,
  image: string,
  here: readonly Suspect[],
  round: readonly Suspect[],
): ReadonlySet<Suspect> | null {
  const [first] = here;
  if (first !== undefined && first.uses.get(index) === null) {
    // Alone in this use, as the rounds were made.
    return image.includes(first.probe) ? new Set([first]) : null;
  }
  const parts = imageParts(image);
  const movers = new Set<Suspect>();
  for (const part of changedParts(before, image)) {
    const isMover = (suspect: Suspect): boolean =>
      expected(suspect, index, before)?.get(part)?.has(parts[part]) === true;
    const marked = here.filter(isMover);
    // The trace may have lost its way; a text that only one suspect was changed to tells all the same.
    const [mover, other] = marked.length > 0 ? marked : round.filter(isMover);
    if (mover === undefined || other !== undefined) return null;
    movers.add(mover);
  }
  return movers;
}

/** What was foreseen for a use, or would be for one in which the trace did not see the suspect. */
function expected(suspect: Suspect, index: number, before: string): Foreseen | null | undefined {
  const foreseen = suspect.uses.get(index);
  if (foreseen !== undefined || suspect.text === null) return foreseen;
  return foreseenFor(before, suspect.text, suspect.probe) ?? undefined;
}

/** Whether an image is what a suspect was foreseen to make of a use. */
export function movesAsForeseen(suspect: Suspect, index: number, before: string, after: string): boolean {
  const foreseen = expected(suspect, index, before);
  if (foreseen === undefined || before === after) return false;
  if (foreseen === null) return after.includes(suspect.probe);
  const parts = imageParts(after);
  return [...changedParts(before, after)].every((part) => foreseen.get(part)?.has(parts[part]));
}

/** The image with those parts changed that are the suspect's. */
function onlyPart(before: string, after: string, foreseen: Foreseen | undefined): string {
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

/** Whether these shares together are just the changes that a render had. */
export function addsUp(shares: readonly Share[], uses: readonly ImageUse[], { moved, appeared }: Moves): boolean {
  const sum = new Map<number, string | null>();
  for (const share of shares) {
    for (const [index, image] of share.moved) {
      const known = sum.get(index);
      sum.set(index, known === undefined || image === null ? image : both(uses[index]?.image ?? '', known, image));
    }
  }
  const came = shares.flatMap((share) => share.appeared).sort();
  const seen = appeared.map((use) => use.image).sort();
  return (
    sum.size === moved.size &&
    [...moved].every(([index, image]) => sum.get(index) === image) &&
    came.length === seen.length &&
    came.every((image, at) => image === seen[at])
  );
}

/** An image with the parts of two others that each changed; null where one took it away. */
function both(before: string, one: string | null, other: string): string | null {
  if (one === null) return null;
  const changed = changedParts(before, other);
  const parts = imageParts(one);
  const now = imageParts(other);
  const pick = (part: PartName): string => (changed.has(part) ? now[part] : parts[part]);
  return joinParts({
    registry: pick('registry'),
    repository: pick('repository'),
    tag: pick('tag'),
    digest: pick('digest'),
  });
}
