import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { chartsBelow, comparePairs } from '../../test/recall/pairs.js';
import { plainOptions, smallChart } from '../../test/small-chart.js';
import { isTrowelError } from '../model/index.js';
import { loadChart, noValues, type PreparedChart, prepareChart, renderChart } from './index.js';

const folder = sharedData('charts');

/** A few of the real charts; `node dist/test/recall/main.js` takes all of them. */
const every = 26;
const pairsEach = 5;

test('a chart that was rendered before writes what a fresh one does', {
  skip: folder === null ? sharedMissing : false,
}, async (t) => {
  const charts = chartsBelow(folder ?? '').filter((_, i) => i % every === 0);
  let pairs = 0;
  for (const [i, path] of charts.entries()) {
    let prepared: PreparedChart;
    try {
      prepared = prepareChart(await loadChart(path));
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      continue;
    }
    const result = comparePairs(prepared, pairsEach, i);
    pairs += result.pairs;
    assert.deepEqual(result.differences, [], path);
  }
  assert.ok(pairs > 0);
  t.diagnostic(`${pairs} pairs of ${charts.length} charts alike`);
});

test('what the release and the cluster say is read like values', () => {
  const chart = smallChart('web', {
    'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: "1"\n',
    'templates/a.yaml':
      'kind: A\nx: {{ .Release.Name }} {{ .Capabilities.KubeVersion.Minor }} {{ .Chart.AppVersion }} {{ .Files.Get "f" }}\n',
    'templates/b.yaml': 'kind: B\nx: {{ print .Values.YAML .Values.AsMap.v | quote }}\n',
    'values.yaml': 'v: 1\n',
    f: 'file',
  });
  const texts = (more: object): readonly string[] =>
    renderChart(chart, { ...plainOptions, recall: 'between', ...more }).manifests.map(({ text }) => text);
  const a = (x: string): string => `kind: A\nx: ${x}`;
  const b = 'kind: B\nx: "v: 1\\n1"';
  assert.deepEqual(texts({}), [a('rel 37 1 file'), b]);
  assert.deepEqual(texts({ name: 'other' }), [a('other 37 1 file'), b]);
  assert.deepEqual(texts({ kubeVersion: '1.29.0' }), [a('rel 29 1 file'), b]);
  const stated = new Map([['web', { appVersion: '2' }]]);
  assert.deepEqual(texts({ kubeVersion: '1.29.0', stated }), [a('rel 29 2 file'), b]);
  assert.deepEqual(texts({}), [a('rel 37 1 file'), b]);
  const values = { ...noValues, set: ['v=2'] };
  assert.deepEqual(texts({ values }), [a('rel 37 1 file'), 'kind: B\nx: "v: 2\\n2"']);
});
