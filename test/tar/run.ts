import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../fuzz/random.js';
import { programMissing } from '../paths.js';
import { bsdAnswer, withoutOrder } from './bsd.js';
import { Cases } from './cases.js';
import type { Answer, Entry } from './entry.js';
import { readExplained } from './explained.js';
import { gnuAnswer, gnuMissing } from './gnu.js';
import { buildGoReader, goAnswers, goMissing } from './go.js';
import { judge, type Verdict } from './judge.js';
import type { Made } from './made.js';
import { headerTags } from './mutate.js';
import { type Opinion, opinionOf } from './opinion.js';
import { ownAnswer } from './own.js';
import { inSeconds, tarStreamAnswer, tarStreamKnows } from './tar-stream.js';

export interface Judged {
  readonly number: number;
  readonly made: Made;
  readonly verdict: Verdict;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly opinions: ReadonlyMap<string, Opinion>;
}

export interface Tally {
  readonly archives: number;
  readonly equal: number;
  readonly refused: number;
  readonly wrong: number;
  /** How often each row of explained.tsv was needed, by its line. */
  readonly explained: ReadonlyMap<number, number>;
  /** By reader, what it makes of the archives that Trowel read. */
  readonly opinions: ReadonlyMap<string, ReadonlyMap<Opinion, number>>;
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
    const opinions = new Map<string, Map<Opinion, number>>();
    for (let at = 0; at < numbers.length; at += batch) {
      const some = numbers.slice(at, at + batch);
      for (const judged of await judgeBatch(cases, some, seed, dir, go)) {
        counts[judged.verdict.kind] += 1;
        for (const row of judged.verdict.used) explained.set(row.line, (explained.get(row.line) ?? 0) + 1);
        for (const [reader, opinion] of judged.opinions) {
          const counted = opinions.get(reader) ?? new Map<Opinion, number>();
          opinions.set(reader, counted.set(opinion, (counted.get(opinion) ?? 0) + 1));
        }
        each(judged);
      }
    }
    const missing = [...cases.missing, ...(goMissing === false ? [] : [goMissing])];
    return { archives: numbers.length, ...counts, explained, opinions, missing: [...new Set(missing)] };
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
    writeFileSync(path, unpacked(one));
    return path;
  });
  const fromGo = go === null ? null : goAnswers(go, paths);
  const fromGnu =
    gnuMissing === false
      ? await inTwos(paths, (path, i) => gnuAnswer(path, !(made[i]?.tags.includes('format:posix') ?? false)))
      : null;
  const table = readExplained();
  const judged: Judged[] = [];
  for (const [i, one] of made.entries()) {
    const number = numbers[i] ?? 0;
    const steps = [one.bytes.length || 1, 512, 1 + new Random(seed, -number).below(1500)];
    const own = await ownAnswer(one.bytes, steps[number % 3] ?? 512);
    const referees = new Map<string, Answer>();
    const [gnu, goAnswer] = [fromGnu?.[i], fromGo?.[i]];
    if (gnu !== undefined) referees.set('gnu', gnu);
    if (goAnswer !== undefined) referees.set('go', goAnswer);
    const tags = [...one.tags, ...headerTags(one.bytes)];
    const verdict = judge(own, referees, tags, table);
    const path = paths[i] ?? '';
    const opinions = own.error === null ? await besides(own, one.bytes, tags, path) : new Map<string, Opinion>();
    judged.push({ number, made: one, verdict, answers: new Map([['own', own], ...referees]), opinions });
  }
  return judged;
}

/** The referees know neither zstd nor xz: their own tools decompress for them. What these refuse they shall refuse. */
function unpacked({ bytes, tags }: Made): Buffer {
  const tool = (['zstd', 'xz'] as const).find((one) => tags.includes(`packed:${one}`));
  if (tool === undefined) return bytes;
  const run = spawnSync(tool, ['-dqc'], { input: bytes, maxBuffer: 2 ** 28 });
  return run.status === 0 ? run.stdout : Buffer.alloc(600, 'no archive');
}

const bsdMissing = programMissing('bsdtar');

/** What other readers make of an archive that Trowel read: they have no say, but are counted. */
async function besides(
  own: Answer,
  bytes: Buffer,
  tags: readonly string[],
  path: string,
): Promise<ReadonlyMap<string, Opinion>> {
  const opinions = new Map<string, Opinion>();
  if (tarStreamKnows(own, tags)) {
    opinions.set('tar-stream', opinionOf(inSeconds(own), inSeconds(await tarStreamAnswer(bytes))));
  }
  const ordered = withoutOrder(own);
  if (bsdMissing !== false || ordered === null) return opinions;
  // The digests of an mtree are of what is stored of a file, without its holes.
  const holes = tags.some((tag) => /sparse|bsd-pax/.test(tag));
  const found = await bsdAnswer(path);
  opinions.set('bsdtar', found === null ? 'refuses' : opinionOf(byPath(ordered, holes), byPath(found, holes)));
  return opinions;
}

/** In the order of their paths, and with clean ones, so that maps can be compared as archives are. */
function byPath(entries: ReadonlyMap<string, Entry>, holes: boolean): Answer {
  const list = [...entries]
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({ ...entry, path, sum: holes ? null : entry.sum }));
  return { entries: list.sort((a, b) => (a.path < b.path ? -1 : 1)), error: null };
}

/** Two at a time: as many as the smallest machine has processors. */
async function inTwos<T, R>(list: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += 2) {
    results.push(...(await Promise.all(list.slice(i, i + 2).map((one, j) => work(one, i + j)))));
  }
  return results;
}
