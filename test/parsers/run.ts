import { Worker } from 'node:worker_threads';
import type { Done, Finding, Job, Told } from './messages.js';

export interface Plan {
  readonly parsers: readonly string[];
  readonly seed: number;
  readonly cases: number;
  /** For each parser. */
  readonly milliseconds: number;
  /** A case that has not ended after this is a hang, and its worker is stopped: 20 s where it is left out. */
  readonly hangMs?: number;
}

export interface Outcome {
  readonly done: readonly Done[];
  readonly findings: readonly Finding[];
}

/** How often the main thread looks whether a case goes on. */
const lookMs = 250;

/** What the code of all parsers and one case may hold in objects. */
const heapMb = 384;

/**
 * Runs cases of parsers in a worker; `hear` is told of each finding and each parser that is done at once. One that hangs, runs out of memory or never settles is named, and the run goes on
 * behind it.
 */
export async function runParsers(plan: Plan, hear: (told: Told) => void = () => undefined): Promise<Outcome> {
  const done: Done[] = [];
  const findings: Finding[] = [];
  let left = [...plan.parsers];
  let from = 0;
  while (left.length > 0) {
    const stopped = await once({ ...plan, parsers: left, from }, (told) => {
      hear(told);
      if ('done' in told) done.push(told.done);
      else findings.push(told.finding);
    });
    if (stopped === null) break;
    findings.push(stopped);
    hear({ finding: stopped });
    left = left.slice(left.indexOf(stopped.parser));
    from = stopped.number + 1;
    const lost = findings.filter(({ parser, kind }) => parser === stopped.parser && kind !== 'slow').length;
    // What falls over again and again has been seen enough.
    if (lost >= 5) {
      left = left.slice(1);
      from = 0;
    }
  }
  return { done, findings };
}

/** The finding that stopped the worker, or null when it did all. */
function once(
  { hangMs = 20_000, ...job }: Omit<Job, 'state'> & Pick<Plan, 'hangMs'>,
  tell: (told: Told) => void,
): Promise<Finding | null> {
  const buffer = new SharedArrayBuffer(16);
  const state = new Int32Array(buffer);
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { ...job, state: buffer } satisfies Job,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const here = (kind: Finding['kind'], detail: string): Finding => ({
    parser: job.parsers[Atomics.load(state, 0)] ?? '',
    number: Atomics.load(state, 1),
    kind,
    detail,
  });
  return new Promise((resolve) => {
    let last = -1;
    // Counted in looks, not by a clock: a machine that stood still for a while makes no hang.
    let looks = 0;
    const watch = setInterval(() => {
      const count = Atomics.load(state, 2);
      if (count !== last || Atomics.load(state, 3) === 0) {
        last = count;
        looks = 0;
      } else if (++looks * lookMs > hangMs) {
        end(here('hang', `no end after ${hangMs / 1000} s`));
      }
    }, lookMs);
    const end = (finding: Finding | null): void => {
      clearInterval(watch);
      resolve(finding);
      void worker.terminate();
    };
    worker.on('message', tell);
    worker.on('error', (error: Error & { code?: string }) =>
      end(here(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error.stack ?? error.message)),
    );
    worker.on('exit', () => end(Atomics.load(state, 3) === 1 ? here('unsettled', 'a promise never settles') : null));
  });
}
