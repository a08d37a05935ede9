import { TrowelError } from '../model/index.js';

/** What `.Capabilities` says of the cluster that nobody asked. */
export interface Capabilities {
  /** `v1.37.0`; with Helm 4 what was given, with what follows the numbers (`v1.33.4-gke.1`). */
  readonly version: string;
  /** The numbers alone, for constraints. */
  readonly plainVersion: string;
  readonly major: string;
  readonly minor: string;
  readonly apiVersions: readonly string[];
  /** `v3.22.0`. */
  readonly helmVersion: string;
}

/** What Helm's release builds of this year say when no `--kube-version` is given: the version of client-go they link. */
export const defaultKubeVersion = 'v1.37.0';

/**
 * The group/versions that client-go v0.37 registers, with both of apiextensions, in its order of priority: what
 * `.Capabilities.APIVersions` holds in `helm template` (helm pkg/chartutil/capabilities.go allKnownVersions).
 */
export const knownApiVersions: readonly string[] = [
  'v1',
  ...groupVersions('admissionregistration.k8s.io', 'v1 v1alpha1 v1beta1'),
  ...groupVersions('internal.apiserver.k8s.io', 'v1alpha1'),
  ...groupVersions('apps', 'v1 v1beta1 v1beta2'),
  ...groupVersions('authentication.k8s.io', 'v1 v1alpha1 v1beta1'),
  ...groupVersions('authorization.k8s.io', 'v1 v1beta1'),
  ...groupVersions('autoscaling', 'v1 v2'),
  ...groupVersions('batch', 'v1 v1beta1'),
  ...groupVersions('certificates.k8s.io', 'v1 v1beta1 v1alpha1'),
  ...groupVersions('coordination.k8s.io', 'v1alpha2 v1beta1 v1'),
  ...groupVersions('discovery.k8s.io', 'v1 v1beta1'),
  ...groupVersions('events.k8s.io', 'v1 v1beta1'),
  ...groupVersions('extensions', 'v1beta1'),
  ...groupVersions('flowcontrol.apiserver.k8s.io', 'v1 v1beta1 v1beta2 v1beta3'),
  ...groupVersions('lifecycle.k8s.io', 'v1alpha1'),
  ...groupVersions('networking.k8s.io', 'v1 v1beta1'),
  ...groupVersions('node.k8s.io', 'v1 v1alpha1 v1beta1'),
  ...groupVersions('policy', 'v1 v1beta1'),
  ...groupVersions('rbac.authorization.k8s.io', 'v1 v1beta1 v1alpha1'),
  ...groupVersions('resource.k8s.io', 'v1 v1beta2 v1beta1 v1alpha3'),
  ...groupVersions('scheduling.k8s.io', 'v1alpha3 v1beta1 v1'),
  ...groupVersions('storage.k8s.io', 'v1beta1 v1 v1alpha1'),
  ...groupVersions('storagemigration.k8s.io', 'v1 v1beta1'),
  ...groupVersions('apiextensions.k8s.io', 'v1beta1 v1'),
];

/**
 * The capabilities for a `--kube-version` (empty: the default) and further `--api-versions`.
 *
 * Throws TrowelError `usage` with Helm's words. Helm 4 keeps what follows the numbers (`v1.33.4-gke.1`).
 * Follows: helm pkg/chartutil/capabilities.go ParseKubeVersion, k8s.io/apimachinery util/version ParseGeneric.
 */
export function capabilities(kubeVersion: string, apiVersions: readonly string[], helm: 3 | 4): Capabilities {
  const given = kubeVersion === '' ? defaultKubeVersion : kubeVersion;
  const numbers = parseGeneric(given);
  const plainVersion = `v${numbers.join('.')}`;
  const full = given.startsWith('v') ? given : `v${given}`;
  return {
    version: helm === 4 ? full : plainVersion,
    plainVersion,
    major: numbers[0] ?? '',
    minor: numbers[1] ?? '',
    apiVersions: [...knownApiVersions, ...apiVersions],
    helmVersion: helm === 4 ? 'v4.3' : 'v3.22',
  };
}

function parseGeneric(text: string): readonly string[] {
  const refuse = (why: string): TrowelError =>
    new TrowelError('usage', {
      what: `invalid kube version '${text}': ${why}`,
      where: { option: '--kube-version' },
    });
  const quoted = JSON.stringify(text);
  const match = /^v?([0-9.]*)/.exec(text.trimStart());
  const numbers = /^[0-9]+(?:\.[0-9]+)*/.exec(match?.[1] ?? '')?.[0];
  if (numbers === undefined) throw refuse(`could not parse ${quoted} as version`);
  const parts = numbers.split('.');
  if (parts.length < 2) throw refuse(`illegal version string ${quoted}`);
  const [major = ''] = parts;
  if (major.startsWith('0') && major !== '0') {
    throw refuse(`illegal zero-prefixed version component ${JSON.stringify(major)} in ${quoted}`);
  }
  return parts.map((part) => BigInt(part.slice(0, 40)).toString());
}

function groupVersions(group: string, versions: string): readonly string[] {
  return versions.split(' ').map((version) => `${group}/${version}`);
}
