import type { JsonValue, Manifest } from '../model/index.js';
import { dig, field, isList, isObject, textField } from './json.js';
import { objectsOf } from './objects.js';

/** The definitions of custom resources that a chart carries beside its templates: asked for by kind, since few are. */
export type CarriedDefinitions = (kind: string) => readonly JsonValue[];

/**
 * What a render and its chart say of the fields of custom resources: the schemas of CustomResourceDefinitions
 * (apiextensions.k8s.io/v1 and v1beta1). Only descriptions are read; examples in them are never images.
 */
export class Definitions {
  readonly #manifests: readonly Manifest[];
  readonly #carried: CarriedDefinitions;
  readonly #schemas = new Map<string, JsonValue | null>();
  /** Those among the manifests; gathered when first asked. */
  #rendered: readonly JsonValue[] | null = null;

  constructor(manifests: readonly Manifest[], carried: CarriedDefinitions) {
    this.#manifests = manifests;
    this.#carried = carried;
  }

  /** The description of an object's field; null where nobody defines the kind or describes the field. */
  descriptionOf(apiVersion: string, kind: string, path: readonly (string | number)[]): string | null {
    const key = `${apiVersion}/${kind}`;
    const known = this.#schemas.get(key);
    const schema = known === undefined ? this.#find(apiVersion, kind) : known;
    if (known === undefined) this.#schemas.set(key, schema);
    let at: JsonValue | undefined = schema ?? undefined;
    for (const name of path) at = inside(at, name);
    return isObject(at) ? textField(at, 'description') : null;
  }

  #find(apiVersion: string, kind: string): JsonValue | null {
    const slash = apiVersion.indexOf('/');
    const [group, version] = [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
    this.#rendered ??= this.#manifests
      .filter(({ text }) => text === '' || text.includes('CustomResourceDefinition'))
      .flatMap(({ object }) => [...objectsOf(object)].map(({ value }) => value))
      .filter((value) => dig(value, 'kind') === 'CustomResourceDefinition');
    for (const one of [...this.#rendered, ...this.#carried(kind)]) {
      if (dig(one, 'kind') !== 'CustomResourceDefinition') continue;
      if (dig(one, 'spec', 'group') !== group || dig(one, 'spec', 'names', 'kind') !== kind) continue;
      const versions = dig(one, 'spec', 'versions');
      const own = isList(versions) ? versions.find((entry) => dig(entry, 'name') === version) : undefined;
      return dig(own, 'schema', 'openAPIV3Schema') ?? dig(one, 'spec', 'validation', 'openAPIV3Schema') ?? null;
    }
    return null;
  }
}

function inside(schema: JsonValue | undefined, name: string | number): JsonValue | undefined {
  if (!isObject(schema)) return undefined;
  if (typeof name === 'number') return field(schema, 'items');
  return dig(schema, 'properties', name) ?? field(schema, 'additionalProperties');
}

/**
 * Whether a description says that the field is a container's image. Its first sentence counts: the others speak of
 * images where they explain commands, policies and secrets.
 */
export function describesImage(description: string): boolean {
  const [sentence = ''] = description.slice(0, 600).split(/\.\s/, 1);
  if (!/\bimages?\b/i.test(sentence)) return false;
  if (
    /\bpull|\bpolic(?:y|ies)|\bsecrets?\b|\bcommand|\bentrypoint|\bCMD\b|\blogo|\bicon|\bavatar|\bdisk|\bmachine|\bAMI\b|\bVM\b/i.test(
      sentence,
    )
  ) {
    return false;
  }
  return (
    /\b(?:container|docker|oci|sidecar)\b.{0,60}\bimages?\b/i.test(sentence) ||
    /\bimages?\b.{0,40}\b(?:to use|to run|to deploy|to start|used|name|reference|for the)\b/i.test(sentence) ||
    /^\W*(?:the )?(?:\w+ )?image\b/i.test(sentence)
  );
}
