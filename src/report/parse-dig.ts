import { type Dig, TrowelError } from '../model/index.js';
import { digSchema } from './schema.js';
import { mismatch } from './validate.js';

/** The most text that is read as a dig, in UTF-16 units: about what one string of Node holds. */
const longest = 500_000_000;

/**
 * Reads a dig from its JSON. `file` is what errors call it.
 *
 * Throws TrowelError `too-large`, or `bad-bytes` saying where it is no dig: no JSON, another schema, a document of
 * `trowel images` (which knows no images), or a field that is missing or of another form. Unknown fields stay.
 */
export function parseDig(text: string, file: string): Dig {
  if (text.length > longest) throw new TrowelError('too-large', { what: 'is too long for a dig', where: { file } });
  const value = parseJson(text, file);
  const schema = field(value, 'schema');
  if (schema !== 'trowel/dig/1') {
    const other = typeof schema === 'string' && schema.startsWith('trowel/dig/');
    throw new TrowelError('bad-bytes', {
      what: other ? `is a dig of another form (${schema.slice(0, 40)})` : 'is no dig',
      where: { file },
      todo: other ? 'use the Trowel that wrote it' : "give what 'trowel dig TARGET -o json=FILE' wrote",
    });
  }
  if (field(value, 'images') === undefined && field(value, 'uses') !== undefined) {
    throw new TrowelError('bad-bytes', {
      what: "holds only the uses that 'trowel images' writes",
      where: { file },
      todo: "make a dig with 'trowel dig TARGET -o json=FILE'",
    });
  }
  if (!isDig(value)) {
    const miss = mismatch(value, digOption, digSchema);
    const place = miss === null || miss.pointer === '' ? 'the document' : miss.pointer;
    throw new TrowelError('bad-bytes', {
      what: `is no dig: ${place} ${miss?.why ?? 'has another form'}`,
      where: { file },
      todo: 'write it again with this Trowel',
    });
  }
  return value;
}

const digOption = digSchema.anyOf?.[0] ?? {};

function isDig(value: unknown): value is Dig {
  return mismatch(value, digOption, digSchema) === null;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TrowelError('bad-bytes', {
      what: text.trim() === '' ? 'is empty' : 'is no JSON',
      where: { file },
      todo: "give what 'trowel dig TARGET -o json=FILE' wrote",
      cause,
    });
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
