import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOptions, smallChart } from '../../test/small-chart.js';
import { renderChart } from '../chart/index.js';
import { findUses } from '../discover/index.js';
import { type ConditionalResult, conditionalUses, switchesOf } from './conditional.js';

const pod = (name: string, containers: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n${containers}`;

async function found(files: Readonly<Record<string, string>>, most?: number): Promise<ConditionalResult> {
  const chart = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
  const prepared = smallChart('web', { 'Chart.yaml': chart, ...files });
  const rendered = renderChart(prepared, plainOptions);
  const { uses } = findUses(rendered.manifests);
  return await conditionalUses({
    prepared,
    options: plainOptions,
    rendered,
    uses,
    surroundings: { others: rendered.manifests },
    ...(most === undefined ? {} : { most }),
  });
}

const brief = ({ uses }: ConditionalResult): readonly string[] =>
  uses.map((use) => `${use.image} ${use.conditional?.path}=${use.conditional?.value}`);

test('images behind switches that are off and on, of one kind or the other', async () => {
  const result = await found({
    'values.yaml': 'a: {enabled: false}\nb: {enabled: true}\nc: {useOther: false}\nd: {enabled: false}\n',
    'templates/a.yaml': pod(
      'a',
      `{{ if .Values.a.enabled }}  - {name: a, image: x/a:1}\n{{ end }}  - name: b
    image: {{ if .Values.b.enabled }}x/b:1{{ else }}x/instead:1{{ end }}
{{ if .Values.c.useOther }}  - {name: c, image: x/c:1}{{ end }}
{{ if .Values.d.enabled }}{{ fail "not both" }}{{ end }}`,
    ),
  });
  // What stands in another place of the list now is not new; what does not render brings nothing.
  assert.deepEqual(brief(result), [
    'docker.io/x/a:1 a.enabled=true',
    'docker.io/x/c:1 c.useOther=true',
    'docker.io/x/instead:1 b.enabled=false',
  ]);
  assert.deepEqual([result.tried, result.untried], [4, 0]);
});

test('images of subcharts that are off, by condition and by tag', async () => {
  const sub = (name: string): Record<string, string> => ({
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    [`charts/${name}/templates/a.yaml`]: pod(name, `  - {name: ${name}, image: "x/${name}:1"}\n`),
  });
  const result = await found({
    'Chart.yaml':
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n' +
      '- {name: db, version: 0.1.0, condition: "database.enabled,global.db"}\n' +
      '- {name: cache, version: 0.1.0, tags: [fast]}\n',
    'values.yaml': 'database: {enabled: false}\ntags: {fast: false}\n',
    ...sub('db'),
    ...sub('cache'),
  });
  assert.deepEqual(brief(result), ['docker.io/x/db:1 database.enabled=true', 'docker.io/x/cache:1 tags.fast=true']);
});

test('the bound is kept, and what it left out is told', async () => {
  const values = Array.from({ length: 9 }, (_, index) => `s${index}: {enabled: false}\n`).join('');
  const result = await found(
    { 'values.yaml': values, 'templates/a.yaml': pod('a', '  - {name: a, image: x/a:1}\n') },
    4,
  );
  assert.deepEqual([result.tried, result.untried, result.uses], [4, 5, []]);
});

test('switches are the booleans of the values, those named enabled first', () => {
  const values = { b: true, a: { enabled: false, 'x.y': { enable: false } }, list: [{ enabled: false }], t: 'true' };
  assert.deepEqual(switchesOf(values, []), [
    { path: 'a.enabled', value: true },
    { path: 'a.x\\.y.enable', value: true },
    { path: 'b', value: false },
  ]);
});
