import type { JsonValue } from '../model/index.js';
import { dig, field, isList, isObject, type JsonObject, step, textField } from './json.js';

/** One Kubernetes object in which images are looked for; `pointer` leads to it (items of a `List` have one). */
export interface KubeObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly value: JsonObject;
  readonly pointer: string;
}

/** The object, or the objects of a `List`, whose kind ends so by convention (API conventions, "Lists and simple kinds"). */
export function* objectsOf(value: JsonValue, pointer = '', depth = 0): Generator<KubeObject> {
  if (!isObject(value)) return;
  const kind = textField(value, 'kind') ?? '';
  const items = field(value, 'items');
  if (kind.endsWith('List') && isList(items) && depth < 10) {
    for (const [index, item] of items.entries()) yield* objectsOf(item, step(step(pointer, 'items'), index), depth + 1);
    return;
  }
  const name = dig(value, 'metadata', 'name') ?? dig(value, 'metadata', 'generateName');
  const namespace = dig(value, 'metadata', 'namespace');
  yield {
    kind,
    apiVersion: textField(value, 'apiVersion') ?? '',
    name: typeof name === 'string' ? name : '',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : null,
    value,
    pointer,
  };
}
