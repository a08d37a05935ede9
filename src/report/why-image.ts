import type { Dig, DigImage, ImageUse } from '../model/index.js';
import { ageText } from './age.js';
import { type Branch, branch } from './branch.js';
import { isInUse } from './cause.js';
import { gapBranches } from './gap-tree.js';
import { as } from './paint.js';
import { claimBranches, layerBranch, useText } from './why-parts.js';
import { causeBranch } from './why-value.js';

/** Images by reference (also without registry or tag), id or digest: who uses them, what they are, and who says so. */
export function imagesNamed(dig: Dig, query: string): readonly Branch[] {
  const references = new Set<string>();
  for (const use of dig.uses) if (isNamed(use.image, query) || use.written === query) references.add(use.image);
  for (const image of dig.images) {
    const digests = [image.digest, image.indexDigest, image.config.digest];
    if (isNamed(image.reference, query) || image.id === query || digests.includes(query))
      references.add(image.reference);
  }
  return [...references].sort().map((reference) => imageBranch(dig, reference));
}

/** `docker.io/grafana/grafana:7.2.1` is named by itself, `grafana/grafana:7.2.1`, `grafana/grafana` and `grafana`. */
export function isNamed(reference: string, query: string): boolean {
  const name = reference.split('@', 1)[0] ?? reference;
  const colon = name.lastIndexOf(':');
  const untagged = colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
  return [reference, name, untagged].some((form) => form === query || form.endsWith(`/${query}`));
}

function imageBranch(dig: Dig, reference: string): Branch {
  const uses = dig.uses.filter((use) => use.image === reference);
  const images = dig.images.filter((image) => image.reference === reference);
  const ids = new Set(images.map((image) => image.id));
  const gaps = dig.notAssessed.filter(
    (gap) => gap.image !== null && (ids.has(gap.image) || gap.image.split('|', 1)[0] === reference),
  );
  return branch(
    ['image ', as('name', reference)],
    [
      ...uses.map((use) => branch(useText(use), useEvidence(use))),
      ...images.map((image) => openedBranch(dig, image)),
      ...gapBranches(gaps),
    ],
  );
}

export function useEvidence(use: ImageUse): readonly Branch[] {
  return [
    branch([`written `, as('value', use.written), as('quiet', ` (${use.certainty}, found as ${use.how})`)]),
    ...use.against.map((reason) => branch([as('missing', 'against: '), reason])),
    ...use.causes.filter(isInUse).map(causeBranch),
    ...use.causes.filter((cause) => !isInUse(cause)).map(causeBranch),
  ];
}

function openedBranch(dig: Dig, image: DigImage): Branch {
  return branch(
    [`${image.platform}, ${ageText(image.created, dig.created)}`],
    [
      branch(['manifest ', as('quiet', image.digest ?? '(none)')]),
      ...(image.indexDigest === null ? [] : [branch(['index ', as('quiet', image.indexDigest)])]),
      branch(['config ', as('quiet', image.config.digest ?? '(none)')]),
      ...image.layers.map((_, index) => layerBranch(image, index)),
      ...image.base.map((base) =>
        branch(['base ', as('name', base.reference), as('quiet', ` (${base.grade}: ${base.because})`)]),
      ),
      ...claimBranches(dig, image.id),
    ],
  );
}
