import { pathBelow, valueAt } from '../cause/index.js';
import type { PreparedChart, RenderChartOptions, RenderedChart } from '../chart/index.js';
import { findUses, type Surroundings } from '../discover/index.js';
import type { ChartSummary, ImageUse, JsonValue } from '../model/index.js';
import { attempt } from './attempt.js';

/** A value that turns a feature on or off, and what it is turned to. */
export interface Switch {
  readonly path: string;
  readonly value: boolean;
}

export interface ConditionalInput {
  readonly prepared: PreparedChart;
  readonly options: RenderChartOptions;
  readonly rendered: RenderedChart;
  readonly uses: readonly ImageUse[];
  readonly surroundings: Surroundings;
  /** The most switches that are tried; each is one render. */
  readonly most?: number;
}

export interface ConditionalResult {
  /** Uses that are not there now, each with the first switch that brings it. */
  readonly uses: readonly ImageUse[];
  readonly tried: number;
  readonly untried: number;
}

const defaultMost = 600;
const mostMs = 300_000;

/**
 * The images that a chart would bring if one switch were turned: each boolean of the values, the conditions and tags of
 * dependencies. A switch that the chart refuses brings nothing. What needs two switches at once is not found.
 *
 * Templates that write what they wrote before are not looked at again.
 */
export async function conditionalUses(input: ConditionalInput): Promise<ConditionalResult> {
  const { prepared, rendered, uses, surroundings } = input;
  const { renderChart } = await import('../chart/index.js');
  const switches = switchesOf(rendered.values, rendered.charts);
  const chosen = switches.slice(0, input.most ?? defaultMost);
  const known = new Set(uses.map(identity));
  const found: ImageUse[] = [];
  const options = { ...input.options, showOnly: [], recall: 'between' as const };
  const started = input.options.now().getTime();
  let tried = 0;
  for (const { path, value } of chosen) {
    if (input.options.now().getTime() - started > mostMs) break;
    tried++;
    const set = [...options.values.set, `${path}=${value}`];
    // A chart may want other values beside the switch; what it says is about its values, not about the images.
    const after = attempt(() => renderChart(prepared, { ...options, values: { ...options.values, set } }));
    if (after === null) continue;
    const changed = after.manifests.filter(
      (manifest) => after.raw.get(manifest.template) !== rendered.raw.get(manifest.template),
    );
    for (const use of findUses(changed, surroundings).uses) {
      if (use.image === '' || known.has(identity(use))) continue;
      known.add(identity(use));
      found.push({ ...use, conditional: { path, value } });
    }
  }
  return { uses: found, tried, untried: switches.length - tried };
}

/** What makes a use the same in two renders: containers move in their list when one is added before them. */
function identity(use: ImageUse): string {
  const { template, kind, name, container } = use.in;
  return JSON.stringify([template, kind, name, container, use.how, use.role, use.image]);
}

/** Most dependent first: subcharts that are off, then what is off, then what is on. */
export function switchesOf(values: JsonValue, charts: readonly ChartSummary[]): readonly Switch[] {
  const found = new Map<string, boolean>();
  for (const chart of charts) {
    for (const { condition, tags, enabled } of chart.dependencies) {
      if (enabled) continue;
      const above = pathOf(chart.id);
      const [first] = (condition ?? '').split(',').filter((one) => one !== '');
      if (first !== undefined) found.set(above === '' ? first : `${above}.${first}`, true);
      for (const tag of tags) found.set(pathBelow('tags', tag), true);
    }
  }
  const [off, on] = [booleans(values, false), booleans(values, true)];
  for (const path of [...off, ...on]) if (!found.has(path)) found.set(path, valueAt(values, path) !== true);
  return [...found].map(([path, value]) => ({ path, value }));
}

/** `root/grafana` has its values below `grafana`. */
function pathOf(id: string): string {
  return id
    .split('/')
    .slice(1)
    .reduce((path, name) => pathBelow(path, name), '');
}

/** Paths of the booleans of a values tree, those named `enabled` first; none inside lists. */
function booleans(values: JsonValue, wanted: boolean): readonly string[] {
  const paths: string[] = [];
  const visit = (value: JsonValue, path: string, depth: number): void => {
    if (value === wanted) paths.push(path);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 40) {
      for (const [name, inner] of Object.entries(value)) visit(inner, pathBelow(path, name), depth + 1);
    }
  };
  visit(values, '', 0);
  const isNamed = (path: string): boolean => /(?:^|\.)enabled?$/i.test(path);
  return [...paths.filter(isNamed), ...paths.filter((path) => !isNamed(path))];
}
