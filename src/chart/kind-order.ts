/** Kinds in the order in which Helm installs and prints them (helm pkg/releaseutil/kind_sorter.go InstallOrder). */
const installOrder: readonly string[] = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
];

/** Helm 4 knows two more, at the end. */
const installOrder4: readonly string[] = [
  ...installOrder,
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

const ranks = new Map(installOrder.map((kind, rank) => [kind, rank]));
const ranks4 = new Map(installOrder4.map((kind, rank) => [kind, rank]));

/** The place of a kind in Helm's order, undefined for one that it does not know. */
export function kindRank(kind: string, helm: 3 | 4): number | undefined {
  return (helm === 4 ? ranks4 : ranks).get(kind);
}
