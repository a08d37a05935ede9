import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import { sharedData, sharedMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const chart = sharedData('charts', 'prometheus-community+helm-charts', 'kube-prometheus-stack-12.0.0.tgz');

/** Object, field and reference of every use, from what `helm template` renders of this chart. */
const uses = [
  ['Alertmanager', '/spec/image', 'quay.io/prometheus/alertmanager:v0.21.0'],
  ['DaemonSet', '/spec/template/spec/containers/0/image', 'quay.io/prometheus/node-exporter:v1.0.1'],
  [
    'Deployment',
    '/spec/template/spec/containers/0/args/3',
    'quay.io/prometheus-operator/prometheus-config-reloader:v0.43.2',
  ],
  ['Deployment', '/spec/template/spec/containers/0/image', 'docker.io/kiwigrid/k8s-sidecar:1.1.0'],
  ['Deployment', '/spec/template/spec/containers/0/image', 'quay.io/coreos/kube-state-metrics:v1.9.7'],
  ['Deployment', '/spec/template/spec/containers/0/image', 'quay.io/prometheus-operator/prometheus-operator:v0.43.2'],
  ['Deployment', '/spec/template/spec/containers/1/image', 'docker.io/grafana/grafana:7.2.1'],
  ['Deployment', '/spec/template/spec/initContainers/0/image', 'docker.io/kiwigrid/k8s-sidecar:1.1.0'],
  ['Job', '/spec/template/spec/containers/0/image', 'docker.io/jettech/kube-webhook-certgen:v1.5.0'],
  ['Job', '/spec/template/spec/containers/0/image', 'docker.io/jettech/kube-webhook-certgen:v1.5.0'],
  ['Pod', '/spec/containers/0/image', 'docker.io/bats/bats:v1.1.0'],
  ['Prometheus', '/spec/image', 'quay.io/prometheus/prometheus:v2.22.1'],
];

test('the chart of the afternoon: 12 uses of 10 references, each image that nobody can reach named', async (t) => {
  if (chart === null) return t.skip(sharedMissing);
  await inScratch(async (dir) => {
    const args = [
      'dig',
      chart,
      '--allow-incomplete',
      '--offline',
      '-o',
      'json',
      '--db',
      `${dir}/db`,
      '--store',
      `${dir}/s`,
    ];
    const run = await trowel(args, { env: { SOURCE_DATE_EPOCH: '1607000000' } });
    assert.equal(run.code, 0, run.stderr);
    const dig: Dig = JSON.parse(run.stdout);
    const seen = dig.uses.map((use) => [use.in.kind, use.in.field, use.image]);
    assert.deepEqual(seen.map((row) => row.join(' ')).sort(), uses.map((row) => row.join(' ')).sort());
    assert.equal(new Set(dig.uses.map((use) => use.image)).size, 10);
    const missing = dig.notAssessed.filter((gap) => gap.kind === 'image');
    assert.deepEqual(missing.map((gap) => gap.subject).sort(), [...new Set(uses.map((row) => row[2] ?? ''))].sort());
    assert.deepEqual([...new Set(missing.map((gap) => gap.reason))], ['unreachable']);
    assert.equal(dig.tally.notAssessed.image, 10);

    const again = await trowel(args, { env: { SOURCE_DATE_EPOCH: '1607000000' } });
    assert.equal(again.stdout, run.stdout, 'two runs on the same input differ');
    const strict = await trowel(args.filter((arg) => arg !== '--allow-incomplete'));
    assert.equal(strict.code, 3);
  });
});
