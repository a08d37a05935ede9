import { type Component, normalisedName } from '../model/index.js';

/** Distributions that publish advisories for source packages, or (Red Hat, AlmaLinux) for binary ones. */
const bySource = new Set([
  'Alpaquita',
  'Alpine',
  'Azure Linux',
  'BellSoft Hardened Containers',
  'Chainguard',
  'Debian',
  'Echo',
  'Mageia',
  'MinimOS',
  'openEuler',
  'openSUSE',
  'Photon OS',
  'Rocky Linux',
  'SUSE',
  'Ubuntu',
  'Wolfi',
]);
const byBinary = new Set(['AlmaLinux', 'Red Hat']);

/** Whether the ecosystem is a distribution, whose advisories may stand for several vulnerabilities at once. */
export function isDistribution(ecosystem: string): boolean {
  return bySource.has(ecosystem) || byBinary.has(ecosystem);
}

/**
 * The spelling of a package name under which records are kept and looked up.
 *
 * Follows: PEP 503 for PyPI; NuGet, Packagist, GitHub Actions and VSCode ignore case; all others are taken as they are.
 */
export function packageKey(ecosystem: string, name: string): string {
  switch (ecosystem) {
    case 'PyPI':
      return normalisedName(name);
    case 'NuGet':
    case 'Packagist':
    case 'GitHub Actions':
    case 'VSCode':
      return name.toLowerCase();
    default:
      return name;
  }
}

/**
 * The spelling of a release: Ubuntu's long-term releases without `:LTS`, Red Hat's `enterprise_linux:9::baseos` as
 * `9`, SUSE's products of one service pack as that (see `suseLine`); all others as they are. Null, no release, is the
 * empty text.
 */
export function releaseKey(ecosystem: string, release: string | null): string {
  if (release === null) return '';
  if (ecosystem === 'Ubuntu') return release.replace(/:LTS$/, '');
  if (ecosystem === 'Red Hat') return /^enterprise_linux:(\d+)(?:\.\d+)?(?:::|$)/.exec(release)?.[1] ?? release;
  if (ecosystem === 'SUSE') return suseLine(release);
  return release;
}

/**
 * SUSE names the product, and most packages of an image of `Linux Enterprise Server 15 SP5` come from modules, by which
 * their advisories go: `Linux Enterprise Module for Basesystem 15 SP5`. Server, Desktop, SAP, HPC, modules and the
 * channels of long support (`-LTSS`, `-ESPOS`) of one service pack share their packages, so all of them are
 * `Linux Enterprise 15 SP5`. Micro and others are products of their own.
 * Follows: SUSE, "Modules and Extensions Quick Start" 15; ecosystems as OSV's records of SUSE spell them.
 */
function suseLine(release: string): string {
  const found = /^Linux Enterprise (?!Micro\b)(.{1,80}?) (\d{1,2}(?:\.\d)?)(?: SP(\d))?(?:-[A-Z-]{1,20})?$/.exec(
    release,
  );
  if (found === null) return release;
  const [, product = '', version = '', level] = found;
  if (level !== undefined) return `Linux Enterprise ${version} SP${level}`;
  return product.startsWith('Module for ') ? `Linux Enterprise ${version} modules` : `Linux Enterprise ${version}`;
}

/** Under which other name records count for a release too: modules of SUSE 12 are of no service pack. Else itself. */
export function sharedReleaseKey(ecosystem: string, release: string | null): string {
  const key = releaseKey(ecosystem, release);
  const version = ecosystem === 'SUSE' ? /^Linux Enterprise (\d{1,2})(?: SP\d)?$/.exec(key)?.[1] : undefined;
  return version === undefined ? key : `Linux Enterprise ${version} modules`;
}

/** What to look up for a component: its source package where advisories are published for sources, else itself. */
export function lookupOf(component: Omit<Component, 'owns'>): {
  readonly name: string;
  readonly version: string | null;
} {
  const { ecosystem, source } = component;
  if (ecosystem !== null && bySource.has(ecosystem) && source !== null) {
    return { name: source.name, version: source.version ?? component.version };
  }
  return { name: ecosystem === 'Maven' ? mavenName(component) : component.name, version: component.version };
}

/** `group:artifact`; where the name has no group it comes from the purl (`pkg:maven/group/artifact@1`). */
function mavenName(component: Omit<Component, 'owns'>): string {
  if (component.name.includes(':')) return component.name;
  const [, group, artifact] = /^pkg:maven\/([^/@?#]+)\/([^/@?#]+)/.exec(component.purl.slice(0, 2_000)) ?? [];
  return group === undefined || artifact === undefined ? component.name : `${decode(group)}:${decode(artifact)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a purl with a broken escape names itself
  }
}
