// How others find the images of a chart, as their sources say. Each takes what Helm rendered and gives what it lists.
import { readManifests } from '../../src/chart/index.js';
import type { JsonValue } from '../../src/model/index.js';
import { readYamlDocument } from '../../src/template/yaml/index.js';

/** `helm template CHART | grep image:`, then what stands behind the colon without quotation marks. */
export function grepRule(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.includes('image:'));
  return lines.map((line) => unquoted(line.slice(line.indexOf('image:') + 'image:'.length).trim())).filter(Boolean);
}

/**
 * Artifact Hub: lines of the manifest with CRDs and without hooks; where one of them is no reference, no image at all.
 * The chart's annotation, where there is one, takes the place of the list.
 * Follows: artifacthub/hub, internal/tracker/source/helm/helm.go (containersImagesRE, extractContainersImages,
 * EnrichPackageFromAnnotations) and internal/pkg/validation.go (ValidateContainersImages).
 */
export function artifactHubRule(
  text: string,
  crds: readonly string[],
  annotation: string | undefined,
  isReference: (text: string) => boolean,
): readonly string[] {
  if (annotation !== undefined) {
    const list = readYaml(annotation);
    const images = Array.isArray(list) ? list.map((item) => textOf(item, 'image') ?? '') : [];
    if (images.length > 0 && images.every(isReference)) return images;
  }
  const documents = text.split(/^---\n/m).filter((document) => !/^\s+["']?helm\.sh\/hook["']?:/m.test(document));
  const lines = [...crds, ...documents].flatMap((document) => document.split('\n'));
  const images = lines.flatMap((line) => {
    const [, image = ''] = /^\s+(?:-\s+)?image:\s+(\S+)/.exec(line) ?? [];
    return image.replace(/^["']+|["']+$/g, '') === '' ? [] : [image.replace(/^["']+|["']+$/g, '')];
  });
  return images.every(isReference) ? [...new Set(images)] : [];
}

const podPaths: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  Pod: ['spec'],
  Grafana: ['spec', 'deployment', 'spec', 'template', 'spec'],
};
const flags: ReadonlySet<string> = new Set([
  '--prometheus-config-reloader',
  '--thanos-default-base-image',
  '--acme-http01-solver-image',
]);

/**
 * helm-images: containers and initial containers of its kinds, three flags, the image of three kinds of the Prometheus
 * operator, values in ConfigMaps under keys with "image". Nothing where a Prometheus or Alertmanager has no image: it
 * ends with a nil pointer (its issue 68).
 * Follows: nikhilsbhat/helm-images, pkg/images.go (GetImages) and pkg/k8s/k8s.go. Of its kinds `Thanos` and `Receiver`
 * are left out: no chart of the corpus has them.
 */
export function helmImagesRule(text: string): readonly string[] {
  const images: string[] = [];
  for (const { object } of readManifests(text, '').manifests) {
    const kind = textOf(object, 'kind') ?? '';
    const path = podPaths[kind];
    if (path !== undefined) images.push(...podImages(at(object, path), kind !== 'Grafana'));
    if (kind === 'ConfigMap') images.push(...configImages(at(object, ['data'])));
    if (kind === 'Prometheus' || kind === 'Alertmanager' || kind === 'ThanosRuler') {
      const image = textOf(at(object, ['spec']), 'image');
      if (image === null && kind !== 'ThanosRuler') return [];
      images.push(image ?? '');
      if (kind !== 'Alertmanager') images.push(...podImages(at(object, ['spec']), false));
    }
  }
  return images.filter((image) => image !== '');
}

function podImages(pod: JsonValue | undefined, withFlags: boolean): readonly string[] {
  return ['containers', 'initContainers'].flatMap((key) =>
    listOf(at(pod, [key])).flatMap((container) => {
      const told = withFlags ? listOf(at(container, ['args'])) : [];
      const named = told.flatMap((argument) => {
        const [name = '', value = '', ...more] = typeof argument === 'string' ? argument.split('=') : [];
        return more.length === 0 && value !== '' && flags.has(name) ? [value] : [];
      });
      return [textOf(container, 'image') ?? '', ...named];
    }),
  );
}

function configImages(data: JsonValue | undefined): readonly string[] {
  return Object.entries(objectOf(data)).flatMap(([key, value]) => {
    const inner = typeof value === 'string' && /[\n{]/.test(value) ? readYaml(value) : null;
    if (typeof inner === 'object' && inner !== null) return imagesIn(inner);
    return typeof value === 'string' && key.toLowerCase().includes('image') ? [value] : [];
  });
}

function imagesIn(value: JsonValue): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => (typeof item === 'object' && item !== null ? imagesIn(item) : []));
  return Object.entries(objectOf(value)).flatMap(([key, inner]) => {
    const own = key.toLowerCase().includes('image') && typeof inner === 'string' ? [inner] : [];
    return typeof inner === 'object' && inner !== null ? [...own, ...imagesIn(inner)] : own;
  });
}

function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of path) found = objectOf(found)[key];
  return found;
}

function objectOf(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined, key: string): string | null {
  const text = objectOf(value)[key];
  return typeof text === 'string' ? text : null;
}

function readYaml(text: string): JsonValue {
  try {
    return readYamlDocument(text);
  } catch {
    return null;
  }
}

function unquoted(text: string): string {
  return text.replace(/^["']|["'].*$/g, '');
}
