import type { Cause, ImageUse } from '../model/index.js';
import { as, type Span, type Text } from './paint.js';

/**
 * What decides the image of a use, as the end of its line: ` ← grafana.image.{repository,tag}`; a cause that was not
 * tried by rendering again has a question mark. Values that are not set and would override (`global.imageRegistry`) are
 * in `why` and in the list of shared values. Empty where nothing is known.
 */
export function causeText(use: ImageUse): Text {
  const causes = use.causes.filter(isInUse);
  if (causes.length === 0) return [];
  const spans: Span[] = [' ←\u00a0'];
  for (const [index, words] of causeWords(causes).entries()) {
    if (index > 0) spans.push(', ');
    spans.push(as('value', words));
  }
  return spans;
}

/** Whether the cause is what the image now has, and not only what it could have. */
export function isInUse(cause: Cause): boolean {
  return cause.value !== null || cause.from === 'template';
}

function causeWords(causes: readonly Cause[]): readonly string[] {
  const words: string[] = [];
  const byParent = new Map<string, string[]>();
  for (const cause of causes) {
    // A change that the chart takes only together with another was tried, too.
    const doubt = cause.verified || cause.override !== null ? '' : '?';
    if (cause.from === 'value' && cause.path !== null) {
      const dot = cause.path.lastIndexOf('.');
      const parent = cause.path.slice(0, Math.max(dot, 0));
      byParent.set(parent, [...(byParent.get(parent) ?? []), `${cause.path.slice(dot + 1)}${doubt}`]);
    } else if (cause.from !== 'template' || causes.every((other) => other.from === 'template')) {
      words.push(`${otherWords(cause)}${doubt}`);
    }
  }
  const values = [...byParent].map(([parent, leaves]) => {
    const names = [...new Set(leaves)].sort();
    const joined = names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`;
    return parent === '' ? joined : `${parent}.${joined}`;
  });
  return [...values, ...new Set(words)];
}

function otherWords(cause: Cause): string {
  const place = cause.file === null ? '' : ` (${cause.file}${cause.line === null ? '' : `:${cause.line}`})`;
  switch (cause.from) {
    case 'appVersion':
      return cause.path === null
        ? `appVersion ${cause.value ?? ''}${place}`
        : `appVersion ${cause.value ?? ''} (set ${cause.path})`;
    case 'dependency':
      return `dependency${place}`;
    case 'template':
      return `written in the template${place}`;
    case 'value':
      return `a value${place}`;
  }
}
