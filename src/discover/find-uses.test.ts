import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cpuMs } from '../model/cpu.test.support.js';
import type { ImageUse, JsonValue, Manifest } from '../model/index.js';
import { findUses } from './find-uses.js';

function manifest(object: JsonValue, extra: Partial<Manifest> = {}): Manifest {
  return { object, text: '', template: 'c/templates/x.yaml', document: 0, line: null, chart: 'c', hooks: [], ...extra };
}

function find(object: JsonValue): ReturnType<typeof findUses> {
  return findUses([manifest(object)]);
}

/** `how role image` of each use, which is what most tables compare. */
const brief = (uses: readonly ImageUse[]): readonly string[] =>
  uses.map((use) => `${use.how} ${use.role} ${use.image}`);

function pod(container: JsonValue, spec: Record<string, JsonValue> = {}): JsonValue {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [container], ...spec } };
}

function withArgs(...args: readonly string[]): JsonValue {
  return pod({ name: 'c', image: 'a/b:1', args });
}

function withEnv(env: Readonly<Record<string, string>>): JsonValue {
  return pod({ name: 'c', image: 'a/b:1', env: Object.entries(env).map(([name, value]) => ({ name, value })) });
}

function configMap(data: Readonly<Record<string, string>>): JsonValue {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data };
}

function custom(spec: JsonValue): JsonValue {
  return { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 't' }, spec };
}

/** The images beside the pod's own. */
function hidden(object: JsonValue): readonly string[] {
  const { uses } = find(object);
  return uses.filter((use) => use.how !== 'workload').map((use) => use.image);
}

const template = (image: string): JsonValue => ({ spec: { containers: [{ name: 'c', image }] } });

test('every kind that runs pods', () => {
  const kinds: readonly (readonly [string, string, JsonValue])[] = [
    ['v1', 'Pod', template('x/y:1')],
    ['v1', 'PodTemplate', { template: template('x/y:1') }],
    ['v1', 'ReplicationController', { spec: { template: template('x/y:1') } }],
    ['apps/v1', 'Deployment', { spec: { template: template('x/y:1') } }],
    ['apps/v1', 'StatefulSet', { spec: { template: template('x/y:1') } }],
    ['apps/v1', 'DaemonSet', { spec: { template: template('x/y:1') } }],
    ['apps/v1', 'ReplicaSet', { spec: { template: template('x/y:1') } }],
    ['extensions/v1beta1', 'Deployment', { spec: { template: template('x/y:1') } }],
    ['batch/v1', 'Job', { spec: { template: template('x/y:1') } }],
    ['batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template: template('x/y:1') } } } }],
  ];
  for (const [apiVersion, kind, body] of kinds) {
    const { uses, gaps } = find({ apiVersion, kind, ...(body as object) });
    assert.deepEqual(brief(uses), ['workload container docker.io/x/y:1'], kind);
    assert.deepEqual(gaps, []);
  }
});

test('roles, places and normal form', () => {
  const { uses } = findUses([
    manifest(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p', namespace: 'n' },
        spec: {
          volumes: [{ name: 'files', image: { reference: 'quay.io/a/data:2' } }],
          initContainers: [{ name: 'i', image: 'busybox' }],
          containers: [{ name: 'c', image: 'localhost:5000/app' }],
          ephemeralContainers: [{ name: 'e', image: `x@sha256:${'a'.repeat(64)}` }],
        },
      },
      { document: 3 },
    ),
  ]);
  assert.deepEqual(
    uses.map((use) => [use.in.field, use.in.container, use.role, use.image]),
    [
      ['/spec/containers/0/image', 'c', 'container', 'localhost:5000/app:latest'],
      ['/spec/ephemeralContainers/0/image', 'e', 'ephemeral', `docker.io/library/x@sha256:${'a'.repeat(64)}`],
      ['/spec/initContainers/0/image', 'i', 'init', 'docker.io/library/busybox:latest'],
      ['/spec/volumes/0/image/reference', 'files', 'volume', 'quay.io/a/data:2'],
    ],
  );
  assert.deepEqual(
    uses.map((use) => [use.in.kind, use.in.name, use.in.namespace, use.in.document, use.in.chart, use.certainty]),
    uses.map(() => ['Pod', 'p', 'n', 3, 'c', 'certain']),
  );
});

test('a List is descended into, and pointers go through it', () => {
  const { uses } = find({ kind: 'List', apiVersion: 'v1', items: [configMap({ A_IMAGE: 'a/b:1' }), withArgs()] });
  assert.deepEqual(
    uses.map((use) => use.in.field),
    ['/items/0/data/A_IMAGE', '/items/1/spec/containers/0/image'],
  );
});

test('hooks and tests are listed as such', () => {
  const cases: readonly (readonly [readonly string[], string | null, readonly string[], boolean])[] = [
    [['pre-install', 'pre-upgrade'], null, ['pre-install', 'pre-upgrade'], false],
    [['test'], null, ['test'], true],
    [['test-success'], null, ['test-success'], true],
    [[], 'post-install, test-failure', ['post-install', 'test-failure'], true],
    [[], null, [], false],
  ];
  for (const [hooks, annotation, expected, isTest] of cases) {
    const annotations = annotation === null ? {} : { 'helm.sh/hook': annotation };
    const object = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'p', annotations },
      ...(template('a') as object),
    };
    const [use] = findUses([manifest(object, { hooks })]).uses;
    assert.deepEqual([use?.hooks, use?.test], [expected, isTest]);
  }
});

test('what a pod cannot run is a use and a gap', () => {
  const cases: readonly (readonly [JsonValue, string])[] = [
    ['repo:2.0240115e+07', 'bad-reference'],
    ['', 'bad-reference'],
    [':tag', 'bad-reference'],
    ['repo:', 'bad-reference'],
    [null, 'bad-reference'],
    [{ repository: 'x' }, 'bad-reference'],
    ['Upper/Case:1', 'bad-reference'],
    ['{{ .Values.image }}', 'bad-reference'],
    ['$(IMAGE)', 'bad-reference'],
    ['auto', 'undecided'],
  ];
  for (const [image, reason] of cases) {
    const { uses, gaps } = find(pod({ name: 'c', image }));
    assert.equal(uses.length, 1, String(image));
    assert.deepEqual(
      gaps.map((gap) => [gap.kind, gap.reason, gap.image, gap.count]),
      [['use', reason, null, 1]],
      String(image),
    );
  }
  assert.deepEqual(find(pod({ name: 'c' })).gaps.length, 1);
});

test('arguments in every spelling', () => {
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['--x-image=q.io/a/b:1'], ['q.io/a/b:1']],
    [['--x-image', 'a/b:1'], ['docker.io/a/b:1']],
    [['-image=a/b'], ['docker.io/a/b:latest']],
    [['--default-base-image=nats:2.10'], ['docker.io/library/nats:2.10']],
    [['--prometheus-config-reloader=quay.io/p/r:v0.38.1'], ['quay.io/p/r:v0.38.1']],
    [['--images=a=q.io/a/b:1,c=q.io/c/d:2'], ['q.io/a/b:1', 'q.io/c/d:2']],
    [
      ['-ec', 'exec run \\\n  -a-image="x/a:1" \\\n  -b-image=x/b:2 # -c-image=x/c:3\n'],
      ['docker.io/x/a:1', 'docker.io/x/b:2'],
    ],
    [['{"sidecar":{"image":"x/y:1"}}'], ['docker.io/x/y:1']],
    [['--config={"image":{"repository":"x/y","tag":"1"}}'], ['docker.io/x/y:1']],
    [['--agent-repository=x/y', '--agent-tag=3'], ['docker.io/x/y:3']],
    [[`--x-image=x/y@sha256:${'0'.repeat(64)}`], [`docker.io/x/y@sha256:${'0'.repeat(64)}`]],
    [['q.io/a/b:v1'], ['q.io/a/b:v1']],
    // No images:
    [['--image-pull-policy=IfNotPresent', '--image-gc-high-threshold=85', '--image-pull-secret', 'a/b:1'], []],
    [['--enable-image=true', '--listen=0.0.0.0:8080', '--url=https://q.io/a/b:1', '--redis=redis:6379'], []],
    [['--kubelet-service=kube-system/kubelet', '--config=/etc/x/y.yaml:ro', '--version=1.2.3'], []],
    [['--taints=node.kubernetes.io/unreachable:NoExecute', '--label=k8s.io/role/master:1'], []],
    [['--peer=svc.ns.svc.cluster.local/path:8080', '--host=my.host.example/path:8080'], []],
    [['/image-awaiter', '-daemonset=hook-image-puller', '--feature-gates=ImageVolume=true'], []],
  ];
  for (const [args, expected] of cases) assert.deepEqual(hidden(withArgs(...args)), expected, args.join(' '));
});

test('variables in arguments are resolved as Kubernetes does', () => {
  const object = pod({
    name: 'c',
    image: 'a/b:1',
    env: [
      { name: 'REGISTRY', value: 'q.io' },
      { name: 'TAG', value: '7' },
    ],
    args: ['--x-image=$(REGISTRY)/a/x:$(TAG)', '--y-image=$(UNKNOWN)/y:1'],
  });
  assert.deepEqual(hidden(object), ['q.io/a/x:7']);
});

test('environment values', () => {
  const cases: readonly (readonly [Record<string, string>, readonly string[]])[] = [
    [{ RELATED_IMAGE_PROXY: 'q.io/a/b:1' }, ['q.io/a/b:1']],
    [{ AGENT_INJECT_VAULT_IMAGE: 'vault:1.5.4' }, ['docker.io/library/vault:1.5.4']],
    [{ OPERATOR_IMAGE_NAME: 'q.io/a/b:1' }, ['q.io/a/b:1']],
    [
      {
        STRIMZI_KAFKA_IMAGES:
          '3.8.1=quay.io/strimzi/kafka:0.45.0-kafka-3.8.1\n3.9.0=quay.io/strimzi/kafka:0.45.0-kafka-3.9.0\n',
      },
      ['quay.io/strimzi/kafka:0.45.0-kafka-3.8.1', 'quay.io/strimzi/kafka:0.45.0-kafka-3.9.0'],
    ],
    [{ W_CONTAINER_REPOSITORY: 'apache/airflow', W_CONTAINER_TAG: '2.8.4' }, ['docker.io/apache/airflow:2.8.4']],
    [{ X_IMAGE: 'a/b', X_IMAGE_TAG: '2' }, ['docker.io/a/b:2']],
    [{ CONFIG: '{"images":{"a":"q.io/a/a:1"}}' }, ['q.io/a/a:1']],
    [{ ANY: 'q.io/a/b:v1' }, ['q.io/a/b:v1']],
    // No images:
    [
      { SIDECAR_IMAGE_PULL_POLICY: 'IfNotPresent', DD_CONTAINER_IMAGE_ENABLED: 'true', CONTAINER_IMAGE_TAG: 'latest' },
      [],
    ],
    [{ DB: 'postgres:5432', NODE: 'default/test:8080', V: 'v1.2.3', P: '/usr/bin:/bin', LOGO_IMAGE: 'logo.png' }, []],
    [{ ADDR: 'kafka-0.kafka.ns.svc:9092,kafka-1.kafka.ns.svc:9092', GO: 'github.com/x/y' }, []],
  ];
  for (const [env, expected] of cases) assert.deepEqual(hidden(withEnv(env)), expected, JSON.stringify(env));
  const { uses, gaps } = find(withEnv({ PROXY_IMAGE: '$(HUB)/proxy:1' }));
  assert.deepEqual([uses.length, gaps.map((gap) => gap.reason)], [1, ['undecided']]);
});

test('data of ConfigMaps and Secrets', () => {
  const yaml =
    'singleuser:\n  image:\n    name: jupyterhub/k8s-singleuser-sample\n    pullPolicy:\n    tag: "0.11.1"\nhub:\n  port: 8081\n';
  const cases: readonly (readonly [Record<string, string>, readonly string[]])[] = [
    [{ SIDECAR_IMAGE: 'ghcr.io/a/b:v1' }, ['ghcr.io/a/b:v1']],
    [
      { 'trivy.repository': 'mirror.gcr.io/aquasec/trivy', 'trivy.tag': '0.59.1' },
      ['mirror.gcr.io/aquasec/trivy:0.59.1'],
    ],
    [{ 'prometheus-config-reloader': 'docker.io/b/p:0.85.0' }, ['docker.io/b/p:0.85.0']],
    [{ 'values.yaml': yaml }, ['docker.io/jupyterhub/k8s-singleuser-sample:0.11.1']],
    [{ 'a.yaml': 'versions:\n- version: latest\n  natsImage: nats:2.10.10\n' }, ['docker.io/library/nats:2.10.10']],
    [{ 'pod.yaml': 'spec:\n  containers:\n    - name: x\n      image: "x/y:1" # why\n' }, ['docker.io/x/y:1']],
    [
      { 'config.toml': '[runners.kubernetes]\n  image = "ubuntu:22.04"\n  helper_image = ""\n' },
      ['docker.io/library/ubuntu:22.04'],
    ],
    [{ 'x.properties': 'worker.image=x/y:1\n# other.image=x/z:1\n' }, ['docker.io/x/y:1']],
    [{ 'run.sh': '#!/bin/sh\nexec op --runner-image=x/y:1 --port 80\n' }, ['docker.io/x/y:1']],
    [{ values: '{"global":{"hub":"gcr.io/h","tag":"1.2","proxy":{"image":"proxyv2"}}}' }, ['gcr.io/h/proxyv2:1.2']],
    [{ tcp: 'x: |\n  spec:\n    image: x/y:1\n' }, ['docker.io/x/y:1']],
    // No images:
    [
      { '9000': 'default/test:8080', a: 'http://q.io/a:1', b: 'q.io/x', 'k.json': '{"expr":"sum(x{image!=\\"\\"})"}' },
      [],
    ],
    [{ 'j.py': 'image = get_config("a.image.name")\nimage_tag = get_config("a.image.tag")\n' }, []],
    [{ 't.yaml': 'image: "{{ .Values.image }}:{{ .Values.tag }}"\nrole: k8s.io/role/master:1\n' }, []],
    [{ 'p.yml': 'jmxUrl: service:jmx:rmi:///jndi/rmi://localhost:5555/jmxrmi\nimageFormat: "2"\n' }, []],
  ];
  for (const [data, expected] of cases) assert.deepEqual(hidden(configMap(data)), expected, JSON.stringify(data));
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    data: { 'values.yaml': Buffer.from(yaml).toString('base64'), k: '/w==' },
  };
  assert.deepEqual(hidden(secret), ['docker.io/jupyterhub/k8s-singleuser-sample:0.11.1']);
});

test('a tag that went through a float is told of, not repaired', () => {
  const { uses, gaps } = find(
    configMap({ 'trivy.repository': 'mirror.gcr.io/aquasec/trivy', 'trivy.tag': '2.0240115e+07' }),
  );
  assert.deepEqual([uses, gaps.map((gap) => gap.reason)], [[], ['bad-reference']]);
});

test('custom resources by shape', () => {
  const cases: readonly (readonly [JsonValue, readonly string[]])[] = [
    [{ image: 'q.io/a/b:1' }, ['custom-resource none q.io/a/b:1']],
    [{ baseImage: 'q.io/a/b', version: 'v1' }, ['custom-resource none q.io/a/b:v1']],
    [{ image: 'q.io/a/b:2', version: 'v1', tag: 'v3' }, ['custom-resource none q.io/a/b:2']],
    [{ image: { registry: 'q.io', repository: 'a/b', tag: '1' } }, ['custom-resource none q.io/a/b:1']],
    [
      { image: { repository: 'q.io/a/b', tag: '', digest: `sha256:${'1'.repeat(64)}` } },
      [`custom-resource none q.io/a/b@sha256:${'1'.repeat(64)}`],
    ],
    [
      { image: { repository: 'q.io/a/b', tag: 'v1', sha: '2'.repeat(64) } },
      [`custom-resource none q.io/a/b:v1@sha256:${'2'.repeat(64)}`],
    ],
    [{ metricsImage: 'a/b', metricsImageTag: '0.6' }, ['custom-resource none docker.io/a/b:0.6']],
    [
      { docker_image: 'a/b:1', imageName: 'c/d:2' },
      ['custom-resource none docker.io/a/b:1', 'custom-resource none docker.io/c/d:2'],
    ],
    [{ images: { operator: 'a/b:1' } }, ['custom-resource none docker.io/a/b:1']],
    [{ images: ['a/b:1', 'a/c:1'] }, ['custom-resource none docker.io/a/b:1', 'custom-resource none docker.io/a/c:1']],
    [{ template: template('a/b:1') }, ['custom-resource container docker.io/a/b:1']],
    [{ from: { kind: 'DockerImage', name: 'a/b:1' } }, ['custom-resource none docker.io/a/b:1']],
    [{ values: 'image:\n  repository: a/b\n  tag: 1.20\n' }, ['custom-resource none docker.io/a/b:1.20']],
    [
      { containers: [{ name: 'x', args: ['--y-image=a/y:1'], env: [{ name: 'Z_IMAGE', value: 'a/z:1' }] }] },
      ['argument none docker.io/a/y:1', 'environment none docker.io/a/z:1'],
    ],
    [
      {
        parameters: [
          { name: 'image.repository', value: 'a/b' },
          { name: 'image.tag', value: '4' },
        ],
      },
      ['custom-resource none docker.io/a/b:4'],
    ],
    // No images:
    [{ image: null, imagePullPolicy: 'Always', imageFormat: '2', imageFeatures: 'layering' }, []],
    [{ image: 'https://example.org/logo.png', icon: { image: '/logo.svg' }, imageReferences: ['ghcr.io/*'] }, []],
    [{ source: { repository: 'github.com/a/b', tag: 'v1' }, chart: { repository: 'https://x.org', version: '1' } }, []],
    [{ repository: 'my-backups', version: '1' }, []],
    [{ description: 'for example q.io/a/b:1', schema: { image: 'a/b:1' } }, []],
    [{ host: 'redis:6379', label: 'a.example/b:c', topic: 'a/b' }, []],
  ];
  for (const [spec, expected] of cases)
    assert.deepEqual(brief(find(custom(spec)).uses), expected, JSON.stringify(spec));
});

test('a custom resource whose image a template fills in is undecided', () => {
  const { uses, gaps } = find(custom({ container: { image: '{{inputs.parameters.image}}' } }));
  assert.deepEqual([uses, gaps.map((gap) => gap.reason)], [[], ['undecided']]);
});

test('annotations of injectors', () => {
  const annotations = {
    'sidecar.istio.io/proxyImage': 'docker.io/istio/proxyv2:1.2',
    'image.example.org/policy': 'a/b:1',
    'kubectl.kubernetes.io/last-applied-configuration': '{"image":"a/b:1"}',
  };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { template: { metadata: { annotations }, spec: { containers: [] } } },
  };
  const { uses } = find(object);
  assert.deepEqual(brief(uses), ['annotation none docker.io/istio/proxyv2:1.2']);
  assert.equal(uses[0]?.in.field, '/spec/template/metadata/annotations/sidecar.istio.io~1proxyImage');
});

test('objects that only describe are passed over', () => {
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec: { image: 'a/b:1' } };
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    rules: [{ resources: ['image'], image: 'a/b:1' }],
  };
  const storage = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', parameters: { image: 'a/b:1' } };
  for (const object of [crd, role, storage]) assert.deepEqual(find(object), { uses: [], gaps: [] });
});

test('the line of a template, where somebody traced it', () => {
  const text = 'kind: Pod\nspec:\n  containers:\n  - image: a/b:1\n  - image: a/b:1\n';
  const object = {
    ...(pod({ image: 'a/b:1' }) as object),
    spec: { containers: [{ image: 'a/b:1' }, { image: 'a/b:1' }] },
  };
  const lines = (extra: Partial<Manifest>): readonly (number | null)[] =>
    findUses([manifest(object, { text, ...extra })]).uses.map((use) => use.in.line);
  assert.deepEqual(lines({ lineOf: (line) => 100 + line }), [103, 104]);
  assert.deepEqual(lines({}), [null, null]);
  assert.deepEqual(lines({ chart: null, line: 10 }), [13, 14]);
});

test('hostile manifests end, and tell that they were not read to the end', () => {
  let bomb: JsonValue = { image: 'a/b:1' };
  for (let i = 0; i < 40; i++) bomb = { a: bomb, b: bomb };
  let deep: JsonValue = {};
  for (let i = 0; i < 50_000; i++) deep = { a: deep };
  const started = cpuMs();
  for (const spec of [bomb, deep]) {
    const { gaps } = find(custom(spec));
    assert.deepEqual(
      gaps.map((gap) => gap.reason),
      ['too-large'],
    );
  }
  find(
    configMap({
      a: `${'- '.repeat(200_000)}x: y`,
      b: `${'a: '.repeat(200_000)}`,
      c: '"'.repeat(1_000_000),
      d: ' '.repeat(1_000_000),
    }),
  );
  find(
    configMap({
      a: 'a = '.repeat(250_000),
      b: '--a-image '.repeat(100_000),
      c: `${'a:\n '.repeat(50_000)}`,
      e: '\\'.repeat(500_000),
    }),
  );
  find(withArgs(`--x-image=${'a/'.repeat(200_000)}`, '$('.repeat(200_000), '{'.repeat(200_000), 'a '.repeat(300_000)));
  assert.ok(cpuMs() - started < 20_000, 'takes time that is linear in the text');
  assert.deepEqual(find(custom({ ['__proto__']: { image: 'a/b:1' }, constructor: 'x' })).gaps, []);
});

test('nothing that JSON can hold makes it throw', () => {
  const odd = fc.anything({
    withNullPrototype: true,
    maxDepth: 4,
    values: [fc.string(), fc.integer(), fc.constant(null)],
  });
  const key = fc.constantFrom(
    'kind',
    'spec',
    'metadata',
    'containers',
    'image',
    'env',
    'args',
    'data',
    'template',
    'items',
    'x',
  );
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.dictionary(key, odd)),
      fc.constantFrom('Pod', 'List', 'Secret', 'X'),
      (body, kind) => {
        const object: JsonValue = JSON.parse(JSON.stringify({ ...body, apiVersion: 'v1', kind }));
        const { uses } = find(object);
        return uses.every((use) => use.in.field.startsWith('/'));
      },
    ),
    { numRuns: 500 },
  );
});

test('a text without images spares the reading of its object, and not of what no text spells', () => {
  const rule = custom({ groups: [{ rules: [{ expr: 'x{image!=""}' }] }] });
  const prometheus = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', spec: { version: 'v2.53.0' } };
  const found = (object: JsonValue, text: string): readonly string[] =>
    findUses([manifest(object, { text })]).uses.map((use) => use.image);
  assert.deepEqual(found(rule, 'spec:\n  groups:\n  - rules:\n    - expr: x{image!=""}\n'), []);
  assert.deepEqual(found(prometheus, 'kind: Prometheus\nspec:\n  version: v2.53.0\n'), [
    'quay.io/prometheus/prometheus:v2.53.0',
  ]);
  for (const text of ['spec: {image: "a/b:1"}', 'spec:\n  ? image\n  : a/b:1\n', 'spec: {"im\\x61ge": "a/b:1"}']) {
    assert.deepEqual(found(custom({ image: 'a/b:1' }), text), ['docker.io/a/b:1'], text);
  }
  assert.equal(findUses([manifest(pod({ name: 'c' }), { text: 'kind: Pod\n' })]).gaps.length, 1);
});
