import type { Role } from '../model/index.js';
import { dig, field, isList, isObject, type JsonObject, step, textField } from './json.js';
import type { KubeObject } from './objects.js';

/** A pod's specification in an object of a kind that Kubernetes itself runs. */
export interface PodSpec {
  readonly spec: JsonObject;
  readonly metadata: JsonObject | null;
  readonly pointer: string;
}

/** One container of a pod. */
export interface Container {
  readonly value: JsonObject;
  readonly pointer: string;
  readonly role: Role;
  readonly name: string | null;
}

// Where each kind keeps its pod: Kubernetes API reference, "Workload resources".
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const containerLists: readonly (readonly [string, Role])[] = [
  ['initContainers', 'init'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeral'],
];

// API groups that Kubernetes serves itself: what they hold, apart from pods, names no images.
const ownGroups: ReadonlySet<string> = new Set([
  '',
  'apps',
  'batch',
  'extensions',
  'autoscaling',
  'policy',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Whether Kubernetes itself serves the object's kind, and no custom resource definition or other server does. */
export function isOwnKind(object: KubeObject): boolean {
  const slash = object.apiVersion.indexOf('/');
  return ownGroups.has(slash < 0 ? '' : object.apiVersion.slice(0, slash));
}

/** The pod of a workload; null where the object is none, or has none. */
export function podSpecOf(object: KubeObject): PodSpec | null {
  if (!isOwnKind(object) || !Object.hasOwn(podPaths, object.kind)) return null;
  const path = podPaths[object.kind] ?? [];
  const template = dig(object.value, ...path);
  if (!isObject(template)) return null;
  const spec = field(template, 'spec');
  if (!isObject(spec)) return null;
  const metadata = field(template, 'metadata');
  const pointer = [...path, 'spec'].reduce<string>(step, object.pointer);
  return { spec, metadata: isObject(metadata) ? metadata : null, pointer };
}

/** The containers of a pod, initial ones first; entries that are no objects are left out. */
export function containersOf(pod: PodSpec): readonly Container[] {
  const containers: Container[] = [];
  for (const [key, role] of containerLists) {
    const list = field(pod.spec, key);
    if (!isList(list)) continue;
    for (const [index, value] of list.entries()) {
      if (!isObject(value)) continue;
      containers.push({ value, pointer: step(step(pod.pointer, key), index), role, name: textField(value, 'name') });
    }
  }
  return containers;
}

/** The variables of a container that have a value of their own, with the pointer to it; `$(NAME)` not expanded. */
export function variablesOf(
  container: Container,
): readonly { readonly name: string; readonly value: string; readonly field: string }[] {
  const list = field(container.value, 'env');
  if (!isList(list)) return [];
  return list.flatMap((item, index) => {
    const name = isObject(item) ? textField(item, 'name') : null;
    const value = isObject(item) ? textField(item, 'value') : null;
    const at = step(step(step(container.pointer, 'env'), index), 'value');
    return name === null || value === null ? [] : [{ name, value, field: at }];
  });
}
