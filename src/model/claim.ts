import type { Evidence } from './component.js';
import type { Grade } from './grade.js';

/** A graded statement with its evidence. Contradicting claims stand side by side and name each other. */
export interface Claim {
  readonly id: string;
  /** id of what it speaks of: an image, a component, or `IMAGE#path` for a file. */
  readonly subject: string;
  readonly predicate: string;
  readonly value: string;
  readonly grade: Grade;
  /** The room or cataloguer that concluded it. */
  readonly by: string;
  readonly evidence: readonly Evidence[];
  readonly contradicts: readonly string[];
}
