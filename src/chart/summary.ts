import type { ChartSummary } from '../model/index.js';
import { type ChartNode, idOf } from './tree.js';

/** What a dig tells of the charts that take part, parents first; disabled dependencies stand in their parent's list. */
export function summariesOf(root: ChartNode): readonly ChartSummary[] {
  const { metadata } = root.chart;
  const own: ChartSummary = {
    id: idOf(root),
    name: metadata.name,
    alias: root.alias,
    version: metadata.version,
    appVersion: metadata.appVersion === '' ? null : metadata.appVersion,
    digest: root.parent === null ? root.chart.digest : null,
    dependencies: root.outcomes.map(({ stated, version, enabled, node }) => ({
      name: stated.name,
      alias: stated.alias === '' ? null : stated.alias,
      range: stated.version,
      repository: stated.repository,
      condition: stated.condition === '' ? null : stated.condition,
      tags: stated.tags,
      version,
      enabled,
      chart: node === null ? null : `${idOf(root)}/${node.name}`,
    })),
  };
  return [own, ...root.children.flatMap(summariesOf)];
}
