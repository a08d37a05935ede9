import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import {
  loadChart,
  noValues,
  type PreparedChart,
  prepareChart,
  type RenderChartOptions,
  renderChart,
} from './index.js';

/** What real `helm template` v3.22.0 wrote for real charts: one line a run. */
interface OracleCase {
  readonly chart: string;
  readonly options: RenderChartOptions;
  /** The file with Helm's text, or Helm's message for a run that fails. */
  readonly file: string;
  readonly message: string;
  readonly id: string;
}

const root = sharedData('oracle-dev') === null ? null : join(sharedData('oracle-dev') ?? '', '..');

/** How many of the runs that work are byte for byte the same now; raised when more are. */
const reached = 700;

test('charts render as helm template prints them', { skip: root === null ? sharedMissing : false }, async (t) => {
  const different = await run(casesOf('index.tsv'), (rendered, one) => rendered === textOf(one.file));
  const all = casesOf('index.tsv').length;
  t.diagnostic(`${all - different.length} of ${all} identical`);
  for (const id of different) t.diagnostic(`different: ${id}`);
  assert.deepEqual(
    different.filter((id) => id.startsWith('kube-prometheus-stack-12.')),
    [],
  );
  assert.ok(all - different.length >= reached);
});

test('charts fail as helm template fails', { skip: root === null ? sharedMissing : false }, async (t) => {
  const different = await run(casesOf('errors.tsv'), (rendered, one) => rendered.trimEnd() === one.message);
  for (const id of different) t.diagnostic(`different: ${id}`);
  assert.deepEqual(different, []);
});

/** Runs the cases, a chart loaded once for those that follow each other; gives the ids of those that are not `same`. */
async function run(
  cases: readonly OracleCase[],
  same: (rendered: string, one: OracleCase) => boolean,
): Promise<readonly string[]> {
  const different: string[] = [];
  let chart = '';
  let prepared: PreparedChart | null = null;
  for (const one of cases) {
    if (prepared === null || chart !== one.chart) {
      prepared = prepareChart(await loadChart(join(root ?? '', one.chart)));
      chart = one.chart;
    }
    if (!same(textOrMessage(prepared, one.options), one)) different.push(one.id);
  }
  return different;
}

function textOrMessage(prepared: PreparedChart, options: RenderChartOptions): string {
  try {
    return renderChart(prepared, options).text;
  } catch (error) {
    if (isTrowelError(error)) return error.what;
    throw error;
  }
}

function casesOf(name: string): readonly OracleCase[] {
  const [header = '', ...lines] = readFileSync(join(root ?? '', 'oracle-dev', name), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = header.split('\t');
  return lines.flatMap((line) => {
    const cells = line.split('\t');
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    if (cell('env_specific') === 'yes') return [];
    const stderr: unknown = cell('stderr_json') === '' ? '' : JSON.parse(cell('stderr_json'));
    // The capture lost blank lines.
    const message = String(stderr)
      .replace(/^Error: /, '')
      .replace(/\n+Use --debug flag.*$/, '');
    const chart = cell('chart_tgz');
    const id = `${chart.slice(chart.lastIndexOf('/') + 1)} ${cell('variant')} ${cell('extra_args')}`;
    return [{ chart, file: cell('oracle_file'), message, id, options: optionsOf(cell) }];
  });
}

function optionsOf(cell: (column: string) => string): RenderChartOptions {
  const args = cell('extra_args').split(' ');
  const given = (option: string): string[] =>
    args.flatMap((arg, index) => (arg === option ? [args[index + 1] ?? ''] : []));
  const file = cell('values_file');
  return {
    name: cell('release'),
    namespace: cell('namespace'),
    values: {
      ...noValues,
      files: file === '' ? [] : [{ path: file, text: readFileSync(join(root ?? '', file), 'utf8') }],
      set: given('--set'),
      setString: given('--set-string'),
    },
    // The oracle's build had no release flags: its default was v1.20.0.
    kubeVersion: cell('kube_version_flag') === '' ? 'v1.20.0' : cell('kube_version_flag'),
    apiVersions: given('--api-versions'),
    includeCrds: args.includes('--include-crds'),
    noHooks: args.includes('--no-hooks'),
    skipTests: args.includes('--skip-tests'),
    showOnly: [],
    isUpgrade: false,
    skipSchemaValidation: false,
    helm: 3,
    now: () => new Date(0),
    random: (bytes) => randomBytes(bytes),
  };
}

function textOf(file: string): string {
  return gunzipSync(readFileSync(join(root ?? '', file))).toString();
}
