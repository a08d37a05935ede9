/**
 * The types that pass between rooms, the grades of evidence, the one error class and the one order of text.
 * Nothing here does I/O. A newcomer reads this folder first and then knows the program.
 */
export * from './advisory.js';
export * from './blob.js';
export * from './cataloguer.js';
export * from './chart.js';
export * from './claim.js';
export * from './component.js';
export * from './dig.js';
export * from './error.js';
export * from './file.js';
export * from './file-index.js';
export * from './file-table.js';
export * from './final-files.js';
export * from './finding.js';
export * from './gap.js';
export * from './grade.js';
export * from './image.js';
export * from './io.js';
export * from './layer-result.js';
export * from './near.js';
export * from './plain-error.js';
export * from './purl.js';
export * from './rows.js';
export * from './sort.js';
export * from './thread-place.js';
export * from './use.js';
