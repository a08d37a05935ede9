import type { JsonValue, Role } from '../model/index.js';
import { type Argument, readFlags } from './flags.js';
import { type Hit, hitOf, type Place } from './hit.js';
import { type Budget, field, isList, isObject, type JsonObject, step, textField } from './json.js';
import { isProse, namesImage, namesImages } from './name.js';
import { nothingInherited, readPairs } from './pairs.js';
import { type Inherited, type Pair, scalarText } from './parts.js';
import { readValue } from './value.js';

export interface ShapeOptions {
  readonly how: Place['how'];
  /** Set where every hit has one pointer: the value lies inside a string. */
  readonly pointer: string | null;
  readonly standing: 'named' | 'strict';
  readonly tellOpen: boolean;
  readonly budget: Budget;
  /** Reads a string that holds text or JSON of its own. */
  readonly readText: (text: string, field: string, place: Place) => Iterable<Hit>;
}

interface Around {
  readonly parent: string;
  readonly pointer: string;
  readonly depth: number;
  readonly inherited: Inherited;
  readonly role: Role;
  readonly container: string | null;
}

const roles: Readonly<Record<string, Role>> = {
  containers: 'container',
  sidecars: 'container',
  initContainers: 'init',
  ephemeralContainers: 'ephemeral',
};

// Fields of an entry of `images` that are no image by themselves: parts of one, and patterns that policies match.
const partNames: ReadonlySet<string> = new Set([
  'repository',
  'registry',
  'tag',
  'digest',
  'sha',
  'name',
  'newName',
  'glob',
  'pattern',
  'regex',
]);

/**
 * Images in an object of which only the shape is known (a custom resource, JSON in a string): `image`, `repository` +
 * `tag`, `hub` + `tag` above an `image`, lists of `{name, value}`, arguments of containers, `kind: DockerImage`.
 *
 * Fields named `description` and schemas are passed over: what stands there are examples.
 */
export function walkShape(value: JsonValue, pointer: string, options: ShapeOptions): Generator<Hit> {
  return walk(
    value,
    { parent: '', pointer, depth: 0, inherited: nothingInherited, role: 'none', container: null },
    options,
  );
}

function* walk(value: JsonValue, around: Around, options: ShapeOptions): Generator<Hit> {
  if (!options.budget.spend(around.depth)) return;
  if (isList(value)) yield* walkList(value, around, options);
  else if (isObject(value)) yield* walkObject(value, around, options);
}

function* walkObject(object: JsonObject, around: Around, options: ShapeOptions): Generator<Hit> {
  const container = around.role === 'none' ? around.container : (textField(object, 'name') ?? around.container);
  const place: Place = { how: options.how, role: around.role, container };
  const inherited = inherit(object, around.inherited);
  const pairs: Pair[] = [];
  for (const [name, child] of Object.entries(object)) {
    const text = scalarText(child);
    if (text === null || isProse(name)) continue;
    const at = options.pointer ?? step(around.pointer, name);
    if (isLong(text)) {
      // Values for another chart, a pod's template, a program's configuration.
      yield* options.readText(text, at, { ...place, role: 'none', container: null });
      continue;
    }
    // images: {operator: registry.example/operator:1.2}
    const listed = namesImages(around.parent) && /[/:]/.test(text) && !partNames.has(name);
    pairs.push({ name: listed ? 'image' : name, value: text, field: at });
  }
  if (textField(object, 'kind') === 'DockerImage') {
    // OpenShift: ImageStream tags and build configurations name images by reference (image/v1, core/v1 ObjectReference).
    const name = textField(object, 'name') ?? '';
    for (const hit of readValue(name, 'named'))
      yield hitOf(hit, options.pointer ?? step(around.pointer, 'name'), place);
  }
  const { tellOpen } = options;
  // The image of an entry of `containers` is one, however short.
  const standing = around.role === 'none' ? options.standing : 'named';
  yield* readPairs(pairs, { place, parent: around.parent, inherited, standing, tellOpen });
  for (const [name, child] of Object.entries(object)) {
    if (isProse(name) || typeof child !== 'object' || child === null) continue;
    const role = isList(child) ? (roles[name] ?? (name === 'env' ? around.role : 'none')) : 'none';
    const inner = role === 'none' && name !== 'args' && name !== 'command' && name !== 'env' ? null : container;
    yield* walk(
      child,
      { parent: name, pointer: step(around.pointer, name), depth: around.depth + 1, inherited, role, container: inner },
      options,
    );
  }
}

function* walkList(list: readonly JsonValue[], around: Around, options: ShapeOptions): Generator<Hit> {
  const place: Place = { how: options.how, role: 'none', container: around.container };
  const at = (index: number): string => options.pointer ?? step(around.pointer, index);
  const { standing, tellOpen } = options;
  const rest = { place, parent: around.parent, inherited: around.inherited, standing, tellOpen };
  const pairs = namedValues(list, at);
  if (pairs !== null) {
    const how = options.how === 'custom-resource' && around.parent === 'env' ? 'environment' : options.how;
    yield* readPairs(pairs, { ...rest, place: { ...place, how } });
    return;
  }
  const words: Argument[] = [];
  for (const [index, item] of list.entries()) {
    if (typeof item === 'string') {
      if (namesImage(around.parent)) for (const hit of readValue(item, standing)) yield hitOf(hit, at(index), place);
      else words.push({ text: item, field: at(index) });
      continue;
    }
    yield* walk(item, { ...around, pointer: step(around.pointer, index), depth: around.depth + 1 }, options);
  }
  if (words.length === 0) return;
  const how = options.how === 'custom-resource' && isArguments(around.parent) ? 'argument' : options.how;
  yield* readPairs(readFlags(words), { ...rest, place: { ...place, how } });
}

function isArguments(parent: string): boolean {
  return parent === 'args' || parent === 'command';
}

/** A list of `{name, value}` (variables of a container, parameters of a chart) as pairs; null for any other list. */
function namedValues(list: readonly JsonValue[], at: (index: number) => string): readonly Pair[] | null {
  const pairs: Pair[] = [];
  for (const [index, item] of list.entries()) {
    if (!isObject(item)) return null;
    const name = textField(item, 'name');
    const value = scalarText(field(item, 'value'));
    if (name === null || (value === null && field(item, 'valueFrom') === undefined)) return null;
    if (value !== null) pairs.push({ name, value, field: at(index).replace(/(\/\d+)$/, '$1/value') });
  }
  return pairs.length === 0 ? null : pairs;
}

function inherit(object: JsonObject, above: Inherited): Inherited {
  const hub = textField(object, 'hub');
  const tag = scalarText(field(object, 'tag'));
  const version = textField(object, 'version');
  return {
    hub: hub === null || hub === '' ? above.hub : hub,
    tag: tag === null || tag === '' ? above.tag : tag,
    version: version === null || version === '' ? above.version : version,
  };
}

function isLong(text: string): boolean {
  return text.includes('\n') || /^[{[](?!\{)/.test(text);
}
