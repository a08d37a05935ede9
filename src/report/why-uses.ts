import type { ChartSummary, ImageUse } from '../model/index.js';
import { type Branch, branch, drawBranch } from './branch.js';
import type { UsesDocument, View } from './format.js';
import { as } from './paint.js';
import { isNamed, useEvidence } from './why-image.js';
import { useText } from './why-parts.js';
import { valuesNamed } from './why-value.js';

/** The uses of an image, by its reference (also without registry or tag) or as it is written. */
export function usesOfImage(uses: readonly ImageUse[], query: string): readonly ImageUse[] {
  return uses.filter((use) => isNamed(use.image, query) || use.written === query);
}

/**
 * The whole chain of an image: the charts, the object and container, the template's line, and each value that decides a
 * part of it with what to give to Helm; where no image has the name, a values path and the images that it moves. Empty where nothing has the name.
 */
export function* whyUses(document: UsesDocument, query: string, view: View): Generator<string> {
  const uses = usesOfImage(document.uses, query);
  const images = [...new Set(uses.map((use) => use.image))].sort();
  // A chart's values often begin with the name of its image: who asks for an image wants no list of them.
  const trees =
    images.length === 0
      ? valuesNamed(document, query)
      : images.map((image) => {
          const own = uses.filter((use) => use.image === image);
          return imageTree(image, own, document.charts);
        });
  for (const [index, tree] of trees.entries()) {
    if (index > 0) yield '\n';
    yield* drawBranch(tree, view);
  }
}

function imageTree(image: string, uses: readonly ImageUse[], charts: readonly ChartSummary[]): Branch {
  return branch(
    ['image ', as('name', image)],
    uses.map((use) => {
      const chain = chartsAbove(use, charts).map((chart) => `${chart.alias ?? chart.name} ${chart.version}`);
      const of = chain.length === 0 ? [] : [branch([as('quiet', 'chart '), chain.join(' → ')])];
      return branch(useText(use), [...of, ...useEvidence(use)]);
    }),
  );
}

/** The chart of a use, those above it first. */
function chartsAbove(use: ImageUse, charts: readonly ChartSummary[]): readonly ChartSummary[] {
  const { chart } = use.in;
  if (chart === null) return [];
  return charts
    .filter(({ id }) => id === chart || chart.startsWith(`${id}/`))
    .sort((a, b) => a.id.length - b.id.length);
}
