import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOptions, smallChart } from '../../test/small-chart.js';
import type { TracedStretch } from '../model/index.js';
import { noValues, type PreparedChart, type RenderedChart, renderChart } from './index.js';

const chartYaml = 'apiVersion: v2\nname: probe\nversion: 1.2.3\nappVersion: 4.5.6\n';

const values = `
image: {registry: quay.io, repository: a/b, tag: ""}
global: {imageRegistry: reg.example}
extra: {sidecar: {image: side/car, tag: "1"}}
list: [{image: one}, {image: two}]
text: "{{ .Values.image.repository }}-x"
enabled: true
"dotted.key": {x: 1}
sub: {image: {name: s}}
`;

function chartOf(files: Readonly<Record<string, string>>): PreparedChart {
  return smallChart('probe', { 'Chart.yaml': chartYaml, 'values.yaml': values, ...files });
}

function traced(template: string, helpers = ''): RenderedChart {
  const head = 'apiVersion: v1\nkind: A\n';
  const chart = chartOf({ 'templates/a.yaml': head + template, 'templates/_h.tpl': helpers });
  return renderChart(chart, { ...plainOptions, trace: true });
}

/** What wrote a part of the only manifest. */
function stretches(rendered: RenderedChart, part: string): readonly TracedStretch[] {
  const [manifest] = rendered.manifests;
  const at = manifest?.text.indexOf(part) ?? -1;
  assert.ok(at >= 0, `${part} is not in ${manifest?.text}`);
  return manifest?.traceOf?.(at, at + part.length) ?? [];
}

function pathsOf(rendered: RenderedChart, part: string): string[] {
  return [...new Set(stretches(rendered, part).flatMap(({ paths }) => paths))].sort();
}

const cases: readonly (readonly [name: string, template: string, part: string, paths: readonly string[]])[] = [
  ['a field', 'x: {{ .Values.image.repository }}', 'a/b', ['image.repository']],
  ['the text beside it', 'x: {{ .Values.image.repository }}', 'x:', []],
  ['a variable', '{{ $i := .Values.image }}x: {{ $i.repository | quote }}', 'a/b', ['image.repository']],
  ['with', '{{ with .Values.image }}x: {{ .repository }}{{ end }}', 'a/b', ['image.repository']],
  ['a range', '{{ range $i, $e := .Values.list }}\nx{{ $i }}: {{ $e.image }}{{ end }}', 'two', ['list[1].image']],
  [
    'a default that is needed',
    'x: {{ .Values.image.tag | default .Chart.AppVersion }}',
    '4.5.6',
    ['@probe.AppVersion', 'image.tag'],
  ],
  [
    'a default that is not',
    'x: {{ .Values.image.repository | default .Chart.AppVersion }}',
    'a/b',
    ['image.repository'],
  ],
  [
    'a part of a text',
    'x: {{ printf "%s/%s" .Values.image.registry .Values.image.repository }}',
    'quay.io',
    ['image.registry'],
  ],
  ['index', 'x: {{ index .Values "dotted.key" "x" }}', 'x: 1', ['dotted\\.key.x']],
  [
    'get, dig',
    'x: {{ get .Values.image "repository" }}-{{ dig "sidecar" "tag" "" .Values.extra }}',
    'a/b-1',
    ['extra.sidecar.tag', 'image.repository'],
  ],
  [
    'a table of its own',
    '{{ $d := dict "a" .Values.image "b" .Values.enabled }}x: {{ $d.a.repository }}',
    'a/b',
    ['image.repository'],
  ],
  ['a copy', 'x: {{ (deepCopy .Values.image).repository }}', 'a/b', ['image.repository']],
  ['a table out of text', 'x: {{ (fromYaml (toYaml .Values.image)).repository }}', 'a/b', ['image.repository']],
  ['a merge', 'x: {{ (merge (dict) .Values.image).repository }}', 'a/b', ['image.repository']],
  ['a table in whole', 'x:\n{{ toYaml .Values.extra.sidecar | indent 2 }}', 'side/car', ['extra.sidecar']],
  ['tpl', 'x: {{ tpl .Values.text . }}', 'a/b', ['image.repository', 'text']],
  ['tpl, its own text', 'x: {{ tpl .Values.text . }}', '-x', ['text']],
  [
    'ternary',
    'x: {{ ternary .Values.image.registry "none" .Values.enabled }}',
    'quay.io',
    ['enabled', 'image.registry'],
  ],
  ['or', 'x: {{ or .Values.image.tag .Values.image.registry }}', 'quay.io', ['image.registry', 'image.tag']],
  ['a hash', 'x: {{ .Values.image.repository | sha256sum }}', 'x: ', []],
  ['the release', 'x: {{ .Release.Name }}', 'rel', ['@release.Name']],
];

for (const [name, template, part, paths] of cases) {
  test(`a trace follows ${name}`, () => {
    assert.deepEqual(pathsOf(traced(template), part), paths);
  });
}

test('what a helper wrote is traced to its lines, and to the line that called it', () => {
  const helper = '{{- define "h" -}}\nname: x\nimage: {{ .Values.image.repository }}\n{{- end }}';
  const rendered = traced('spec:\n{{- include "h" . | nindent 2 }}', helper);
  assert.match(rendered.text, /^ {2}image: a\/b$/m);
  const [stretch] = stretches(rendered, 'a/b');
  assert.deepEqual(
    [stretch?.template, stretch?.templateLine, stretch?.line, stretch?.paths],
    ['probe/templates/_h.tpl', 3, 4, ['image.repository']],
  );
  const [literal] = stretches(rendered, 'name: x');
  assert.deepEqual([literal?.templateLine, literal?.line, literal?.paths], [2, 4, []]);
  assert.equal(rendered.manifests[0]?.lineOf?.(0), 1);
});

test('a trace knows the branches around what is written', () => {
  const rendered = traced('{{ if .Values.enabled }}{{ with .Values.image }}x: {{ .repository }}{{ end }}{{ end }}');
  assert.deepEqual(stretches(rendered, 'a/b')[0]?.conditions, ['enabled', 'image']);
});

test('a hash depends on what was hashed', () => {
  const rendered = traced('x: {{ .Values.image.repository | sha256sum }}');
  const hash = /x: ([0-9a-f]{64})/.exec(rendered.text)?.[1] ?? '';
  assert.deepEqual(pathsOf(rendered, hash), ['image.repository']);
});

test('values of a subchart are called as the root chart sets them, globals by one name', () => {
  const chart = chartOf({
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\nappVersion: 7.7.7\n',
    'charts/sub/templates/s.yaml':
      'kind: B\nx: {{ .Values.global.imageRegistry }}/{{ .Values.image.name }}:{{ .Chart.AppVersion }}\n',
  });
  const rendered = renderChart(chart, { ...plainOptions, trace: true });
  assert.deepEqual(pathsOf(rendered, 'reg.example/s:7.7.7'), [
    '@probe/sub.AppVersion',
    'global.imageRegistry',
    'sub.image.name',
  ]);
});

test('a trace changes nothing of what is written', () => {
  const chart = chartOf({ 'templates/a.yaml': 'kind: A\nx: {{ tpl .Values.text . | quote }} {{ .Values.nope }}\n' });
  assert.equal(renderChart(chart, { ...plainOptions, trace: true }).text, renderChart(chart, plainOptions).text);
});

test('single templates are rendered alone, unless others change what they read', () => {
  const files = {
    'templates/a.yaml': 'kind: A\nx: {{ .Values.image.repository }}\n',
    'templates/b.yaml': 'kind: B\nx: {{ fail "not asked for" }}\n',
  };
  const chart = chartOf(files);
  const only = ['probe/templates/a.yaml'];
  // Nothing is known of the templates before all of them ran.
  assert.throws(() => renderChart(chart, { ...plainOptions, only }));
  const good = chartOf({ ...files, 'templates/b.yaml': 'kind: B\nx: {{ .Values.boom | default "" }}\n' });
  assert.equal(renderChart(good, plainOptions).manifests.length, 2);
  const changed = { ...noValues, set: ['image.repository=c/d'] };
  const variant = renderChart(good, { ...plainOptions, only, values: changed });
  assert.equal(variant.text, '---\n# Source: probe/templates/a.yaml\nkind: A\nx: c/d\n');

  const setting = chartOf({
    ...files,
    'templates/b.yaml':
      'kind: B\nx: {{ $_ := set .Values.image "repository" (print .Values.image.repository "!") }}1\n',
  });
  assert.match(renderChart(setting, plainOptions).text, /x: a\/b!$/m);
  assert.equal(
    renderChart(setting, { ...plainOptions, only, values: changed }).text,
    '---\n# Source: probe/templates/a.yaml\nkind: A\nx: c/d!\n',
  );
});
