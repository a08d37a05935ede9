import { findCauses, type Trial } from '../cause/index.js';
import type { GivenValues, PreparedChart, RenderChartOptions } from '../chart/index.js';
import { findUses, type Surroundings } from '../discover/index.js';
import type { ImageUse } from '../model/index.js';
import { attempt } from './attempt.js';
import { ValuePlaces } from './value-place.js';

/** A chart that was rendered once, and how to render it again. */
export interface Experiment {
  readonly prepared: PreparedChart;
  readonly options: RenderChartOptions;
  /** What each template wrote the first time. */
  readonly raw: ReadonlyMap<string, string>;
  /** What the rest of the render and the chart say of the images in some of its templates. */
  readonly surroundings: Surroundings;
}

/** No more experiments are begun after this time; for real charts they take a fraction of a second. */
const mostMs = 30_000;

/**
 * The uses with what decides each, by rendering the templates that hold images again: once traced, then with changes.
 * Where the chart cannot be rendered a second time the uses come back as they are. `counted` is told how many renders it
 * took.
 */
export async function withCauses(
  uses: readonly ImageUse[],
  { prepared, options: settings, raw, surroundings }: Experiment,
  counted: { renders: number } = { renders: 0 },
): Promise<readonly ImageUse[]> {
  if (uses.length === 0) return uses;
  const { givenValues, renderChart } = await import('../chart/index.js');
  const holding = new Set(uses.map((use) => use.in.template));
  const options = { ...settings, showOnly: [], includeCrds: false };
  const traceOptions = { ...options, only: [...holding], trace: true };
  const trialOptions = {
    ...options,
    recall: 'between' as const,
    only: [...raw].flatMap(([path, text]) => (mayReact(path, text) || holding.has(path) ? [path] : [])),
  };
  const given = options.values;
  const places = new ValuePlaces(prepared.chart, given, givenValues(given, options.helm));
  const started = settings.now().getTime();
  const traced = attempt(() => renderChart(prepared, traceOptions));
  if (traced === null) return uses;
  const { uses: found, renders } = await findCauses({
    // Random names differ from one render to the next: what is compared is the second one.
    uses: findUses(traced.manifests, surroundings).uses,
    manifests: traced.manifests,
    values: traced.values,
    charts: traced.charts,
    render: (trials) =>
      findUses(renderChart(prepared, { ...trialOptions, ...changed(given, trials) }).manifests, surroundings).uses,
    place: (what) =>
      'path' in what ? places.of(what.path) : { given: false, file: chartFile(what.chart), line: null },
    option: optionAfter(given),
    isOver: () => settings.now().getTime() - started > mostMs,
  });
  counted.renders += renders + 1;
  return found;
}

/**
 * Whether a template without images may have its say all the same when one is changed: charts check their values in
 * NOTES.txt and in templates that write nothing, and such a template may come to write.
 */
function mayReact(path: string, text: string): boolean {
  return path.endsWith('/NOTES.txt') || text.trim() === '';
}

/** The option that comes last among those that the user gave, so that a trial wins over all of them. */
function optionAfter(given: GivenValues): '--set' | '--set-string' | '--set-literal' {
  if (given.setLiteral.length > 0 || given.setFile.length > 0) return '--set-literal';
  return given.setString.length > 0 ? '--set-string' : '--set';
}

/** The user's values with further ones, and what charts are to state. */
function changed(given: GivenValues, trials: readonly Trial[]): Pick<RenderChartOptions, 'values' | 'stated'> {
  const set: Record<string, string[]> = { '--set': [], '--set-string': [], '--set-literal': [], '--set-json': [] };
  const stated = new Map<string, { appVersion?: string; version?: string }>();
  for (const trial of trials) {
    if (trial.kind === 'value') set[trial.option]?.push(trial.argument);
    else stated.set(trial.chart, { ...stated.get(trial.chart), [trial.kind]: trial.value });
  }
  const values = {
    ...given,
    set: [...given.set, ...(set['--set'] ?? [])],
    setString: [...given.setString, ...(set['--set-string'] ?? [])],
    setLiteral: [...given.setLiteral, ...(set['--set-literal'] ?? [])],
    setJson: [...given.setJson, ...(set['--set-json'] ?? [])],
  };
  return { values, stated };
}

/** `root/grafana` has its Chart.yaml in `root/charts/grafana`. */
function chartFile(id: string): string {
  return `${id.split('/').join('/charts/')}/Chart.yaml`;
}
