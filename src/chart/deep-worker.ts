/** The thread of `renderDeep`: renders one chart, answers once. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { isTrowelError, plainError } from '../model/index.js';
import { fromJsonValue, GoMap } from '../template/index.js';
import type { Chart } from './chart.js';
import type { DeepAnswer, DeepRendered, DeepRequest, PlainChart } from './deep-render.js';
import { prepareChart } from './prepared.js';
import { type RenderChartOptions, renderChart, renderRaw } from './render.js';

const request: DeepRequest = workerData;
parentPort?.postMessage(answer());

function answer(): DeepAnswer {
  try {
    return { rendered: rendered() };
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { error: plainError(error) };
  }
}

function rendered(): DeepRendered {
  const { options, now, seed, raw } = request;
  const prepared = prepareChart(chartOf(request.chart));
  const given: RenderChartOptions = { ...options, now: () => new Date(now), random: randomOf(seed) };
  if (raw) return { text: '', sections: [], ...renderRaw(prepared, given) };
  const { text, sections, raw: written, warnings } = renderChart(prepared, given);
  return { text, sections: sections.map((section) => ({ ...section, document: null })), raw: written, warnings };
}

function chartOf(plain: PlainChart): Chart {
  const values = fromJsonValue(plain.values);
  return { ...plain, values: values instanceof GoMap ? values : null, dependencies: plain.dependencies.map(chartOf) };
}

/** Bytes that follow from the seed: the chance of the thread that asked. */
function randomOf(seed: Uint8Array): (bytes: number) => Uint8Array {
  let calls = 0;
  return (bytes) => {
    calls += 1;
    return createHash('shake256', { outputLength: bytes }).update(seed).update(String(calls)).digest();
  };
}
