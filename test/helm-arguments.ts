import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RenderChartOptions, splitSetFile } from '../src/chart/index.js';

/**
 * The options that stand for the arguments of `helm template rel CHART …`, each option with its value as a word of its
 * own; files are read below `folder`, and named in messages as they are given. The clock stands at 1970.
 */
export function helmOptions(args: readonly string[], folder: string, helm: 3 | 4): RenderChartOptions {
  const given = (option: string): string[] =>
    args.flatMap((word, index) => (word === option ? [args[index + 1] ?? ''] : []));
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const [kubeVersion] = given('--kube-version');
  return {
    name: 'rel',
    namespace: given('--namespace')[0] ?? 'default',
    values: {
      files: given('-f').map((path) => ({ path, text: read(path) })),
      set: given('--set'),
      setString: given('--set-string'),
      setJson: given('--set-json'),
      setLiteral: given('--set-literal'),
      setFile: given('--set-file')
        .flatMap(splitSetFile)
        .map(({ key, path }) => ({ key, text: read(path) })),
    },
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    apiVersions: given('--api-versions'),
    includeCrds: args.includes('--include-crds'),
    noHooks: args.includes('--no-hooks'),
    skipTests: args.includes('--skip-tests'),
    showOnly: given('--show-only'),
    isUpgrade: args.includes('--is-upgrade'),
    skipSchemaValidation: args.includes('--skip-schema-validation'),
    helm,
    now: () => new Date(0),
    random: (bytes) => randomBytes(bytes),
  };
}
