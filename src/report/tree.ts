import type { Dig, DigTarget, TargetKind } from '../model/index.js';
import { drawBranch } from './branch.js';
import type { ReportFormat, View } from './format.js';
import { gapBlock } from './gap-tree.js';
import { imageBranch } from './image-tree.js';
import { as, draw, type Text } from './paint.js';
import { leftOut, leftOutWords } from './severity.js';
import { summaryLine } from './summary.js';
import { chartBranches } from './use-tree.js';
import { shortDigest } from './words.js';

/** For people at a terminal: charts and what they run, each image with all that was found, one line that sums up. */
export const tree: ReportFormat = {
  name: 'tree',
  mediaType: 'text/plain; charset=utf-8',
  *write(dig, view) {
    yield* draw(targetText(dig.target), '', '  ', view);
    if (dig.charts.length > 0 || dig.uses.length > 0) {
      yield '\n';
      for (const root of chartBranches(dig.charts, dig.uses)) yield* drawBranch(root, view);
    }
    for (const image of dig.images) {
      yield '\n';
      yield* drawBranch(imageBranch(image, dig, view), view);
    }
    yield* otherGaps(dig, view);
    const hidden = leftOut(dig, view);
    yield '\n';
    if (hidden > 0) yield* draw([as('missing', leftOutWords(hidden, view))], '', '  ', view);
    yield* draw(summaryLine(dig.tally), '', '  ', view);
  },
};

/** What was dug, with its kind and digest; and what an argument without a prefix was taken for. */
export function targetText(target: DigTarget): Text {
  const name = target.name ?? target.given;
  const version = target.version === null ? '' : ` ${target.version}`;
  const digest = target.digest === null ? '' : ` · ${shortDigest(target.digest)}`;
  const given = target.given === name ? '' : ` · given as ${target.given}`;
  const bare = !target.given.startsWith(`${target.kind}:`);
  const taken = bare ? `${given === '' ? ' ·' : ','} taken for ${kindWords[target.kind]}` : '';
  const from = target.from === null || target.from === target.given ? '' : ` · from ${target.from}`;
  return [as('heading', `${name}${version}`), as('quiet', ` (${target.kind})${digest}${given}${taken}${from}`)];
}

const kindWords: Readonly<Record<TargetKind, string>> = {
  chart: 'a chart',
  image: 'an image reference',
  'oci-dir': 'an OCI layout',
  'oci-archive': 'an OCI image archive',
  'docker-archive': 'a docker image archive',
  dir: 'a root file system',
  file: 'one file',
  manifests: 'Kubernetes objects',
  release: 'a release',
  cluster: 'a cluster',
};

/** Gaps of no image, and of images that could not be opened: nothing else in the report would show them. */
function* otherGaps(dig: Dig, view: View): Generator<string> {
  const opened = new Set(dig.images.map((image) => image.id));
  const rest = dig.notAssessed.filter((gap) => gap.image === null || !opened.has(gap.image));
  if (rest.length === 0) return;
  yield '\n';
  yield* drawBranch(gapBlock(rest), view);
}
