import { changedParts, imageParts, joinParts, type Part, type PartName, partNames } from './image-parts.js';

/** The texts that parts of a reference may have after a change. */
export type Foreseen = ReadonlyMap<PartName, ReadonlySet<string>>;

/** Whether a text stands in an image between ends of words (a `v` before a number is no letter). */
export function stands(text: string, image: string): boolean {
  return text.length > 0 && placesIn(text, image).length > 0;
}

function placesIn(text: string, image: string): readonly number[] {
  const places: number[] = [];
  for (let at = image.indexOf(text); at >= 0 && places.length < 20; at = image.indexOf(text, at + 1)) {
    const before = image[at - 1] ?? '';
    const after = image[at + text.length] ?? '';
    const begins = !/[a-z0-9]/i.test(before) || !/^[a-z0-9]/i.test(text) || (before === 'v' && /^\d/.test(text));
    const ends = !/[a-z0-9]/i.test(after) || !/[a-z0-9]$/i.test(text);
    if (begins && ends) places.push(at);
  }
  return places;
}

/** What each part may read when a text becomes another: in one place, or in all. Null where the text is not there. */
export function foreseenFor(whole: string, text: string, probe: string): Foreseen | null {
  // `docker.io/busybox` is written for `docker.io/library/busybox`.
  const image = stands(text, whole) ? whole : whole.replace(/^docker\.io\/library\//, 'docker.io/');
  const places = placesIn(text, image);
  // What is no reference (`app:`, for want of a tag) has no parts to be put together again.
  if (places.length === 0 || joinParts(imageParts(image)) !== image) return null;
  const results = places.map((at) => `${image.slice(0, at)}${probe}${image.slice(at + text.length)}`);
  if (places.length > 1) results.push(image.replaceAll(text, probe));
  const foreseen = new Map<PartName, Set<string>>();
  for (const result of results) {
    const parts = imageParts(result);
    for (const part of partNames) {
      if (!changedParts(image, result).has(part)) continue;
      const texts = foreseen.get(part) ?? new Set();
      texts.add(parts[part]);
      foreseen.set(part, texts);
    }
  }
  return foreseen;
}

/**
 * What a value may make of a part of an image that is not set by it yet: null where too much is possible. A template may
 * put a `v` before a tag, and behind it what stands at the end of the one that is there. A digest may come in place of the
 * tag, and without its algorithm or with it twice: then it was given in the wrong form.
 */
export function foreseenOf(part: Part, probe: string, image: string): Foreseen | null {
  switch (part) {
    case 'registry':
      return new Map([['registry', new Set([probe])]]);
    case 'tag':
      return new Map([['tag', new Set(endings(image).flatMap((end) => [`${probe}${end}`, `v${probe}${end}`]))]]);
    case 'digest':
      return new Map([
        ['digest', new Set([probe, `sha256:${probe}`])],
        ['tag', new Set([''])],
      ]);
    default:
      return null;
  }
}

/** What a tag may end in: nothing, `-alpine`, `-debian-alpine`. */
function endings(image: string): readonly string[] {
  const [, ...words] = imageParts(image).tag.split('-', mostWords);
  return ['', ...words.map((_, index) => `-${words.slice(index).join('-')}`)];
}

const mostWords = 8;

/** A hub is a registry, or one with a path: it takes the place of all that stands before a part of the name. */
export function foreseenOfHub(image: string, probe: string): Foreseen {
  const steps = imageParts(image).repository.split('/');
  const left = steps.slice(1).map((_, index) => steps.slice(index + 1).join('/'));
  return new Map([
    ['registry', new Set([probe])],
    ['repository', new Set(left)],
  ]);
}
