import type { Cause, ImageUse } from '../model/index.js';
import { as, type Span, type Text } from './paint.js';

/**
 * What decides the image of a use, as the end of its line: ` ← grafana.image.{repository,tag}`; a cause that was not
 * tried by rendering again has a question mark. Empty where nothing is known.
 */
export function causeText(use: ImageUse): Text {
  if (use.causes.length === 0) return [];
  const spans: Span[] = [' ←\u00a0'];
  for (const [index, words] of causeWords(use.causes).entries()) {
    if (index > 0) spans.push(', ');
    spans.push(as('value', words));
  }
  return spans;
}

function causeWords(causes: readonly Cause[]): readonly string[] {
  const words: string[] = [];
  const byParent = new Map<string, string[]>();
  for (const cause of causes) {
    const doubt = cause.verified ? '' : '?';
    if (cause.from === 'value' && cause.path !== null) {
      const dot = cause.path.lastIndexOf('.');
      const parent = cause.path.slice(0, Math.max(dot, 0));
      byParent.set(parent, [...(byParent.get(parent) ?? []), `${cause.path.slice(dot + 1)}${doubt}`]);
    } else {
      words.push(`${otherWords(cause)}${doubt}`);
    }
  }
  const values = [...byParent].map(([parent, leaves]) => {
    const names = [...new Set(leaves)].sort();
    const joined = names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`;
    return parent === '' ? joined : `${parent}.${joined}`;
  });
  return [...values, ...words];
}

function otherWords(cause: Cause): string {
  const place = cause.file === null ? '' : ` (${cause.file}${cause.line === null ? '' : `:${cause.line}`})`;
  switch (cause.from) {
    case 'appVersion': {
      const set = cause.path === null ? '' : `; set ${cause.path}`;
      return `appVersion ${cause.value ?? ''}${place}${set}`.replace('  ', ' ');
    }
    case 'dependency':
      return `dependency${place}`;
    case 'template':
      return `written in the template${place}`;
    case 'value':
      return `a value${place}`;
  }
}
