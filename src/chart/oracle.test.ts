import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type OracleCase, oracleCases, oracleText } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import { loadChart, type PreparedChart, prepareChart, type RenderChartOptions, renderChart } from './index.js';

const root = sharedData('oracle-dev') === null ? null : join(sharedData('oracle-dev') ?? '', '..');

/** How many of the runs that work are byte for byte the same now; raised when more are. */
const reached = 700;

test('charts render as helm template prints them', { skip: root === null ? sharedMissing : false }, async (t) => {
  const different = await run(casesOf('index.tsv'), (rendered, one) => rendered === oracleText(root ?? '', one));
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

function casesOf(table: 'index.tsv' | 'errors.tsv'): readonly OracleCase[] {
  return oracleCases(root ?? '', table);
}
