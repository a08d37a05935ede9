import { type Component, compareText, type Evidence } from '../model/index.js';
import { type LockFile, withoutQualifiers } from './locks.js';

/**
 * Puts together what several cataloguers say of one thing:
 * - a package of a bill of materials that another cataloguer found, too, becomes evidence of that one
 * - what a lock file pins and is there gets it as evidence
 * - a module with a version but no distribution is dropped where a package owns its file
 */
export function withStatements(components: readonly Component[], lockFiles: readonly LockFile[]): Component[] {
  const owned = new Set(components.filter(ownsModules).flatMap((one) => one.owns.map(({ path }) => path)));
  const kept = components.filter((one) => !isModule(one) || !one.locations.every(({ path }) => owned.has(path)));
  const found = new Set(kept.filter((one) => one.foundBy !== 'sbom').map((one) => withoutQualifiers(one.purl)));
  const more = new Map<string, Evidence[]>();
  const add = (purl: string, evidence: readonly Evidence[]): void => {
    const list = more.get(purl);
    if (list === undefined) more.set(purl, [...evidence]);
    else list.push(...evidence);
  };
  const rest = kept.filter((one) => {
    const purl = withoutQualifiers(one.purl);
    if (one.foundBy !== 'sbom' || !found.has(purl)) return true;
    add(purl, one.evidence);
    return false;
  });
  for (const { path, installed } of lockFiles) {
    for (const purl of installed) add(purl, [{ what: 'lock file', where: path, value: purl }]);
  }
  if (more.size === 0) return rest;
  return rest.map((one) => {
    const evidence = more.get(withoutQualifiers(one.purl));
    if (evidence === undefined) return one;
    const sorted = [...evidence].sort((a, b) => compareText(a.where, b.where));
    return { ...one, evidence: [...one.evidence, ...sorted] };
  });
}

function isModule(one: Component): boolean {
  return one.foundBy === 'python-modules' && one.grade === 'inferred';
}

/** Anything but scripts' banners and documents: those own no code. */
function ownsModules(one: Component): boolean {
  return one.foundBy !== 'python-modules' && one.foundBy !== 'js-bundles' && one.foundBy !== 'sbom';
}
