import type { Finder } from './finder.js';
import { isNotRun } from './not-run.js';
import { isOwnKind } from './pod-spec.js';
import { walkShape } from './shape.js';
import { readText } from './text.js';

// Bookkeeping of the API server and of whoever wrote the object: nothing that runs.
const passedOver: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * Images in objects of kinds that Kubernetes does not serve itself (Prometheus, CephCluster, Rollout, HelmRelease, …),
 * found by shape: pods' containers, `image` and its like, parts that make an image. See `walkShape`.
 */
export const customResource: Finder = {
  name: 'custom-resource',
  *find(object, budget) {
    if (isOwnKind(object) || isNotRun(object)) return;
    const rest = Object.fromEntries(Object.entries(object.value).filter(([key]) => !passedOver.has(key)));
    yield* walkShape(rest, object.pointer, {
      how: 'custom-resource',
      pointer: null,
      standing: 'named',
      tellOpen: true,
      budget,
      readText: (text, at, place) => readText(text, at, place, budget),
    });
  },
};
