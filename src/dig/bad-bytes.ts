import { type Component, type OwnedFile, weaker } from '../model/index.js';

/**
 * Nothing that was read in bytes that are not their digest (`--allow-bad-digest`) is graded above `inferred`.
 * `bad` holds the indexes of such layers; without any the components come back as they are.
 */
export function capGrades(components: readonly Component[], bad: ReadonlySet<number>): readonly Component[] {
  if (bad.size === 0) return components;
  return components.map((component) => {
    if (!component.locations.some((location) => bad.has(location.layer))) return component;
    return { ...component, grade: weaker(component.grade, 'inferred'), owns: component.owns.map(withoutDigest) };
  });
}

/** A digest that such bytes state compares nothing. */
function withoutDigest(file: OwnedFile): OwnedFile {
  return { ...file, digest: null };
}
