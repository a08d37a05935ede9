import { fromJson, isJsonMap } from '../go-values.js';
import { parseJson } from '../json.js';
import { commonSchema, isCommonSchema } from './common-schema.js';
import { fillSchema, type SchemaPlace } from './keywords.js';
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
import { type DraftVersion, emptySchema, type Schema, SchemaError } from './schema.js';
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
  const json = parseJson(text);
  if (isCommonSchema(json)) return commonSchema(json, schemaUrl);
  const document = readDocument(schemaUrl, json, warn);
  compiler.add(document);
  checkAgainstMeta(compiler, document, '');
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
      else fillSchema(schema, json, this.#place(document, pointer, resource));
    }
  }

  #place(document: Document, pointer: string, resource: Resource): SchemaPlace {
    const { url } = document;
    const at = (where: string): Schema => this.at(document, where);
    return {
      url,
      pointer,
      assertsFormat: resource.version < 2019 || url !== schemaUrl,
      at,
      resolve: (reference) => this.resolve(reference, document, resource),
      byName: (base, json) => new Map([...json.keys()].map((key) => [key, at(pointerTo(base, key))])),
    };
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
