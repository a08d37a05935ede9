import { quote } from '../../template/index.js';
import { isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber } from '../json.js';
import { englishNumber, grouped } from './decimal.js';
import type { Violation } from './schema.js';

/** The texts of santhosh-tekuri/jsonschema v6 (kind/kind.go), as its English printer writes them. */
export const message = {
  notJson: (): string => 'invalid jsonType',
  falseSchema: (): string => 'false schema',
  circle: (first: string, second: string, location: string): string =>
    `both ${first} and ${second} resolve to ${quote(location)} causing reference cycle`,
  type: (got: string, want: readonly string[]): string => `got ${got}, want ${want.join(' or ')}`,
  constant: (want: Json): string =>
    isJsonList(want) || isJsonMap(want) ? "'const' failed" : `value must be ${display(want)}`,
  enumeration: (want: readonly Json[]): string => {
    if (want.some((item) => isJsonList(item) || isJsonMap(item))) return "'enum' failed";
    return `value must be ${want.length === 1 ? '' : 'one of '}${want.map(display).join(', ')}`;
  },
  format: (got: string, name: string, why: string): string => `${quoted(got)} is not valid ${name}: ${why}`,
  count: (keyword: string, got: number, want: number): string =>
    `${keyword}: got ${grouped(String(got))}, want ${grouped(String(want))}`,
  required: (missing: readonly string[]): string =>
    `missing ${missing.length === 1 ? 'property' : 'properties'} ${missing.map(quoted).join(', ')}`,
  dependent: (missing: readonly string[], name: string): string =>
    `properties ${missing.map(quoted).join(', ')} required, if ${quoted(name)} exists`,
  additional: (names: readonly string[]): string => `additional properties ${names.map(quoted).join(', ')} not allowed`,
  propertyName: (name: string): string => `invalid propertyName ${quoted(name)}`,
  unique: (first: number, second: number): string =>
    `items at ${grouped(String(first))} and ${grouped(String(second))} are equal`,
  additionalItems: (count: number): string => `last ${grouped(String(count))} additionalItem(s) not allowed`,
  contains: (): string => 'no items match contains schema',
  minContains: (got: readonly number[], want: number): string => {
    const begin = `min ${grouped(String(want))} items required to match contains schema, but`;
    if (got.length === 0) return `${begin} none matched`;
    return `${begin} matched ${grouped(String(got.length))} items at ${got.join(' ')}`;
  },
  maxContains: (got: readonly number[], want: number): string =>
    `max ${grouped(String(want))} items required to match contains schema, but matched ${grouped(String(got.length))} items at ${got.join(' ')}`,
  pattern: (got: string, want: string): string => `${quoted(got)} does not match pattern ${quoted(want)}`,
  bound: (keyword: string, got: number, want: number): string =>
    `${keyword}: got ${englishNumber(got)}, want ${englishNumber(want)}`,
  not: (): string => "'not' failed",
  allOf: (): string => "'allOf' failed",
  anyOf: (): string => "'anyOf' failed",
  oneOf: (first: number, second: number): string =>
    `'oneOf' failed, subschemas ${grouped(String(first))}, ${grouped(String(second))} matched`,
  oneOfNone: (): string => "'oneOf' failed, none matched",
  reference: (): string => 'validation failed',
};

/** Violations as they print, one a line, causes indented below (output.go display). */
export function describe(violations: readonly Violation[]): string {
  const lines: string[] = [];
  const visit = (violation: Violation, indent: number): void => {
    let below = indent;
    // A reference with a single cause is that cause.
    if (violation.kind !== 'reference' || violation.causes.length !== 1) {
      const text = violation.kind === 'group' ? 'validation failed' : violation.text;
      lines.push(`${'  '.repeat(indent)}- at ${quoted(pointer(violation.path))}: ${text}`);
      below++;
    }
    for (const cause of violation.causes) visit(cause, below);
  };
  for (const violation of violations) visit(violation, 0);
  return lines.join('\n');
}

function pointer(path: readonly string[]): string {
  return path.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function display(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof JsonNumber) return value.text;
  if (value === null) return '<nil>';
  return typeof value === 'boolean' ? String(value) : 'value';
}

/** `%q` in single quotes. */
function quoted(text: string): string {
  const inner = quote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
