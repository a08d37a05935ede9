import type { Manifest } from '../model/index.js';
import { flagsOf } from './command.js';
import { field, isObject, limits } from './json.js';
import { objectsOf } from './objects.js';
import { readOutline } from './outline.js';
import { containersOf, podSpecOf, variablesOf } from './pod-spec.js';

/** The longest text of a ConfigMap whose keys are taken for an operator's settings. */
const longestText = 64 * 1024;

/**
 * What the programs of one render are told: flags (without their dashes), variables, keys of ConfigMaps and of the YAML
 * in them. Names that occur more than once keep their first value. Read when first asked.
 */
export class Settings {
  readonly #manifests: readonly Manifest[];
  #values: ReadonlyMap<string, string> | null = null;

  constructor(manifests: readonly Manifest[]) {
    this.#manifests = manifests;
  }

  /** The value under the first of the names that has one, else null. */
  valueOf(names: readonly string[]): string | null {
    this.#values ??= collect(this.#manifests);
    for (const name of names) {
      const value = this.#values.get(name);
      if (value !== undefined) return value;
    }
    return null;
  }
}

function collect(manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'string' || value === '' || values.size >= limits.nodes) return;
    const plain = name.replace(/^-+/, '');
    if (plain !== '' && !values.has(plain)) values.set(plain, value);
  };
  for (const manifest of manifests) {
    for (const object of objectsOf(manifest.object)) {
      const pod = podSpecOf(object);
      for (const container of pod === null ? [] : containersOf(pod)) {
        for (const flag of flagsOf(container)) add(flag.name, flag.value);
        for (const variable of variablesOf(container)) add(variable.name, variable.value);
      }
      const data = object.kind === 'ConfigMap' ? field(object.value, 'data') : undefined;
      for (const [name, value] of isObject(data) ? Object.entries(data) : []) {
        add(name, value);
        if (typeof value !== 'string' || !value.includes(': ') || value.length > longestText) continue;
        const inner = readOutline(value);
        if (isObject(inner ?? undefined)) for (const [key, one] of Object.entries(inner ?? {})) add(key, one);
      }
    }
  }
  return values;
}
