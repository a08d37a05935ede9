import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.js';
import type { Case, FuzzValue, Outcome } from './case.js';

/** A case on which the engines once differed, and what Helm answers. */
export interface Found {
  readonly case: Case;
  readonly helm: 3 | 4;
  readonly answer: Outcome;
}

/** One line of found.jsonl: `text` or `error` is Helm's answer, an object with one key `~i` an int64. */
interface Line {
  readonly target: string;
  readonly helm?: 4;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly values?: Record<string, FuzzValue>;
  readonly normaliser?: string;
  readonly text?: string;
  readonly error?: string;
}

export function foundLine({ case: one, helm, answer }: Found): string {
  const { target, files, values, normaliser } = one;
  const line: Line = {
    target,
    ...(helm === 4 ? { helm } : {}),
    files,
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(normaliser === undefined ? {} : { normaliser }),
    ...(answer.failed ? { error: answer.text } : { text: answer.text }),
  };
  return JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? { '~i': String(value) } : value));
}

/** Reads found.jsonl, or another file of its lines. */
export function readFound(path = inRoot('test', 'fuzz', 'found.jsonl')): readonly Found[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((text) => {
    const line: Line = JSON.parse(text, (_, value: unknown) => asInt64(value) ?? value);
    const { target, helm = 3, files, values = {}, normaliser } = line;
    return {
      case: { target, files, values, ...(normaliser === undefined ? {} : { normaliser }) },
      helm,
      answer: { failed: line.error !== undefined, text: line.error ?? line.text ?? '' },
    };
  });
}

function asInt64(value: unknown): bigint | undefined {
  if (typeof value !== 'object' || value === null || !('~i' in value)) return undefined;
  return typeof value['~i'] === 'string' ? BigInt(value['~i']) : undefined;
}
