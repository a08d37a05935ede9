import type { RootSchema, Schema } from './schema.js';

/** The first place at which a value is not what the schema says. */
export interface Mismatch {
  /** JSON pointer (RFC 6901) */
  readonly pointer: string;
  readonly why: string;
}

/**
 * Compares a JSON value with a schema, as far as our own schema goes: type, const, enum, pattern, minimum, maxItems,
 * required, properties, items, additionalProperties (as a schema), anyOf, local $ref. Members that the schema does not
 * know are let through: a dig of a newer Trowel has more. Null where it fits.
 * Follows: JSON Schema 2020-12, Core 10.2 and Validation 6.
 */
export function mismatch(value: unknown, schema: Schema, root: RootSchema, pointer = ''): Mismatch | null {
  if (schema.$ref !== undefined) {
    const target = root.$defs[schema.$ref.slice('#/$defs/'.length)];
    return target === undefined
      ? { pointer, why: `the schema has no ${schema.$ref}` }
      : mismatch(value, target, root, pointer);
  }
  if (schema.anyOf !== undefined) {
    const misses = schema.anyOf.map((option) => mismatch(value, option, root, pointer));
    if (misses.includes(null)) return null;
    // The option that fits furthest is the one that was meant.
    const found = misses.filter((miss) => miss !== null);
    return found.reduce((best, miss) => (miss.pointer.length > best.pointer.length ? miss : best));
  }
  if (schema.type !== undefined) {
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
    if (!types.some((type) => isType(value, type))) return { pointer, why: `is no ${types.join(' or ')}` };
  }
  if (schema.const !== undefined && value !== schema.const)
    return { pointer, why: `is not ${JSON.stringify(schema.const)}` };
  if (schema.enum !== undefined && !(typeof value === 'string' && schema.enum.includes(value))) {
    return { pointer, why: `is none of ${schema.enum.join(', ')}` };
  }
  if (typeof value === 'string') return ofText(value, schema, pointer);
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return { pointer, why: `is less than ${schema.minimum}` };
  }
  if (Array.isArray(value)) return ofList(value, schema, root, pointer);
  return typeof value === 'object' && value !== null ? ofObject(value, schema, root, pointer) : null;
}

function ofText(value: string, schema: Schema, pointer: string): Mismatch | null {
  // Patterns are our own and linear; a text that is far too long for any of them is not tried.
  const fits = schema.pattern === undefined || (value.length < 65_536 && new RegExp(schema.pattern, 'u').test(value));
  return fits ? null : { pointer, why: 'has another form' };
}

function ofList(value: readonly unknown[], schema: Schema, root: RootSchema, pointer: string): Mismatch | null {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) return { pointer, why: 'has too many items' };
  if (schema.items === undefined) return null;
  for (const [index, item] of value.entries()) {
    const miss = mismatch(item, schema.items, root, `${pointer}/${index}`);
    if (miss !== null) return miss;
  }
  return null;
}

function ofObject(value: object, schema: Schema, root: RootSchema, pointer: string): Mismatch | null {
  const members = new Map<string, unknown>(Object.entries(value));
  for (const name of schema.required ?? []) {
    if (!members.has(name)) return { pointer, why: `has no "${name}"` };
  }
  for (const [name, member] of members) {
    const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const inner = known ? schema.properties?.[name] : schema.additionalProperties;
    if (inner === undefined || typeof inner === 'boolean') continue;
    const miss = mismatch(member, inner, root, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (miss !== null) return miss;
  }
  return null;
}

function isType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
