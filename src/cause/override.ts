import { stepsOf } from './values-path.js';

/** How one value is given to Helm. */
export interface SetArgument {
  readonly option: '--set' | '--set-string' | '--set-literal' | '--set-json';
  /** `a.b\.c=x\,y`: what stands behind the option. */
  readonly argument: string;
}

/**
 * The argument that sets a path to a text (or a number to a number). `--set` takes some texts for numbers, booleans or
 * null (helm pkg/strvals/parser.go typedVal): for those it is `--set-string`. `after` is the option that wins over what
 * the user gave already: Helm lays them in the order `--set`, `--set-string`, `--set-literal`.
 */
export function setArgument(path: string, value: string | number, after: SetArgument['option'] = '--set'): SetArgument {
  if (after === '--set-literal') return { option: after, argument: `${path}=${value}` };
  const text = String(value);
  const argument = `${path}=${text.replace(/[\\,]|^\{/g, '\\$&')}`;
  if (typeof value === 'number' && after === '--set') return { option: '--set', argument };
  return { option: after === '--set-string' || isTyped(text) ? '--set-string' : '--set', argument };
}

function isTyped(text: string): boolean {
  return /^(?:true|false|null|[+-]?\d+)$/i.test(text);
}

type Table = Map<string, Table | string>;

/**
 * The same as a values file, block YAML: `image:\n  tag: "17"\n`. Null where a path leads into a list, of which a values
 * file has to hold every element.
 */
export function valuesFile(
  settings: readonly (readonly [path: string, value: string | number | boolean])[],
): string | null {
  const root: Table = new Map();
  for (const [path, value] of settings) {
    const steps = stepsOf(path);
    let table = root;
    for (const [index, step] of steps.entries()) {
      if (typeof step === 'number') return null;
      if (index === steps.length - 1) table.set(step, scalar(value));
      else {
        const known = table.get(step);
        const next: Table = known instanceof Map ? known : new Map();
        table.set(step, next);
        table = next;
      }
    }
  }
  return [...linesOf(root, '')].join('');
}

function* linesOf(table: Table, indent: string): Generator<string> {
  for (const [name, value] of table) {
    const key = scalar(name);
    if (typeof value === 'string') yield `${indent}${key}: ${value}\n`;
    else {
      yield `${indent}${key}:\n`;
      yield* linesOf(value, `${indent}  `);
    }
  }
}

/** A text as YAML reads it back: in quotes unless it can only be a text. JSON's strings are YAML's. */
function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}
