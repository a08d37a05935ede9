import type { JsonValue } from '../model/index.js';
import { judgeNamed } from './candidate.js';
import { describesImage } from './definitions.js';
import type { Finder } from './finder.js';
import { hitOf, type Place } from './hit.js';
import { type Budget, isList, isObject, step } from './json.js';
import { isProse, namesImage, wordsOf } from './name.js';
import { isNotRun } from './not-run.js';
import { isOwnKind } from './pod-spec.js';

const place: Place = { how: 'custom-resource', role: 'none', container: null };

/**
 * Images in fields of custom resources whose name does not say image, and whose description does: in the definitions
 * that the chart carries. Before a definition is read a value has to look like an image, so most objects cost nothing.
 */
export const documented: Finder = {
  name: 'documented',
  *find(object, budget, context) {
    if (isOwnKind(object) || isNotRun(object)) return;
    for (const leaf of leavesOf(object.value, [], object.pointer, budget)) {
      // Definitions are the largest texts of many a chart: what is no reference is not worth reading them.
      const verdict = judgeNamed(leaf.value);
      if (verdict === null) continue;
      const description = context.definitions.descriptionOf(object.apiVersion, object.kind, leaf.path);
      if (description === null || !describesImage(description)) continue;
      yield hitOf({ written: leaf.value, verdict }, leaf.pointer, place);
    }
  },
};

interface Leaf {
  readonly path: readonly (string | number)[];
  readonly pointer: string;
  readonly value: string;
}

// What the API server keeps, and the parts of an image, which are joined where they stand together.
const passedOver: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
/** Where pods may run, in the shape that Kubernetes gives it: keys of labels look like images. */
const placement: ReadonlySet<string> = new Set([
  'affinity',
  'labelSelector',
  'matchExpressions',
  'matchLabels',
  'nodeSelector',
  'tolerations',
  'topologySpreadConstraints',
]);
const parts: ReadonlySet<string> = new Set([
  'repository',
  'repo',
  'registry',
  'tag',
  'digest',
  'sha',
  'version',
  'hub',
]);

function* leavesOf(
  value: JsonValue,
  path: readonly (string | number)[],
  pointer: string,
  budget: Budget,
): Generator<Leaf> {
  if (!budget.spend(path.length)) return;
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      yield* leavesOf(item, [...path, index], step(pointer, index), budget);
    }
    return;
  }
  if (!isObject(value)) {
    const name = path.findLast((one) => typeof one === 'string') ?? '';
    if (typeof value !== 'string' || !mayBeImage(value) || namesImage(name) || parts.has(wordsOf(name).at(-1) ?? '')) {
      return;
    }
    yield { path, pointer, value };
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    if ((path.length === 0 && passedOver.has(name)) || placement.has(name) || isProse(name)) continue;
    yield* leavesOf(child, [...path, name], step(pointer, name), budget);
  }
}

/** A path or a tag, and nothing that a reference cannot hold. */
function mayBeImage(text: string): boolean {
  return text.length <= 512 && /^[\w][\w.:/@-]*$/.test(text) && /[/:]/.test(text) && !text.includes('//');
}
