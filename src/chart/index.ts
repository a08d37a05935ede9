/**
 * Helm charts: loading them, and rendering them as `helm template` does.
 *
 * `loadChart` reads, `prepareChart` parses once, `renderChart` gives text and manifests as often as asked;
 * `readManifests` takes plain YAML instead. Nothing is fetched and nothing of a chart is executed but its templates.
 */

export { isStackFull } from '../template/index.js';
export { defaultKubeVersion, knownApiVersions } from './capabilities.js';
export {
  type Chart,
  type ChartLimits,
  type ChartLock,
  type ChartMetadata,
  chartLimits,
  type ImportValue,
  type LockedDependency,
  type StatedDependency,
} from './chart.js';
export { type DeepRendered, renderDeep } from './deep-render.js';
export { loadArchive, loadChart, loadFiles } from './load.js';
export { outputFiles, type Section } from './output.js';
export { type PreparedChart, prepareChart } from './prepared.js';
export { type ManifestProblem, readManifests } from './read-manifests.js';
export {
  helmDefaults,
  type RawChart,
  type RenderChartOptions,
  type RenderedChart,
  renderChart,
  renderRaw,
} from './render.js';
export { type GivenValues, givenValues, noValues, splitSetFile } from './values.js';
export { missingDependencies, withVendored } from './vendored.js';
