import type { GoMap } from '../template/index.js';
import type { Chart, ChartMetadata, ImportValue } from './chart.js';

/** A dependency while a chart is being rendered. Copies of a chart under two aliases share it, as in Helm 3. */
export interface TreeDependency {
  /** Becomes the alias once the dependency was looked up. */
  name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly alias: string;
  /** Empty after the first import. */
  importValues: readonly ImportValue[];
  /** What the last import asked for: what templates see as ImportValues. */
  imported: readonly ImportValue[];
  enabled: boolean;
}

/** What became of one stated dependency: what a summary tells. */
export interface DependencyOutcome {
  readonly stated: NonNullable<ChartMetadata['dependencies']>[number];
  /** Version of the vendored chart that fits, or null. */
  readonly version: string | null;
  readonly enabled: boolean;
  readonly node: ChartNode | null;
}

/** One chart of the tree of one render: a mutable stand-in for a loaded chart, which stays as it was. */
export interface ChartNode {
  readonly chart: Chart;
  /** The chart's name, or its alias. */
  readonly name: string;
  readonly alias: string | null;
  dependencies: TreeDependency[] | null;
  values: GoMap | null;
  children: ChartNode[];
  parent: ChartNode | null;
  outcomes: readonly DependencyOutcome[];
}

/** The tree of a loaded chart before conditions, tags and aliases. */
export function chartTree(chart: Chart, parent: ChartNode | null = null): ChartNode {
  const stated = chart.metadata.dependencies;
  const node: ChartNode = {
    chart,
    name: chart.metadata.name,
    alias: null,
    dependencies:
      stated === null ? null : stated.map((dependency) => ({ ...dependency, imported: [], enabled: false })),
    values: chart.values,
    children: [],
    parent,
    outcomes: [],
  };
  node.children = chart.dependencies.map((child) => chartTree(child, node));
  return node;
}

/** `parent/charts/child`, as template paths begin (helm pkg/chart/chart.go ChartFullPath). */
export function fullPath(node: ChartNode): string {
  return node.parent === null ? node.name : `${fullPath(node.parent)}/charts/${node.name}`;
}

/** The id of a chart in a dig: `parent/child`. */
export function idOf(node: ChartNode): string {
  return node.parent === null ? node.name : `${idOf(node.parent)}/${node.name}`;
}
