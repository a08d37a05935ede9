/** Which component each file of an image belongs to: every regular file ends in exactly one bucket. */
export { type AttributeInput, type Attribution, attribute, type FileOwner, type Modified } from './attribute.js';
export { type GeneratedRule, generatedRules } from './generated-rules.js';
