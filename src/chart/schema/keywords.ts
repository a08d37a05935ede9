import { RE2JS } from 're2js';
import { isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber } from '../json.js';
import { asCount, type Decimal, decimal } from './decimal.js';
import { formatChecks } from './formats.js';
import { encodePointer, pointerTo } from './resources.js';
import { type JsonType, jsonTypes, type Schema, SchemaError } from './schema.js';

/** Where a schema object lies, and who makes schemas of the parts in it. */
export interface SchemaPlace {
  readonly url: string;
  readonly pointer: string;
  /** Formats are asserted up to draft 7 and in the metaschemas themselves; later drafts have them as notes only. */
  readonly assertsFormat: boolean;
  /** The schema of a part of this one. */
  at(pointer: string, json: Json): Schema;
  /** What a reference in this schema leads to. */
  resolve(reference: string): Schema;
  /** Schemas by name. */
  byName(pointer: string, json: ReadonlyMap<string, Json>): Schema['properties'];
}

/** Sets what the keywords of one schema object say. Throws SchemaError. */
export function fillSchema(schema: Schema, object: ReadonlyMap<string, Json>, place: SchemaPlace): void {
  const keywords = new Keywords(object, place);
  const { version } = schema;
  schema.ref = keywords.reference('$ref');
  // Up to draft 7 nothing beside a $ref counts.
  if (version < 2019 && schema.ref !== null) return;
  fillGeneral(schema, keywords);
  fillObject(schema, keywords);
  fillArray(schema, keywords);
  fillScalar(schema, keywords);
  if (version >= 2019) {
    schema.recursiveRef = keywords.reference('$recursiveRef');
    schema.recursiveAnchor = keywords.flag('$recursiveAnchor');
  }
  if (version >= 2020) {
    const target = keywords.reference('$dynamicRef');
    if (target !== null) {
      const fragment = (keywords.text('$dynamicRef') ?? '').split('#')[1] ?? '';
      schema.dynamicRef = { schema: target, anchor: fragment.startsWith('/') ? '' : fragment };
    }
    schema.dynamicAnchor = keywords.text('$dynamicAnchor') ?? '';
  }
}

function fillGeneral(schema: Schema, keywords: Keywords): void {
  schema.allOf = keywords.schemas('allOf');
  schema.anyOf = keywords.schemas('anyOf');
  schema.oneOf = keywords.schemas('oneOf');
  schema.not = keywords.schema('not');
  schema.types = keywords.types();
  schema.enum = keywords.list('enum');
  if (schema.version >= 6) {
    const value = keywords.get('const');
    schema.const = value === undefined ? null : { value };
  }
  if (schema.version >= 7) {
    schema.condition = keywords.schema('if');
    const fixed = keywords.get('if');
    if (schema.condition !== null) {
      schema.whenTrue = fixed === false ? null : keywords.schema('then');
      schema.whenFalse = fixed === true ? null : keywords.schema('else');
    }
  }
  const format = keywords.assertsFormat() ? keywords.text('format') : null;
  const check = format === null ? undefined : formatChecks.get(format);
  if (format !== null && check !== undefined) schema.format = { name: format, check };
}

function fillObject(schema: Schema, keywords: Keywords): void {
  schema.properties = keywords.byName('properties');
  schema.patternProperties = [...keywords.schemaMap('patternProperties')].map(([source, child]) => ({
    pattern: keywords.regex(source, 'patternProperties'),
    schema: child,
  }));
  schema.additionalProperties = keywords.schemaOrFlag('additionalProperties');
  schema.dependencies = keywords.dependencies();
  schema.minProperties = keywords.count('minProperties');
  schema.maxProperties = keywords.count('maxProperties');
  schema.required = keywords.texts('required');
  if (schema.version >= 6) schema.propertyNames = keywords.schema('propertyNames');
  if (schema.version >= 2019) {
    schema.dependentSchemas = keywords.schemaMap('dependentSchemas');
    schema.dependentRequired = keywords.textLists('dependentRequired');
    schema.unevaluatedProperties = keywords.schema('unevaluatedProperties');
  }
}

function fillArray(schema: Schema, keywords: Keywords): void {
  if (schema.version >= 2020) {
    schema.prefixItems = keywords.schemas('prefixItems');
    schema.items = keywords.schema('items');
  } else if (isJsonList(keywords.get('items') ?? null)) {
    schema.prefixItems = keywords.schemas('items');
    schema.additionalItems = keywords.schemaOrFlag('additionalItems');
  } else schema.items = keywords.schema('items');
  schema.minItems = keywords.count('minItems');
  schema.maxItems = keywords.count('maxItems');
  schema.uniqueItems = keywords.flag('uniqueItems');
  if (schema.version >= 6) schema.contains = keywords.schema('contains');
  if (schema.version >= 2019) {
    if (schema.contains !== null) {
      schema.minContains = keywords.count('minContains');
      schema.maxContains = keywords.count('maxContains');
    }
    schema.unevaluatedItems = keywords.schema('unevaluatedItems');
  }
}

function fillScalar(schema: Schema, keywords: Keywords): void {
  schema.minLength = keywords.count('minLength');
  schema.maxLength = keywords.count('maxLength');
  const pattern = keywords.text('pattern');
  if (pattern !== null) schema.pattern = { compiled: keywords.regex(pattern, 'pattern'), source: pattern };
  schema.multipleOf = keywords.number('multipleOf');
  // Draft 4 says exclusiveMaximum: true beside maximum; it is taken in every draft.
  schema.maximum = keywords.number('maximum');
  schema.minimum = keywords.number('minimum');
  schema.exclusiveMaximum = keywords.number('exclusiveMaximum');
  schema.exclusiveMinimum = keywords.number('exclusiveMinimum');
  if (keywords.flag('exclusiveMaximum')) {
    schema.exclusiveMaximum = schema.maximum;
    schema.maximum = null;
  }
  if (keywords.flag('exclusiveMinimum')) {
    schema.exclusiveMinimum = schema.minimum;
    schema.minimum = null;
  }
}

const noSchemas: ReadonlyMap<string, Schema> = new Map();

/** The keywords of one schema object; what has the wrong type counts as absent. */
class Keywords {
  readonly #object: ReadonlyMap<string, Json>;
  readonly #place: SchemaPlace;

  constructor(object: ReadonlyMap<string, Json>, place: SchemaPlace) {
    this.#object = object;
    this.#place = place;
  }

  assertsFormat(): boolean {
    return this.#place.assertsFormat;
  }

  get(name: string): Json | undefined {
    return this.#object.get(name);
  }

  text(name: string): string | null {
    const value = this.#object.get(name);
    return typeof value === 'string' ? value : null;
  }

  flag(name: string): boolean {
    return this.#object.get(name) === true;
  }

  number(name: string): Decimal | null {
    const value = this.#object.get(name);
    return value instanceof JsonNumber ? decimal(value.text) : null;
  }

  count(name: string): number | null {
    const value = this.number(name);
    return value === null ? null : asCount(value);
  }

  list(name: string): readonly Json[] | null {
    const value = this.#object.get(name) ?? null;
    return isJsonList(value) ? value : null;
  }

  texts(name: string): readonly string[] {
    return (this.list(name) ?? []).filter((item) => typeof item === 'string');
  }

  types(): readonly JsonType[] {
    const value = this.#object.get('type');
    const stated = typeof value === 'string' ? [value] : this.texts('type');
    return jsonTypes.filter((type) => stated.includes(type));
  }

  reference(name: string): Schema | null {
    const value = this.text(name);
    return value === null ? null : this.#place.resolve(value);
  }

  schema(name: string): Schema | null {
    const value = this.#object.get(name);
    return value === undefined ? null : this.#at([name], value);
  }

  schemas(name: string): readonly Schema[] {
    return (this.list(name) ?? []).map((item, index) => this.#at([name, String(index)], item));
  }

  schemaMap(name: string): ReadonlyMap<string, Schema> {
    const value = this.#object.get(name);
    const map = new Map<string, Schema>();
    if (isJsonMap(value)) {
      for (const [key, item] of value) map.set(key, this.#at([name, key], item));
    }
    return map;
  }

  byName(name: string): Schema['properties'] {
    const value = this.#object.get(name);
    return isJsonMap(value) ? this.#place.byName(pointerTo(this.#place.pointer, name), value) : noSchemas;
  }

  schemaOrFlag(name: string): Schema | boolean | null {
    const value = this.#object.get(name);
    return typeof value === 'boolean' ? value : this.schema(name);
  }

  dependencies(): ReadonlyMap<string, Schema | readonly string[]> {
    const value = this.#object.get('dependencies');
    const map = new Map<string, Schema | readonly string[]>();
    if (!isJsonMap(value)) return map;
    for (const [key, item] of value) {
      if (isJsonList(item))
        map.set(
          key,
          item.filter((name) => typeof name === 'string'),
        );
      else map.set(key, this.#at(['dependencies', key], item));
    }
    return map;
  }

  textLists(name: string): ReadonlyMap<string, readonly string[]> {
    const value = this.#object.get(name);
    const map = new Map<string, readonly string[]>();
    if (!isJsonMap(value)) return map;
    for (const [key, item] of value) {
      if (isJsonList(item))
        map.set(
          key,
          item.filter((one) => typeof one === 'string'),
        );
    }
    return map;
  }

  #at(tokens: readonly string[], json: Json): Schema {
    return this.#place.at(pointerTo(this.#place.pointer, ...tokens), json);
  }

  /** RE2 syntax as Go has it; linear over any input. */
  regex(source: string, keyword: string): RE2JS {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const url = `${this.#place.url}#${encodePointer(pointerTo(this.#place.pointer, keyword))}`;
      throw new SchemaError(`invalid regex ${JSON.stringify(source)} at "${url}": ${why}`);
    }
  }
}
