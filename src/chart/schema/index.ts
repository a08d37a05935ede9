import { TrowelError } from '../../model/index.js';
import { GoMap, goString, typeName } from '../../template/index.js';
import { JsonError } from '../json.js';
import type { ChartNode } from '../tree.js';
import { compileSchema } from './compile.js';
import { describe } from './messages.js';
import { type Schema, SchemaError } from './schema.js';
import { validate } from './validate.js';

/** Compiled schemas by their bytes, and what their compiling had to say: kept from one render to the next. */
export class SchemaCache {
  readonly #known = new Map<Uint8Array, { readonly schema: Schema | string; readonly warnings: readonly string[] }>();

  /** The compiled schema, or what is wrong with it. */
  get(bytes: Uint8Array): { readonly schema: Schema | string; readonly warnings: readonly string[] } {
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const warnings: string[] = [];
    const entry = { schema: compiled(bytes, (text) => warnings.push(text)), warnings };
    this.#known.set(bytes, entry);
    return entry;
  }
}

/**
 * Holds the coalesced values against values.schema.json of the chart and of every subchart that takes part.
 *
 * Throws TrowelError `bad-values` with Helm's words, which list every chart. Follows: helm pkg/chartutil/jsonschema.go.
 */
export function validateValues(root: ChartNode, values: GoMap, cache: SchemaCache, warn: (text: string) => void): void {
  const problems = problemsOf(root, values, cache, warn);
  if (problems === '') return;
  throw new TrowelError('bad-values', {
    what: `values don't meet the specifications of the schema(s) in the following chart(s):\n${problems}`,
    where: { chart: root.chart.id },
  });
}

function problemsOf(node: ChartNode, values: GoMap, cache: SchemaCache, warn: (text: string) => void): string {
  let text = '';
  if (node.chart.schema !== null) {
    const { schema, warnings } = cache.get(node.chart.schema);
    for (const warning of warnings) warn(`${node.name}: ${warning}`);
    const problem = typeof schema === 'string' ? schema : check(schema, values);
    if (problem !== '') text += `${node.name}:\n${problem}`;
  }
  for (const child of node.children) {
    const own = values.entries.get(child.name) ?? null;
    if (own === null) continue;
    if (own instanceof GoMap) text += problemsOf(child, own, cache, warn);
    else text += `${child.name}:\ninvalid type for values: expected object (map), got ${typeName(own)}\n`;
  }
  return text;
}

function check(schema: Schema, values: GoMap): string {
  try {
    const violations = validate(schema, values);
    return violations.length === 0 ? '' : `${describe(violations)}\n`;
  } catch (error) {
    if (error instanceof SchemaError) return `unable to validate schema: ${error.message}`;
    throw error;
  }
}

function compiled(bytes: Uint8Array, warn: (text: string) => void): Schema | string {
  try {
    return compileSchema(goString(bytes), warn);
  } catch (error) {
    if (error instanceof SchemaError || error instanceof JsonError) return error.message;
    throw error;
  }
}
