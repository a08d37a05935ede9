import type { ImageUse } from '../model/index.js';
import { changedParts } from './image-parts.js';

/** What became of the uses after a change of one or several values. */
export interface Moves {
  /** By index of the use: the image that now stands there, or null where none does any more. */
  readonly moved: ReadonlyMap<number, string | null>;
  /** Images in places in which none was before. */
  readonly appeared: readonly ImageUse[];
}

/** The same place in two renders. Names of objects may hold what is changed (a tag), so they do not count. */
export function placeKey(use: ImageUse): string {
  const { template, document, kind, field } = use.in;
  return `${template}\n${document}\n${kind}\n${field}\n${use.how}`;
}

/**
 * Compares two renders place by place. Where several images stand in one place (a list in an environment variable),
 * those that are in both are the same, and of the rest those that were foreseen or differ least.
 */
export function movesBetween(
  before: readonly ImageUse[],
  after: readonly ImageUse[],
  isForeseen: (index: number, image: string) => boolean,
): Moves {
  const now = grouped(after);
  const moved = new Map<number, string | null>();
  const places = new Map<string, number[]>();
  for (const [index, use] of before.entries()) {
    const key = placeKey(use);
    const list = places.get(key);
    if (list === undefined) places.set(key, [index]);
    else list.push(index);
  }
  const appeared: ImageUse[] = [];
  for (const [key, indexes] of places) {
    const there = now.get(key) ?? [];
    now.delete(key);
    const left = indexes.filter((index) => !take(there, (use) => use.image === before[index]?.image));
    for (const index of left) {
      const image = before[index]?.image ?? '';
      const nearest =
        there.find((use) => isForeseen(index, use.image)) ??
        [...there].sort((a, b) => changedParts(image, a.image).size - changedParts(image, b.image).size)[0];
      if (nearest !== undefined) take(there, (use) => use === nearest);
      moved.set(index, nearest?.image ?? null);
    }
    appeared.push(...there);
  }
  for (const uses of now.values()) appeared.push(...uses);
  return { moved, appeared };
}

function grouped(uses: readonly ImageUse[]): Map<string, ImageUse[]> {
  const groups = new Map<string, ImageUse[]>();
  for (const use of uses) {
    const key = placeKey(use);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [use]);
    else list.push(use);
  }
  return groups;
}

/** Takes the first that fits out of a list; whether there was one. */
function take(uses: ImageUse[], fits: (use: ImageUse) => boolean): boolean {
  const index = uses.findIndex(fits);
  if (index >= 0) uses.splice(index, 1);
  return index >= 0;
}
