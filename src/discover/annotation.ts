import type { Finder, Hit } from './finder.js';
import { hitOf, type Place } from './hit.js';
import { dig, isObject, type JsonObject, step } from './json.js';
import { namesImage } from './name.js';
import { podSpecOf } from './pod-spec.js';
import { readValue } from './value.js';

const place: Place = { how: 'annotation', role: 'none', container: null };

/** Images in annotations, by which injectors are told what to put into a pod (`sidecar.istio.io/proxyImage`). */
export const annotation: Finder = {
  name: 'annotation',
  *find(object) {
    const own = dig(object.value, 'metadata', 'annotations');
    if (isObject(own)) yield* inAnnotations(own, step(step(object.pointer, 'metadata'), 'annotations'));
    const pod = podSpecOf(object);
    const inner = pod?.metadata == null ? undefined : dig(pod.metadata, 'annotations');
    if (pod === null || !isObject(inner) || inner === own) return;
    const template = pod.pointer.slice(0, -'/spec'.length);
    yield* inAnnotations(inner, step(step(template, 'metadata'), 'annotations'));
  },
};

function* inAnnotations(annotations: JsonObject, pointer: string): Generator<Hit> {
  for (const [name, value] of Object.entries(annotations)) {
    const last = name.slice(name.indexOf('/') + 1);
    if (typeof value !== 'string' || !namesImage(last)) continue;
    for (const hit of readValue(value, 'strict')) yield hitOf(hit, step(pointer, name), place);
  }
}
