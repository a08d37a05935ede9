import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../fuzz/random.js';
import { Cases } from './cases.js';
import type { Answer } from './entry.js';
import { readExplained } from './explained.js';
import { gnuAnswer, gnuMissing } from './gnu.js';
import { buildGoReader, goAnswers, goMissing } from './go.js';
import { judge, type Verdict } from './judge.js';
import type { Made } from './made.js';
import { headersOf } from './mutate.js';
import { ownAnswer } from './own.js';

export interface Judged {
  readonly number: number;
  readonly made: Made;
  readonly verdict: Verdict;
  readonly answers: ReadonlyMap<string, Answer>;
}

export interface Tally {
  readonly archives: number;
  readonly equal: number;
  readonly refused: number;
  readonly wrong: number;
  /** How often each row of explained.tsv was needed, by its line. */
  readonly explained: ReadonlyMap<number, number>;
  /** Makers and referees that are not on this machine, and why. */
  readonly missing: readonly string[];
}

const batch = 100;

/** Makes the archives of some numbers, reads them with Trowel and the referees, and judges. Needs GNU tar or Go. */
export async function runCases(
  numbers: readonly number[],
  seed: number,
  each: (judged: Judged) => void,
): Promise<Tally> {
  const dir = mkdtempSync(join(tmpdir(), 'tar-cases-'));
  try {
    const cases = new Cases(dir, seed);
    const go = goMissing === false ? buildGoReader(dir) : null;
    const counts = { equal: 0, refused: 0, wrong: 0 };
    const explained = new Map<number, number>();
    for (let at = 0; at < numbers.length; at += batch) {
      const some = numbers.slice(at, at + batch);
      for (const judged of await judgeBatch(cases, some, seed, dir, go)) {
        counts[judged.verdict.kind] += 1;
        for (const row of judged.verdict.used) explained.set(row.line, (explained.get(row.line) ?? 0) + 1);
        each(judged);
      }
    }
    const missing = [...cases.missing, ...(goMissing === false ? [] : [goMissing])];
    return { archives: numbers.length, ...counts, explained, missing: [...new Set(missing)] };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function judgeBatch(
  cases: Cases,
  numbers: readonly number[],
  seed: number,
  dir: string,
  go: string | null,
): Promise<Judged[]> {
  const made = cases.make(numbers);
  const folder = join(dir, 'archives');
  mkdirSync(folder, { recursive: true });
  const paths = made.map((one, i) => {
    const path = join(folder, `${i}.tar`);
    writeFileSync(path, one.bytes);
    return path;
  });
  const fromGo = go === null ? null : goAnswers(go, paths);
  const fromGnu =
    gnuMissing === false
      ? await inTwos(paths, (path, i) => gnuAnswer(path, !(made[i]?.tags.includes('format:posix') ?? false)))
      : null;
  const table = readExplained();
  return made.map((one, i) => {
    const number = numbers[i] ?? 0;
    const steps = [one.bytes.length || 1, 512, 1 + new Random(seed, -number).below(1500)];
    const own = ownAnswer(one.bytes, steps[number % 3] ?? 512);
    const referees = new Map<string, Answer>();
    const [gnu, goAnswer] = [fromGnu?.[i], fromGo?.[i]];
    if (gnu !== undefined) referees.set('gnu', gnu);
    if (goAnswer !== undefined) referees.set('go', goAnswer);
    const verdict = judge(own, referees, [...one.tags, ...seenIn(one.bytes)], table);
    return { number, made: one, verdict, answers: new Map([['own', own], ...referees]) };
  });
}

/** Words for the types of headers that a plain walk over an archive meets. */
function seenIn(bytes: Buffer): string[] {
  return [...new Set(headersOf(bytes).map((at) => `has:${String.fromCharCode(bytes[at + 156] ?? 0)}`))];
}

/** Two at a time: as many as the smallest machine has processors. */
async function inTwos<T, R>(list: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += 2) {
    results.push(...(await Promise.all(list.slice(i, i + 2).map((one, j) => work(one, i + j)))));
  }
  return results;
}
