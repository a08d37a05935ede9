import type { Hit } from './finder.js';
import { readFlags, shellWords } from './flags.js';
import type { Place } from './hit.js';
import { type Budget, parseJson } from './json.js';
import { readOutline } from './outline.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { walkShape } from './shape.js';

/** How deep text may lie in text: values in a Secret, a template in the values, … */
const deepest = 4;
const mostLines = 60_000;
const longestLine = 4096;

/**
 * Images in configuration text: JSON, block YAML (see `readOutline`), `name = value` and `NAME=value` lines, flags.
 *
 * Only forms that are certain count: below a name that says image a reference with a tag, a digest or a registry;
 * below any other name a registry, a path and a tag or digest together. All hits carry `field`.
 */
export function readText(text: string, field: string, place: Place, budget: Budget, depth = 0): readonly Hit[] {
  if (depth > deepest || budget.spent) return [];
  const options = {
    how: place.how,
    pointer: field,
    standing: 'strict',
    tellOpen: false,
    budget,
    readText: (inner: string, at: string, where: Place) => readText(inner, at, where, budget, depth + 1),
  } as const;
  const json = parseJson(text);
  if (json !== null) return [...walkShape(json, field, options)];
  const outline = readOutline(text);
  const hits = outline === null ? [] : [...walkShape(outline, field, options)];
  const rest = { place, parent: '', inherited: nothingInherited, standing: 'strict', tellOpen: false } as const;
  return [...hits, ...readPairs(properties(text, field, budget), rest)];
}

/** Lines `name = value`, `NAME=value`, `--flag=value` and `--flag value` as pairs; comments are left out. */
function properties(text: string, field: string, budget: Budget): readonly Pair[] {
  const pairs: Pair[] = [];
  let count = 0;
  for (const raw of text.split('\n')) {
    if (++count > mostLines || !budget.spend(0)) break;
    const line = raw.trim().replace(/,$/, '');
    if (line.length > longestLine || /^(#|;|\/\/|\*)/.test(line) || !/[=-]/.test(line)) continue;
    const assigned = /^(?:export )?([A-Za-z_][\w.-]{0,127}) ?= ?(\S.*)$/.exec(line);
    if (assigned !== null) {
      const [, name = '', value = ''] = assigned;
      pairs.push({ name, value: value.replace(/^["'](.*)["']$/, '$1'), field });
    } else if (/(^|\s)-{1,2}[a-z]/.test(line) || line.includes('=')) {
      pairs.push(...readFlags(shellWords(line).map((word) => ({ text: word, field }))));
    }
  }
  return pairs;
}
