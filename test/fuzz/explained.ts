import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.js';
import type { Case } from './case.js';

/** A difference that must be: what of a text may differ, and the line of Go that makes it so. */
export interface Explained {
  /** A case is about it, or its template has the word. */
  readonly target: string;
  readonly helm: string;
  readonly pattern: RegExp;
  /** What our own text must hold for it; null where the pattern says enough. */
  readonly own: RegExp | null;
  readonly line: string;
}

/** Reads explained.tsv: target (or `*`), helm (3, 4 or `*`), pattern of what differs, Go's file and line, why, what ours must hold. */
export function readExplained(): readonly Explained[] {
  const lines = readFileSync(inRoot('test', 'fuzz', 'explained.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [target = '', helm = '', pattern = '', where = '', why = '', own = ''] = line.split('\t');
    if (!/\.go:\d+/.test(where) || why === '') throw new Error(`explained.tsv: no line of Go: ${line}`);
    return {
      target,
      helm,
      pattern: new RegExp(pattern, 'gsu'),
      own: own === '' ? null : new RegExp(own, 'u'),
      line: where,
    };
  });
}

/** The entry under which two texts are equal once what may differ is taken out of both; null where there is none. */
export function explanationOf(
  list: readonly Explained[],
  { target, files }: Case,
  helm: 3 | 4,
  real: string,
  own: string,
): Explained | null {
  const masked = (text: string, { pattern }: Explained): string => text.replace(pattern, '…');
  return (
    list.find(
      (one) =>
        (one.target === '*' || one.target === target || files.some(({ text }) => hasWord(text, one.target))) &&
        (one.helm === '*' || one.helm === String(helm)) &&
        (one.own === null || one.own.test(own)) &&
        masked(real, one) === masked(own, one),
    ) ?? null
  );
}

function hasWord(text: string, word: string): boolean {
  return text.split(/\W+/).includes(word);
}
