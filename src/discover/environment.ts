import type { Finder } from './finder.js';
import { expand } from './flags.js';
import type { Hit, Place } from './hit.js';
import { type Budget, parseJson, textField } from './json.js';
import { isProse } from './name.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { type Container, containersOf, podSpecOf, variablesOf } from './pod-spec.js';
import { readText } from './text.js';

/**
 * Images that a container is told of in its environment: `RELATED_IMAGE_X`, `X_IMAGE`, many lines in `X_IMAGES`,
 * `X_REPOSITORY` beside `X_TAG`, JSON.
 */
export const environment: Finder = {
  name: 'environment',
  *find(object, budget) {
    const pod = podSpecOf(object);
    if (pod === null) return;
    for (const container of containersOf(pod)) yield* environmentOf(container, budget);
  },
};

function* environmentOf(container: Container, budget: Budget): Generator<Hit> {
  const place: Place = { how: 'environment', role: 'none', container: container.name };
  // A variable may use those before it.
  const known = new Map<string, string>();
  const flat: Pair[] = [];
  for (const variable of variablesOf(container)) {
    if (!budget.spend(0)) return;
    const value = expand(variable.value, known);
    known.set(variable.name, value);
    if (parseJson(value) === null) flat.push({ ...variable, value });
    else yield* readText(value, variable.field, place, budget);
  }
  const own = textField(container.value, 'image') ?? '';
  const options = { place, parent: '', inherited: nothingInherited, standing: 'named', tellOpen: true } as const;
  for (const hit of readPairs(flat, options)) {
    if (hit.certainty === 'certain' || !isOwnName(hit.written, own)) yield hit;
  }
  for (const { name, value, field } of flat) {
    if (value.includes('\n') && !isProse(name)) yield* readText(value, field, place, budget);
  }
}

/** Whether a text is the container's own image without its tag: programs are told what they are, and start no such. */
function isOwnName(text: string, image: string): boolean {
  return text !== '' && text !== image && (image.startsWith(`${text}:`) || image.startsWith(`${text}@`));
}
