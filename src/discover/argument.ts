import { commandOf } from './command.js';
import type { Finder } from './finder.js';
import { readFlags } from './flags.js';
import type { Hit, Place } from './hit.js';
import { type Budget, parseJson } from './json.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { type Container, containersOf, podSpecOf } from './pod-spec.js';
import { readText } from './text.js';

/**
 * Images that a container is told of in its command line: operators are given the images of what they will start
 * (`--prometheus-config-reloader=`, `--executor-image X`, three flags in one `sh -ec` text, JSON in a flag).
 */
export const argument: Finder = {
  name: 'argument',
  *find(object, budget) {
    const pod = podSpecOf(object);
    if (pod === null) return;
    for (const container of containersOf(pod)) yield* argumentsOf(container, budget);
  },
};

function* argumentsOf(container: Container, budget: Budget): Generator<Hit> {
  const place: Place = { how: 'argument', role: 'none', container: container.name };
  const lists = commandOf(container).map((words) => words.filter(() => budget.spend(0)));
  const pairs = lists.flatMap(readFlags);
  const flat: Pair[] = [];
  for (const pair of pairs) {
    if (parseJson(pair.value) === null) flat.push(pair);
    else yield* readText(pair.value, pair.field, place, budget);
  }
  yield* readPairs(flat, { place, parent: '', inherited: nothingInherited, standing: 'named', tellOpen: false });
  // A script may write configuration (`cat <<EOF`), and an argument may be all of it.
  for (const { text, field: at } of lists.flat()) {
    if (text.includes('\n')) yield* readText(text, at, place, budget);
  }
}
