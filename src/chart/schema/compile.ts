import { RE2JS } from 're2js';
import { isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber, parseJson } from '../json.js';
import { asCount, type Decimal, decimal } from './decimal.js';
import { formatChecks } from './formats.js';
import {
  addSubschema,
  type Document,
  encodePointer,
  joinUrl,
  lookup,
  pointerTo,
  type Resource,
  readDocument,
  resourceOf,
} from './resources.js';
import { emptySchema, type JsonType, jsonTypes, type Schema, SchemaError } from './schema.js';

/** The URL under which Helm compiles a chart's values.schema.json; messages name it. */
const schemaUrl = 'file:///values.schema.json';

/** How many subschemas one schema may have. */
const maxSchemas = 200_000;

/**
 * Compiles a values.schema.json: draft 4 to 2020-12, references within the document ($ref, $defs, anchors, ids,
 * $recursiveRef, $dynamicRef). Nothing is fetched: what a reference elsewhere would check is not checked, and a
 * warning names it.
 *
 * Throws SchemaError or JsonError with the words of santhosh-tekuri/jsonschema v6, which Helm prints.
 */
export function compileSchema(text: string, warn: (text: string) => void): Schema {
  const compiler = new Compiler(readDocument(schemaUrl, parseJson(text), warn), warn);
  return compiler.compile('');
}

class Compiler {
  readonly #document: Document;
  readonly #warn: (text: string) => void;
  readonly #schemas = new Map<string, Schema>();
  readonly #queue: string[] = [];
  readonly #warned = new Set<string>();

  constructor(document: Document, warn: (text: string) => void) {
    this.#document = document;
    this.#warn = warn;
  }

  compile(pointer: string): Schema {
    const root = this.at(pointer);
    // Not recursive, so that the depth of a schema cannot exhaust the stack.
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      this.#fill(next, this.at(next));
    return root;
  }

  /** The schema at a pointer; compiled later where it is new. */
  at(pointer: string): Schema {
    const known = this.#schemas.get(pointer);
    if (known !== undefined) return known;
    if (this.#schemas.size >= maxSchemas) throw new SchemaError(`schema has more than ${maxSchemas} parts`);
    const schema = emptySchema(`${this.#document.url}#${encodePointer(pointer)}`);
    this.#schemas.set(pointer, schema);
    this.#queue.push(pointer);
    return schema;
  }

  #fill(pointer: string, schema: Schema): void {
    addSubschema(this.#document, pointer, this.#warn);
    const json = lookup(this.#document, pointer);
    const resource = resourceOf(this.#document, pointer);
    schema.version = resource.version;
    schema.resource = this.at(resource.pointer);
    if (schema.version >= 2020 && resource.pointer === pointer) {
      schema.dynamicAnchors = new Map(
        [...resource.anchors]
          .filter(([anchor]) => resource.dynamicAnchors.has(anchor))
          .map(([anchor, at]) => [anchor, this.at(at)]),
      );
    }
    if (typeof json === 'boolean') schema.bool = json;
    else if (isJsonMap(json)) {
      if (json.size === 0) schema.bool = true;
      else fillSchema(schema, new Keywords(this, json, pointer, resource));
    }
  }

  /** What a reference leads to; an accepting schema where that is not in this document. */
  resolve(reference: string, from: Resource): Schema {
    const hash = reference.indexOf('#');
    const url = joinUrl(from.url, hash < 0 ? reference : reference.slice(0, hash));
    const fragment = decodeFragment(hash < 0 ? '' : reference.slice(hash + 1), reference);
    const resource =
      url === this.#document.url
        ? resourceOf(this.#document, '')
        : [...this.#document.resources.values()].find((one) => one.url === url);
    if (resource === undefined) {
      if (!this.#warned.has(url)) {
        this.#warned.add(url);
        this.#warn(`the schema's reference to ${url} is not fetched: what it would check is not checked`);
      }
      return { ...emptySchema(url), bool: true };
    }
    if (fragment === '' || fragment.startsWith('/')) return this.at(resource.pointer + fragment);
    const anchor = resource.anchors.get(fragment);
    if (anchor === undefined) {
      throw new SchemaError(`anchor in "${resource.url}#${fragment}" not found in schema "${this.#document.url}"`);
    }
    return this.at(anchor);
  }
}

function decodeFragment(fragment: string, reference: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    throw new SchemaError(`error in parsing "${reference}": invalid URL escape`);
  }
}

function fillSchema(schema: Schema, keywords: Keywords): void {
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
  // From 2019-09 on formats are notes only, unless a vocabulary of the schema's own says otherwise.
  const format = schema.version < 2019 ? keywords.text('format') : null;
  const check = format === null ? undefined : formatChecks.get(format);
  if (format !== null && check !== undefined) schema.format = { name: format, check };
}

function fillObject(schema: Schema, keywords: Keywords): void {
  schema.properties = keywords.schemaMap('properties');
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

/** The keywords of one schema object; what has the wrong type counts as absent. */
class Keywords {
  readonly #compiler: Compiler;
  readonly #object: ReadonlyMap<string, Json>;
  readonly #pointer: string;
  readonly #resource: Resource;

  constructor(compiler: Compiler, object: ReadonlyMap<string, Json>, pointer: string, resource: Resource) {
    this.#compiler = compiler;
    this.#object = object;
    this.#pointer = pointer;
    this.#resource = resource;
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
    return value === null ? null : this.#compiler.resolve(value, this.#resource);
  }

  schema(name: string): Schema | null {
    return this.#object.has(name) ? this.#compiler.at(pointerTo(this.#pointer, name)) : null;
  }

  schemas(name: string): readonly Schema[] {
    return (this.list(name) ?? []).map((_, index) => this.#compiler.at(pointerTo(this.#pointer, name, String(index))));
  }

  schemaMap(name: string): ReadonlyMap<string, Schema> {
    const value = this.#object.get(name);
    const map = new Map<string, Schema>();
    if (isJsonMap(value)) {
      for (const key of value.keys()) map.set(key, this.#compiler.at(pointerTo(this.#pointer, name, key)));
    }
    return map;
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
      else map.set(key, this.#compiler.at(pointerTo(this.#pointer, 'dependencies', key)));
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

  /** RE2 syntax as Go has it; linear over any input. */
  regex(source: string, keyword: string): RE2JS {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const url = `${schemaUrl}#${encodePointer(pointerTo(this.#pointer, keyword))}`;
      throw new SchemaError(`invalid regex ${JSON.stringify(source)} at "${url}": ${why}`);
    }
  }
}
