import { apk } from './apk.js';
import { bitnami } from './bitnami.js';
import { deb } from './deb.js';
import { cran, hackage } from './dotted.js';
import { maven } from './maven.js';
import { nuget } from './nuget.js';
import type { Ordering } from './ordering.js';
import { packagist } from './packagist.js';
import { pep440 } from './pep440.js';
import { pub } from './pub.js';
import { rpm } from './rpm.js';
import { rubygems } from './rubygems.js';
import { semver } from './semver.js';

/** Every ordering; no two name the same ecosystem. */
export const orderings: readonly Ordering[] = [
  apk,
  bitnami,
  cran,
  deb,
  hackage,
  maven,
  nuget,
  packagist,
  pep440,
  pub,
  rpm,
  rubygems,
  semver,
];

const byEcosystem: ReadonlyMap<string, Ordering> = new Map(
  orderings.flatMap((ordering) => ordering.ecosystems.map((name) => [name, ordering] as const)),
);

/**
 * The ordering of an ecosystem as OSV names it, with or without release (`Debian`, `Debian:12`); undefined where nobody
 * here can order its versions.
 */
export function orderingFor(ecosystem: string): Ordering | undefined {
  return byEcosystem.get(ecosystem.split(':', 1)[0] ?? '');
}
