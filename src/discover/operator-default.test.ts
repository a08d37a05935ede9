import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue, Manifest } from '../model/index.js';
import { companionRules } from './companion-rules.js';
import { findUses } from './find-uses.js';
import { operatorRules } from './operator-rules.js';

function manifest(object: JsonValue): Manifest {
  return { object, text: '', template: 'c/templates/x.yaml', document: 0, line: null, chart: 'c', hooks: [] };
}

const custom = (group: string, kind: string, spec: JsonValue): JsonValue => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name: 'x' },
  spec,
});
const operator = (extra: Readonly<Record<string, JsonValue>>, image = 'o/operator:1'): JsonValue => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'operator' },
  spec: { template: { spec: { containers: [{ name: 'o', image, ...extra }] } } },
});
const withEnv = (env: Readonly<Record<string, string>>): JsonValue =>
  operator({ env: Object.entries(env).map(([name, value]) => ({ name, value })) });

/** Images that operators make, and how many places are left undecided. */
function composed(...objects: readonly JsonValue[]): readonly [images: readonly string[], undecided: number] {
  const { uses, gaps } = findUses(objects.map(manifest));
  const made = uses.filter((use) => use.how === 'operator-default');
  for (const use of made) assert.equal(use.certainty, 'likely');
  return [made.map((use) => use.image).sort(), gaps.filter((gap) => gap.reason === 'undecided').length];
}

const prometheus = (spec: JsonValue): JsonValue => custom('monitoring.coreos.com', 'Prometheus', spec);
const kafkaImages = '3.8.1=quay.io/strimzi/kafka:0.45.0-kafka-3.8.1\n3.9.0=quay.io/strimzi/kafka:0.45.0-kafka-3.9.0\n';

const cases: readonly (readonly [
  what: string,
  objects: readonly JsonValue[],
  images: readonly string[],
  undecided: number,
])[] = [
  ['a version alone', [prometheus({ version: 'v2.53.0' })], ['quay.io/prometheus/prometheus:v2.53.0'], 0],
  ['an image of its own', [prometheus({ version: 'v2.53.0', image: 'q.io/p/p:v2.53.0' })], [], 0],
  ['a base image of its own', [prometheus({ version: 'v2.53.0', baseImage: 'q.io/p/p' })], [], 0],
  ['no version', [prometheus({ replicas: 1 })], [], 1],
  [
    'the operator of the same render has another repository',
    [operator({ args: ['--prometheus-default-base-image=q.io/mirror/prometheus'] }), prometheus({ version: 'v3.0.0' })],
    ['q.io/mirror/prometheus:v3.0.0'],
    0,
  ],
  [
    'a sidecar whose image the operator has with its tag',
    [
      operator({ args: ['--thanos-default-base-image=quay.io/thanos/thanos:v0.42.4'] }),
      prometheus({ image: 'p/p:1', thanos: { version: 'v0.1.0' } }),
    ],
    ['quay.io/thanos/thanos:v0.42.4'],
    0,
  ],
  ['a version that is no tag', [prometheus({ version: 'not a tag' })], [], 1],
  [
    "Elastic: a registry in the operator's configuration file",
    [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: { 'eck.yaml': 'log-verbosity: 0\ncontainer-registry: mirror.example\n' },
      },
      custom('elasticsearch.k8s.elastic.co', 'Elasticsearch', { version: '8.15.0' }),
      custom('beat.k8s.elastic.co', 'Beat', { version: '8.15.0', type: 'filebeat' }),
    ],
    ['mirror.example/beats/filebeat:8.15.0', 'mirror.example/elasticsearch/elasticsearch:8.15.0'],
    0,
  ],
  [
    'Elastic alone',
    [custom('kibana.k8s.elastic.co', 'Kibana', { version: '8.15.0' })],
    ['docker.elastic.co/kibana/kibana:8.15.0'],
    0,
  ],
  [
    'Strimzi: one of a list by version, and others where they are asked for',
    [
      withEnv({
        STRIMZI_KAFKA_IMAGES: kafkaImages,
        STRIMZI_DEFAULT_TOPIC_OPERATOR_IMAGE: 'quay.io/strimzi/operator:0.45.0',
        STRIMZI_DEFAULT_KAFKA_EXPORTER_IMAGE: 'quay.io/strimzi/kafka:0.45.0-kafka-3.9.0',
      }),
      custom('kafka.strimzi.io', 'Kafka', { kafka: { version: '3.8.1' }, entityOperator: { topicOperator: {} } }),
    ],
    ['quay.io/strimzi/kafka:0.45.0-kafka-3.8.1', 'quay.io/strimzi/operator:0.45.0'],
    0,
  ],
  [
    'Strimzi: the newest where no version is stated',
    [withEnv({ STRIMZI_KAFKA_IMAGES: kafkaImages }), custom('kafka.strimzi.io', 'Kafka', { kafka: { replicas: 3 } })],
    ['quay.io/strimzi/kafka:0.45.0-kafka-3.9.0'],
    0,
  ],
  ['Strimzi without its operator', [custom('kafka.strimzi.io', 'Kafka', { kafka: { version: '3.8.1' } })], [], 1],
  [
    'Crunchy: the setting is named after a field',
    [
      withEnv({ RELATED_IMAGE_POSTGRES_15: 'c/pg:15', RELATED_IMAGE_POSTGRES_16: 'c/pg:16' }),
      custom('postgres-operator.crunchydata.com', 'PostgresCluster', { postgresVersion: 16 }),
    ],
    ['docker.io/c/pg:16'],
    0,
  ],
  [
    'OpenTelemetry: a flag',
    [
      operator({ args: ['--collector-image=otel/collector-k8s:0.154.0'] }),
      custom('opentelemetry.io', 'OpenTelemetryCollector', { mode: 'daemonset', targetAllocator: { enabled: false } }),
    ],
    ['docker.io/otel/collector-k8s:0.154.0'],
    0,
  ],
  [
    "CNPG: a key of the operator's ConfigMap",
    [
      { apiVersion: 'v1', kind: 'ConfigMap', data: { POSTGRES_IMAGE_NAME: 'ghcr.io/cloudnative-pg/postgresql:16.4' } },
      custom('postgresql.cnpg.io', 'Cluster', { instances: 3 }),
    ],
    ['ghcr.io/cloudnative-pg/postgresql:16.4'],
    0,
  ],
  [
    'Istio: hub and tag make two images',
    [custom('install.istio.io', 'IstioOperator', { hub: 'gcr.io/istio-release', tag: '1.22.0' })],
    ['gcr.io/istio-release/pilot:1.22.0', 'gcr.io/istio-release/proxyv2:1.22.0'],
    0,
  ],
  ['Istio without a tag is undecided once', [custom('install.istio.io', 'IstioOperator', {})], [], 1],
  ['NATS', [custom('nats.io', 'NatsCluster', { version: '1.4.1' })], ['docker.io/library/nats:1.4.1'], 0],
  ['Calico: a table in the program', [custom('operator.tigera.io', 'Installation', { variant: 'Calico' })], [], 1],
  ["another group's kind", [custom('example.org', 'Prometheus', { version: 'v1' })], [], 0],
  [
    'cert-manager starts its solver',
    [operator({ args: ['--v=2'] }, 'quay.io/jetstack/cert-manager-controller:v1.5.5')],
    ['quay.io/jetstack/cert-manager-acmesolver:v1.5.5'],
    0,
  ],
  [
    'cert-manager is told of its solver',
    [operator({ args: ['--acme-http01-solver-image=q.io/s/s:1'] }, 'quay.io/jetstack/cert-manager-controller:v1.5.5')],
    [],
    0,
  ],
  [
    'KubeVirt starts what lies beside it',
    [operator({}, 'mirror.example/kubevirt/virt-operator:v1.1.0')],
    ['api', 'controller', 'handler', 'launcher'].map((name) => `mirror.example/kubevirt/virt-${name}:v1.1.0`),
    0,
  ],
];

for (const [what, objects, images, undecided] of cases) {
  test(`images that an operator makes: ${what}`, () => {
    assert.deepEqual(composed(...objects), [images, undecided]);
  });
}

test('an image that an operator makes stands at the field that decides it, and says what speaks against it', () => {
  const [use] = findUses([manifest(prometheus({ version: 'v2.53.0' }))]).uses;
  assert.deepEqual([use?.in.field, use?.written], ['/spec/version', 'v2.53.0']);
  assert.match(use?.against.join() ?? '', /spec\.version/);
});

test('of a part of a render, the settings of the rest count where the part has none of its own', () => {
  const object = manifest(prometheus({ version: 'v3.0.0' }));
  const operators = ['q.io/one', 'q.io/two'].map((base) =>
    manifest(operator({ args: [`--prometheus-default-base-image=${base}`] })),
  );
  const [one, two] = operators;
  assert.ok(one !== undefined && two !== undefined);
  const made = (part: readonly Manifest[]): readonly string[] =>
    findUses(part, { others: [one, object] }).uses.flatMap((use) =>
      use.how === 'operator-default' ? [use.image] : [],
    );
  assert.deepEqual(made([object]), ['q.io/one:v3.0.0']);
  assert.deepEqual(made([two, object]), ['q.io/two:v3.0.0']);
});

test('each rule has a source in a project, and no rule is there twice', () => {
  for (const rule of [...operatorRules, ...companionRules]) assert.match(rule.source, /^[\w.-]+\/[\w.-]+, \S+/);
  const keys = operatorRules.map((rule) => JSON.stringify([rule.group, rule.kinds, rule.when, rule.base]));
  assert.equal(new Set(keys).size, keys.length);
});
