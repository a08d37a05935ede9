import type { KubeObject } from './objects.js';

/** Objects whose fields say image and mean none that a container runtime starts. */
interface NotRun {
  /** An API group, or what groups end in after a dot. */
  readonly group: string;
  readonly because: string;
  readonly source: string;
}

const notRun: readonly NotRun[] = [
  {
    group: 'infrastructure.cluster.x-k8s.io',
    because: 'the images are disks of machines',
    source: 'kubernetes-sigs/cluster-api-provider-openstack, api/v1beta1/openstackmachine_types.go (ImageParam)',
  },
  {
    group: 'metal3.io',
    because: 'the images are disks of machines',
    source: 'metal3-io/baremetal-operator, apis/metal3.io/v1alpha1/baremetalhost_types.go (Image)',
  },
  {
    group: 'machine.openshift.io',
    because: 'the images are disks of machines',
    source: 'openshift/api, machine/v1beta1/types_gcpprovider.go (GCPDisk)',
  },
  {
    group: 'karpenter.azure.com',
    because: 'the images are disks of machines',
    source: 'Azure/karpenter-provider-azure, pkg/apis/v1beta1/aksnodeclass.go (ImageFamily)',
  },
  {
    group: 'image.toolkit.fluxcd.io',
    because: 'the images are watched for new tags',
    source: 'fluxcd/image-reflector-controller, api/v1beta2/imagerepository_types.go (Image)',
  },
  {
    group: 'policy.sigstore.dev',
    because: 'the images are patterns of a policy',
    source: 'sigstore/policy-controller, pkg/apis/policy/v1beta1/clusterimagepolicy_types.go (ImagePattern)',
  },
  {
    group: 'constraints.gatekeeper.sh',
    because: 'the images are patterns of a policy',
    source: 'open-policy-agent/gatekeeper-library, library/general/allowedrepos/template.yaml',
  },
];

/** Whether the object's images are none that its operator starts: machine images, patterns of policies. */
export function isNotRun(object: KubeObject): boolean {
  const group = object.apiVersion.slice(0, Math.max(object.apiVersion.indexOf('/'), 0));
  return notRun.some((one) => group === one.group || group.endsWith(`.${one.group}`));
}
