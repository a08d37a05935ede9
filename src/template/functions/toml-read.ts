import { parse, TomlDate, TomlError } from 'smol-toml';
import { GoError, GoMap, GoSlice, type GoValue, int64 } from '../value.js';
import { makeTime } from './time.js';

/**
 * TOML as BurntSushi/toml decodes it into map[string]interface{}: integers are int64, lists of tables keep their type.
 *
 * Throws GoError; the words after `toml: line N:` are smol-toml's, not BurntSushi's.
 */
export function readToml(text: string): GoMap {
  try {
    const table = convert(parse(text, { integersAsBigInt: true }));
    return table instanceof GoMap ? table : new GoMap();
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new GoError(`toml: line ${error.line}: ${reason}`);
  }
}

function convert(value: unknown): GoValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return int64(value);
  if (value instanceof TomlDate) return makeTime({ milliseconds: value.getTime(), nanoseconds: 0, zone: 'UTC' });
  if (Array.isArray(value)) {
    const items = value.map(convert);
    const tables = items.length > 0 && items.every((item) => item instanceof GoMap);
    return new GoSlice(items, tables ? 'map[string]interface {}' : 'interface {}');
  }
  const entries = new Map<string, GoValue>();
  for (const [key, item] of Object.entries(value ?? {})) entries.set(key, convert(item));
  return new GoMap(entries);
}
