import type { Cause, Dig } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as, type Span } from './paint.js';
import { useText } from './why-parts.js';

/** Values by path, or by the path of the map around them: which images each decides, and what else moves with it. */
export function valuesNamed(dig: Pick<Dig, 'uses'>, query: string): readonly Branch[] {
  const paths = new Set<string>();
  for (const use of dig.uses) {
    for (const cause of use.causes) {
      if (cause.path !== null && (cause.path === query || cause.path.startsWith(`${query}.`))) paths.add(cause.path);
    }
  }
  return [...paths].sort().map((path) =>
    branch(
      ['value ', as('name', path)],
      dig.uses.flatMap((use) =>
        use.causes
          .filter((cause) => cause.path === path)
          .map((cause) => branch([as('name', use.image), ' '], [branch(useText(use)), causeBranch(cause)])),
      ),
    ),
  );
}

/**
 * `tag from grafana.image.tag = 7.2.1 (the default), values.yaml:12, tried by rendering again`, and below it what to give
 * to Helm, with what came of it and what moves besides.
 */
export function causeBranch(cause: Cause): Branch {
  const part = cause.part === 'whole' ? 'the whole' : cause.part;
  const place = cause.file === null ? '' : `${cause.file}${cause.line === null ? '' : `:${cause.line}`}`;
  const text: Span[] = [part];
  if (cause.from === 'template') text.push(' fixed in the template');
  else if (cause.from === 'value') {
    text.push(cause.value === null ? ' would be set by ' : ' from ', as('value', cause.path ?? ''));
  } else text.push(` from ${cause.from}`);
  if (cause.value !== null && cause.from !== 'template') text.push(' = ', as('value', cause.value));
  if (cause.from === 'value')
    text.push(cause.value === null ? ' (not set)' : cause.default ? ' (the default)' : ' (given)');
  if (place !== '') text.push(`, ${place}`);
  text.push(triedWords(cause));
  const { override } = cause;
  const below: Branch[] = [];
  if (override !== null) {
    const set = `${override.option} ${shellWord(override.argument)}`;
    below.push(branch(['override ', as('value', set), as('quiet', ` gives ${override.gives}`)]));
    const lines = override.values?.trimEnd().split('\n') ?? [];
    if (lines.length > 0)
      below.push(
        branch(
          ['as values'],
          lines.map((line) => branch([as('value', keepIndent(line))])),
        ),
      );
  }
  const others = cause.alsoMoves.flatMap((image, index): Span[] => [index === 0 ? '' : ', ', as('name', image)]);
  if (others.length > 0) below.push(branch(['also moves ', ...others]));
  return branch(text, below);
}

/** Drawing takes several spaces for one. */
function keepIndent(line: string): string {
  return line.replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length));
}

function triedWords(cause: Cause): Span {
  if (cause.from === 'template') {
    return cause.verified ? as('good', ', no value is read for it') : as('missing', ', no value was seen to move it');
  }
  if (cause.verified) return as('good', ', tried by rendering again');
  return cause.override === null
    ? as('missing', ', not tried')
    : as('good', ', tried together with what the chart wants');
}

/** A word as a shell takes it (POSIX, "Quoting"). */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
