import type { Case } from './case.js';
import { type Explained, explanationOf } from './explained.js';
import { normalised } from './normalise.js';
import type { OwnEngine } from './own-engine.js';
import type { Answer, RealEngine } from './real-engine.js';

/** A case on which the two engines do not agree. */
export interface Difference {
  readonly number: number;
  readonly case: Case;
  readonly real: Answer;
  readonly own: Answer;
}

export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'explained'; readonly by: Explained }
  | { readonly kind: 'different'; readonly own: Answer };

/** Runs a case in our engine, and holds it to the answer of the real one. */
export function verdictOn(
  engine: OwnEngine,
  one: Case,
  real: Answer,
  explained: readonly Explained[],
  helm: 3 | 4,
): Verdict {
  const own = { ...engine.answer(one, real.at), at: real.at };
  const texts = [real, own].map((outcome) => comparable(outcome, one.normaliser));
  const [a = '', b = ''] = texts;
  if (a === b) return { kind: 'same' };
  const by = explanationOf(explained, one, helm, a, b);
  return by === null ? { kind: 'different', own } : { kind: 'explained', by };
}

function comparable(outcome: Answer, normaliser: string | undefined): string {
  let { text } = outcome;
  try {
    text = normalised(text, normaliser);
  } catch (error) {
    text = `cannot be read: ${String(error)}\n${text}`;
  }
  return `${outcome.failed ? 'error' : 'text'}: ${text}`;
}

/** Asks both again: a difference that time made (a second that began between them) is none. */
export async function again(
  real: RealEngine,
  engine: OwnEngine,
  one: Case,
  explained: readonly Explained[],
  helm: 3 | 4,
): Promise<{ readonly real: Answer; readonly own: Answer } | null> {
  const [answer] = await real.ask([one]);
  if (answer === null || answer === undefined) return null;
  const verdict = verdictOn(engine, one, answer, explained, helm);
  return verdict.kind === 'different' ? { real: answer, own: verdict.own } : null;
}
