import { by, type ImageUse } from '../model/index.js';
import { drawBranch } from './branch.js';
import { causeText } from './cause.js';
import { drawColumns } from './columns.js';
import type { UsesDocument, UsesFormat, View } from './format.js';
import { gapBlock } from './gap-tree.js';
import { as, draw, plain, type Text } from './paint.js';
import { countGaps, notAssessedWords } from './summary.js';
import { targetText } from './tree.js';
import { chartBranches, placeWords } from './use-tree.js';
import { count } from './words.js';

/** Charts, their objects and the images of these, as the tree of a dig begins. */
export const usesTree: UsesFormat = {
  name: 'tree',
  mediaType: 'text/plain; charset=utf-8',
  *write(document, view) {
    yield* draw(targetText(document.target), '', '  ', view);
    yield '\n';
    for (const root of chartBranches(document.charts, document.uses)) yield* drawBranch(root, view);
    yield* ending(document, view);
  },
};

/** Images with their uses: one line a use, the image named once. */
export const usesTable: UsesFormat = {
  name: 'table',
  mediaType: 'text/plain; charset=utf-8',
  *write(document, view) {
    const uses = [...document.uses].sort(by((use) => [use.image, use.in.kind, use.in.name, use.in.field]));
    const rows = uses.map((use, index) => [
      use.image === uses[index - 1]?.image ? '' : as('name', use.image === '' ? '(no image)' : use.image),
      `${use.in.kind}/${use.in.name}${use.test ? ' (test)' : use.hooks.length > 0 ? ' (hook)' : ''}`,
      `${placeWords(use).slice(1, -1)}${use.certainty === 'likely' ? '?' : ''}`,
      as('quiet', decidedBy(use)),
    ]);
    if (rows.length > 0) yield* drawColumns(['IMAGE', 'OBJECT', 'FIELD', 'DECIDED BY'], rows, view);
    yield* ending(document, view);
  },
};

/** The value that decides, or where none is known the template that wrote it. */
function decidedBy(use: ImageUse): string {
  const cause = plain(causeText(use).slice(1));
  if (cause !== '') return cause;
  return use.in.line === null ? use.in.template : `${use.in.template}:${use.in.line}`;
}

/** What was not assessed, and the summary: `12 uses of 10 images · NOT ASSESSED: 1 use`. */
function* ending(document: UsesDocument, view: View): Generator<string> {
  if (document.notAssessed.length > 0) {
    yield '\n';
    yield* drawBranch(gapBlock(document.notAssessed), view);
  }
  const images = new Set(document.uses.map((use) => use.image).filter((image) => image !== ''));
  const text: Text = [
    as('heading', `${count(images.size, 'image')} in ${count(document.uses.length, 'use')}`),
    ' · ',
    // No image was pulled, so "everything was assessed" would be too much.
    ...(document.notAssessed.length === 0
      ? [as('good', 'no use left open')]
      : notAssessedWords(countGaps(document.notAssessed))),
  ];
  yield '\n';
  yield* draw(text, '', '  ', view);
}
