import type { JsonValue } from '../model/index.js';
import { readCandidate, troubleOf } from './candidate.js';
import type { Finder } from './finder.js';
import { type Hit, type Place, troubleHit } from './hit.js';
import { dig, field, isList, isObject, step, textField } from './json.js';
import { containersOf, podSpecOf } from './pod-spec.js';

/**
 * The images of pods: containers of all three kinds and image volumes. A container without an image, or with text that
 * is no reference, is a hit all the same: nothing of it could run.
 */
export const workload: Finder = {
  name: 'workload',
  beyondText: true,
  *find(object) {
    const pod = podSpecOf(object);
    if (pod === null) return;
    for (const container of containersOf(pod)) {
      const place: Place = { how: 'workload', role: container.role, container: container.name };
      yield imageOf(field(container.value, 'image'), step(container.pointer, 'image'), place);
    }
    const volumes = field(pod.spec, 'volumes');
    if (!isList(volumes)) return;
    for (const [index, volume] of volumes.entries()) {
      // KEP-4639: a volume whose files are an image's.
      const reference = dig(volume, 'image', 'reference');
      if (reference === undefined || !isObject(volume)) continue;
      const at = step(step(step(step(pod.pointer, 'volumes'), index), 'image'), 'reference');
      yield imageOf(reference, at, { how: 'workload', role: 'volume', container: textField(volume, 'name') });
    }
  },
};

function imageOf(value: JsonValue | undefined, at: string, place: Place): Hit {
  const written = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  const candidate = readCandidate(written);
  if (candidate === null) return troubleHit('bad-reference', troubleOf(written), written, at, place);
  const hit = { ...place, field: at, written, image: candidate.image };
  if (written === 'auto') {
    // Istio's injection templates replace it when the pod is made; the chart does not know by what.
    const against = ['the image "auto" is filled in by a sidecar injector'];
    const detail = 'the image "auto" is filled in by a sidecar injector when the pod is made';
    return { ...hit, certainty: 'likely', against, trouble: { reason: 'undecided', detail } };
  }
  return { ...hit, certainty: 'certain', against: [], trouble: null };
}
