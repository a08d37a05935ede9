import type { Cause, Dig } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as, type Span } from './paint.js';
import { useText } from './why-parts.js';

/** Values by path, or by the path of the map around them: which images each decides, and what else moves with it. */
export function valuesNamed(dig: Dig, query: string): readonly Branch[] {
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

/** `tag from grafana.image.tag = 7.2.1 (default), values.yaml:12, tried by rendering again`. */
export function causeBranch(cause: Cause): Branch {
  const part = cause.part === 'whole' ? 'the whole' : cause.part;
  const from = cause.from === 'value' ? '' : `${cause.from} `;
  const place = cause.file === null ? '' : `, ${cause.file}${cause.line === null ? '' : `:${cause.line}`}`;
  const text: Span[] = [`${part} from ${from}`];
  if (cause.path !== null) text.push(as('value', cause.path));
  if (cause.value !== null) text.push(' = ', as('value', cause.value));
  text.push(`${cause.default ? ' (the default)' : ' (given)'}${place}`);
  text.push(cause.verified ? as('good', ', tried by rendering again') : as('missing', ', not tried'));
  return branch(
    text,
    cause.alsoMoves.map((image) => branch(['also moves ', as('name', image)])),
  );
}
