import { Worker } from 'node:worker_threads';
import { errorOf, type JsonValue, type PlainError, TrowelError, threadPlace } from '../model/index.js';
import { toJsonValue } from '../template/index.js';
import type { Chart } from './chart.js';
import type { Section } from './output.js';
import type { RenderChartOptions } from './render.js';

/** A chart as it travels between threads. */
export type PlainChart = Omit<Chart, 'values' | 'dependencies'> & {
  readonly values: JsonValue;
  readonly dependencies: readonly PlainChart[];
};

/** What the thread is asked: clock and chance as data. */
export interface DeepRequest {
  readonly chart: PlainChart;
  readonly options: Omit<RenderChartOptions, 'now' | 'random'>;
  readonly now: number;
  readonly seed: Uint8Array;
  /** Whether only what templates wrote is wanted (`renderRaw`). */
  readonly raw: boolean;
}

/** What came of a rendering on a large stack. */
export interface DeepRendered {
  readonly text: string;
  /** As `renderChart` gives them, without their documents. */
  readonly sections: readonly Section[];
  readonly raw: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

export type DeepAnswer = { readonly rendered: DeepRendered } | { readonly error: PlainError };

/** Go's own bound is 1 GB; this holds the 100,000 templates within templates that text/template allows. */
const stackMb = 512;

/**
 * Renders a chart in a thread with a large stack: for one whose templates nest deeper than the stack of this thread
 * (`isStackFull`). Templates then meet the limits of Helm, or end.
 *
 * Throws TrowelError as `renderChart` does, and `too-large` where even that stack, or memory, is full.
 */
export async function renderDeep(chart: Chart, options: RenderChartOptions, raw: boolean): Promise<DeepRendered> {
  const { now, random, ...rest } = options;
  const request: DeepRequest = {
    chart: plainChart(chart),
    options: rest,
    now: now().getTime(),
    seed: random(32),
    raw,
  };
  const answer = await ask(request);
  if ('rendered' in answer) return answer.rendered;
  throw errorOf(answer.error);
}

function plainChart(chart: Chart): PlainChart {
  const { values, dependencies } = chart;
  return {
    ...chart,
    values: values === null ? null : toJsonValue(values),
    dependencies: dependencies.map(plainChart),
  };
}

function ask(request: DeepRequest): Promise<DeepAnswer> {
  const worker = new Worker(threadPlace(import.meta.url, './deep-worker.js', '../src/chart/deep-worker.js'), {
    workerData: request,
    resourceLimits: { stackSizeMb: stackMb },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: DeepAnswer) => resolve(answer));
    worker.once('error', (cause) => {
      const what = `templates are nested too deeply, and rendering them on a larger stack failed: ${cause.message}`;
      reject(new TrowelError('too-large', { what, cause }));
    });
  });
}
