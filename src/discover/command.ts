import { type Argument, expand, readFlags } from './flags.js';
import { field, isList, step } from './json.js';
import type { Pair } from './parts.js';
import { type Container, variablesOf } from './pod-spec.js';

/** The flags of a container's command line, as `readFlags` tells them. */
export function flagsOf(container: Container): readonly Pair[] {
  return commandOf(container).flatMap(readFlags);
}

/** The words of command and arguments, variables resolved. */
export function commandOf(container: Container): readonly (readonly Argument[])[] {
  const variables = new Map(variablesOf(container).map((variable) => [variable.name, variable.value]));
  return (['command', 'args'] as const).map((key) => {
    const list = field(container.value, key);
    const words: Argument[] = [];
    for (const [index, item] of isList(list) ? list.entries() : []) {
      if (typeof item !== 'string') continue;
      words.push({ text: expand(item, variables), field: step(step(container.pointer, key), index) });
    }
    return words;
  });
}
