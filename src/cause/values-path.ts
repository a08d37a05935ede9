import { isList, isObject } from '../discover/index.js';
import type { JsonValue } from '../model/index.js';

/** A scalar of a values tree. `path` is as `--set` takes it: dots and commas in a name are escaped, lists have `[0]`. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | null;
}

/** The most leaves of one tree that are looked at. */
const most = 50_000;
const deepest = 60;

/** The texts, numbers and nulls below a path, in the tree's order; bounded, since values are a stranger's. */
export function leavesBelow(values: JsonValue, above = ''): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (value: JsonValue, path: string, depth: number): void => {
    if (leaves.length >= most || depth > deepest) return;
    if (typeof value === 'string' || typeof value === 'number' || value === null) leaves.push({ path, value });
    else if (isList(value)) value.forEach((item, index) => void visit(item, `${path}[${index}]`, depth + 1));
    else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) visit(item, pathBelow(path, name), depth + 1);
    }
  };
  visit(values, above, 0);
  return leaves;
}

/** A path one step further. */
export function pathBelow(path: string, name: string): string {
  const escaped = name.replace(/[\\.,=[\]]/g, '\\$&');
  return path === '' ? escaped : `${path}.${escaped}`;
}

/** The steps of a path: names, and indexes of lists as numbers. */
export function stepsOf(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  let name = '';
  let open = false;
  const push = (): void => {
    if (open) steps.push(name);
    name = '';
    open = false;
  };
  for (let at = 0; at < path.length; at++) {
    const char = path[at] ?? '';
    if (char === '\\') {
      at++;
      name += path[at] ?? '';
      open = true;
    } else if (char === '.') push();
    else if (char === '[') {
      push();
      const end = path.indexOf(']', at);
      if (end < 0) break;
      steps.push(Number(path.slice(at + 1, end)));
      at = end;
    } else {
      name += char;
      open = true;
    }
  }
  push();
  return steps;
}

/** The path without its last step; empty at the root. */
export function parentPath(path: string): string {
  for (let at = path.length - 1; at > 0; at--) {
    const char = path[at];
    if ((char === '.' || char === '[') && path[at - 1] !== '\\') return path.slice(0, at);
  }
  return '';
}

/** The value at a path; undefined where the tree has none. */
export function valueAt(values: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = values;
  for (const step of stepsOf(path)) {
    if (typeof step === 'number') value = isList(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** The tree with another scalar at a place that it has; unchanged where it has none. */
export function withValueAt(
  value: JsonValue,
  steps: readonly (string | number)[],
  text: string | number | boolean,
): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined) return text;
  if (isList(value)) return value.map((item, index) => (index === step ? withValueAt(item, rest, text) : item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, name === step ? withValueAt(item, rest, text) : item]),
  );
}
