import type { ImageUse } from '../model/index.js';
import { type Foreseen, foreseenFor, stands } from './foreseen.js';
import { type ImageParts, imageParts, joinParts, type PartName, partNames } from './image-parts.js';
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
  /** Changes that are no single suspect's. */
  readonly open: Share;
  /** Suspects that may have made these; null where it might be any. */
  readonly doubtful: ReadonlySet<Suspect> | null;
}

/** Shares the moves of a render out among its suspects. */
export function attributed(
  round: readonly Suspect[],
  uses: readonly ImageUse[],
  { moved, appeared }: Moves,
): Attribution {
  const shares = new Map(round.map((suspect): [Suspect, Share] => [suspect, { moved: new Map(), appeared: [] }]));
  const open: Share = { moved: new Map(), appeared: [] };
  const doubtful = new Set<Suspect>();
  let isAnybodys = false;
  const doubt = (members: readonly Suspect[]): void => {
    if (members.length === 0) isAnybodys = true;
    for (const suspect of members) doubtful.add(suspect);
  };
  for (const [index, image] of moved) {
    const before = uses[index]?.image ?? '';
    const here = round.filter((suspect) => suspect.uses.has(index));
    const movers = image === null ? null : moversOf(index, before, image, here, round);
    if (movers === null || image === null) {
      open.moved.set(index, image);
      doubt(here);
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
    const [source, other] = round.filter((suspect) =>
      [...suspect.uses.keys()].some((index) => {
        const one = uses[index];
        return one !== undefined && placeKey(one) === key && movesAsForeseen(suspect, index, one.image, use.image);
      }),
    );
    if (source !== undefined && other === undefined) {
      shares.get(source)?.appeared.push(use.image);
      continue;
    }
    open.appeared.push(use.image);
    const bearers = round.filter(({ probe }) => stands(probe, use.image));
    const isNear = (suspect: Suspect): boolean => [...suspect.uses.keys()].some((index) => isBeside(uses[index], use));
    doubt(bearers.length > 0 ? bearers : round.filter(isNear));
  }
  return { shares, open, doubtful: isAnybodys ? null : doubtful };
}

function isBeside(one: ImageUse | undefined, other: ImageUse): boolean {
  return one?.in.template === other.in.template && one.in.document === other.in.document;
}

/** Whether changes are those that others made alone, or theirs together where several moved one use. */
export function isRepeated(open: Share, alone: readonly Share[], uses: readonly ImageUse[]): boolean {
  return (
    [...open.moved].every(([index, image]) => together(index, uses[index]?.image ?? '', alone) === image) &&
    open.appeared.every((image) => alone.some(({ appeared }) => appeared.includes(image)))
  );
}

function together(index: number, before: string, alone: readonly Share[]): string | null {
  const old = plainParts(before);
  let sum: PartsAfter = { ...old, put: '' };
  for (const { moved } of alone) {
    const image = moved.get(index);
    if (image === null) return null;
    if (image === undefined) continue;
    const now = partsAfter(before, image);
    for (const part of partNames) if (now[part] !== old[part]) sum = { ...sum, [part]: now[part] };
    if (now.put !== '') sum = { ...sum, put: now.put };
  }
  return assembled(before, sum);
}

/** Those who moved a use, one for each part that changed; null where a part bears nobody's mark, or that of two. */
function moversOf(
  index: number,
  before: string,
  image: string,
  here: readonly Suspect[],
  round: readonly Suspect[],
): ReadonlySet<Suspect> | null {
  const [first, second] = here;
  if (first?.uses.get(index) === null && second === undefined) {
    return image.includes(first.probe) ? new Set([first]) : null;
  }
  const old = plainParts(before);
  const parts = partsAfter(before, image);
  const movers = new Set<Suspect>();
  for (const part of partNames) {
    if (parts[part] === old[part]) continue;
    const isMover = (suspect: Suspect): boolean => isForeseen(expected(suspect, index, before), part, parts[part]);
    const marked = here.filter(isMover);
    // The trace may have lost its way; a text that only one suspect was changed to tells all the same.
    const [mover, other] = marked.length > 0 ? marked : round.filter(isMover);
    if (mover === undefined || other !== undefined) return null;
    movers.add(mover);
  }
  return movers;
}

function isForeseen(foreseen: Foreseen | null | undefined, part: PartName, text: string): boolean {
  const texts = foreseen?.get(part);
  return texts?.has(text) === true || (part === 'repository' && texts?.has(`library/${text}`) === true);
}

/** Parts of an image that was changed; `put` is what another registry was put before, `library/` or the old registry. */
type PartsAfter = ImageParts & { readonly put: string };

/**
 * The parts of what became of an image, so that what a registry brings with it is not taken for another repository:
 * outside of `docker.io` there need be no `library`, and some charts put a registry before the one that is there.
 */
function partsAfter(before: string, after: string): PartsAfter {
  const old = plainParts(before);
  const parts = plainParts(after);
  const official = imageParts(before).repository === old.repository ? [] : ['library/', `${old.registry}/library/`];
  const put = [...official, `${old.registry}/`].find((text) => parts.repository.startsWith(text)) ?? '';
  if (parts.registry === old.registry || put === '') return { ...parts, put: '' };
  return { ...parts, repository: parts.repository.slice(put.length), put };
}

function plainParts(image: string): ImageParts {
  const parts = imageParts(image);
  return parts.registry === 'docker.io' ? { ...parts, repository: parts.repository.replace(/^library\//, '') } : parts;
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
  const old = plainParts(before);
  const parts = partsAfter(before, after);
  return partNames.every((part) => parts[part] === old[part] || isForeseen(foreseen, part, parts[part]));
}

/** The image with those parts changed that are the suspect's. */
function onlyPart(before: string, after: string, foreseen: Foreseen | undefined): string {
  const old = plainParts(before);
  const now = partsAfter(before, after);
  const pick = (part: PartName): string => (isForeseen(foreseen, part, now[part]) ? now[part] : old[part]);
  return assembled(before, {
    registry: pick('registry'),
    repository: pick('repository'),
    tag: pick('tag'),
    digest: pick('digest'),
    put: now.put,
  });
}

/** The reference of parts as `partsAfter` gives them. */
function assembled(before: string, { put, ...parts }: PartsAfter): string {
  const old = imageParts(before);
  const name = parts.registry === old.registry ? parts.repository : `${put}${parts.repository}`;
  // What is no reference is not brought into its normal form either: `docker.io/b:%!s(int64=1)`.
  const isOdd = old.registry === 'docker.io' && !old.repository.includes('/');
  const isOfficial = parts.registry === 'docker.io' && !name.includes('/') && !isOdd;
  return joinParts({ ...parts, repository: isOfficial ? `library/${name}` : name });
}
