export { dig } from './dig.js';
export { mergeGaps, sortUses, targetRow } from './document.js';
export { findTargetUses } from './find.js';
export type { ChartAccess, ChartInputs, DigOptions, ImageInputs } from './options.js';
export { readTarget, type Target } from './target.js';
