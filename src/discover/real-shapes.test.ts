import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageUse, JsonValue, Manifest } from '../model/index.js';
import { findUses } from './find-uses.js';

/**
 * Forms in which charts and operators outside of the test data name images, each as its own documentation or chart
 * writes it. `expected` is what the program named would start.
 */
interface Shape {
  readonly from: string;
  readonly object: JsonValue;
  readonly expected: readonly string[];
}

function usesOf(object: JsonValue): readonly ImageUse[] {
  const base: Omit<Manifest, 'object'> = {
    text: '',
    template: 'c/templates/x.yaml',
    document: 0,
    line: null,
    chart: 'c',
    hooks: [],
  };
  return findUses([{ object, ...base }]).uses;
}

const custom = (apiVersion: string, kind: string, spec: JsonValue): JsonValue => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  spec,
});
const configMap = (data: Readonly<Record<string, string>>): JsonValue => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  data,
});
const container = (extra: Readonly<Record<string, JsonValue>>): JsonValue => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { template: { spec: { containers: [{ name: 'c', image: 'own:1', ...extra }] } } },
});
const variables = (env: Readonly<Record<string, string>>): JsonValue =>
  container({ env: Object.entries(env).map(([name, value]) => ({ name, value })) });
const annotated = (annotations: Readonly<Record<string, string>>): JsonValue => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { template: { metadata: { annotations }, spec: { containers: [{ name: 'c', image: 'own:1' }] } } },
});

const shapes: readonly Shape[] = [
  {
    from: 'kiali: image_name and image_version',
    object: custom('kiali.io/v1alpha1', 'Kiali', {
      deployment: { image_name: 'quay.io/kiali/kiali', image_version: 'v1.89.0' },
    }),
    expected: ['quay.io/kiali/kiali:v1.89.0'],
  },
  {
    from: "NVIDIA's GPU operator: a folder, a name and a version or digest",
    object: custom('nvidia.com/v1', 'ClusterPolicy', {
      driver: { repository: 'nvcr.io/nvidia', image: 'driver', version: '550.54.15' },
      toolkit: { repository: 'nvcr.io/nvidia/k8s', image: 'container-toolkit', version: `sha256:${'3'.repeat(64)}` },
      operator: { initContainer: { repository: 'nvcr.io/nvidia', image: 'cuda', version: '12.4.1-base-ubi8' } },
    }),
    expected: [
      'nvcr.io/nvidia/cuda:12.4.1-base-ubi8',
      'nvcr.io/nvidia/driver:550.54.15',
      `nvcr.io/nvidia/k8s/container-toolkit@sha256:${'3'.repeat(64)}`,
    ],
  },
  {
    from: 'mattermost: an image and a version, and a registry beside them',
    object: custom('installation.mattermost.com/v1beta1', 'Mattermost', {
      image: 'mattermost/mattermost-enterprise-edition',
      version: '9.5.1',
      sidecar: { registry: 'q.io', image: 'a/b', version: 'v2' },
    }),
    expected: ['docker.io/mattermost/mattermost-enterprise-edition:9.5.1', 'q.io/a/b:v2'],
  },
  {
    from: 'an image as one text below the name of an image',
    object: custom('example.org/v1', 'Thing', {
      image: { name: 'a/name:1' },
      proxyImage: { repository: 'a/repository:2', tag: '' },
      sidecarImage: { ref: 'a/ref:3' },
      agent: { image: { uri: 'q.io/a/uri' } },
      other: { image: { name: 'ubuntu', pullPolicy: 'Always' } },
    }),
    expected: ['docker.io/a/name:1', 'docker.io/a/ref:3', 'docker.io/a/repository:2', 'q.io/a/uri:latest'],
  },
  {
    from: 'prefect: the default of a schema, as JSON in a ConfigMap',
    object: configMap({
      'base.json':
        '{"variables":{"properties":{"image":{"title":"Image","default":"prefecthq/prefect:2.14-python3.11"}}}}',
    }),
    expected: ['docker.io/prefecthq/prefect:2.14-python3.11'],
  },
  {
    from: 'actions-runner-controller and longhorn: flags in both spellings',
    object: container({
      command: ['longhorn-manager', '-d', 'daemon', '--engine-image', 'longhornio/longhorn-engine:v1.6.0', '--upgrade'],
      args: ['--runner-image=summerwind/actions-runner:latest', '--docker-image=docker:dind'],
    }),
    expected: [
      'docker.io/library/docker:dind',
      'docker.io/longhornio/longhorn-engine:v1.6.0',
      'docker.io/summerwind/actions-runner:latest',
    ],
  },
  {
    from: 'a script that calls kubectl',
    object: container({
      command: ['sh', '-c', 'kubectl set image deploy/x c=a/b:1.2 && kubectl run t --image busybox:1.36 -- sh'],
    }),
    expected: ['docker.io/a/b:1.2', 'docker.io/library/busybox:1.36'],
  },
  {
    from: 'kserve and airbyte: JSON in a key of its own, variables of jobs',
    object: configMap({
      storageInitializer: '{\n  "image" : "kserve/storage-initializer:v0.11.2",\n  "memoryRequest": "100Mi"\n}',
      JOB_KUBE_BUSYBOX_IMAGE: 'busybox:1.35',
      ROOK_CSI_CEPH_IMAGE: 'quay.io/cephcsi/cephcsi:v3.10.2',
    }),
    expected: [
      'docker.io/kserve/storage-initializer:v0.11.2',
      'docker.io/library/busybox:1.35',
      'quay.io/cephcsi/cephcsi:v3.10.2',
    ],
  },
  {
    from: 'TiDB: base images below one version',
    object: custom('pingcap.com/v1alpha1', 'TidbCluster', { version: 'v7.1.0', pd: { baseImage: 'pingcap/pd' } }),
    expected: ['docker.io/pingcap/pd:v7.1.0'],
  },
  {
    from: 'victoria-metrics-operator: VM_X_IMAGE and VM_X_VERSION',
    object: variables({
      VM_VMSINGLEDEFAULT_IMAGE: 'victoriametrics/victoria-metrics',
      VM_VMSINGLEDEFAULT_VERSION: 'v1.93.5',
      VERSION: '7',
    }),
    expected: ['docker.io/victoriametrics/victoria-metrics:v1.93.5'],
  },
  {
    from: 'linkerd: annotations of the proxy injector',
    object: annotated({
      'config.linkerd.io/proxy-image': 'cr.l5d.io/linkerd/proxy',
      'config.linkerd.io/proxy-version': 'stable-2.14.10',
    }),
    expected: ['cr.l5d.io/linkerd/proxy:stable-2.14.10'],
  },
  {
    from: 'vault and dapr: annotations of the agent injectors',
    object: annotated({
      'vault.hashicorp.com/agent-image': 'hashicorp/vault:1.15.2',
      'dapr.io/sidecar-image': 'ghcr.io/dapr/daprd:1.12.0',
    }),
    expected: ['docker.io/hashicorp/vault:1.15.2', 'ghcr.io/dapr/daprd:1.12.0'],
  },
  {
    from: 'redis enterprise: an imageSpec with repository and versionTag',
    object: custom('app.redislabs.com/v1', 'RedisEnterpriseCluster', {
      redisEnterpriseImageSpec: {
        imagePullPolicy: 'IfNotPresent',
        repository: 'redislabs/redis',
        versionTag: '7.2.4-52',
      },
    }),
    expected: ['docker.io/redislabs/redis:7.2.4-52'],
  },
  {
    from: 'consul: image first in the name',
    object: configMap({ 'c.yaml': 'global:\n  imageEnvoy: envoyproxy/envoy:v1.28.0\n  imagePullPolicy: Always\n' }),
    expected: ['docker.io/envoyproxy/envoy:v1.28.0'],
  },
  {
    from: 'gitlab-runner: a bare name in TOML',
    object: configMap({
      'config.template.toml':
        '[[runners]]\n  [runners.kubernetes]\n    namespace = "gitlab"\n    image = "alpine"\n    helper_image = "gitlab/gitlab-runner-helper:x86_64-v16.5.0"\n',
    }),
    expected: ['docker.io/gitlab/gitlab-runner-helper:x86_64-v16.5.0', 'docker.io/library/alpine:latest'],
  },
  {
    from: 'jenkins: configuration as XML',
    object: configMap({
      'config.xml':
        '<?xml version="1.0"?>\n<clouds><containers><c><name>jnlp</name><image>jenkins/jnlp-slave:3.27-1</image>\n<alwaysPullImage>false</alwaysPullImage></c></containers></clouds>\n',
    }),
    expected: ['docker.io/jenkins/jnlp-slave:3.27-1'],
  },
  {
    from: 'jenkins: configuration as code, a container by a bare name',
    object: configMap({
      'jcasc-default-config.yaml':
        'jenkins:\n  clouds:\n  - kubernetes:\n      templates:\n        - name: "default"\n          containers:\n          - name: "jnlp"\n            alwaysPullImage: false\n            image: "jenkins/inbound-agent"\n',
    }),
    expected: ['docker.io/jenkins/inbound-agent:latest'],
  },
  {
    from: 'a pipeline in Groovy, quoted in the middle of a line',
    object: configMap({
      Jenkinsfile: "podTemplate(containers: [containerTemplate(name: 'm', image: 'maven:3.8.1-jdk-8')])\n",
    }),
    expected: ['docker.io/library/maven:3.8.1-jdk-8'],
  },
  {
    from: 'manifests in several documents',
    object: configMap({
      'all.yaml':
        'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: a/one:1\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: b\n    image: a/two:2\n',
    }),
    expected: ['docker.io/a/one:1', 'docker.io/a/two:2'],
  },
  {
    from: 'an injection template with two branches',
    object: configMap({
      t: 'containers:\n- name: p\n{{ if .fips }}\n  image: a/proxy:1-fips\n{{ else }}\n  image: a/proxy:1\n{{ end }}\n  ports: []\n',
    }),
    expected: ['docker.io/a/proxy:1', 'docker.io/a/proxy:1-fips'],
  },
  {
    from: 'containerized data importer: a URL of the docker transport',
    object: custom('cdi.kubevirt.io/v1beta1', 'DataVolume', {
      source: { registry: { url: 'docker://quay.io/containerdisks/fedora:39' } },
    }),
    expected: ['quay.io/containerdisks/fedora:39'],
  },
  {
    from: 'a script that writes YAML',
    object: container({
      command: [
        '/bin/sh',
        '-c',
        'cat <<EOF | kubectl apply -f -\nspec:\n  containers:\n  - name: x\n    image: bitnami/kubectl:1.28\nEOF\n',
      ],
    }),
    expected: ['docker.io/bitnami/kubectl:1.28'],
  },
  {
    from: 'a flag without a registry and without the word image',
    object: container({ args: ['--prometheus-config-reloader=bitnami/prometheus-operator:0.48.1-debian-10-r0'] }),
    expected: ['docker.io/bitnami/prometheus-operator:0.48.1-debian-10-r0'],
  },
  {
    from: 'a variable that holds YAML',
    object: variables({ POD_TEMPLATE: 'spec:\n  containers:\n  - name: worker\n    image: acme/worker:2\n' }),
    expected: ['docker.io/acme/worker:2'],
  },
  {
    from: 'tekton: flag and value as two arguments, by digest',
    object: container({
      args: ['-entrypoint-image', `ghcr.io/t/entrypoint@sha256:${'1'.repeat(64)}`, '-nop-image', 'n/p:1'],
    }),
    expected: ['docker.io/n/p:1', `ghcr.io/t/entrypoint@sha256:${'1'.repeat(64)}`],
  },
  {
    from: 'kustomize and argo-cd: newName and newTag, name=image',
    object: custom('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {
      images: [{ name: 'podinfo', newName: 'my-registry.example/podinfo', newTag: 'v1' }],
      kustomize: { images: ['app=q.io/team/app:2'] },
    }),
    expected: ['my-registry.example/podinfo:v1', 'q.io/team/app:2'],
  },
  {
    from: 'cassandra operator: a map of images and defaults',
    object: configMap({
      'image_config.yaml':
        'images:\n  system-logger: "k8ssandra/system-logger:v1.18.0"\n  config-builder: "datastax/cass-config-builder:1.0-ubi8"\ndefaults:\n  cassandra:\n    repository: "k8ssandra/cass-management-api"\n',
    }),
    expected: ['docker.io/datastax/cass-config-builder:1.0-ubi8', 'docker.io/k8ssandra/system-logger:v1.18.0'],
  },
  {
    from: 'knative: a key of a ConfigMap, and an example block',
    object: configMap({
      'queue-sidecar-image': `gcr.io/knative/queue@sha256:${'2'.repeat(64)}`,
      _example: 'queue-sidecar-image: gcr.io/example/queue:1\n',
    }),
    expected: [`gcr.io/knative/queue@sha256:${'2'.repeat(64)}`],
  },
  {
    from: 'binaryData that is text',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      binaryData: { a: Buffer.from('image: a/b:1\n').toString('base64'), b: '/w==' },
    },
    expected: ['docker.io/a/b:1'],
  },
  // No images, or none that run:
  {
    from: 'falco: artifacts of rules and plug-ins',
    object: configMap({
      'falcoctl.yaml':
        'artifact:\n  install:\n    refs:\n    - falco-rules:3\n    - ghcr.io/falcosecurity/plugins/plugin/container:0.7.1\n',
    }),
    expected: [],
  },
  {
    from: 'trivy: databases and bundles as artifacts',
    object: variables({
      TRIVY_DB_REPOSITORY: 'mirror.gcr.io/aquasec/trivy-db:2',
      TRIVY_JAVA_DB_REPOSITORY: 'mirror.gcr.io/aquasec/trivy-java-db:1',
      'policies.bundle.oci.ref': 'mirror.gcr.io/aquasec/trivy-checks:1.11.3',
    }),
    expected: [],
  },
  {
    from: 'kyverno, gatekeeper, sigstore: policies about images',
    object: custom('kyverno.io/v1', 'ClusterPolicy', {
      exemptImages: ['docker.io/library/nginx:1.25'],
      allowedImages: 'q.io/a/b:1',
      images: [{ glob: 'index.docker.io/library/nginx' }],
      verifyImages: [{ imageReferences: ['ghcr.io/a/b:1'] }],
    }),
    expected: [],
  },
  {
    from: 'flux: images that are watched, not run',
    object: custom('image.toolkit.fluxcd.io/v1beta2', 'ImageRepository', { image: 'ghcr.io/stefanprodan/podinfo' }),
    expected: [],
  },
  {
    from: 'cluster API: images of machines',
    object: custom('infrastructure.cluster.x-k8s.io/v1beta1', 'OpenStackMachineTemplate', {
      template: { spec: { image: 'ubuntu-2204-kube-v1.28', rootVolume: {} } },
    }),
    expected: [],
  },
  {
    from: 'a container that is told what it is itself',
    object: variables({ IMAGE_NAME: 'own', OTHER_IMAGE: 'a/own:1' }),
    expected: ['docker.io/a/own:1'],
  },
  {
    from: 'artifact hub: claims on an object',
    object: annotated({ 'artifacthub.io/images': '- name: a\n  image: q.io/a/b:1\n', 'helm.sh/images': 'q.io/c/d:2' }),
    expected: [],
  },
  {
    from: 'versions, addresses and coordinates in arguments',
    object: container({
      args: [
        '--peer=default/web:8080',
        '--dep=org/artifact-1.2.jar:1.2',
        '--path=/var/lib/x:1.2.3',
        '--mount=data/dir:ro',
        '--range=10.0.0.0/8:1.2',
        '--endpoint=svc/name:9090',
        '--build=feature/x:abc',
      ],
    }),
    expected: [],
  },
];

for (const { from, object, expected } of shapes) {
  test(from, () => {
    const images = usesOf(object)
      .filter((use) => use.how !== 'workload')
      .map((use) => use.image);
    assert.deepEqual([...new Set(images)].sort(), expected);
  });
}
