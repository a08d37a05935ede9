/** Layers: one pass over each, and what they add up to. README.md tells the way. */
export { archiveFormat } from './archive/format.js';
export { compose, type FinalImage, type HiddenFile } from './compose.js';
export { contentOf } from './content.js';
export { layerLimits } from './limits.js';
export {
  type LayerSums,
  type OpenPlain,
  openPlain,
  type PlainLayer,
  type PlainTask,
  type PlainTools,
} from './plain-layer.js';
export { layerProblems } from './problems.js';
export { type LayerTools, readLayer } from './read-layer.js';
export { readTree, type TreeTask } from './read-tree.js';
export { type LayerReader, passName } from './readers.js';
export { type RereadLayer, type RereadTools, reread } from './reread.js';
