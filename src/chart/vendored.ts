import type { Chart } from './chart.js';

/** Names of dependencies that Chart.yaml states and charts/ lacks (helm pkg/action/install.go CheckDependencies). */
export function missingDependencies(chart: Chart): readonly string[] {
  return (chart.metadata.dependencies ?? [])
    .map((dependency) => dependency.name)
    .filter((name) => !chart.dependencies.some((child) => child.metadata.name === name));
}

/**
 * The chart with others put into its `charts/`, as if their archives lay there: what came as an archive before and is
 * not among `keep` is gone, directories stay. Neither the given charts nor the disk are changed.
 * Follows: helm pkg/downloader/manager.go (safeMoveDeps).
 */
export function withVendored(chart: Chart, charts: readonly Chart[], keep: ReadonlySet<string>): Chart {
  const stay = chart.dependencies.filter((child) => child.digest === null || keep.has(child.metadata.name));
  return { ...chart, dependencies: [...stay, ...charts.map((child) => below(child, chart.id))] };
}

/** A chart that was loaded alone, with the ids that it has below another one. */
function below(chart: Chart, parent: string): Chart {
  const id = `${parent}/${chart.metadata.name}`;
  return { ...chart, id, dependencies: chart.dependencies.map((child) => below(child, id)) };
}
