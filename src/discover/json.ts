import type { JsonValue } from '../model/index.js';

/** A JSON object as a manifest holds it. */
export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A field's own value: a key such as `constructor` that the object does not state is absent. */
export function field(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function textField(object: JsonObject, key: string): string | null {
  const value = field(object, key);
  return typeof value === 'string' ? value : null;
}

/** Follows keys through objects; undefined where one is missing. */
export function dig(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const key of keys) {
    if (!isObject(at)) return undefined;
    at = field(at, key);
  }
  return at;
}

/** A JSON pointer one step further (RFC 6901, section 3: `~` is `~0`, `/` is `~1`). */
export function step(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The most of one manifest that is looked at: YAML aliases can make a small text into a huge tree. */
export const limits = { nodes: 200_000, hits: 5_000, depth: 200, textBytes: 4 * 1024 * 1024 } as const;

/** Counts what is visited, so that one manifest cannot take all the time there is. */
export class Budget {
  #left: number = limits.nodes;
  #hits: number = limits.hits;

  /** Whether a visit at this depth is still allowed. */
  spend(depth: number): boolean {
    if (depth > limits.depth) this.#left = 0;
    if (this.#left <= 0) return false;
    this.#left -= 1;
    return true;
  }

  /** Whether one more hit is believed; beyond that many the manifest was made to be long. */
  spendHit(): boolean {
    this.#hits -= 1;
    if (this.#hits < 0) this.#left = 0;
    return this.#hits >= 0;
  }

  get spent(): boolean {
    return this.#left <= 0;
  }
}

/** JSON text as a value, or null where it is none or too long. */
export function parseJson(text: string): JsonValue | null {
  const first = text.trimStart()[0];
  if ((first !== '{' && first !== '[') || text.length > limits.textBytes) return null;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
