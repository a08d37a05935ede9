import { RE2JS } from 're2js';
import { fromJson, isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber, parseJson } from '../json.js';
import { isCommonSchema } from './common-schema.js';
import { asCount, type Decimal, decimal } from './decimal.js';
import { formatChecks } from './formats.js';
import { describe } from './messages.js';
import { metaschemas } from './metaschemas.js';
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
  resourceWith,
} from './resources.js';
import { type DraftVersion, emptySchema, type JsonType, jsonTypes, type Schema, SchemaError } from './schema.js';
import { validate } from './validate.js';

/** The URL under which Helm compiles a chart's values.schema.json; messages name it. */
const schemaUrl = 'file:///values.schema.json';

/** How many subschemas one schema may have. */
const maxSchemas = 200_000;

/**
 * Compiles a values.schema.json: draft 4 to 2020-12, references within the document ($ref, $defs, anchors, ids,
 * $recursiveRef, $dynamicRef) and to the drafts' own metaschemas. Nothing is fetched: what a reference elsewhere would
 * check is not checked, and a warning names it.
 *
 * Throws SchemaError or JsonError with the words of santhosh-tekuri/jsonschema v6, which Helm prints, also where the
 * schema is against its metaschema.
 */
export function compileSchema(text: string, warn: (text: string) => void): Schema {
  const compiler = new Compiler(warn);
  const document = readDocument(schemaUrl, parseJson(text), warn);
  compiler.add(document);
  if (!isCommonSchema(document.json)) checkAgainstMeta(compiler, document, '');
  return compiler.compile(document, '');
}

/** What the metaschema of its draft says against a schema; empty where nothing. */
export function metaProblems(text: string): string {
  const compiler = new Compiler(() => {});
  const document = readDocument(schemaUrl, parseJson(text), () => {});
  compiler.add(document);
  try {
    checkAgainstMeta(compiler, document, '');
    return '';
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}

/** Holds a schema, or a part that lies outside the usual places, against the metaschema of its draft. */
function checkAgainstMeta(compiler: Compiler, document: Document, pointer: string): void {
  const { version } = resourceOf(document, pointer);
  const meta = compiler.document(metaUrl(version));
  if (meta === undefined) return;
  const violations = validate(compiler.compile(meta, ''), fromJson(lookup(document, pointer)));
  if (violations.length === 0) return;
  const where = `${document.url}#${encodePointer(pointer)}`;
  throw new SchemaError(
    `"${where}" is not valid against metaschema: jsonschema validation failed with '${meta.url}#'\n${describe(violations)}`,
  );
}

function metaUrl(version: DraftVersion): string {
  if (version === 2019) return 'https://json-schema.org/draft/2019-09/schema';
  if (version === 2020) return 'https://json-schema.org/draft/2020-12/schema';
  return `http://json-schema.org/draft-0${version}/schema`;
}

class Compiler {
  readonly #documents = new Map<string, Document>();
  readonly #warn: (text: string) => void;
  readonly #schemas = new Map<string, Schema>();
  readonly #queue: { readonly document: Document; readonly pointer: string; readonly schema: Schema }[] = [];
  readonly #warned = new Set<string>();

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  add(document: Document): void {
    this.#documents.set(document.url, document);
  }

  /** A document that was added, or a metaschema. */
  document(url: string): Document | undefined {
    const known = this.#documents.get(url);
    if (known !== undefined) return known;
    const text = metaschemas.get(url);
    if (text === undefined) return undefined;
    const document = readDocument(url, parseJson(text), this.#warn);
    this.add(document);
    return document;
  }

  compile(document: Document, pointer: string): Schema {
    const root = this.at(document, pointer);
    // Not recursive, so that the depth of a schema cannot exhaust the stack.
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      this.#fill(next.document, next.pointer, next.schema);
    }
    return root;
  }

  /** The schema at a pointer; compiled later where it is new. */
  at(document: Document, pointer: string): Schema {
    const location = `${document.url}#${encodePointer(pointer)}`;
    const known = this.#schemas.get(location);
    if (known !== undefined) return known;
    if (this.#schemas.size >= maxSchemas) throw new SchemaError(`schema has more than ${maxSchemas} parts`);
    const schema = emptySchema(location);
    this.#schemas.set(location, schema);
    this.#queue.push({ document, pointer, schema });
    return schema;
  }

  #fill(document: Document, pointer: string, schema: Schema): void {
    addSubschema(document, pointer, this.#warn);
    const json = lookup(document, pointer);
    const resource = resourceOf(document, pointer);
    schema.version = resource.version;
    schema.resource = this.at(document, resource.pointer);
    if (schema.version >= 2020 && resource.pointer === pointer) {
      schema.dynamicAnchors = new Map(
        [...resource.anchors]
          .filter(([anchor]) => resource.dynamicAnchors.has(anchor))
          .map(([anchor, at]) => [anchor, this.at(document, at)]),
      );
    }
    if (typeof json === 'boolean') schema.bool = json;
    else if (isJsonMap(json)) {
      if (json.size === 0) schema.bool = true;
      else fillSchema(schema, new Keywords(this, document, json, pointer, resource));
    }
  }

  /** What a reference leads to; an accepting schema where that is not at hand. */
  resolve(reference: string, document: Document, from: Resource): Schema {
    const hash = reference.indexOf('#');
    const url = joinUrl(from.url, hash < 0 ? reference : reference.slice(0, hash));
    const fragment = decodeFragment(hash < 0 ? '' : reference.slice(hash + 1), reference);
    const own = url === document.url ? resourceOf(document, '') : resourceWith(document, url);
    const target = own === undefined ? this.document(url) : document;
    if (target === undefined) {
      if (!this.#warned.has(url)) {
        this.#warned.add(url);
        this.#warn(`the schema's reference to ${url} is not fetched: what it would check is not checked`);
      }
      // Nobody knows what it would have evaluated, so nothing counts as unevaluated.
      return { ...emptySchema(url), bool: true, additionalProperties: true, additionalItems: true };
    }
    const resource = own ?? resourceOf(target, '');
    if (fragment === '' || fragment.startsWith('/')) return this.at(target, resource.pointer + fragment);
    const anchor = resource.anchors.get(fragment);
    if (anchor === undefined) {
      throw new SchemaError(`anchor in "${resource.url}#${fragment}" not found in schema "${target.url}"`);
    }
    return this.at(target, anchor);
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
  const format = keywords.assertsFormat() ? keywords.text('format') : null;
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
  readonly #document: Document;
  readonly #object: ReadonlyMap<string, Json>;
  readonly #pointer: string;
  readonly #resource: Resource;

  constructor(
    compiler: Compiler,
    document: Document,
    object: ReadonlyMap<string, Json>,
    pointer: string,
    resource: Resource,
  ) {
    this.#compiler = compiler;
    this.#document = document;
    this.#object = object;
    this.#pointer = pointer;
    this.#resource = resource;
  }

  /** Formats are asserted up to draft 7 and in the metaschemas themselves; later drafts have them as notes only. */
  assertsFormat(): boolean {
    return this.#resource.version < 2019 || this.#document.url !== schemaUrl;
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
    return value === null ? null : this.#compiler.resolve(value, this.#document, this.#resource);
  }

  schema(name: string): Schema | null {
    return this.#object.has(name) ? this.#at(pointerTo(this.#pointer, name)) : null;
  }

  schemas(name: string): readonly Schema[] {
    return (this.list(name) ?? []).map((_, index) => this.#at(pointerTo(this.#pointer, name, String(index))));
  }

  schemaMap(name: string): ReadonlyMap<string, Schema> {
    const value = this.#object.get(name);
    const map = new Map<string, Schema>();
    if (isJsonMap(value)) {
      for (const key of value.keys()) map.set(key, this.#at(pointerTo(this.#pointer, name, key)));
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
      else map.set(key, this.#at(pointerTo(this.#pointer, 'dependencies', key)));
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

  #at(pointer: string): Schema {
    return this.#compiler.at(this.#document, pointer);
  }

  /** RE2 syntax as Go has it; linear over any input. */
  regex(source: string, keyword: string): RE2JS {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const url = `${this.#document.url}#${encodePointer(pointerTo(this.#pointer, keyword))}`;
      throw new SchemaError(`invalid regex ${JSON.stringify(source)} at "${url}": ${why}`);
    }
  }
}
