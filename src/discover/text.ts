import { readFlags, shellWords } from './flags.js';
import type { Hit, Place } from './hit.js';
import { type Budget, parseJson } from './json.js';
import { mayHoldImage } from './may-hold.js';
import { namesImage } from './name.js';
import { readOutline } from './outline.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { walkShape } from './shape.js';

/** How deep text may lie in text: values in a Secret, a template in the values, … */
const deepest = 4;
const mostLines = 60_000;
const longestLine = 4096;
const longestQuoting = 65_536;
const mostDocuments = 1000;

/**
 * Images in configuration text: JSON, block YAML (see `readOutline`), `name = value` and `NAME=value` lines, flags.
 *
 * Only forms that are certain count: below a name that says image a reference with a tag, a digest or a registry;
 * below any other name a registry, a path and a tag or digest together. All hits carry `field`.
 */
export function readText(text: string, field: string, place: Place, budget: Budget, depth = 0): readonly Hit[] {
  if (depth > deepest || budget.spent || !mayHoldImage(text)) return [];
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
  const hits: Hit[] = [];
  for (const document of documentsOf(text)) {
    const outline = readOutline(document);
    if (outline !== null) hits.push(...walkShape(outline, field, options));
  }
  const rest = { place, parent: '', inherited: nothingInherited, tellOpen: false } as const;
  // In TOML a quoted value under the name of an image needs no tag to be one (gitlab-runner: image = "alpine").
  const standing = isToml(text) ? 'named' : 'strict';
  hits.push(...readPairs(properties(text, field, budget), { ...rest, standing }));
  hits.push(...readPairs(quoted(text, field, budget), { ...rest, standing: 'strict' }));
  return hits;
}

function documentsOf(text: string): readonly string[] {
  return text.includes('\n---') ? text.split(/^---(?:[ \t].*)?$/m, mostDocuments) : [text];
}

function isToml(text: string): boolean {
  return /^[ \t]*\[\[?[\w."-]{1,200}\]\]?[ \t]*$/m.test(text);
}

/** What stands in quotation marks or an element under the name of an image in any language: Groovy, HCL, XML, JSON5. */
function quoted(text: string, field: string, budget: Budget): readonly Pair[] {
  if (!/im(?:age|g)/i.test(text)) return [];
  const pairs: Pair[] = [];
  let count = 0;
  for (const line of text.split('\n')) {
    if (++count > mostLines || !budget.spend(0)) break;
    if (line.length > longestQuoting || isComment(line.trimStart())) continue;
    for (const [, name = '', , value = ''] of line.matchAll(assignment)) {
      if (namesImage(name)) pairs.push({ name, value, field });
    }
    for (const [, name = '', value = ''] of line.matchAll(element)) {
      if (namesImage(name)) pairs.push({ name, value, field });
    }
  }
  return pairs;
}

const assignment = /(?<![\w.-])([A-Za-z_][\w.-]{0,127})["']?[ \t]{0,4}[:=][ \t]{0,4}(["'])([^"'\s]{1,512})\2/g;
const element = /<([A-Za-z_][\w.:-]{0,127})>([^<>\s]{1,512})<\//g;

function isComment(line: string): boolean {
  return /^(?:#|;|\/\/|\*|<!--)/.test(line);
}

/** Lines `name = value`, `NAME=value`, `--flag=value` and `--flag value` as pairs; comments are left out. */
function properties(text: string, field: string, budget: Budget): readonly Pair[] {
  const pairs: Pair[] = [];
  let count = 0;
  for (const raw of text.split('\n')) {
    if (++count > mostLines || !budget.spend(0)) break;
    const line = raw.trim().replace(/,$/, '');
    if (line.length > longestLine || isComment(line) || !/[=-]/.test(line)) continue;
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
