import { TrowelError } from '../model/index.js';

/** A JSON object from outside, of which nothing is known but its place in the record. */
export interface Fields {
  readonly path: string;
  readonly get: (name: string) => unknown;
}

/** An error that names the field, in the words of the record: `affected[2].package.name`. */
export function badField(path: string, what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `${path === '' ? 'the record' : path} ${what}` });
}

/** Null where the value is absent or null. Throws TrowelError `bad-bytes` where it is anything but an object. */
export function fieldsOf(value: unknown, path: string): Fields | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw badField(path, 'is no object');
  const entries = new Map<string, unknown>(Object.entries(value));
  return { path, get: (name) => entries.get(name) };
}

export function fieldPath(fields: Fields, name: string): string {
  return fields.path === '' ? name : `${fields.path}.${name}`;
}

export function childOf(fields: Fields, name: string): Fields | null {
  return fieldsOf(fields.get(name), fieldPath(fields, name));
}

/** Null where absent; at most `limit` UTF-16 units. Throws TrowelError `bad-bytes`. */
export function textOf(fields: Fields, name: string, limit: number): string | null {
  const value = fields.get(name);
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw badField(fieldPath(fields, name), 'is no text');
  if (value.length > limit) throw badField(fieldPath(fields, name), `is longer than ${limit} characters`);
  return value;
}

/** Empty where absent. Throws TrowelError `bad-bytes` where it is no list or longer than `limit`. */
export function listOf(fields: Fields, name: string, limit: number): readonly unknown[] {
  const value = fields.get(name);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badField(fieldPath(fields, name), 'is no list');
  if (value.length > limit) throw badField(fieldPath(fields, name), `has more than ${limit} items`);
  return value;
}

/** The objects of a list, each with its place. */
export function objectsOf(fields: Fields, name: string, limit: number): readonly Fields[] {
  return listOf(fields, name, limit).map((item, i) => {
    const path = `${fieldPath(fields, name)}[${i}]`;
    const object = fieldsOf(item, path);
    if (object === null) throw badField(path, 'is no object');
    return object;
  });
}

/** The texts of a list, each at most `length` long. */
export function textsOf(fields: Fields, name: string, limit: number, length: number): readonly string[] {
  return listOf(fields, name, limit).map((item, i) => {
    if (typeof item === 'string' && item.length <= length) return item;
    throw badField(`${fieldPath(fields, name)}[${i}]`, `is no text of up to ${length} characters`);
  });
}

/** An RFC 3339 time, as it stands; a year of fewer digits (Go's year 1, as some write it) gets its zeros. */
export function timeOf(fields: Fields, name: string): string | null {
  const text = textOf(fields, name, 60);
  if (text === null) return null;
  const match = /^(\d{1,4})(-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))$/.exec(text);
  const [, year, rest] = match ?? [];
  if (year === undefined || rest === undefined) throw badField(fieldPath(fields, name), 'is no RFC 3339 time');
  return `${year.padStart(4, '0')}${rest}`;
}
