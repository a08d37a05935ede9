import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare, render } from './index.js';

const files = [
  { path: 'Chart.yaml', bytes: Buffer.from('apiVersion: v2\nname: web\nversion: 1.0.0\n') },
  { path: 'values.yaml', bytes: Buffer.from('image: {repository: a/b, tag: "1"}\n') },
  {
    path: 'templates/a.yaml',
    bytes: Buffer.from('kind: A\nimage: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n'),
  },
  { path: 'templates/b.yaml', bytes: Buffer.from('kind: B\nx: {{ randAlpha 8 }} {{ now | unixEpoch }}\n') },
];

test('a chart is prepared once and rendered with many values', () => {
  const chart = prepare(files);
  assert.match(render(chart).text, /image: a\/b:1$/m);
  assert.match(render(chart, { image: { tag: '2' } }).text, /image: a\/b:2$/m);
  assert.match(render(chart, 'image: {tag: "3"}', { set: ['image.repository=c'] }).text, /image: c:3$/m);
});

test('the same call gives the same text, chance and clock included', () => {
  assert.equal(render(prepare(files)).text, render(prepare(files)).text);
  assert.match(render(prepare(files)).text, /x: [A-Za-z]{8} 0$/m);
});

test('one template of a chart is rendered and traced', () => {
  const chart = prepare(files);
  render(chart);
  const { manifests } = render(chart, { image: { tag: '9' } }, { only: ['web/templates/a.yaml'], trace: true });
  const [only] = manifests;
  assert.deepEqual(
    manifests.map((manifest) => manifest.text),
    ['kind: A\nimage: a/b:9'],
  );
  const at = only?.text.indexOf('9') ?? -1;
  assert.deepEqual(
    only?.traceOf?.(at, at + 1).map(({ paths, template, line }) => ({ paths, template, line })),
    [{ paths: ['image.tag'], template: 'web/templates/a.yaml', line: 2 }],
  );
});

test('a document that cannot be installed is refused each time, whatever stood there before', () => {
  const text = 'kind: A\nmetadata:\n  name: {{ .Values.name }}\n  annotations:\n    a: {{ .Values.a }}\n';
  const chart = prepare([...files.slice(0, 2), { path: 'templates/c.yaml', bytes: Buffer.from(text) }]);
  const refused = /cannot unmarshal array into Go struct field .metadata.annotations of type string/;
  assert.match(render(chart, { name: 'one', a: 'b' }).text, /name: one$/m);
  for (const name of ['two', 'three', 'three']) assert.throws(() => render(chart, { name, a: '\n    - b' }), refused);
  assert.match(render(chart, { name: 'four', a: 'b' }).text, /name: four$/m);
  const hooked = { name: 'five', a: 'b\n    helm.sh/hook: test' };
  assert.deepEqual(render(chart, hooked).manifests[0]?.hooks, ['test']);
  assert.deepEqual(render(chart, { ...hooked, name: 'six' }).manifests[0]?.hooks, ['test']);
  assert.deepEqual(render(chart, { ...hooked, a: hooked.a.replace('test', 'post-install') }).manifests[0]?.hooks, [
    'post-install',
  ]);
  const others: readonly (readonly [string, readonly string[]])[] = [
    ['b\n    helm.sh/hook: "test-success, pre-install" # helm.sh/hook', ['test', 'pre-install']],
    ['b\n    helm.sh/hook: test,\n      pre-install', ['test', 'pre-install']],
    ['b\n    helm.sh/hook: test,\n      pre-delete', ['test', 'pre-delete']],
    ['b\n    helm.sh/hook:\n      pre-delete', ['pre-delete']],
    ['b\n    helm.sh/hook:\n      post-delete', ['post-delete']],
    ['b\n    helm.sh/hook: test\n    a2: "helm.sh/hook: test"', ['test']],
    ['b\n    helm.sh/hook: post-install\n    a2: "helm.sh/hook: test"', ['post-install']],
    ['b', []],
  ];
  for (const [a, hooks] of others) {
    for (const name of ['seven', 'eight']) {
      assert.deepEqual(render(chart, { name, a }).manifests[0]?.hooks, hooks, a);
    }
  }
});

const printed =
  '{{ toYaml .Values | nindent 2 }}\nlist: {{ range .Values.list }}{{ .k }}{{ range .more }}{{ .m }}{{ end }}{{ end }}\n';
const changing = `kind: Z
{{ $t := .Values.t }}{{ $i := $t.inner }}{{ $l := .Values.list }}{{ $f := first $l }}
before: {{ $i.x }} {{ $f.k }}
{{ if eq .Values.change "entry" }}{{ $_ := set $i "x" "new" }}
{{ else if eq .Values.change "list" }}{{ $_ := set $f "k" "new" }}{{ $_ = set (first $f.more) "m" "new" }}
{{ else if eq .Values.change "child" }}{{ $_ := set .Values.one.t.inner "x" "new" }}
{{ else if eq .Values.change "global" }}{{ $_ := set .Values.global "x" "new" }}{{ $_ = unset .Values.one.global.g "y" }}
{{ else if eq .Values.change "dot" }}{{ $_ := set . "Values" (dict "t" $t "list" $l) }}
{{ else if eq .Values.change "merge" }}{{ $_ := mergeOverwrite .Values (dict "t" (dict "inner" (dict "x" "new" "y" 1))) }}
{{ else if eq .Values.change "map" }}{{ $_ := set .Values.AsMap "t" $i }}
{{ else if eq .Values.change "none" }}{{ $_ := set $i "x" $i.x }}{{ $_ = set $t "inner" $i }}{{ end }}
after: {{ $i.x }} {{ $t.inner.x }} {{ .Values.t.inner }} {{ $f.k }} {{ (first $l).k }} {{ $l }} {{ ((.Values.t).inner).x }}
`;
const defaults = 't: {inner: {x: old}, other: {a: 1}}\nlist: [{k: old, more: [{m: old}]}, {k: b}]\nchange: ""\n';

test('templates that change values change them for those after them alone, and not for the next rendering', () => {
  const changers = [
    {
      path: 'Chart.yaml',
      bytes: Buffer.from(
        'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n' +
          '- {name: sub, version: 1.0.0, alias: one}\n- {name: sub, version: 1.0.0, alias: two}\n',
      ),
    },
    { path: 'values.yaml', bytes: Buffer.from(`${defaults}global: {x: old, g: {y: old}}\n`) },
    { path: 'templates/m.yaml', bytes: Buffer.from(changing) },
    { path: 'templates/a.yaml', bytes: Buffer.from(`kind: A\nall: ${printed}`) },
    { path: 'templates/z.yaml', bytes: Buffer.from(`kind: B\nall: ${printed}`) },
    { path: 'charts/sub/Chart.yaml', bytes: Buffer.from('apiVersion: v2\nname: sub\nversion: 1.0.0\n') },
    { path: 'charts/sub/values.yaml', bytes: Buffer.from(defaults) },
    { path: 'charts/sub/templates/s.yaml', bytes: Buffer.from(`kind: S\nall: ${printed}`) },
    { path: 'charts/sub/templates/m.yaml', bytes: Buffer.from(changing.replaceAll('.Values.one', '.Values')) },
  ];
  const ways = ['entry', 'list', 'child', 'global', 'dot', 'merge', 'map', 'none', ''];
  for (const helm of [3, 4] as const) {
    const given = [...ways, ...ways].flatMap((change) => [
      { change },
      { one: { change } },
      { two: { change }, t: { z: 1 } },
      {},
    ]);
    // One after the other, and each of them in the first rendering of a chart.
    const chart = prepare(changers, helm);
    for (const values of given) {
      const asFresh = render(prepare(changers, helm), values, { helm, recall: 'never' });
      for (const one of [chart, prepare(changers, helm)]) {
        const { text, values: begun } = render(one, values, { helm });
        assert.equal(text, asFresh.text, JSON.stringify(values));
        assert.deepEqual(begun, asFresh.values);
      }
      if (values.change === 'entry') assert.match(asFresh.text, /x: new/);
    }
  }
});
