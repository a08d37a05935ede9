import type { Finder } from './finder.js';
import type { Hit, Place } from './hit.js';
import { dig, isObject, type JsonObject, step } from './json.js';
import { namesImage } from './name.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { podSpecOf } from './pod-spec.js';

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

// What these list is a claim about the whole chart, to be compared with what was found.
const claims: ReadonlySet<string> = new Set(['artifacthub.io/images', 'helm.sh/images', 'images']);

function* inAnnotations(annotations: JsonObject, pointer: string): Generator<Hit> {
  const pairs: Pair[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    const name = key.slice(key.indexOf('/') + 1);
    if (typeof value !== 'string' || claims.has(key) || !isAboutImage(name)) continue;
    pairs.push({ name, value, field: step(pointer, key) });
  }
  yield* readPairs(pairs, { place, parent: '', inherited: nothingInherited, standing: 'strict', tellOpen: false });
}

/** An image, or what may be the tag of one (`proxy-image`, `proxy-version`). */
function isAboutImage(name: string): boolean {
  return namesImage(name) || /image|version$/i.test(name);
}
