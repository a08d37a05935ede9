import { GoError, GoMap, GoSlice, type GoValue } from '../value.js';
import { work } from '../work.js';
import { isEmpty } from './defaults.js';

/** Go's stack would end; so does this, with an error. */
const deepest = 1000;

/**
 * Merges a map into another in place: without `overwrite` what is missing or empty in the target is filled, with it
 * the source wins, and only maps on both sides are merged. Maps and lists of the source are shared, not copied.
 *
 * Follows: dario.cat/mergo v1.0.1, deepMerge of map[string]interface{}. A nil of the source counts only with
 * `overwrite`; 0, "" and false of the target count as empty.
 */
export function mergeInto(target: GoMap, source: GoMap, overwrite: boolean, depth = 0): void {
  if (depth > deepest) throw new GoError('a map to merge is nested too deeply, or contains itself');
  for (const [key, given] of [...source.entries]) {
    work();
    const current = target.entries.get(key);
    if (given === null) {
      if (overwrite) target.entries.set(key, null);
      continue;
    }
    if (given instanceof GoMap && current instanceof GoMap) {
      mergeInto(current, given, overwrite, depth + 1);
      if (current.entries.size > 0) continue;
    }
    if (overwrite || current === undefined || isBlank(current)) target.entries.set(key, given);
  }
}

/** mergo's isEmptyValue is sprig's, but for functions and structs, which never stand in values. */
function isBlank(value: GoValue): boolean {
  return value instanceof GoSlice ? value.items.length === 0 : isEmpty(value);
}
