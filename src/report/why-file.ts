import { type Dig, type DigImage, findRow } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as, type Text } from './paint.js';
import { claimBranches, componentTitle, imageTitle, layerBranch, usedBy } from './why-parts.js';
import { bytesText, gradeMeaning } from './words.js';

/** Files by path, with or without the leading `/`, in every image that tells of one. */
export function filesNamed(dig: Dig, query: string): readonly Branch[] {
  const path = query.replace(/^\/+/, '');
  if (path === '') return [];
  return dig.images.flatMap((image) => {
    const facts = factsOf(dig, image, path);
    if (facts.length === 0) return [];
    const head: Text = ['file ', as('name', path)];
    return [branch(head, [...facts, branch(imageTitle(image, image.id), usedBy(dig, image.reference))])];
  });
}

function factsOf(dig: Dig, image: DigImage, path: string): readonly Branch[] {
  const facts: Branch[] = [];
  const row = image.files === undefined ? undefined : findRow(image.files, (file) => file.path === path);
  if (row !== undefined) {
    const owner = dig.components.find((component) => component.id === row.component);
    facts.push(
      branch([
        `${row.bucket}${owner === undefined ? '' : ` by ${componentTitle(owner)}`}, ${bytesText(row.sizeBytes)} `,
        as(gradeMeaning(row.grade), `(${row.grade})`),
        as('quiet', row.sha256 === null ? '' : ` sha256:${row.sha256}`),
      ]),
    );
  }
  const unknown = findRow(image.unknownFiles, (file) => file.path === path);
  if (unknown !== undefined) {
    const digest = unknown.sha256 === null ? '' : `, sha256:${unknown.sha256}`;
    facts.push(
      branch([
        as('missing', 'unknown: '),
        `nothing explains it; ${bytesText(unknown.sizeBytes)}, ${unknown.type}${digest}`,
      ]),
    );
  }
  for (const file of image.modifiedFiles.filter((one) => one.path === path)) {
    const owner = dig.components.find((component) => component.id === file.component);
    const name = owner === undefined ? file.component : componentTitle(owner);
    facts.push(
      branch(
        [as('high', 'not as recorded: '), `${name} owns it`],
        [branch([`recorded ${file.recorded}`]), branch([`is ${file.actual}`])],
      ),
    );
  }
  for (const component of dig.components.filter((one) => one.image === image.id)) {
    if (!component.locations.some((location) => location.path === path)) continue;
    facts.push(
      branch(
        [`${component.foundBy} found `, as('name', componentTitle(component)), ` in it`],
        claimBranches(dig, component.id),
      ),
    );
  }
  facts.push(...claimBranches(dig, `${image.id}#${path}`));
  const layer = row?.layer ?? unknown?.layer ?? layerOfComponent(dig, image, path);
  return facts.length === 0 || layer === undefined ? facts : [...facts, layerBranch(image, layer)];
}

function layerOfComponent(dig: Dig, image: DigImage, path: string): number | undefined {
  return dig.components
    .filter((component) => component.image === image.id)
    .flatMap((component) => component.locations)
    .find((location) => location.path === path)?.layer;
}
