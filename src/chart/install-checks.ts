import { TrowelError } from '../model/index.js';
import type { Capabilities } from './capabilities.js';
import type { Chart } from './chart.js';
import { isCompatible } from './dependencies.js';
import { missingDependencies } from './vendored.js';

/** What Helm asks before it renders; each throws TrowelError with its words. */

/** Whether a chart can be installed: an application whose dependencies are there (helm pkg/action/install.go). */
export function checkInstallable(chart: Chart, helm: 3 | 4): void {
  const { metadata } = chart;
  const refuse = (what: string, todo?: string): TrowelError =>
    new TrowelError('bad-chart', { what, where: { chart: chart.id }, ...(todo === undefined ? {} : { todo }) });
  if (metadata.type !== '' && metadata.type !== 'application') {
    throw refuse(`${metadata.type} charts are not installable`);
  }
  const missing = missingDependencies(chart);
  if (missing.length === 0) return;
  const [article, mark] = helm === 4 ? ['an', "'"] : ['An', '`'];
  throw refuse(
    `${article} error occurred while checking for chart dependencies. You may need to run ${mark}helm dependency build` +
      `${mark} to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`,
  );
}

/** Helm's rule for names of releases (helm pkg/chartutil/validate_name.go). */
export function checkReleaseName(name: string, helm: 3 | 4): void {
  const part = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  const prefix = helm === 4 ? 'release name check failed: ' : '';
  const refuse = (why: string): TrowelError =>
    new TrowelError('usage', { what: `${prefix}release name "${name}": ${why}`, where: { option: '--name' } });
  if (name === '') throw refuse('no name provided');
  const valid = name.length <= 53 && name.split('.').every((label) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label));
  if (valid) return;
  throw refuse(
    `invalid release name, must match regex ^${part}(\\.${part})*$ and the length must not be longer than 53`,
  );
}

/** Whether a chart is made for this version of Kubernetes. */
export function checkKubeVersion(chart: Chart, cluster: Capabilities): void {
  const { kubeVersion } = chart.metadata;
  if (kubeVersion === '' || isCompatible(kubeVersion, cluster.plainVersion)) return;
  throw new TrowelError('bad-chart', {
    what: `chart requires kubeVersion: ${kubeVersion} which is incompatible with Kubernetes ${cluster.version}`,
    where: { chart: chart.id },
  });
}
