import { type JsonValue, TrowelError } from '../../model/index.js';
import { collected } from '../capacity.js';
import { GoError, GoMap, GoSlice, type GoValue } from '../value.js';
import { type KnownDocument, readCommonStyle } from './common-style.js';
import { type Builder, ConvertError, decodeYaml } from './decode.js';
import { parseYaml } from './parser.js';
import { YamlSyntaxError } from './syntax-error.js';

const goBuilder: Builder<GoValue> = {
  scalar: (value) => value,
  list: (items) => new GoSlice(items, 'interface {}', false, collected(items.length)),
  map: (entries) => new GoMap(entries),
};

/** Lists without room behind them, as copies of such lists are. */
const exactBuilder: Builder<GoValue> = { ...goBuilder, list: (items) => new GoSlice(items) };

const plainBuilder: Builder<JsonValue> = {
  scalar: (value) => value,
  list: (items) => items,
  map: (entries) => {
    const object: { [key: string]: JsonValue } = Object.create(null);
    for (const [key, value] of entries) object[key] = value;
    return object;
  },
};

/**
 * The first document of a YAML text, as sigs.k8s.io/yaml v1.6 unmarshals it into interface{}: every number is a
 * float64, keys are strings; an empty text gives nil. Lists have room behind them as Go leaves it, or none (`exact`).
 *
 * Throws GoError with Go's text (`error converting YAML to JSON: yaml: line 3: …`).
 */
export function readYaml(text: string, lists: 'grown' | 'exact' = 'grown'): GoValue {
  const builder = lists === 'exact' ? exactBuilder : goBuilder;
  try {
    return readCommonStyle(text, builder) ?? decodeYaml(parseYaml(text), builder);
  } catch (error) {
    throw new GoError(`error converting YAML to JSON: ${problemOf(error)}`);
  }
}

/**
 * The same for callers outside of templates: plain data, maps as objects without a prototype.
 *
 * Throws TrowelError `bad-bytes`; `where.line` counts from 1 and is the one go-yaml names, if it names one.
 */
export function readYamlDocument(text: string): JsonValue {
  try {
    return readCommonStyle(text, plainBuilder) ?? decodeYaml(parseYaml(text), plainBuilder);
  } catch (error) {
    const line = error instanceof YamlSyntaxError ? error.line : 0;
    throw new TrowelError('bad-bytes', {
      what: `error converting YAML to JSON: ${problemOf(error)}`,
      where: line === 0 ? {} : { line },
      cause: error,
    });
  }
}

/**
 * The same, as far as it takes to know that the text is right and what it says in short: a text of more than a page may
 * stand as an empty one, and so may all below a key that is found in `known` again (`apiVersion`, `kind` and `metadata`
 * are read each time).
 */
export function skimYamlDocument(text: string, known?: KnownDocument): JsonValue {
  if (known !== undefined) known.isPlain = false;
  return readCommonStyle(text, plainBuilder, '', known) ?? readYamlDocument(text);
}

/** Go's words for what was wrong; anything else is a fault of ours and goes on. */
function problemOf(error: unknown): string {
  if (error instanceof YamlSyntaxError) return `yaml: ${error.message}`;
  if (error instanceof ConvertError) return error.message;
  throw error;
}

/** The error of unmarshalling a value into a Go type that does not take it, or null where it fits. */
export function mismatch(value: GoValue, wanted: 'map[string]interface {}' | '[]interface {}'): string | null {
  if (value === null) return null;
  const isMap = value instanceof GoMap;
  const isList = value instanceof GoSlice;
  if (wanted === '[]interface {}' ? isList : isMap) return null;
  const kind = isMap
    ? 'object'
    : isList
      ? 'array'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'string'
          ? 'string'
          : 'number';
  return `json: cannot unmarshal ${kind} into Go value of type ${wanted}`;
}
