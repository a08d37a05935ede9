import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { isTrowelError } from '../../src/model/index.js';
import { makeCase } from './case.js';
import { parsersByName } from './list.js';
import type { Done, Finding, Job, Told } from './messages.js';

/** A case that takes more of a processor than this, twice, is a finding: others on the machine do not count. */
const slowMs = 2000;

/** What the process used of processors (ms): while a case runs, nothing else of it does. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const job: Job = workerData;
const state = new Int32Array(job.state);

/** What falls over in each case has been seen enough after a few. */
const toldCrashes = 5;

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

function find(parser: string, number: number, kind: Finding['kind'], detail: string): void {
  tell({ finding: { parser, number, kind, detail } });
}

const inBuffers = (): number => getHeapStatistics().external_memory;

async function run(name: string, index: number, from: number): Promise<Done> {
  const parser = parsersByName.get(name);
  if (parser === undefined) throw new Error(`no parser ${name}`);
  const seeds = parser.seeds();
  let refused = 0;
  let crashes = 0;
  let slowest = { number: 0, milliseconds: 0 };
  let largest = { number: 0, megabytes: 0 };
  const began = performance.now();
  let number = from;
  for (; crashes < toldCrashes && number < job.cases && performance.now() - began < job.milliseconds; number++) {
    const { bytes, from: seed } = makeCase(parser, seeds, job.seed, number);
    Atomics.store(state, 0, index);
    Atomics.store(state, 1, number);
    Atomics.store(state, 3, 1);
    let took = Number.POSITIVE_INFINITY;
    const before = inBuffers();
    for (let tries = 0; tries < 2 && took > slowMs; tries++) {
      const started = processorMs();
      try {
        await parser.parse(bytes, seed);
      } catch (error) {
        if (isTrowelError(error)) refused++;
        else if (++crashes > 0)
          find(name, number, 'crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
      took = processorMs() - started;
    }
    const megabytes = Math.max(0, inBuffers() - before) / 1024 ** 2;
    Atomics.store(state, 3, 0);
    Atomics.add(state, 2, 1);
    if (took > slowMs) find(name, number, 'slow', `${Math.round(took)} ms`);
    if (megabytes > parser.memoryMb) {
      find(name, number, 'memory', `${megabytes.toFixed(1)} MB of buffers, more than ${parser.memoryMb}`);
    }
    if (took > slowest.milliseconds) slowest = { number, milliseconds: took };
    if (megabytes > largest.megabytes) largest = { number, megabytes };
  }
  return { parser: name, cases: number, refused, milliseconds: performance.now() - began, slowest, largest };
}

for (const [index, name] of job.parsers.entries()) {
  tell({ done: await run(name, index, index === 0 ? job.from : 0) });
}
