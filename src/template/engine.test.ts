import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrowelError } from '../model/index.js';
import { type HelmTemplate, isStackFull, prepare, type RenderOptions, render } from './engine.js';
import { GoFunc, GoMap, type GoValue } from './value.js';

function files(texts: Readonly<Record<string, string>>): HelmTemplate[] {
  return Object.entries(texts).map(([path, text]) => ({
    path,
    text,
    basePath: path.replace(/templates\/.*/, 'templates'),
    chartPath: path.replace(/\/templates\/.*/, ''),
  }));
}

const set = new GoFunc('set', ['map', 'string', 'any'], undefined, ([map, key, value]) => {
  if (map instanceof GoMap && typeof key === 'string') map.entries.set(key, value ?? null);
  return map ?? null;
});
const functions = new Map([['set', set]]);

function dot(values: Record<string, GoValue> = {}): GoMap {
  const inner = new GoMap(new Map(Object.entries({ a: 'A', n: null, ...values })), 'chartutil.Values');
  return new GoMap(new Map([['Values', inner]]));
}

function renderAll(
  texts: Readonly<Record<string, string>>,
  options: Partial<RenderOptions> = {},
): Record<string, string> {
  const data = dot();
  const rendered = render(prepare(files(texts), functions), { data: () => data, ...options });
  return Object.fromEntries([...rendered].map(([path, { text }]) => [path, text]));
}

/** What one template gives, or the message after `Error: `. Expected texts are Helm 3.22's. */
function one(text: string): string {
  try {
    return renderAll({ 'c/templates/a.yaml': text })['c/templates/a.yaml'] ?? '';
  } catch (error) {
    return error instanceof TrowelError ? `${error.code} ${error.what}` : String(error);
  }
}

const at = 'executing "c/templates/a.yaml" at';

test('errors read as Helm writes them', () => {
  const table: readonly (readonly [string, string])[] = [
    ['a\n  {{ fail "boo: x" }}', 'execution error at (c/templates/a.yaml:2:5): boo: x'],
    ['{{ required "need it" .Values.n }}', 'execution error at (c/templates/a.yaml:1:3): need it'],
    ['{{define "q"}}{{fail "deep"}}{{end}}\n {{include "q" .}}', 'execution error at (c/templates/a.yaml:2:3): deep'],
    ['x\n{{ .x ', 'parse error at (c/templates/a.yaml:2): unclosed action'],
    ['{{ nofunc }}', 'parse error at (c/templates/a.yaml:1): function "nofunc" not defined'],
    ['{{ env "HOME" }}', 'parse error at (c/templates/a.yaml:1): function "env" not defined'],
    [
      '{{ include "no" . }}',
      `template: c/templates/a.yaml:1:3: ${at} <include "no" .>: error calling include: template: no template "no" associated with template "gotpl"`,
    ],
    [
      '{{ .Values.n.x }}',
      `template: c/templates/a.yaml:1:10: ${at} <.Values.n.x>: nil pointer evaluating interface {}.x`,
    ],
    [
      '{{ .Values.a.x }}',
      `template: c/templates/a.yaml:1:10: ${at} <.Values.a.x>: can't evaluate field x in type interface {}`,
    ],
    [
      '{{ tpl "{{ .Values.n.x }}" . }}',
      `template: c/templates/a.yaml:1:3: ${at} <tpl "{{ .Values.n.x }}" .>: error calling tpl: error during tpl function execution for "{{ .Values.n.x }}": template: gotpl:1:10: executing "gotpl" at <.Values.n.x>: nil pointer evaluating interface {}.x`,
    ],
    [
      '{{ tpl "{{ .x" . }}',
      `template: c/templates/a.yaml:1:3: ${at} <tpl "{{ .x" .>: error calling tpl: cannot parse template "{{ .x": template: gotpl:1: unclosed action`,
    ],
  ];
  for (const [text, expected] of table) assert.equal(one(text), `render-failed ${expected}`);
});

test('nothing prints as <no value>, which goes away from files and tpl, not from include', () => {
  assert.equal(one('[{{ .Values.n }}{{ .Values.zz }}<no value>]'), '[]');
  assert.equal(one('{{ define "z" }}{{ .Values.n }}{{ end }}{{ len (include "z" .) }}'), '10');
  assert.equal(one('{{ len (tpl "{{ .Values.n }}" .) }}'), '0');
});

test('tpl has its own definitions, and sees those around it', () => {
  assert.equal(one('{{ tpl "{{ define `m` }}in{{ end }}{{ include `m` . }}" . }}'), 'in');
  assert.match(one('{{ tpl "{{ define `m` }}in{{ end }}" . }}{{ include "m" . }}'), /no template "m"/);
  assert.equal(
    one('{{ define "m" }}out{{ end }}{{ tpl "{{ define `m` }}in{{ end }}{{ include `m` . }}" . }}{{ include "m" . }}'),
    'inout',
  );
  assert.match(one('{{ $x := 1 }}{{ tpl "{{ $x }}" . }}'), /undefined variable "\$x"/);
});

test('the shallowest definition wins, then the first by name; an empty one replaces nothing', () => {
  const texts = {
    'c/charts/s/templates/_h.tpl': '{{ define "n" }}deep{{ end }}',
    'c/templates/_a.tpl': '{{ define "n" }}a{{ end }}',
    'c/templates/_b.tpl': '{{ define "n" }}b{{ end }}',
    'c/templates/x.yaml': '{{ include "n" . }}',
  };
  assert.equal(renderAll(texts)['c/templates/x.yaml'], 'a');
  assert.equal(renderAll({ ...texts, 'c/templates/_a.tpl': '{{ define "n" }} {{ end }}' })['c/templates/x.yaml'], 'b');
});

test('templates run deepest first, within a depth from z to a, and share what they set', () => {
  const texts = {
    'c/templates/a.yaml': '{{ .Values.a }}',
    'c/templates/z.yaml': '{{ $_ := set .Values "a" "Z" }}{{ .Template.Name }} {{ .Template.BasePath }}',
    'c/charts/s/templates/s.yaml': '{{ .Values.a }}{{ $_ := set .Values "a" "S" }}',
    'c/templates/_p.yaml': '{{ fail "partials do not run" }}',
  };
  assert.deepEqual(renderAll(texts), {
    'c/charts/s/templates/s.yaml': 'A',
    'c/templates/z.yaml': 'c/templates/z.yaml c/templates',
    'c/templates/a.yaml': 'Z',
  });
  assert.deepEqual(renderAll(texts, { only: ['c/templates/a.yaml'] }), { 'c/templates/a.yaml': 'A' });
});

test('lookup finds nothing, or what it is told', () => {
  const text = { 'c/templates/a.yaml': '{{ len (lookup "v1" "Secret" "ns" "x") }}' };
  assert.equal(renderAll(text)['c/templates/a.yaml'], '0');
  const lookup = (_: string, kind: string): GoValue => new GoMap(new Map([['kind', kind]]));
  assert.equal(renderAll(text, { lookup })['c/templates/a.yaml'], '1');
});

test('a template that does not end is stopped, with its place', () => {
  const program = prepare(files({ 'c/templates/a.yaml': '\n{{ range 1000000000000 }}x{{ end }}' }), functions);
  const limits = [
    [{ steps: 1000 }, 'too-large'],
    [{ outputBytes: 1000 }, 'too-large'],
    [{ timeMs: 20 }, 'timeout'],
  ] as const;
  for (const [limit, code] of limits) {
    assert.throws(
      () => render(program, { data: () => dot(), limits: limit }),
      (error) =>
        error instanceof TrowelError &&
        error.code === code &&
        error.where.file === 'c/templates/a.yaml' &&
        error.where.line === 2,
    );
  }
});

test('deep nesting is an error, not a crash', () => {
  for (const text of [
    `{{${'('.repeat(9000)}1${')'.repeat(9000)}}}`,
    '{{ if true }}'.repeat(50_000) + '{{ end }}'.repeat(50_000),
  ]) {
    assert.throws(() => prepare(files({ 'c/templates/a.yaml': text }), functions), isStackFull);
  }
});

test('lines of the output lead to lines of the template', () => {
  const source = [
    'kind: A',
    '{{- if .Values.a }}',
    'name: {{ .Values.a }}',
    '{{ include "two" . }}',
    '{{- end }}',
    '{{- range 2 }}',
    'n: {{ . }}',
    '{{- end }}',
    'end: <no value>1',
    '{{- define "two" }}one: 1\ntwo: 2{{ end }}',
  ].join('\n');
  const rendered = render(prepare(files({ 'c/templates/a.yaml': source }), functions), {
    data: () => dot(),
    trace: [],
  });
  const found = rendered.get('c/templates/a.yaml');
  const text = found?.text ?? '';
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const lines = text.split('\n').map((line, i) => `${line} < ${found?.trace?.lineAt(starts[i] ?? 0)}`);
  assert.deepEqual(lines, [
    'kind: A < 1',
    'name: A < 3',
    'one: 1 < 4',
    'two: 2 < 4',
    'n: 0 < 7',
    'n: 1 < 7',
    'end: 1 < 9',
  ]);
  assert.equal(found?.trace?.lineAt(9999), null);
});

test('a program is prepared once and rendered many times', () => {
  const program = prepare(files({ 'c/templates/a.yaml': '{{ .Values.a }}{{ tpl "{{ .Values.a }}" . }}' }), functions);
  for (const a of ['x', 'y']) {
    const rendered = render(program, { data: () => dot({ a }) });
    assert.equal(rendered.get('c/templates/a.yaml')?.text, a + a);
  }
});
