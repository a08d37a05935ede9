import type { RE2JS } from 're2js';
import type { Json } from '../json.js';
import type { Decimal } from './decimal.js';
import type { FormatCheck } from './formats.js';

/** The drafts that are known, by what santhosh-tekuri/jsonschema calls their version. */
export type DraftVersion = 4 | 6 | 7 | 2019 | 2020;

/** What a message calls the types, in this order. */
export const jsonTypes = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'] as const;

export type JsonType = (typeof jsonTypes)[number];

/**
 * A compiled schema: keywords read, references resolved to other compiled schemas (so it may be circular).
 *
 * Filled once, while compiling or when a value is first held against it, then never changed. Keywords that are absent are null or empty.
 */
export interface Schema {
  /** Reads the keywords, where that is still to be done: `readySchema`. */
  fill: (() => void) | null;
  /** `file:///values.schema.json#/properties/a`. */
  readonly location: string;
  version: DraftVersion;
  bool: boolean | null;
  /** The schema of the resource ($id) that this one lies in. */
  resource: Schema | null;
  dynamicAnchors: ReadonlyMap<string, Schema>;
  dynamicAnchor: string;
  recursiveAnchor: boolean;
  ref: Schema | null;
  recursiveRef: Schema | null;
  dynamicRef: { readonly schema: Schema; readonly anchor: string } | null;
  types: readonly JsonType[];
  enum: readonly Json[] | null;
  const: { readonly value: Json } | null;
  not: Schema | null;
  allOf: readonly Schema[];
  anyOf: readonly Schema[];
  oneOf: readonly Schema[];
  condition: Schema | null;
  whenTrue: Schema | null;
  whenFalse: Schema | null;
  format: { readonly name: string; readonly check: FormatCheck } | null;
  minProperties: number | null;
  maxProperties: number | null;
  required: readonly string[];
  propertyNames: Schema | null;
  properties: { get(name: string): Schema | undefined };
  patternProperties: readonly { readonly pattern: RE2JS; readonly schema: Schema }[];
  additionalProperties: Schema | boolean | null;
  dependencies: ReadonlyMap<string, Schema | readonly string[]>;
  dependentRequired: ReadonlyMap<string, readonly string[]>;
  dependentSchemas: ReadonlyMap<string, Schema>;
  unevaluatedProperties: Schema | null;
  minItems: number | null;
  maxItems: number | null;
  uniqueItems: boolean;
  contains: Schema | null;
  minContains: number | null;
  maxContains: number | null;
  items: Schema | null;
  /** `items` as a list (up to 2019-09) or `prefixItems`. */
  prefixItems: readonly Schema[];
  /** `additionalItems` (up to 2019-09). */
  additionalItems: Schema | boolean | null;
  unevaluatedItems: Schema | null;
  minLength: number | null;
  maxLength: number | null;
  pattern: { readonly compiled: RE2JS; readonly source: string } | null;
  minimum: Decimal | null;
  maximum: Decimal | null;
  exclusiveMinimum: Decimal | null;
  exclusiveMaximum: Decimal | null;
  multipleOf: Decimal | null;
}

/** The schema with its keywords read. */
export function readySchema(schema: Schema): Schema {
  const { fill } = schema;
  if (fill !== null) {
    schema.fill = null;
    fill();
  }
  return schema;
}

const none: ReadonlyMap<string, never> = new Map<string, never>();
const nothing: readonly never[] = [];

/** A schema without any keyword. */
export function emptySchema(location: string): Schema {
  return {
    fill: null,
    location,
    version: 2020,
    bool: null,
    resource: null,
    dynamicAnchors: none,
    dynamicAnchor: '',
    recursiveAnchor: false,
    ref: null,
    recursiveRef: null,
    dynamicRef: null,
    types: nothing,
    enum: null,
    const: null,
    not: null,
    allOf: nothing,
    anyOf: nothing,
    oneOf: nothing,
    condition: null,
    whenTrue: null,
    whenFalse: null,
    format: null,
    minProperties: null,
    maxProperties: null,
    required: nothing,
    propertyNames: null,
    properties: none,
    patternProperties: nothing,
    additionalProperties: null,
    dependencies: none,
    dependentRequired: none,
    dependentSchemas: none,
    unevaluatedProperties: null,
    minItems: null,
    maxItems: null,
    uniqueItems: false,
    contains: null,
    minContains: null,
    maxContains: null,
    items: null,
    prefixItems: nothing,
    additionalItems: null,
    unevaluatedItems: null,
    minLength: null,
    maxLength: null,
    pattern: null,
    minimum: null,
    maximum: null,
    exclusiveMinimum: null,
    exclusiveMaximum: null,
    multipleOf: null,
  };
}

/** One violation: where in the values, what is wrong, and what was wrong further in. */
export interface Violation {
  readonly path: readonly string[];
  /** Null for a bundle of violations of one schema (`group`) or behind one reference. */
  readonly text: string;
  readonly kind: 'plain' | 'group' | 'reference';
  readonly causes: readonly Violation[];
}

/** What a schema document has wrong, in the words of santhosh-tekuri/jsonschema. */
export class SchemaError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaError';
  }
}
