import { isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber } from '../json.js';
import { formatChecks } from './formats.js';
import { fillSchema } from './keywords.js';
import { draftOf, encodePointer, pointerTo } from './resources.js';
import { type DraftVersion, emptySchema, jsonTypes, type Schema, SchemaError } from './schema.js';

/**
 * Whether a schema obviously is one: it has the keywords that nearly all schemas of charts consist of, each with what
 * every draft since 4 allows for it. The metaschema, which takes many times as long, need not be asked then; of a schema
 * that is not obvious, nothing is said. A test holds that no such schema is against the metaschema.
 */
export function isCommonSchema(json: Json, depth = 0): boolean {
  if (!isJsonMap(json) || depth > deepest) return false;
  for (const [keyword, value] of json) {
    const allows = keywords.get(keyword);
    if (allows === undefined ? beyond.has(keyword) : !allows(value, depth)) return false;
  }
  return true;
}

/**
 * The schema of such a JSON. It has no references, and nothing in it can be wrong, so that each part is made when a value
 * is first held against it: a chart's values reach few of the parts of a large schema.
 */
export function commonSchema(json: Json, url: string): Schema {
  const stated = isJsonMap(json) ? json.get('$schema') : undefined;
  const version = (typeof stated === 'string' ? draftOf(stated) : null) ?? 2020;
  return partOf(json, '', { url, version });
}

function partOf(json: Json, pointer: string, root: { readonly url: string; readonly version: DraftVersion }): Schema {
  const { url, version } = root;
  const schema = emptySchema(`${url}#${encodePointer(pointer)}`);
  schema.version = version;
  if (typeof json === 'boolean') schema.bool = json;
  else if (isJsonMap(json)) {
    if (json.size === 0) schema.bool = true;
    else {
      const at = (where: string, part: Json): Schema => partOf(part, where, root);
      const byName = (base: string, parts: ReadonlyMap<string, Json>): Schema['properties'] =>
        new LateSchemas(parts, (name, part) => at(pointerTo(base, name), part));
      schema.fill = () =>
        fillSchema(schema, json, { url, pointer, assertsFormat: version < 2019, at, resolve, byName });
    }
  }
  return schema;
}

function resolve(reference: string): never {
  throw new SchemaError(`a common schema has no reference, but ${JSON.stringify(reference)}`);
}

/** Schemas by name, made when they are asked for. */
class LateSchemas {
  readonly #parts: ReadonlyMap<string, Json>;
  readonly #make: (name: string, part: Json) => Schema;
  readonly #made = new Map<string, Schema>();

  constructor(parts: ReadonlyMap<string, Json>, make: (name: string, part: Json) => Schema) {
    this.#parts = parts;
    this.#make = make;
  }

  get(name: string): Schema | undefined {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const part = this.#parts.get(name);
    if (part === undefined) return undefined;
    const schema = this.#make(name, part);
    this.#made.set(name, schema);
    return schema;
  }
}

const deepest = 100;

type Allows = (value: Json, depth: number) => boolean;

const isText: Allows = (value) => typeof value === 'string';
const isFlag: Allows = (value) => typeof value === 'boolean';
const isNumber: Allows = (value) => value instanceof JsonNumber;
const isCount: Allows = (value) => value instanceof JsonNumber && /^[0-9]{1,9}$/.test(value.text);
const isAnything: Allows = () => true;
const isSchema: Allows = (value, depth) => isCommonSchema(value, depth + 1);
const isType: Allows = (value) => (jsonTypes as readonly Json[]).includes(value);

const isSchemaByName: Allows = (value, depth) =>
  isJsonMap(value) && [...value.values()].every((one) => isSchema(one, depth));

/** A list of different texts that is not empty. */
const isTexts: Allows = (value) =>
  isJsonList(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === 'string') &&
  new Set(value).size === value.length;

const isSchemas: Allows = (value, depth) =>
  isJsonList(value) && value.length > 0 && value.every((item) => isSchema(item, depth));

const isTypes: Allows = (value, depth) =>
  isJsonList(value) ? isTexts(value, depth) && value.every((item) => isType(item, depth)) : isType(value, depth);

const isPattern: Allows = (value) => typeof value === 'string' && formatChecks.get('regex')?.(value) === null;

const keywords: ReadonlyMap<string, Allows> = new Map<string, Allows>([
  ['$schema', (value) => typeof value === 'string' && draftOf(value) !== null],
  ['title', isText],
  ['description', isText],
  ['$comment', isText],
  ['format', isText],
  ['default', isAnything],
  ['const', isAnything],
  ['enum', isTexts],
  ['type', isTypes],
  ['required', isTexts],
  ['pattern', isPattern],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['minLength', isCount],
  ['maxLength', isCount],
  ['minItems', isCount],
  ['maxItems', isCount],
  ['minProperties', isCount],
  ['maxProperties', isCount],
  ['uniqueItems', isFlag],
  ['readOnly', isFlag],
  ['writeOnly', isFlag],
  ['deprecated', isFlag],
  ['examples', (value) => isJsonList(value)],
  ['properties', isSchemaByName],
  ['definitions', isSchemaByName],
  ['$defs', isSchemaByName],
  ['items', isSchema],
  ['additionalProperties', (value, depth) => isFlag(value, depth) || isSchema(value, depth)],
  ['not', isSchema],
  ['if', isSchema],
  ['then', isSchema],
  ['else', isSchema],
  ['allOf', isSchemas],
  ['anyOf', isSchemas],
  ['oneOf', isSchemas],
]);

/** Keywords of some draft for which the metaschema is asked; all others mean nothing to any draft. */
const beyond: ReadonlySet<string> = new Set(
  (
    '$id id $ref $anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef $vocabulary additionalItems ' +
    'contains contentEncoding contentMediaType contentSchema dependencies dependentRequired dependentSchemas ' +
    'exclusiveMaximum exclusiveMinimum maxContains minContains multipleOf patternProperties prefixItems ' +
    'propertyNames unevaluatedItems unevaluatedProperties'
  ).split(' '),
);
