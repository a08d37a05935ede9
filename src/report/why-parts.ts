import type { Claim, Dig, DigComponent, DigImage, ImageUse } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as, type Text } from './paint.js';
import { placeWords } from './use-tree.js';
import { bytesText, gradeMeaning, shortDigest } from './words.js';

/** The uses that put an image on the cluster: object, place, template and line. */
export function usedBy(dig: Dig, reference: string): readonly Branch[] {
  const uses = dig.uses.filter((use) => use.image === reference);
  return uses.length === 0
    ? []
    : [
        branch(
          ['used by'],
          uses.map((use) => branch(useText(use))),
        ),
      ];
}

export function useText(use: ImageUse): Text {
  const line = use.in.line === null ? '' : `:${use.in.line}`;
  const hooks = use.hooks.length === 0 ? '' : `, ${use.test ? 'a test' : `hook ${use.hooks.join(', ')}`}`;
  return [
    `${use.in.kind}/${use.in.name} ${placeWords(use)}`,
    as('quiet', ` ${use.in.field} in ${use.in.template}${line}${hooks}`),
  ];
}

/** A layer and the line of the image's history that made it. */
export function layerBranch(image: DigImage | undefined, index: number): Branch {
  const layer = image?.layers[index];
  if (image === undefined || layer === undefined) return branch([`layer ${index}`]);
  const digest = layer.digest ?? layer.diffID;
  const size = layer.sizeBytes === null ? '' : `, ${bytesText(layer.sizeBytes)}`;
  const text: Text = [`layer ${index} of ${image.layers.length}`, as('quiet', ` ${digest ?? '(no digest)'}${size}`)];
  const line = image.history.find((entry) => entry.layer === index);
  if (line === undefined) return branch(text, [branch([as('quiet', 'the history says nothing of it')])]);
  const when = line.created === null ? '' : ` (${line.created})`;
  const comment = line.comment === '' || line.createdBy.includes(line.comment) ? '' : ` # ${line.comment}`;
  return branch(text, [branch(['brought by ', as('value', line.createdBy.trim()), as('quiet', `${comment}${when}`)])]);
}

/** What was concluded of a subject, each claim with its grade, its evidence and what contradicts it. */
export function claimBranches(dig: Dig, subject: string): readonly Branch[] {
  return dig.claims.filter((claim) => claim.subject === subject).map((claim) => claimBranch(dig, claim));
}

function claimBranch(dig: Dig, claim: Claim): Branch {
  const against = claim.contradicts.map((id) => {
    const other = dig.claims.find((one) => one.id === id);
    const words = other === undefined ? id : `${other.predicate} ${other.value} (${other.grade}, by ${other.by})`;
    return branch([as('high', 'contradicted: '), words]);
  });
  const evidence = claim.evidence.map((one) =>
    branch([`${one.what}, `, as('name', one.where), ': ', as('value', one.value)]),
  );
  return branch(
    [`${claim.predicate} ${claim.value} `, as(gradeMeaning(claim.grade), `(${claim.grade}, by ${claim.by})`)],
    [...evidence, ...against],
  );
}

export function componentTitle(component: DigComponent): string {
  return `${component.name} ${component.version ?? '(no version)'}`;
}

export function imageOf(dig: Dig, id: string): DigImage | undefined {
  return dig.images.find((image) => image.id === id);
}

/** An image's name with its digest, as the end of a chain of evidence. */
export function imageTitle(image: DigImage | undefined, id: string): Text {
  if (image === undefined) return ['in image ', as('name', id)];
  const digest = image.digest === null ? '' : ` ${shortDigest(image.digest)}`;
  return ['in image ', as('name', image.reference), as('quiet', ` ${image.platform}${digest}`)];
}
