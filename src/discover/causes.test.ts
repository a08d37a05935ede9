import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import {
  type Chart,
  helmDefaults,
  loadChart,
  noValues,
  type PreparedChart,
  prepareChart,
  type RenderChartOptions,
  renderChart,
} from '../chart/index.js';
import type { ChartSummary, ImageUse, JsonValue, Manifest } from '../model/index.js';
import { type CausesResult, findCauses, type Trial } from './causes.js';
import { findUses } from './find-uses.js';
import { partOf, probeOf } from './probe.js';

test('a probe keeps the shape of the value', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['7.2.1', '7.2.2'],
    ['v2.22.9', 'v2.22.8'],
    ['16', '17'],
    ['latest', 'latestx'],
    ['3.1.0-debian-12-r9', '3.1.0-debian-12-r8'],
    ['quay.io', 'quayx.io'],
    ['registry.example.com:5000', 'registryx.example.com:5000'],
    ['grafana/grafana', 'grafana/grafanax'],
    ['grafana/grafana:7.2.1', 'grafana/grafana:7.2.2'],
    ['a'.repeat(64), `${'a'.repeat(56)}00000000`],
    [`sha256:${'0'.repeat(64)}`, `sha256:${'0'.repeat(56)}11111111`],
    [`x/y@sha256:${'0'.repeat(64)}`, `x/y@sha256:${'0'.repeat(56)}11111111`],
  ];
  for (const [text, probe] of cases) assert.equal(probeOf(text), probe);
});

test('the part of a reference in which a text stands', () => {
  const cases: readonly (readonly [string, ReturnType<typeof partOf>])[] = [
    ['quay.io/team/app:v1.2.3', 'whole'],
    ['quay.io', 'registry'],
    ['team/app', 'repository'],
    ['quay.io/team/app', 'repository'],
    ['team', 'repository'],
    ['v1.2.3', 'tag'],
    ['1.2.3', 'tag'],
    ['2.3', 'tag'],
    ['.2.', null],
    ['1.2', 'tag'],
    ['eam/ap', null],
    ['tea', null],
    ['1', null],
    ['other', null],
  ];
  for (const [text, part] of cases) {
    assert.equal(partOf(text, 'quay.io/team/app:v1.2.3', 'quay.io/team/app:v1.2.3'), part, text);
  }
});

/** A chart of one function: values and appVersion to images by name of an object. */
function fake(
  values: Record<string, string>,
  images: (values: Readonly<Record<string, string>>, appVersion: string) => Record<string, string>,
): { readonly find: (budget?: number) => Promise<CausesResult>; readonly trials: Trial[] } {
  const trials: Trial[] = [];
  const uses = (of: Record<string, string>): readonly ImageUse[] => {
    const manifests = Object.entries(of).map(
      ([name, image]): Manifest => ({
        object: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'c', image }] } },
        text: '',
        template: `root/templates/${name}.yaml`,
        document: 0,
        line: null,
        chart: 'root',
        hooks: [],
      }),
    );
    return findUses(manifests).uses;
  };
  const chart: ChartSummary = {
    id: 'root',
    name: 'root',
    alias: null,
    version: '1.0.0',
    appVersion: '4.5.6',
    digest: null,
    dependencies: [],
  };
  return {
    trials,
    find: (budget) =>
      findCauses({
        uses: uses(images(values, '4.5.6')),
        values,
        defaults: null,
        charts: [chart],
        render: (trial) => {
          trials.push(trial);
          if (trial.kind === 'appVersion') return uses(images(values, trial.value));
          return uses(images({ ...values, [trial.path]: String(trial.value) }, '4.5.6'));
        },
        ...(budget === undefined ? {} : { budget }),
      }),
  };
}

const brief = (result: CausesResult): readonly string[] =>
  result.uses.flatMap((use) =>
    use.causes.map((cause) => `${use.in.name} ${cause.part} ${cause.from} ${cause.path}${cause.verified ? '' : ' ?'}`),
  );

test('causes are what moves the image, and not what only reads the same', async () => {
  const chart = fake({ repo: 'team/app', tag: '1.2.3', other: '1.2.3', label: 'team/app' }, (values) => ({
    a: `${values.repo}:${values.tag}`,
  }));
  assert.deepEqual(brief(await chart.find()), ['a repository value repo', 'a tag value tag']);
});

test('what else moves is named', async () => {
  const chart = fake({ tag: '1.2.3' }, (values) => ({ a: `x/a:${values.tag}`, b: `x/b:${values.tag}`, c: 'x/c:9' }));
  const { uses } = await chart.find();
  assert.deepEqual(
    uses.map((use) => use.causes.map((cause) => cause.alsoMoves)),
    [[['docker.io/x/b:1.2.3']], [['docker.io/x/a:1.2.3']], [[]]],
  );
  assert.deepEqual(uses[2]?.causes[0]?.from, 'template');
});

test('an appVersion is found, with the value that would override it', async () => {
  const chart = fake({ repo: 'x/a', tag: '', other_version: '' }, (values, appVersion) => ({
    a: `${values.repo}:v${values.tag === '' ? appVersion : values.tag}`,
  }));
  assert.deepEqual(brief(await chart.find()), ['a repository value repo', 'a tag appVersion tag']);
});

test('a value that the chart refuses to have changed is a cause that nobody verified', async () => {
  const chart = fake({ tag: '1.2.3' }, (values) => {
    if (values.tag !== '1.2.3') throw new Error('unsupported version');
    return { a: `x/a:${values.tag}` };
  });
  assert.deepEqual(brief(await chart.find()), ['a tag value tag ?']);
});

test('the budget is kept, and what it left out is told', async () => {
  const chart = fake({ repo: 'x/a', tag: '1.2.3', more: 'x/a' }, (values) => ({ a: `${values.repo}:${values.tag}` }));
  const result = await chart.find(1);
  assert.deepEqual([chart.trials.length, result.renders, result.untried], [1, 1, 2]);
});

test('hostile values are looked at within bounds', async () => {
  let deep: JsonValue = 'x/a:1';
  for (let i = 0; i < 10_000; i++) deep = { a: deep };
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k.${index}`, 'x']));
  const result = await findCauses({ uses: [], values: { deep, wide }, defaults: null, charts: [], render: () => [] });
  assert.deepEqual(result, { uses: [], renders: 0, untried: 0 });
});

// --- Real charts, rendered again and again.

const options: RenderChartOptions = {
  ...helmDefaults,
  name: 'rel',
  namespace: 'ns',
  now: () => new Date(0),
  random: (bytes) => new Uint8Array(bytes),
};

function withAppVersion(chart: Chart, names: readonly string[], appVersion: string): Chart {
  const [, next] = names;
  if (next === undefined) return { ...chart, metadata: { ...chart.metadata, appVersion } };
  const dependencies = chart.dependencies.map((child) =>
    child.metadata.name === next ? withAppVersion(child, names.slice(1), appVersion) : child,
  );
  return { ...chart, dependencies };
}

function renderTrial(chart: Chart, prepared: PreparedChart, trial: Trial): readonly ImageUse[] {
  if (trial.kind === 'appVersion') {
    const changed = prepareChart(withAppVersion(chart, trial.chart.split('/'), trial.value));
    return findUses(renderChart(changed, options).manifests).uses;
  }
  const setJson = [`${trial.path}=${JSON.stringify(trial.value)}`];
  return findUses(renderChart(prepared, { ...options, values: { ...noValues, setJson } }).manifests).uses;
}

async function causesOf(name: string): Promise<CausesResult> {
  const folder = sharedData('charts') ?? '';
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}.tgz`));
  assert.ok(file !== undefined, name);
  const chart = await loadChart(join(folder, file));
  const prepared = prepareChart(chart);
  const { manifests, values, charts } = renderChart(prepared, options);
  const { uses } = findUses(manifests);
  return await findCauses({
    uses,
    values,
    defaults: null,
    charts,
    render: (trial) => renderTrial(chart, prepared, trial),
  });
}

const here = sharedData('charts') !== null;

test('a chart whose tags come from its appVersion', { skip: !here && sharedMissing }, async () => {
  assert.deepEqual(
    brief(await causesOf('keda-2.12.1')).map((line) => line.replace(/^\S+ /, '')),
    [
      'repository value image.keda.repository',
      'tag appVersion image.keda.tag',
      'repository value image.metricsApiServer.repository',
      'tag appVersion image.metricsApiServer.tag',
      'repository value image.webhooks.repository',
      'tag appVersion image.webhooks.tag',
    ],
  );
});

test('registry, repository, tag and digest of ingress-nginx', { skip: !here && sharedMissing }, async () => {
  const { uses } = await causesOf('ingress-nginx-4.15.1');
  const controller = uses.find((use) => use.in.kind === 'Deployment');
  assert.deepEqual(
    controller?.causes.map((cause) => [cause.part, cause.path, cause.verified]),
    [
      ['digest', 'controller.image.digest', true],
      ['registry', 'global.image.registry', true],
      ['repository', 'controller.image.image', true],
      ['tag', 'controller.image.tag', true],
    ],
  );
});

test('the values paths of kube-prometheus-stack 12.0.0 are those of the list', {
  skip: !here && sharedMissing,
}, async () => {
  const truth = readFileSync(sharedData('images-truth.md') ?? '', 'utf8');
  const section = truth.split('### 12.0.0, ')[1]?.split('###')[0] ?? '';
  const { uses } = await causesOf('kube-prometheus-stack-12.0.0');
  let rows = 0;
  for (const line of section.split('\n').filter((text) => /^\| (CR|args|podspec)/.test(text))) {
    const [, , , , reference = '', path = ''] = line.split('|').map((cell) => cell.replaceAll('`', '').trim());
    // `a.image.*` is a map, `a.image/tag` and `a.repository/tag` are two leaves of one.
    const parent = path.replace(/\.\*$/, '').replace(/\.[^.]*\/[^.]*$/, '');
    const matching = uses.filter((use) => use.written === reference);
    assert.ok(matching.length > 0, reference);
    for (const use of matching) {
      assert.deepEqual(
        use.causes.map((cause) => [cause.part, cause.path?.startsWith(`${parent}.`), cause.verified]),
        [
          ['repository', true, true],
          ['tag', true, true],
        ],
        reference,
      );
    }
    rows++;
  }
  assert.equal(rows, 12);
});
