import { type CatalogFile, TrowelError } from '../model/index.js';
import { fileText } from './define.js';

/** A JSON object of the input, its fields not yet known: arrays and null are none. */
export type JsonFields = ReadonlyMap<string, unknown>;

const none: JsonFields = new Map();

/** The fields of an object; of anything else, none. */
export function fieldsOf(value: unknown): JsonFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return none;
  return new Map(Object.entries(value));
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or the empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The object that a file holds. Throws TrowelError `bad-database` for what is no JSON or no object. */
export function jsonFile(file: CatalogFile, what: string): JsonFields {
  return fieldsOf(jsonObject(fileText(file), what));
}

/** Throws TrowelError `bad-database` for what is no JSON or no object (a list counts as one). */
export function jsonObject(source: string, what: string): object {
  const value = jsonValue(source, what);
  if (typeof value !== 'object' || value === null) {
    throw new TrowelError('bad-database', { what: `${what} that is no object` });
  }
  return value;
}

/** Throws TrowelError `bad-database` for what is no JSON. */
export function jsonValue(source: string, what: string): unknown {
  try {
    return JSON.parse(source.startsWith('\uFEFF') ? source.slice(1) : source);
  } catch (cause) {
    throw new TrowelError('bad-database', { what: `${what} that is no JSON`, cause });
  }
}

/** A person or organisation as manifests name them: text, `{name, email}`, or a list of either (the first counts). */
export function supplierOf(value: unknown): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first === '' ? null : first;
  const fields = fieldsOf(first);
  const name = textOf(fields.get('name'));
  const email = textOf(fields.get('email'));
  if (name === '') return email === '' ? null : email;
  return email === '' ? name : `${name} <${email}>`;
}
