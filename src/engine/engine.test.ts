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
  assert.deepEqual(render(chart, { name: 'seven', a: 'b' }).manifests[0]?.hooks, []);
});
