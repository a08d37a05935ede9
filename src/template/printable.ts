import type { Val } from './machine.js';
import { GoObject } from './value.js';
import { formatV } from './verbs.js';

/** A value for print functions of templates: what a pointer points to, `<no value>` for nothing. */
export function printable(value: Val): string {
  if (value === undefined || value === null) return '<no value>';
  const text = formatV(value);
  const pointsToStruct = value instanceof GoObject && value.kind === 'ptr' && value.text === undefined;
  return pointsToStruct ? text.replace(/^&/, '') : text;
}
