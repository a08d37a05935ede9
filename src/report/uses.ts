import { by, type ImageUse } from '../model/index.js';
import { branch, drawBranch } from './branch.js';
import { causeText } from './cause.js';
import { drawColumns, type Row } from './columns.js';
import type { UsesDocument, UsesFormat, View } from './format.js';
import { gapBlock } from './gap-tree.js';
import { as, draw, plain, type Text } from './paint.js';
import { countGaps, notAssessedWords } from './summary.js';
import { targetText } from './tree.js';
import { chartBranches, objectBranches, placeWords, switchText } from './use-tree.js';
import { count } from './words.js';

/** Charts, their objects and the images of these, as the tree of a dig begins. */
export const usesTree: UsesFormat = {
  name: 'tree',
  mediaType: 'text/plain; charset=utf-8',
  *write(document, view) {
    yield* draw(targetText(document.target), '', '  ', view);
    yield '\n';
    const now = document.uses.filter((use) => use.conditional === null);
    for (const root of chartBranches(document.charts, now)) yield* drawBranch(root, view);
    yield* conditional(document, view);
    yield* shared(now, view);
    yield* ending(document, view);
  },
};

/** Images, and below each the places that name it. */
export const usesTable: UsesFormat = {
  name: 'table',
  mediaType: 'text/plain; charset=utf-8',
  *write(document, view) {
    const uses = [...document.uses].sort(by((use) => [use.image, use.in.kind, use.in.name, use.in.field]));
    const rows = uses.flatMap((use, index): Row[] => {
      const row = [
        `  ${use.in.kind}/${use.in.name}${use.test ? ' (test)' : use.hooks.length > 0 ? ' (hook)' : ''}`,
        `${placeWords(use).slice(1, -1)}${use.certainty === 'likely' ? '?' : ''}`,
        as('quiet', use.conditional === null ? decidedBy(use) : `only with ${switchText(use.conditional)}`),
      ];
      const title = as('name', use.image === '' ? '(no image)' : use.image);
      return use.image === uses[index - 1]?.image ? [row] : [[title], row];
    });
    if (rows.length > 0) yield* drawColumns(['IMAGE / OBJECT', 'FIELD', 'DECIDED BY'], rows, view);
    yield* ending(document, view);
  },
};

/** The value that decides, or where none is known the template that wrote it. */
function decidedBy(use: ImageUse): string {
  const cause = plain(causeText(use).slice(1));
  if (cause !== '') return cause;
  return use.in.line === null ? use.in.template : `${use.in.template}:${use.in.line}`;
}

/** Images that other values would bring, under the value that does. */
function* conditional(document: UsesDocument, view: View): Generator<string> {
  const bySwitch = new Map<string, ImageUse[]>();
  for (const use of document.uses) {
    if (use.conditional === null) continue;
    const key = switchText(use.conditional);
    const list = bySwitch.get(key);
    if (list === undefined) bySwitch.set(key, [use]);
    else list.push(use);
  }
  if (bySwitch.size === 0) return;
  yield '\n';
  const branches = [...bySwitch].map(([key, uses]) => branch(['with ', as('value', key)], objectBranches(uses)));
  yield* drawBranch(branch([as('heading', 'other values would bring')], branches), view);
}

/** Values that move several images at once. */
function* shared(uses: readonly ImageUse[], view: View): Generator<string> {
  const moved = new Map<string, Set<string>>();
  for (const use of uses) {
    for (const { from, path, alsoMoves, override } of use.causes) {
      if (from !== 'value' || path === null || override === null) continue;
      const others = alsoMoves.filter((image) => image !== use.image);
      if (others.length === 0) continue;
      const images = moved.get(path) ?? new Set();
      for (const image of [use.image, ...others]) images.add(image);
      moved.set(path, images);
    }
  }
  if (moved.size === 0) return;
  yield '\n';
  const branches = [...moved]
    .sort()
    .map(([path, images]) => branch([as('value', path), ` moves ${count(images.size, 'image')}`]));
  yield* drawBranch(branch([as('heading', 'shared values')], branches), view);
}

/** What was not assessed, and the summary: `12 uses of 10 images · NOT ASSESSED: 1 use`. */
function* ending(document: UsesDocument, view: View): Generator<string> {
  if (document.notAssessed.length > 0) {
    yield '\n';
    yield* drawBranch(gapBlock(document.notAssessed), view);
  }
  const now = document.uses.filter((use) => use.conditional === null);
  const images = new Set(now.map((use) => use.image).filter((image) => image !== ''));
  const text: Text = [
    as('heading', `${count(images.size, 'image')} in ${count(now.length, 'use')}`),
    ' · ',
    // No image was pulled, so "everything was assessed" would be too much.
    ...(document.notAssessed.length === 0
      ? [as('good', 'no use left open')]
      : notAssessedWords(countGaps(document.notAssessed))),
  ];
  yield '\n';
  yield* draw(text, '', '  ', view);
}
