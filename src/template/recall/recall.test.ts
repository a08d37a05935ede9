import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoFunc, GoMap, type GoValue, helmFunctions, prepare, Recall, readYaml, render } from '../index.js';

/** Counts what runs: `ran "name"` gives nothing and is noted. */
class Chart {
  ran: string[] = [];
  readonly recall = new Recall(true);
  private readonly program;
  private readonly functions: Map<string, GoFunc>;
  private readonly names: readonly string[];
  chance = 0;

  constructor(templates: Readonly<Record<string, string>>) {
    this.functions = helmFunctions({
      now: () => new Date(0),
      random: (bytes) => {
        this.recall.draws();
        this.chance += 1;
        return new Uint8Array(bytes).fill(this.chance);
      },
    });
    const ran = (name: GoValue): string => {
      this.ran.push(String(name));
      return '';
    };
    this.functions.set('ran', new GoFunc('ran', ['string'], undefined, ([name]) => ran(name ?? null)));
    this.names = Object.keys(templates);
    this.program = prepare(
      this.names.map((name) => ({
        path: `c/templates/${name}`,
        text: templates[name] ?? '',
        basePath: 't',
        chartPath: 'c',
      })),
      this.functions,
    );
  }

  /** What the templates write with these values, by name; and which of them ran, in `ran`. */
  render(values: string, limits = {}): Record<string, string> {
    this.ran = [];
    const dot = new GoMap(new Map<string, GoValue>([['Values', readYaml(values)]]));
    const withMethods = (entries: Map<string, GoValue>, like: GoMap): GoMap => new GoMap(entries, like.type);
    this.recall.begin({ dots: new Map([['c', dot]]), constants: new Map(), withMethods, before: () => undefined });
    const rendered = render(this.program, { data: () => this.recall.dot('c'), recall: this.recall, limits });
    return Object.fromEntries(
      [...rendered].map(([path, { text }]) => [path.slice('c/templates/'.length), text.trim()]),
    );
  }
}

/** Which templates run when the values become others; each writes `ran` with its name. */
function runs(templates: Readonly<Record<string, string>>, before: string, after: string): readonly string[] {
  const chart = new Chart(
    Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, `{{ ran "${name}" }}${text}`])),
  );
  chart.render(before);
  assert.deepEqual([...chart.ran].sort(), Object.keys(templates).sort());
  chart.render(after);
  return [...chart.ran].sort();
}

test('a file runs again when something that it read is another, and else not', () => {
  const templates = {
    leaf: '{{ .Values.a.b }}',
    absent: '{{ .Values.a.missing }}',
    whole: '{{ toYaml .Values.a }}',
    truth: '{{ if .Values.a }}yes{{ end }}',
    range: '{{ range $k, $v := .Values.a }}{{ $k }}{{ end }}',
    key: '{{ hasKey .Values.a "missing" }}',
    list: '{{ .Values.list | join "," }}',
    inList: '{{ (index .Values.list2 0).x }}',
    kind: '{{ kindOf .Values.c }}',
    nothing: 'x',
  };
  const values = 'a: {b: 1}\nc: {}\nlist: [1]\nlist2: [{x: 1}]\n';
  assert.deepEqual(runs(templates, values, values), []);
  assert.deepEqual(runs(templates, values, `${values}other: 1`), []);
  assert.deepEqual(runs(templates, values, values.replace('b: 1', 'b: 2')), ['leaf', 'range', 'whole']);
  assert.deepEqual(runs(templates, values, values.replace('b: 1', 'b: 1, missing: 2')), [
    'absent',
    'key',
    'range',
    'truth',
    'whole',
  ]);
  assert.deepEqual(runs(templates, values, values.replace('list: [1]', 'list: [1, 2]')), ['list']);
  assert.deepEqual(runs(templates, values, values.replace('x: 1', 'x: 2')), ['inList']);
  assert.deepEqual(runs(templates, values, values.replace('c: {}', 'c: null')), ['kind']);
});

test('0 is not -0, and a whole number no text', () => {
  const templates = { a: '{{ .Values.x }}', b: '{{ .Values.l }}' };
  assert.deepEqual(runs(templates, 'x: 0\nl: [0]', 'x: -0.0\nl: [0]'), ['a']);
  assert.deepEqual(runs(templates, 'x: 0\nl: [0]', 'x: 0\nl: [-0.0]'), ['b']);
  assert.deepEqual(runs(templates, 'x: 1\nl: [1]', 'x: "1"\nl: ["1"]'), ['a', 'b']);
});

test('a helper runs once for a dot, and once for tables of the same content', () => {
  const chart = new Chart({
    '_h.tpl':
      '{{ define "h" }}{{ ran "h" }}{{ .x }}{{ end }}{{ define "d" }}{{ ran "d" }}{{ .name }}{{ .c.x }}{{ end }}',
    a: '{{ include "h" .Values }}{{ include "h" .Values }}{{ template "h" .Values }}',
    b: '{{ include "h" .Values }}{{ include "d" (dict "c" .Values "name" "n") }}{{ include "d" (dict "c" .Values "name" "n") }}',
    c: '{{ include "d" (dict "c" .Values "name" "m") }}{{ include "h" .Values.inner }}',
  });
  const written = { a: '111', b: '1n1n1', c: 'm12' };
  assert.deepEqual(chart.render('x: 1\ninner: {x: 2}'), written);
  assert.deepEqual(chart.ran.sort(), ['d', 'd', 'h', 'h']);
  assert.deepEqual(chart.render('x: 1\ninner: {x: 3}'), { ...written, c: 'm13' });
  assert.deepEqual(chart.ran, ['h']);
});

test('a helper that changes the table that was made for it changes it each time', () => {
  const chart = new Chart({
    '_h.tpl': '{{ define "h" }}{{ $_ := set . "n" "after" }}{{ .n }}{{ end }}',
    a: '{{ $d := dict "n" "before" }}{{ include "h" $d }} {{ $d.n }} {{ $e := dict "n" "before" }}{{ include "h" $e }} {{ $e.n }}',
  });
  for (let i = 0; i < 2; i++) assert.deepEqual(chart.render('x: 1'), { a: 'after after after after' });
});

test('a template that changes what others read runs each time, and they see what it did', () => {
  const chart = new Chart({
    z: '{{ ran "z" }}{{ .Values.x }}',
    y: '{{ ran "y" }}{{ $_ := set .Values "x" (printf "set %v" .Values.given) }}',
    x: '{{ ran "x" }}{{ .Values.x }}',
    w: '{{ ran "w" }}{{ $_ := set .Values.list0 "k" "v" }}{{ range .Values.list }}{{ $_ := set . "n" $.Values.given }}{{ end }}',
    v: '{{ ran "v" }}{{ (index .Values.list 0).n }}',
    u: '{{ ran "u" }}{{ .Values.other }}',
  });
  const values = (given: number, other: number): string =>
    `x: given\ngiven: ${given}\nother: ${other}\nlist0: {}\nlist: [{n: 0}]`;
  const expected = (given: number, other: number): object => ({
    z: 'given',
    y: '',
    x: `set ${given}`,
    w: '',
    v: `${given}`,
    u: `${other}`,
  });
  assert.deepEqual(chart.render(values(1, 1)), expected(1, 1));
  assert.deepEqual(chart.render(values(1, 1)), expected(1, 1));
  assert.deepEqual(chart.ran, ['y', 'w']);
  assert.deepEqual(chart.render(values(2, 1)), expected(2, 1));
  assert.deepEqual(chart.ran, ['y', 'x', 'w', 'v']);
  assert.deepEqual(chart.render(values(2, 2)), expected(2, 2));
  assert.deepEqual(chart.ran, ['y', 'w', 'u']);
  assert.deepEqual([...chart.recall.changers].sort(), ['c/templates/w', 'c/templates/y']);
});

test('a change that comes by way of a table that a template made is one of the values', () => {
  const chart = new Chart({
    z: '{{ $d := dict "a" .Values.a }}{{ $_ := merge $d (dict "a" (dict "added" .Values.x)) }}',
    y: '{{ .Values.a.added }}',
  });
  assert.deepEqual(chart.render('a: {b: 1}\nx: 1'), { z: '', y: '1' });
  assert.deepEqual(chart.render('a: {b: 1}\nx: 2'), { z: '', y: '2' });
});

test('values that take the place of the others, and are changed by the same template later', () => {
  const chart = new Chart({
    z: '{{ $v := deepCopy .Values }}{{ $_ := set $ "Values" $v }}{{ $_ := set $v "x" .Values.w }}{{ $_ := set $v.in "x" 1 }}',
    y: '{{ .Values.x }}{{ .Values.in.x }}{{ $_ := set .Values.in "x" 2 }}',
    x: '{{ .Values.x }}{{ .Values.in.x }}',
  });
  for (const y of [1, 2, 2]) {
    assert.deepEqual(chart.render(`x: given\nw: ${y}\nin: {}`), { z: '', y: `${y}1`, x: `${y}2` });
  }
});

test('who asks for chance is asked again, with those that call it', () => {
  const chart = new Chart({
    '_h.tpl': '{{ define "r" }}{{ randNumeric 1 }}{{ end }}',
    a: '{{ ran "a" }}{{ include "r" .Values }}{{ include "r" .Values }}',
    b: '{{ ran "b" }}{{ .Values.x }}',
  });
  const first = chart.render('x: 1');
  assert.equal(chart.chance, 2);
  const second = chart.render('x: 1');
  assert.deepEqual(chart.ran, ['a']);
  assert.equal(chart.chance, 4);
  assert.notEqual(first.a, second.a);
});

test('a helper that asks which file runs is not taken from another file', () => {
  const chart = new Chart({
    '_h.tpl':
      '{{ define "f" }}{{ .Template.Name }}{{ end }}{{ define "all" }}{{ len . }}{{ range $k, $v := . }}{{ $k }}{{ end }}{{ end }}',
    a: '{{ include "f" . }} {{ include "all" . }}',
    b: '{{ include "f" . }} {{ include "all" . }}',
  });
  for (let i = 0; i < 2; i++) {
    const { a, b } = chart.render('x: 1');
    assert.equal(a, 'c/templates/a 2TemplateValues');
    assert.equal(b, 'c/templates/b 2TemplateValues');
  }
});

/** A block that is large enough to be asked for alone. */
const filler = `{{/* ${'-'.repeat(400)} */}}`;

test('a block runs again when a variable from outside of it is another', () => {
  const chart = new Chart({
    a: `{{ $x := .Values.x }}{{ .Values.w }}{{ if true }}${filler}{{ ran "block" }}{{ $x }}{{ .Values.z }}{{ end }} end`,
  });
  assert.deepEqual(chart.render('{x: 1, w: 1, z: 1}'), { a: '111 end' });
  assert.deepEqual(chart.render('{x: 1, w: 2, z: 1}'), { a: '211 end' });
  assert.deepEqual(chart.ran, []);
  assert.deepEqual(chart.render('{x: 2, w: 2, z: 1}'), { a: '221 end' });
  assert.deepEqual(chart.render('{x: 2, w: 3, z: 2}'), { a: '322 end' });
  assert.deepEqual(chart.ran, ['block']);
});

test('a block that sets a variable from outside of it sets it each time, also from within another block', () => {
  const inner = `{{ if true }}${filler}{{ $x = $.Values.z }}{{ end }}`;
  const chart = new Chart({
    a: `{{ $x := 0 }}{{ .Values.w }}{{ if true }}${filler}{{ $own := 1 }}${inner}-{{ $own }}{{ end }}{{ $x }}`,
  });
  for (const [y, z] of [
    [1, 1],
    [2, 1],
    [2, 2],
    [3, 2],
  ]) {
    assert.deepEqual(chart.render(`{w: ${y}, z: ${z}}`), { a: `${y}-1${z}` });
  }
});

test('a block that leaves its range leaves it each time', () => {
  const chart = new Chart({
    a: `{{ .Values.w }}{{ range $i := until 4 }}{{ with $ }}{{ if eq $i 2 }}${filler}{{ break }}{{ end }}x{{ end }}{{ end }}`,
  });
  assert.deepEqual(chart.render('w: 1'), { a: '1xx' });
  assert.deepEqual(chart.render('w: 2'), { a: '2xx' });
});

test('definitions in a text given to tpl stand for others there alone', () => {
  const chart = new Chart({
    '_h.tpl': '{{ define "n" }}outer{{ end }}{{ define "h" }}{{ include "n" . }}{{ end }}',
    a: '{{ include "h" . }} {{ tpl "{{ define \\"n\\" }}inner{{ end }}{{ include \\"h\\" . }}" . }} {{ include "h" . }} {{ .Values.w }}',
  });
  assert.deepEqual(chart.render('w: 1'), { a: 'outer inner outer 1' });
  assert.deepEqual(chart.render('w: 2'), { a: 'outer inner outer 2' });
});

test('what is taken from before counts against the limits', () => {
  const chart = new Chart({
    a: '{{ range until 100 }}x{{ end }}',
    b: '{{ .Values.w }}{{ range until 100 }}x{{ end }}',
  });
  chart.render('w: 1');
  assert.throws(() => chart.render('w: 2', { steps: 150 }), /stopped after 150 steps/);
  assert.throws(() => chart.render('w: 3', { outputBytes: 150 }), /stopped after 150 characters/);
  assert.equal(chart.render('w: 4').b?.length, 101);
});

test('a rendering that fails is forgotten where it failed', () => {
  const chart = new Chart({
    '_h.tpl': '{{ define "h" }}{{ if .bad }}{{ fail "bad" }}{{ end }}{{ .x }}{{ end }}',
    b: '{{ ran "b" }}{{ .Values.x }}',
    a: '{{ ran "a" }}{{ include "h" .Values }}',
  });
  chart.render('x: 1');
  for (let i = 0; i < 2; i++) assert.throws(() => chart.render('x: 1\nbad: true'), /bad/);
  assert.deepEqual(chart.render('x: 1'), { a: '1', b: '1' });
  assert.deepEqual(chart.ran, ['a']);
  assert.deepEqual(chart.render('x: 2'), { a: '2', b: '2' });
});
