/** How a statement was earned, strongest first: see docs/evidence.md. */
export const grades = ['proved', 'attested', 'claimed', 'inferred', 'unknown'] as const;

export type Grade = (typeof grades)[number];

/** The weaker of two grades: a conclusion is as good as its weakest step. */
export function weaker(a: Grade, b: Grade): Grade {
  return grades.indexOf(a) > grades.indexOf(b) ? a : b;
}
