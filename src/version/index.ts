/**
 * Orderings of versions, each as its ecosystem defines it: `orderingFor('Debian')?.compare('1.0~rc1', '1.0') === -1`.
 * Pure functions of text; nothing else of the program is needed.
 */
export { apk } from './apk.js';
export { bitnami } from './bitnami.js';
export { deb } from './deb.js';
export { cran, hackage } from './dotted.js';
export { goReleaseVersion, isModuleVersion, isPseudoVersion } from './go.js';
export { orderingFor, orderings } from './list.js';
export {
  compareVersions,
  formatVersion,
  type MastermindsConstraint,
  type MastermindsVersion,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
} from './masterminds.js';
export { maven } from './maven.js';
export { nuget } from './nuget.js';
export { maxVersionLength, type Order, type Ordering } from './ordering.js';
export { packagist } from './packagist.js';
export { pep440 } from './pep440.js';
export { pub } from './pub.js';
export { rpm } from './rpm.js';
export { rubygems } from './rubygems.js';
export { semver } from './semver.js';
