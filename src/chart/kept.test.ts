import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineCases, oracleCases } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import { helmDefaults, loadChart, loadFiles, noValues, type PreparedChart, prepareChart, renderRaw } from './index.js';
import type { RenderChartOptions } from './render.js';

const root = sharedData('oracle-dev') === null ? null : join(sharedData('oracle-dev') ?? '', '..');

/** No clock and no chance, so that two renderings can be compared. */
const still = { now: () => new Date(0), random: (bytes: number) => new Uint8Array(bytes).fill(7) };

function outcome(prepared: PreparedChart, options: RenderChartOptions): string {
  try {
    return JSON.stringify([...renderRaw(prepared, { ...options, ...still }).raw]);
  } catch (error) {
    if (isTrowelError(error)) return error.what;
    throw error;
  }
}

/** Another of the same chart that parses nothing which the first has parsed. */
function afresh(prepared: PreparedChart): { readonly again: PreparedChart; readonly hadKept: boolean } {
  const again = prepareChart(prepared.chart);
  const bytes = prepared.keptTemplates(3);
  if (bytes !== null) again.useKept(3, bytes);
  return { again, hadKept: bytes !== null };
}

test('kept templates do what parsed ones do', { skip: root === null ? sharedMissing : false }, async (t) => {
  const charts = new Map<string, RenderChartOptions>();
  for (const { chart, options } of [
    ...oracleCases(root ?? '', 'index.tsv'),
    ...oracleCases(root ?? '', 'errors.tsv'),
  ]) {
    if (!charts.has(chart)) charts.set(chart, options);
  }
  const different: string[] = [];
  for (const [path, options] of charts) {
    const prepared = prepareChart(await loadChart(join(root ?? '', path)));
    const expected = outcome(prepared, options);
    const { again, hadKept } = afresh(prepared);
    if (outcome(again, options) !== expected) different.push(path);
    if (hadKept) assert.equal(again.keptTemplates(3), null, `${path} was parsed again`);
  }
  t.diagnostic(`${charts.size - different.length} of ${charts.size} charts alike`);
  assert.deepEqual(different, []);
});

const cases = sharedData('engine', 'engine-dev.jsonl.gz');

test('each small case does the same when kept', { skip: cases === null ? sharedMissing : false }, () => {
  const options: RenderChartOptions = { ...helmDefaults, name: 'rel', namespace: 'ns', values: noValues, ...still };
  for (const one of engineCases(cases ?? '')) {
    const prepared = prepareChart(
      chartOf({ 'values.yaml': one.values ?? '', 'templates/t.yaml': one.tpl, ...one.files }),
    );
    const expected = outcome(prepared, options);
    assert.equal(outcome(afresh(prepared).again, options), expected, one.id);
  }
});

const named = { 'Chart.yaml': 'apiVersion: v2\nname: probe\nversion: 1.2.3\n' };

function chartOf(files: Readonly<Record<string, string>>): PreparedChart['chart'] {
  return loadFiles(Object.entries({ ...named, ...files }).map(([path, text]) => ({ path, bytes: Buffer.from(text) })));
}

const options: RenderChartOptions = { ...helmDefaults, name: 'rel', namespace: 'ns', values: noValues, ...still };

test('a text that changed is parsed, the others are not', () => {
  const first = prepareChart(chartOf({ 'templates/a.yaml': 'a: {{ 1 }}', 'templates/b.yaml': 'b: {{ 2 }}' }));
  outcome(first, options);
  const second = prepareChart(chartOf({ 'templates/a.yaml': 'a: {{ 3 }}', 'templates/b.yaml': 'b: {{ 2 }}' }));
  second.useKept(3, first.keptTemplates(3) ?? new Uint8Array());
  // Templates run from the last name to the first.
  assert.deepEqual(JSON.parse(outcome(second, options)), [
    ['probe/templates/b.yaml', 'b: 2'],
    ['probe/templates/a.yaml', 'a: 3'],
  ]);
  const third = prepareChart(second.chart);
  third.useKept(3, second.keptTemplates(3) ?? new Uint8Array());
  outcome(third, options);
  assert.equal(third.keptTemplates(3), null);
});

test('errors name the same places, in texts of any characters', () => {
  const text =
    '# naïve – ☃ 𝒳\n{{- range $i, $x := list "a" "ü" }}\n{{ $i }}{{ if eq $x "ü" }}{{ fail (printf "%s ☃" $x) }}{{ end }}{{ end }}';
  const prepared = prepareChart(chartOf({ 'templates/t.yaml': text }));
  const expected = outcome(prepared, options);
  assert.match(expected, /^execution error at \(probe\/templates\/t\.yaml:3:\d+\): ü ☃$/);
  assert.equal(outcome(afresh(prepared).again, options), expected);
});

test('bytes of another length than they say are not used', () => {
  const prepared = prepareChart(chartOf({ 'templates/t.yaml': 'a: {{ 1 }}' }));
  const expected = outcome(prepared, options);
  const bytes = prepared.keptTemplates(3) ?? new Uint8Array();
  for (const part of [new Uint8Array(), bytes.subarray(0, 31), bytes.subarray(0, bytes.length - 1)]) {
    const again = prepareChart(prepared.chart);
    again.useKept(3, part);
    assert.equal(outcome(again, options), expected);
    assert.notEqual(again.keptTemplates(3), null);
  }
  // Bytes read into the middle of a larger buffer are no words of this machine.
  const shifted = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
  const again = prepareChart(prepared.chart);
  again.useKept(3, shifted);
  assert.equal(outcome(again, options), expected);
  assert.equal(again.keptTemplates(3), null);
});
