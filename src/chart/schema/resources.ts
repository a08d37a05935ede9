import { isJsonList, isJsonMap } from '../go-values.js';
import type { Json } from '../json.js';
import { type DraftVersion, SchemaError } from './schema.js';

/** A part of a schema document with an identity of its own (`$id`), or the document itself. */
export interface Resource {
  readonly pointer: string;
  readonly url: string;
  readonly version: DraftVersion;
  /** JSON pointers by anchor. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A schema document with its resources by JSON pointer. */
export interface Document {
  readonly url: string;
  readonly json: Json;
  readonly resources: Map<string, Resource>;
  readonly seen: Set<string>;
}

/** Where drafts keep subschemas: `*` is any key, `[]` any item. */
const places: readonly (readonly [since: DraftVersion, path: readonly string[]])[] = [
  ...'definitions/* not allOf/[] anyOf/[] oneOf/[] properties/* additionalProperties patternProperties/* items items/[] additionalItems dependencies/*'
    .split(' ')
    .map((path): readonly [DraftVersion, readonly string[]] => [4, path.split('/')]),
  [6, ['propertyNames']],
  [6, ['contains']],
  [7, ['if']],
  [7, ['then']],
  [7, ['else']],
  [2019, ['$defs', '*']],
  [2019, ['dependentSchemas', '*']],
  [2019, ['unevaluatedProperties']],
  [2019, ['unevaluatedItems']],
  [2019, ['contentSchema']],
  [2020, ['prefixItems', '[]']],
];

/** How deep schemas may lie in one another. */
const maxDepth = 500;

/** Reads where the resources and anchors of a document are. Throws SchemaError. */
export function readDocument(url: string, json: Json, warn: (text: string) => void): Document {
  const document: Document = { url, json, resources: new Map(), seen: new Set() };
  collect(document, json, url, '', 2020, warn);
  return document;
}

/** Takes in a part that lies where no draft keeps schemas, because a reference leads there. */
export function addSubschema(document: Document, pointer: string, warn: (text: string) => void): void {
  if (document.seen.has(pointer)) return;
  const base = resourceOf(document, pointer);
  collect(document, lookup(document, pointer), base.url, pointer, base.version, warn);
}

/** The resource that a pointer lies in. */
export function resourceOf(document: Document, pointer: string): Resource {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const resource = document.resources.get(at);
    if (resource !== undefined) return resource;
  }
  const root = document.resources.get('');
  if (root === undefined) throw new SchemaError(`no schema in "${document.url}"`);
  return root;
}

/** The resource of that URL, if the document has one. */
export function resourceWith(document: Document, url: string): Resource | undefined {
  for (const resource of document.resources.values()) if (resource.url === url) return resource;
  return undefined;
}

/** The value at a JSON pointer (RFC 6901). Throws SchemaError. */
export function lookup(document: Document, pointer: string): Json {
  let value = document.json;
  for (const escaped of pointer.split('/').slice(1)) {
    if (/~(?![01])/.test(escaped)) throw new SchemaError(`invalid json-pointer "${document.url}#${pointer}"`);
    const token = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    let next: Json | undefined;
    if (isJsonMap(value)) next = value.get(token);
    else if (isJsonList(value) && /^[0-9]{1,9}$/.test(token)) next = value[Number(token)];
    if (next === undefined)
      throw new SchemaError(`json-pointer in "${document.url}#${encodePointer(pointer)}" not found`);
    value = next;
  }
  return value;
}

export function pointerTo(base: string, ...tokens: readonly string[]): string {
  return base + tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A pointer as it stands in a URL. */
export function encodePointer(pointer: string): string {
  return /^[\w/.~-]*$/.test(pointer) ? pointer : pointer.split('/').map(encodeURIComponent).join('/');
}

/** Resolves a reference against a base, without its fragment; the reference itself where neither is a URL. */
export function joinUrl(base: string, reference: string): string {
  if (reference === '') return base;
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

/** The draft of a `$schema`, or null for one that is not known. */
export function draftOf(url: string): DraftVersion | null {
  switch (url.replace(/#$/, '').replace(/^https?:\/\//, '')) {
    case 'json-schema.org/schema':
    case 'json-schema.org/draft/2020-12/schema':
      return 2020;
    case 'json-schema.org/draft/2019-09/schema':
      return 2019;
    case 'json-schema.org/draft-07/schema':
      return 7;
    case 'json-schema.org/draft-06/schema':
      return 6;
    case 'json-schema.org/draft-04/schema':
      return 4;
    default:
      return null;
  }
}

function collect(
  document: Document,
  json: Json,
  baseUrl: string,
  pointer: string,
  fallback: DraftVersion,
  warn: (text: string) => void,
): void {
  if (document.seen.has(pointer)) return;
  document.seen.add(pointer);
  if (pointer.split('/').length > maxDepth) throw new SchemaError(`schema is nested too deep at "${pointer}"`);
  if (!isJsonMap(json)) {
    if (pointer === '') document.resources.set('', newResource('', baseUrl, fallback));
    return;
  }
  let version = statedDraft(json, fallback, warn);
  let id = idOf(json, version);
  if (id === '' && pointer !== '') {
    version = fallback;
    id = idOf(json, version);
  }
  let url = baseUrl;
  if (id !== '') url = joinUrl(baseUrl, id);
  if (id !== '' || pointer === '') {
    for (const other of document.resources.values()) {
      if (other.url === url && other.pointer !== pointer) {
        throw new SchemaError(`duplicate id "${url}" in "${document.url}" at "${pointer}" and "${other.pointer}"`);
      }
    }
    document.resources.set(pointer, newResource(pointer, url, version));
  }
  const resource = resourceWith(document, url) ?? resourceOf(document, pointer);
  collectAnchors(document, json, pointer, resource);
  for (const [since, path] of places) {
    if (since > version || !json.has(path[0] ?? '')) continue;
    for (const [below, child] of walk(json, path, pointer))
      collect(document, child, url, below, resource.version, warn);
  }
}

function* walk(json: Json, path: readonly string[], pointer: string): Generator<readonly [string, Json]> {
  const [first, ...rest] = path;
  if (first === undefined) yield [pointer, json];
  else if (first === '*') {
    if (isJsonMap(json)) for (const [key, value] of json) yield* walk(value, rest, pointerTo(pointer, key));
  } else if (first === '[]') {
    if (isJsonList(json)) for (const [i, value] of json.entries()) yield* walk(value, rest, `${pointer}/${i}`);
  } else if (isJsonMap(json)) {
    const value = json.get(first);
    if (value !== undefined) yield* walk(value, rest, pointerTo(pointer, first));
  }
}

function statedDraft(
  json: ReadonlyMap<string, Json>,
  fallback: DraftVersion,
  warn: (text: string) => void,
): DraftVersion {
  const stated = json.get('$schema');
  if (typeof stated !== 'string') return fallback;
  const version = draftOf(stated);
  if (version === null) warn(`the schema's own $schema ${stated} is not fetched; it is read as draft 2020-12`);
  return version ?? fallback;
}

/** The id without its fragment; beside a `$ref` it counts only since 2019-09. */
function idOf(json: ReadonlyMap<string, Json>, version: DraftVersion): string {
  if (version < 2019 && json.has('$ref')) return '';
  const id = json.get(version === 4 ? 'id' : '$id');
  return typeof id === 'string' ? (id.split('#', 1)[0] ?? '') : '';
}

function collectAnchors(
  document: Document,
  json: ReadonlyMap<string, Json>,
  pointer: string,
  resource: Resource,
): void {
  const add = (anchor: string): void => {
    const known = resource.anchors.get(anchor);
    if (known !== undefined && known !== pointer) {
      throw new SchemaError(`duplicate anchor "${anchor}" in "${document.url}" at "${known}" and "${pointer}"`);
    }
    resource.anchors.set(anchor, pointer);
  };
  if (resource.version < 2019) {
    if (json.has('$ref')) return;
    const id = json.get(resource.version === 4 ? 'id' : '$id');
    const fragment = typeof id === 'string' && id.includes('#') ? id.slice(id.indexOf('#') + 1) : '';
    if (fragment !== '' && !fragment.startsWith('/')) add(fragment);
    return;
  }
  const anchor = json.get('$anchor');
  if (typeof anchor === 'string') add(anchor);
  const dynamic = json.get('$dynamicAnchor');
  if (resource.version >= 2020 && typeof dynamic === 'string') {
    add(dynamic);
    resource.dynamicAnchors.add(dynamic);
  }
}

function newResource(pointer: string, url: string, version: DraftVersion): Resource {
  return { pointer, url, version, anchors: new Map(), dynamicAnchors: new Set() };
}
