import type { RenderChartOptions } from '../../src/chart/index.js';
import type { JsonValue } from '../../src/model/index.js';
import type { Random } from '../fuzz/random.js';

/** What is given to a chart that its defaults do not say, and how it is rendered. */
export interface Change {
  readonly values: { readonly [key: string]: JsonValue };
  readonly settings: Partial<RenderChartOptions>;
}

type Table = { [key: string]: JsonValue };

/** Where something stands among the values: names of tables. */
type Path = readonly string[];

const isTable = (value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All places in the values of a chart, tables and what is in them. */
export function placesIn(values: JsonValue, path: Path = []): readonly Path[] {
  if (!isTable(values) || path.length > 8) return [];
  return Object.entries(values).flatMap(([key, value]) => [[...path, key], ...placesIn(value, [...path, key])]);
}

/**
 * Makes one change after the other of the values of a chart: names, switches, tags, things put in and taken away, at
 * places that the defaults have and others; now and then of the release, the cluster or the templates that are asked for.
 */
export class Changes {
  readonly #random: Random;
  readonly #defaults: JsonValue;
  readonly #places: readonly Path[];
  readonly #templates: readonly string[];
  #given: Table = {};

  constructor(random: Random, defaults: JsonValue, templates: readonly string[]) {
    this.#random = random;
    this.#defaults = defaults;
    this.#places = placesIn(defaults);
    this.#templates = templates;
  }

  next(): Change {
    const random = this.#random;
    // Some changes lie upon each other, some stand alone, some are taken back.
    if (random.chance(0.4)) this.#given = {};
    const count = random.chance(0.15) ? 0 : random.between(1, 3);
    for (let i = 0; i < count; i++) this.#change();
    return { values: structuredClone(this.#given), settings: this.#settings() };
  }

  #settings(): Partial<RenderChartOptions> {
    const random = this.#random;
    return {
      ...(random.chance(0.1) ? { name: random.pick(['other', 'rel2']) } : {}),
      ...(random.chance(0.05) ? { namespace: 'elsewhere' } : {}),
      ...(random.chance(0.05) ? { isUpgrade: true } : {}),
      ...(random.chance(0.1) ? { kubeVersion: random.pick(['1.21.0', '1.29.3']) } : {}),
      ...(random.chance(0.1) ? { apiVersions: ['monitoring.coreos.com/v1'] } : {}),
      ...(random.chance(0.1) && this.#templates.length > 0 ? { only: [random.pick(this.#templates)] } : {}),
      ...(random.chance(0.05) ? { noHooks: true } : {}),
    };
  }

  #change(): void {
    const random = this.#random;
    const kind = random.below(10);
    const path = this.#places.length === 0 ? ['own'] : random.pick(this.#places);
    if (kind === 0) this.#put([random.pick(['fullnameOverride', 'nameOverride'])], random.pick(['a', 'b-c', '']));
    else if (kind === 1) {
      this.#put(['global', random.pick(['imageRegistry', 'other'])], random.pick(['r.example', null]));
    } else if (kind === 2) {
      this.#put([...path.slice(0, -1), random.pick(['added', 'enabled', 'tag'])], this.#value(true));
    } else this.#put(path, this.#value(this.#valueAt(path)));
  }

  #valueAt(path: Path): JsonValue | undefined {
    let value: JsonValue | undefined = this.#defaults;
    for (const key of path) value = isTable(value) ? value[key] : undefined;
    return value;
  }

  /** Another value, most often of the same kind. */
  #value(old: JsonValue | undefined): JsonValue {
    const random = this.#random;
    if (random.chance(0.1)) return random.pick<JsonValue>([null, 'text', 7, 1.5, true, [], {}, ['x'], [{ name: 'x' }]]);
    if (typeof old === 'boolean') return !old;
    if (typeof old === 'number') return old + random.between(1, 2);
    if (typeof old === 'string') return random.pick([`${old}x`, 'v2', '{{ .Release.Name }}', '']);
    if (Array.isArray(old))
      return random.pick<JsonValue>([[], [...old, { name: 'more', value: 'x' }], [...old, 'more']]);
    if (isTable(old)) return random.pick<JsonValue>([{ more: 'x' }, { ...old, more: { inner: 1 } }]);
    return random.pick<JsonValue>(['text', { a: 'b' }, ['c'], 3, true]);
  }

  #put(path: Path, value: JsonValue): void {
    let table = this.#given;
    for (const key of path.slice(0, -1)) {
      const inner = table[key];
      const next: Table = isTable(inner) ? { ...inner } : {};
      table[key] = next;
      table = next;
    }
    const last = path.at(-1);
    if (last !== undefined) table[last] = value;
  }
}
