import type { JsonValue } from '../model/index.js';

/**
 * Narrowing of records that come back from the store: they were written by the same version of the same cataloguer,
 * so a missing field is an empty one.
 */
export type Fields = Readonly<Record<string, JsonValue | undefined>>;

export function object(value: JsonValue | undefined): Fields {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function list(value: JsonValue | undefined): readonly JsonValue[] {
  return value !== undefined && isList(value) ? value : [];
}

export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function maybeText(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function texts(value: JsonValue | undefined): readonly string[] {
  return list(value).filter((item): item is string => typeof item === 'string');
}

/** Rows of a path and a digest (or null), as file lists are kept. */
export type FileRow = readonly [path: string, digest: string | null];

export function fileRows(value: JsonValue | undefined): readonly FileRow[] {
  return list(value).map((row): FileRow => {
    const [path, digest] = list(row);
    return [text(path), maybeText(digest)];
  });
}
