/** A dig as text: every format of it, the answers of `why`, and the way back from JSON. */
export { escapeText } from './escape.js';
export type { ReportFormat, UsesDocument, UsesFormat, View } from './format.js';
export { formats, usesFormats } from './list.js';
export { parseDig } from './parse-dig.js';
export { digSchema } from './schema.js';
export { why } from './why.js';
export { usesOfImage, whyUses } from './why-uses.js';
