import type { Chart } from './chart.js';

/**
 * The chart as it would be had Chart.yaml of the chart `id` stated another appVersion: what an experiment changes.
 * The id is that of a loaded chart; where none is called so, the chart comes back as it is.
 */
export function withAppVersion(chart: Chart, id: string, appVersion: string): Chart {
  if (chart.id === id) return { ...chart, metadata: { ...chart.metadata, appVersion } };
  if (!id.startsWith(`${chart.id}/`)) return chart;
  return { ...chart, dependencies: chart.dependencies.map((one) => withAppVersion(one, id, appVersion)) };
}
