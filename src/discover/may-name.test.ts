import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oracleCases, oracleText } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { readManifests } from '../chart/index.js';
import type { Manifest } from '../model/index.js';
import { findUses } from './find-uses.js';
import { mayNameImage } from './may-name.js';

const manifest = (text: string): Manifest => ({
  object: null,
  text,
  template: 'a.yaml',
  document: 0,
  line: 1,
  chart: null,
  hooks: [],
});

test('what has no sign of an image is passed over, but for kinds that run pods', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['kind: Deployment\n', true],
    ['kind: ConfigMap\ndata:\n  a: b\n', false],
    ['kind: "ConfigMap"\ndata:\n  url: https://example.com/a/b\n', false],
    ['kind: ConfigMap\ndata:\n  SIDECAR_IMAGE: a\n', true],
    ['kind: ConfigMap\ndata:\n  trivy.repository: a\n', true],
    ['kind: ConfigMap\ndata:\n  x: quay.io/a/b:1\n', true],
    ['kind: ConfigMap\ndata:\n  x: localhost:5000/b@sha256:00\n', true],
    ['kind: ConfigMap\ndata:\n  x: --sidecar-image nginx:1\n', true],
    ['kind: ConfigMap\ndata:\n  x: "{\\"image\\": \\"nginx:1\\"}"\n', true],
    ['kind: ConfigMap\ndata:\n  x: |\n    IMAGE = nginx:1\n', true],
    ['kind: ConfigMap\ndata:\n  x: sum(rate(cpu{image!="", job="a/b"}[5m])) by (image)\n', false],
    ['kind: ConfigMap\ndata:\n  x: cpu{image=~"x", image=""}, reported\n', false],
    ['kind: Secret\ndata:\n  x: YQ==\n', true],
  ];
  for (const [text, may] of cases) assert.equal(mayNameImage(manifest(text)), may, text);
});

test('no text takes long', () => {
  for (const part of ['a.', 'image', 'a.b/', 'img ', 'kind: ', '-image-']) {
    const text = `kind: ConfigMap\n${part.repeat(1_000_000 / part.length)}`;
    const before = performance.now();
    mayNameImage(manifest(text));
    assert.ok(performance.now() - before < 5000, part);
  }
});

test('no use of a real chart is passed over', { skip: sharedData('charts') === null && sharedMissing }, () => {
  const root = sharedData() ?? '';
  const cases = oracleCases(root, 'index.tsv').filter((_, index) => index % 7 === 3);
  let passed = 0;
  for (const one of cases) {
    const { manifests } = readManifests(oracleText(root, one), 'all.yaml');
    const left = manifests.filter((each) => !mayNameImage(each));
    assert.deepEqual(findUses(left), { uses: [], gaps: [] }, one.id);
    passed += left.length;
  }
  assert.ok(passed > 0);
});
