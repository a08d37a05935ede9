import type { JsonValue } from '../model/index.js';
import { isList, isObject } from './json.js';

/** A scalar of a values tree. `path` is as `--set` takes it: dots and commas in a name are escaped, lists have `[0]`. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | null;
}

/** The most leaves of one tree that are looked at. */
const most = 50_000;
const deepest = 60;

/** The texts, numbers and nulls of a values tree, in the tree's order; bounded, since values are a stranger's. */
export function leavesOf(values: JsonValue): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (value: JsonValue, path: string, depth: number): void => {
    if (leaves.length >= most || depth > deepest) return;
    if (typeof value === 'string' || typeof value === 'number' || value === null) leaves.push({ path, value });
    else if (isList(value)) value.forEach((item, index) => void visit(item, `${path}[${index}]`, depth + 1));
    else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) {
        const escaped = name.replace(/[\\.,=[\]]/g, '\\$&');
        visit(item, path === '' ? escaped : `${path}.${escaped}`, depth + 1);
      }
    }
  };
  visit(values, '', 0);
  return leaves;
}

/** The value at a path that `leavesOf` gave; undefined where the other tree has none. */
export function leafMap(values: JsonValue): ReadonlyMap<string, Leaf['value']> {
  return new Map(leavesOf(values).map((leaf) => [leaf.path, leaf.value]));
}
