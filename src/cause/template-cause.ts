import type { Cause, ImageUse, TracedStretch } from '../model/index.js';
import { imageParts, type Part, type PartName, partNames } from './image-parts.js';
import type { Reading } from './reading.js';

/**
 * The parts of a reference that no value decides, with the line of the template that wrote them: those for which the
 * trace names no path at which the values say anything (`isSet`). A use of which nothing else is known gets its template
 * all the same, not verified.
 */
export function templateCauses(
  use: ImageUse,
  reading: Reading | undefined,
  found: readonly Cause[],
  isSet: (path: string) => boolean,
): readonly Cause[] {
  const parts = imageParts(use.image);
  const decided = new Set<Part>(found.map((cause) => cause.part));
  const fixed = new Map<PartName, TracedStretch>();
  for (const part of partNames) {
    const by = reading?.writtenBy.get(part) ?? [];
    const [first] = by;
    if (parts[part] === '' || first === undefined || decided.has('whole') || decided.has(part)) continue;
    if (by.every((stretch) => !stretch.paths.some(isSet))) fixed.set(part, first);
  }
  const repository = fixed.get('repository');
  if (found.length === 0 && repository !== undefined) {
    const isAll = partNames.every((part) => (reading?.writtenBy.get(part) ?? []).length === 0 || fixed.has(part));
    if (isAll) return [causeOf('whole', use.image, repository)];
  }
  const causes = [...fixed].map(([part, stretch]) => causeOf(part, parts[part], stretch));
  if (found.length > 0 || causes.length > 0) return causes;
  return [whole(use, reading, isSet)];
}

function causeOf(part: Part, value: string, stretch: TracedStretch): Cause {
  return { ...template, part, value, verified: true, file: stretch.template, line: stretch.templateLine };
}

const template = {
  from: 'template',
  path: null,
  default: true,
  alsoMoves: [],
  override: null,
} as const;

/** The template of a use whose text is not in the manifest as it is, or that values went into which moved nothing. */
function whole(use: ImageUse, reading: Reading | undefined, isSet: (path: string) => boolean): Cause {
  const stretches = reading?.stretches ?? [];
  const [first] = stretches;
  const verified = first !== undefined && stretches.every((stretch) => !stretch.paths.some(isSet));
  return {
    ...template,
    part: 'whole',
    value: null,
    verified,
    file: first?.template ?? use.in.template,
    line: first?.templateLine ?? use.in.line,
  };
}
