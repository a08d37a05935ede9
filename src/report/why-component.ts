import { type Dig, type DigComponent, normalisedName } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { findingBranches } from './finding-tree.js';
import { gapBranches } from './gap-tree.js';
import { as } from './paint.js';
import { claimBranches, componentTitle, imageOf, imageTitle, layerBranch, usedBy } from './why-parts.js';
import { filesText, gradeMeaning } from './words.js';

/** Packages by name, purl (with or without version and qualifiers), source package or row id. */
export function componentsNamed(dig: Dig, query: string): readonly Branch[] {
  return dig.components.filter((component) => isNamed(component, query)).map((one) => componentBranch(dig, one, true));
}

function isNamed(component: DigComponent, query: string): boolean {
  const purl = component.purl.split('?', 1)[0] ?? component.purl;
  const unversioned = purl.split('@', 1)[0] ?? purl;
  if ([component.id, component.purl, purl, unversioned].includes(query)) return true;
  const names = [component.name, component.source?.name ?? component.name];
  // The last part of a path names a Go module or an npm package, too.
  return names.some(
    (name) =>
      normalisedName(name) === normalisedName(query) || normalisedName(name).endsWith(`/${normalisedName(query)}`),
  );
}

/** A package: what says that it is there, in which file of which layer, and (if asked) what is wrong with it. */
export function componentBranch(dig: Dig, component: DigComponent, withFindings: boolean): Branch {
  const image = imageOf(dig, component.image);
  const source = component.source;
  const findings = withFindings ? dig.findings.filter((one) => one.component === component.id) : [];
  const gaps = dig.notAssessed.filter(
    (gap) => gap.image === component.image && (gap.subject === component.name || gap.subject === component.purl),
  );
  return branch(
    ['package ', as('name', componentTitle(component)), as('quiet', ` ${component.purl}`)],
    [
      branch(['found by ', component.foundBy, ', ', as(gradeMeaning(component.grade), component.grade)]),
      ...claimBranches(dig, component.id),
      ...(source === null ? [] : [branch([`source package ${source.name} ${source.version ?? '(no version)'}`])]),
      ...(component.licenses.length === 0 ? [] : [branch([`licence ${component.licenses.join(', ')}`])]),
      branch(imageTitle(image, component.image), [
        ...component.locations.map((location) => branch([location.path], [layerBranch(image, location.layer)])),
        branch([as('quiet', `owns ${filesText(component.owns)}`)]),
        ...(image === undefined ? [] : usedBy(dig, image.reference)),
      ]),
      ...findingBranches(findings, new Map([[component.id, component]])),
      ...gapBranches(gaps),
    ],
  );
}
