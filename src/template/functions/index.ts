/**
 * What templates call: sprig's functions and Helm's own, without those that need the engine (`include`, `tpl`,
 * `required`, `lookup`) and without Go's builtins. `env` and `expandenv` do not exist, as in Helm.
 */
import type { GoFunc } from '../value.js';
import type { Environment } from './args.js';
import { cryptoFunctions } from './crypto.js';
import { dateFunctions } from './dates.js';
import { typeFunctions } from './defaults.js';
import { dictFunctions } from './dicts.js';
import { encodingFunctions } from './encoding.js';
import { helm4Functions } from './helm4.js';
import { listFunctions } from './lists.js';
import { mathFunctions } from './math.js';
import { pathFunctions } from './paths.js';
import { randomFunctions } from './random.js';
import { regexFunctions } from './regex.js';
import { semverFunctions } from './semver.js';
import { stringFunctions } from './strings.js';
import { urlFunctions } from './url.js';
import { certificateFunctions } from './x509.js';

export type { Environment } from './args.js';

/**
 * The functions of Helm v3.22 (sprig v3.3.0) by name; with `helm` 4 those that v4.3 adds, too.
 *
 * Everything random comes from `environment.random` and every time from `environment.now`; only `genPrivateKey "dsa"`
 * cannot be repeated. `keys` and `values` are in byte order, where Go's order is random.
 */
export function helmFunctions(environment: Environment, helm: 3 | 4 = 3): Map<string, GoFunc> {
  const all = [
    ...stringFunctions(),
    ...listFunctions(),
    ...dictFunctions(),
    ...typeFunctions(),
    ...mathFunctions(),
    ...regexFunctions(),
    ...semverFunctions(),
    ...dateFunctions(environment),
    ...cryptoFunctions(environment),
    ...certificateFunctions(environment),
    ...randomFunctions(environment),
    ...encodingFunctions(environment),
    ...pathFunctions(),
    ...urlFunctions(),
    ...(helm === 4 ? helm4Functions() : []),
  ];
  return new Map(all.map((func) => [func.name, func]));
}
