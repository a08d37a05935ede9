/**
 * Helm's engine for other programs (`trowel/template`): a chart is prepared once and rendered as often as asked, with
 * other values, whole or some templates of it, and traced if wanted. No I/O: files come as bytes, the clock and chance
 * as arguments.
 *
 * ```ts
 * import { prepare, render } from 'trowel/template';
 *
 * const chart = prepare(bytesOfTgz);                           // or [{ path: 'Chart.yaml', bytes }, …]
 * const { text } = render(chart, { replicas: 2 });             // what helm template prints
 * const one = render(chart, { image: { tag: 'x' } }, { only: ['web/templates/deployment.yaml'], trace: true });
 * one.manifests[0]?.traceOf?.(120, 140);                       // template, line and values paths of these characters
 * ```
 *
 * What the engine itself is made of (Go's values, sprig's functions, YAML as Helm reads it) is exported too;
 * `prepareTemplates` and `renderTemplates` run templates without a chart around them.
 */
import {
  type GivenValues,
  helmDefaults,
  loadArchive,
  loadFiles,
  noValues,
  type PreparedChart,
  prepareChart,
  type RenderChartOptions,
  type RenderedChart,
  renderChart,
} from '../chart/index.js';
import type { ChartFile, JsonValue } from '../model/index.js';

export * from './parts.js';
export type { ChartFile, GivenValues, PreparedChart, RenderedChart };

/** What `helm template` would be told; each has Helm's default. */
export interface RenderSettings extends Partial<Omit<RenderChartOptions, 'values'>> {
  /** Further values, as the options of `helm template` give them; they win over those of the call. */
  readonly set?: readonly string[];
}

/**
 * Reads a chart and parses what does not depend on values: a packaged chart (`.tgz`), or its files.
 *
 * Throws TrowelError `bad-chart`, `too-large`, `unsafe-path`, `truncated` as `helm template` would complain.
 */
export function prepare(chart: Uint8Array | readonly ChartFile[], helm: 3 | 4 = 3): PreparedChart {
  const loaded = chart instanceof Uint8Array ? loadArchive(chart, 'chart.tgz', { helm }) : loadFiles(chart, { helm });
  return prepareChart(loaded);
}

/**
 * Renders a chart as `helm template` does, byte for byte. `values` are those of one `-f` file, as data or as its text.
 *
 * The clock is the epoch and random bytes are those of a fixed sequence, unless `now` and `random` say otherwise, so
 * that the same call gives the same text.
 * Throws TrowelError as `renderChart` of src/chart/render.ts does; `what` is what Helm prints after `Error: `.
 */
export function render(
  program: PreparedChart,
  values: { readonly [key: string]: JsonValue } | string = {},
  settings: RenderSettings = {},
): RenderedChart {
  const { set = [], ...given } = settings;
  const text = typeof values === 'string' ? values : JSON.stringify(values);
  return renderChart(program, {
    ...helmDefaults,
    now: () => new Date(0),
    random: sequence(),
    recall: 'between',
    ...given,
    values: { ...noValues, files: [{ path: 'values', text }], set },
  });
}

/** Bytes that look random and are the same each time (xorshift32). */
function sequence(): (bytes: number) => Uint8Array {
  let state = 0x9e3779b9;
  return (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}
