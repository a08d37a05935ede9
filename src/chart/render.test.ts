import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inRoot } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import { writeTar } from '../pack/index.js';
import {
  helmDefaults,
  loadArchive,
  noValues,
  outputFiles,
  type PreparedChart,
  prepareChart,
  type RenderChartOptions,
  renderChart,
} from './index.js';

const plain: RenderChartOptions = {
  ...helmDefaults,
  name: 'rel',
  namespace: 'ns',
  now: () => new Date(0),
  random: (bytes) => new Uint8Array(bytes).map((_, index) => index * 37),
};

function chartOf(files: Readonly<Record<string, string>>): PreparedChart {
  const entries = Object.entries(files).map(([path, text]) => ({
    path: `probe/${path}`,
    type: 'file' as const,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  return prepareChart(loadArchive(gzipSync(Buffer.concat([...writeTar(entries)])), 'probe.tgz'));
}

const chartYaml = 'apiVersion: v2\nname: probe\nversion: 1.2.3\nappVersion: 1.0\n';

function probe(files: Readonly<Record<string, string>>): PreparedChart {
  return chartOf({ 'Chart.yaml': chartYaml, ...files });
}

/** The text, or the message of the error. */
function outcome(chart: PreparedChart, options: Partial<RenderChartOptions> = {}): string {
  try {
    return renderChart(chart, { ...plain, ...options }).text;
  } catch (error) {
    if (isTrowelError(error)) return error.what;
    throw error;
  }
}

interface Flags {
  readonly files: Readonly<Record<string, string>>;
  readonly runs: readonly {
    readonly name: string;
    readonly options: Partial<RenderChartOptions>;
    readonly text?: string;
    readonly error?: string;
  }[];
}

const flags: Flags = JSON.parse(readFileSync(inRoot('src/chart/testdata/flags.json'), 'utf8'));

for (const { name, options, text, error } of flags.runs) {
  test(`helm template prints the same: ${name}`, () => {
    // Helm is met with files in another order than ours: a directory is read by name.
    const files = Object.fromEntries(Object.entries(flags.files).sort(([a], [b]) => (a < b ? -1 : 1)));
    assert.equal(outcome(chartOf(files), options), text ?? error);
  });
}

test('--output-dir gets one text a template, its documents in order', () => {
  const chart = probe({
    'templates/a.yaml': 'kind: Zeta\n---\nkind: Secret\n',
    'crds/c.yaml': 'kind: CustomResourceDefinition\n',
  });
  const { sections } = renderChart(chart, { ...plain, includeCrds: true });
  assert.deepEqual(
    [...outputFiles(sections)],
    [
      ['probe/crds/c.yaml', '---\n# Source: probe/crds/c.yaml\nkind: CustomResourceDefinition\n\n'],
      [
        'probe/templates/a.yaml',
        '---\n# Source: probe/templates/a.yaml\nkind: Secret\n---\n# Source: probe/templates/a.yaml\nkind: Zeta\n',
      ],
    ],
  );
});

test('manifests know their template, document and line', () => {
  const chart = probe({
    _: '',
    'templates/_h.tpl': '{{ define "labels" }}\na: 1\nb: 2\n{{- end }}',
    'templates/a.yaml':
      '# head\n---\n{{- if true }}\nkind: Pod\nmetadata:\n  labels:\n    {{- include "labels" . | nindent 4 }}\n  name: x\n{{- end }}\n---\nkind: Secret\n',
  });
  const { manifests } = renderChart(chart, { ...plain, trace: true });
  assert.deepEqual(
    manifests.map(({ template, document, line, chart: id, hooks }) => ({ template, document, line, id, hooks })),
    [
      { template: 'probe/templates/a.yaml', document: 2, line: 11, id: 'probe', hooks: [] },
      { template: 'probe/templates/a.yaml', document: 1, line: 4, id: 'probe', hooks: [] },
    ],
  );
  const pod = manifests[1];
  assert.ok(pod?.lineOf !== undefined);
  const name = pod.text.split('\n').indexOf('  name: x');
  assert.equal(pod.lineOf(name), 8);
});

test('a chart is prepared once and rendered as often as asked, each time anew', () => {
  const chart = probe({
    'values.yaml': 'list: [1]\nmap: {a: 1}\n',
    'templates/a.yaml':
      '{{ $_ := set .Values.map "b" 2 }}kind: {{ toJson .Values.map | quote }}\n{{ randAlphaNum 4 }}: {{ now | date "2006" }}',
  });
  const first = outcome(chart);
  assert.equal(outcome(chart), first);
  assert.match(outcome(chart, { values: { ...noValues, set: ['map.a=5'] } }), /"\{\\"a\\":5,\\"b\\":2\}"/);
  assert.match(outcome(chart, { now: () => new Date('2031-06-01') }), /: 2031/);
});

test('what cannot be rendered says why in the words of Helm', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [
      { 'Chart.yaml': `${chartYaml}dependencies: [{name: common, version: 1.x.x, repository: r}]\n` },
      'An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: common',
    ],
    [{ 'Chart.yaml': `${chartYaml}type: library\n` }, 'library charts are not installable'],
    [
      { 'Chart.yaml': `${chartYaml}kubeVersion: ">=1.99"\n` },
      'chart requires kubeVersion: >=1.99 which is incompatible with Kubernetes v1.37.0',
    ],
    [
      { 'templates/a.yaml': 'a' },
      'YAML parse error on probe/templates/a.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type releaseutil.SimpleHead',
    ],
    [
      { 'templates/a.yaml': 'kind: [a]' },
      'YAML parse error on probe/templates/a.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field SimpleHead.kind of type string',
    ],
    [
      { 'templates/a.yaml': 'metadata: {annotations: {a: {b: c}}}' },
      'YAML parse error on probe/templates/a.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go struct field .metadata.annotations of type string',
    ],
    [
      { 'templates/a.yaml': 'a: b: c' },
      'YAML parse error on probe/templates/a.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context',
    ],
    [{ 'templates/a.yaml': '{{ nope }}' }, 'parse error at (probe/templates/a.yaml:1): function "nope" not defined'],
  ];
  for (const [files, what] of cases) assert.equal(outcome(probe(files)), what);
});

test('numbers and booleans as annotations are text, as Helm reads them', () => {
  const text = outcome(probe({ 'templates/a.yaml': 'metadata:\n  name: 5\n  annotations: {a: 1, b: true, c: 1e6}\n' }));
  assert.match(text, /annotations: \{a: 1, b: true, c: 1e6\}/);
});

test('a template that does not end is stopped with its name', () => {
  const endless = probe({ 'templates/a.yaml': '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' });
  assert.match(outcome(endless), /templates are nested too deeply$/);
  const wide = probe({ 'templates/a.yaml': '{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}' });
  assert.throws(() => renderChart(wide, { ...plain, limits: { steps: 100_000 } }), /templates\/a\.yaml.*100000 steps/);
});

test('disabled dependencies stand in the summary of their parent', () => {
  const chart = probe({
    'Chart.yaml': `${chartYaml}dependencies:\n- {name: s, version: 0.x, repository: r, condition: s.enabled, alias: t}\n- {name: u, version: 1.0.0, repository: "", tags: [extra]}\n`,
    'values.yaml': 'tags: {extra: false}\n',
    'charts/s/Chart.yaml': 'name: s\nversion: 0.1.0\n',
    'charts/s/templates/x.yaml': 'kind: {{ .Chart.Name }}',
    'charts/u/Chart.yaml': 'name: u\nversion: 1.0.0\n',
    'charts/u/templates/x.yaml': 'kind: U',
  });
  const { charts, manifests, values } = renderChart(chart, plain);
  assert.deepEqual(
    charts.map(({ id, name, alias }) => [id, name, alias]),
    [
      ['probe', 'probe', null],
      ['probe/t', 's', 't'],
    ],
  );
  assert.deepEqual(charts[0]?.dependencies, [
    {
      name: 's',
      alias: 't',
      range: '0.x',
      repository: 'r',
      condition: 's.enabled',
      tags: [],
      version: '0.1.0',
      enabled: true,
      chart: 'probe/t',
    },
    {
      name: 'u',
      alias: null,
      range: '1.0.0',
      repository: '',
      condition: null,
      tags: ['extra'],
      version: '1.0.0',
      enabled: false,
      chart: null,
    },
  ]);
  assert.deepEqual(
    manifests.map(({ chart: id, template }) => [id, template]),
    [['probe/t', 'probe/charts/t/templates/x.yaml']],
  );
  assert.ok(typeof values === 'object' && values !== null && 't' in values);
});
