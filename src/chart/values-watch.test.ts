import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOptions, smallChart } from '../../test/small-chart.js';
import { noValues, renderChart } from './index.js';

const head = 'apiVersion: v1\nkind: A\n';

/** What the reader writes alone, after all templates ran once; templates run from the last name to the first. */
function alone(templates: Readonly<Record<string, string>>, values = 'x: given\n'): string {
  const chart = smallChart('probe', {
    'Chart.yaml': 'apiVersion: v2\nname: probe\nversion: 1.2.3\n',
    'values.yaml': values,
    'templates/reader.yaml': `${head}x: {{ .Values.x }}`,
    ...templates,
  });
  renderChart(chart, plainOptions);
  const { manifests } = renderChart(chart, {
    ...plainOptions,
    values: { ...noValues, set: ['refuse=true'] },
    only: ['probe/templates/reader.yaml'],
  });
  return manifests.map(({ text }) => text.slice(head.length)).join('\n');
}

const refusing = `{{ if .Values.refuse }}{{ fail "this ran" }}{{ end }}${head}y: 1`;

test('a template that changes the values runs with those that are asked for, and no other', () => {
  const templates = {
    'templates/z.yaml': '{{ $_ := set .Values "x" "changed" }}',
    'templates/y.yaml': refusing,
    'templates/w.yaml': `{{ $own := dict }}{{ $_ := set $own "x" "own" }}${head}z: {{ $own.x }}`,
  };
  assert.equal(alone(templates), 'x: changed');
});

test('nothing else runs where no template changes the values', () => {
  assert.equal(alone({ 'templates/y.yaml': refusing }), 'x: given');
});

test('values that were put in the place of the others are watched as well', () => {
  const templates = {
    'templates/z.yaml': '{{ $_ := set $ "Values" (deepCopy .Values) }}',
    'templates/y.yaml': '{{ $_ := set .Values "x" "fresh" }}',
    'templates/w.yaml': refusing,
  };
  assert.equal(alone(templates), 'x: fresh');
});

test('a table inside of the values counts, too, and so does one that a list holds', () => {
  const templates = { 'templates/z.yaml': '{{ range .Values.list }}{{ $_ := set . "x" "inner" }}{{ end }}' };
  const reader = { 'templates/reader.yaml': `${head}x: {{ (index .Values.list 0).x }}` };
  assert.equal(alone({ ...templates, ...reader }, 'list: [{x: given}]\n'), 'x: inner');
});
