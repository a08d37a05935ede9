/** An image that a program starts beside its own, of the same release, where no flag names another. */
export interface CompanionRule {
  /** The last part of the program's repository. */
  readonly program: string;
  /** A flag or variable that names the image; then it is found by that. */
  readonly unless: readonly string[];
  /** A repository in full, or a name beside the program's own. */
  readonly repository: string;
  readonly source: string;
}

const virt = "kubevirt/kubevirt, pkg/virt-operator/util/config.go (images of the operator's own registry and tag)";

export const companionRules: readonly CompanionRule[] = [
  {
    program: 'cert-manager-controller',
    unless: ['acme-http01-solver-image'],
    repository: 'quay.io/jetstack/cert-manager-acmesolver',
    source: 'cert-manager/cert-manager, cmd/controller/app/options/options.go (defaultACMEHTTP01SolverImage)',
  },
  {
    program: 'workflow-controller',
    unless: ['executor-image'],
    repository: 'quay.io/argoproj/argoexec',
    source: 'argoproj/argo-workflows, cmd/workflow-controller/main.go (executor-image)',
  },
  { program: 'virt-operator', unless: ['VIRT_API_IMAGE', 'VIRT_API_SHASUM'], repository: './virt-api', source: virt },
  {
    program: 'virt-operator',
    unless: ['VIRT_CONTROLLER_IMAGE', 'VIRT_CONTROLLER_SHASUM'],
    repository: './virt-controller',
    source: virt,
  },
  {
    program: 'virt-operator',
    unless: ['VIRT_HANDLER_IMAGE', 'VIRT_HANDLER_SHASUM'],
    repository: './virt-handler',
    source: virt,
  },
  {
    program: 'virt-operator',
    unless: ['VIRT_LAUNCHER_IMAGE', 'VIRT_LAUNCHER_SHASUM'],
    repository: './virt-launcher',
    source: virt,
  },
];
