import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PreparedChart, prepareChart, type RenderedChart } from '../../src/chart/index.js';
import { render } from '../../src/engine/index.js';
import { isTrowelError } from '../../src/model/index.js';
import { Random } from '../fuzz/random.js';
import { type Change, Changes } from './changes.js';

/** What differed between a rendering with a chart that was rendered before and one with a fresh one. */
export interface Difference {
  readonly number: number;
  readonly change: Change;
  readonly kept: string;
  readonly fresh: string;
}

/** What came of a chart. */
export interface Compared {
  readonly pairs: number;
  /** How many of them failed, with the same words. */
  readonly failed: number;
  readonly differences: readonly Difference[];
}

/** A chart that parses nothing that another of it has parsed, and knows nothing else of it. */
function afresh(prepared: PreparedChart, kept: Uint8Array | null): PreparedChart {
  const fresh = prepareChart(prepared.chart);
  if (kept !== null) fresh.useKept(3, kept);
  return fresh;
}

/** All that a rendering says, as one text. */
export function told(chart: PreparedChart, { values, settings }: Change, recall: 'between' | 'never'): string {
  let rendered: RenderedChart;
  try {
    // A busy machine must not decide what a chart says.
    rendered = render(chart, values, { kubeVersion: '1.33.0', ...settings, recall, limits: { timeMs: 600_000 } });
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return JSON.stringify(['error', error.code, error.what, error.where]);
  }
  const { text, raw, warnings, manifests, charts } = rendered;
  return JSON.stringify({ text, raw: [...raw], warnings, manifests, charts, values: rendered.values });
}

/**
 * Renders one prepared chart with one change of its values after the other, and each with a fresh one that runs all of
 * its templates; `count` pairs, which follow from the seed.
 */
export function comparePairs(prepared: PreparedChart, count: number, seed: number): Compared {
  const random = new Random(seed, prepared.chart.id.length);
  let first: RenderedChart | null = null;
  try {
    first = render(prepareChart(prepared.chart), {}, { kubeVersion: '1.33.0', recall: 'never' });
  } catch (error) {
    if (!isTrowelError(error)) throw error;
  }
  const changes = new Changes(random, first?.values ?? {}, [...(first?.raw.keys() ?? [])]);
  const differences: Difference[] = [];
  let failed = 0;
  for (let number = 0; number < count; number++) {
    const change = changes.next();
    const kept = told(prepared, change, 'between');
    const again = afresh(prepared, prepared.keptTemplates(3));
    // Which templates change the values is known of a chart, not of a rendering.
    again.changers = prepared.changers;
    const fresh = told(again, change, 'never');
    if (kept.startsWith('["error"')) failed += 1;
    if (kept !== fresh) differences.push({ number, change, kept, fresh });
  }
  return { pairs: count, failed, differences };
}

/** All packaged charts below a folder. */
export function chartsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name))
    .sort();
}
