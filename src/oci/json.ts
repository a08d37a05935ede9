import { TrowelError, type Where } from '../model/index.js';
import { clip } from './digest.js';

/** An object as JSON.parse gives it, nothing known of its fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON document of the input whose top is an object. Throws TrowelError `bad-bytes`. */
export function parseObject(bytes: Uint8Array, what: string, where: Where): JsonObject {
  const value = parseJson(bytes, what, where);
  if (!isObject(value)) {
    throw new TrowelError('bad-bytes', { what: `${what} is ${nameOf(value)}, not a JSON object`, where });
  }
  return value;
}

/** Any JSON document of the input. Throws TrowelError `bad-bytes` that shows how it begins where it is no JSON. */
export function parseJson(bytes: Uint8Array, what: string, where: Where): unknown {
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = text.trim() === '' ? 'it is empty' : `it begins with ${JSON.stringify(clip(text.trimStart(), 40))}`;
    throw new TrowelError('bad-bytes', { what: `${what} is no JSON: ${shown}`, where, cause });
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text, or null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The list, or an empty one for null and what is missing (Go writes empty lists as null). */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list; what is no text is left out. A lone text is a list of one, as old configurations have it. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return listOf(value).filter((item) => typeof item === 'string');
}

/** A map of texts, by sorted key; what is no text is left out. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  // A key named __proto__ must stay a key: fromEntries defines properties, assignment would not.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((key): [string, string][] => {
        const text = value[key];
        return typeof text === 'string' ? [[key, text]] : [];
      }),
  );
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
