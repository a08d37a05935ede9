import type { Distro } from '../../model/index.js';

/** The formats of packages that distributions have; purl types. */
export type PackageFormat = 'deb' | 'apk' | 'rpm' | 'alpm' | 'opkg' | 'ebuild';

interface Ecosystem {
  readonly name: string;
  readonly format: PackageFormat;
  /** The part after the colon, null where none stands for this image. */
  readonly release: (found: Distro) => string | null;
}

const whole = ({ versionId }: Distro): string | null => versionId;
const none = (): null => null;
const major = ({ versionId }: Distro): string | null => /^\d+/.exec(versionId ?? '')?.[0] ?? null;
const suse: Ecosystem = { name: 'SUSE', format: 'rpm', release: productName('SUSE ') };
const openSuse: Ecosystem = { name: 'openSUSE', format: 'rpm', release: productName('openSUSE ') };
const azure: Ecosystem = { name: 'Azure Linux', format: 'rpm', release: major };

/**
 * How OSV names the ecosystems of distributions, by the ID of os-release:
 * https://ossf.github.io/osv-schema/#defined-ecosystems, and as its records spell them (`Azure Linux:3`, `AlmaLinux:9`,
 * `Photon OS:4.0`). Red Hat's records name products by CPE; the major version is what tells enterprise_linux apart.
 */
const ecosystems: Readonly<Record<string, Ecosystem>> = {
  almalinux: { name: 'AlmaLinux', format: 'rpm', release: major },
  alpaquita: { name: 'Alpaquita', format: 'apk', release: whole },
  alpine: { name: 'Alpine', format: 'apk', release: alpineBranch },
  azurelinux: azure,
  'bellsoft-hardened-containers': { name: 'BellSoft Hardened Containers', format: 'apk', release: whole },
  chainguard: { name: 'Chainguard', format: 'apk', release: none },
  cleanstart: { name: 'CleanStart', format: 'apk', release: none },
  clnstrt: { name: 'CleanStart', format: 'apk', release: none },
  debian: { name: 'Debian', format: 'deb', release: major },
  echo: { name: 'Echo', format: 'deb', release: none },
  mageia: { name: 'Mageia', format: 'rpm', release: whole },
  mariner: azure,
  minimos: { name: 'MinimOS', format: 'apk', release: none },
  openeuler: { name: 'openEuler', format: 'rpm', release: openEulerRelease },
  opensuse: openSuse,
  'opensuse-leap': openSuse,
  'opensuse-tumbleweed': { ...openSuse, release: () => 'Tumbleweed' },
  photon: { name: 'Photon OS', format: 'rpm', release: photonRelease },
  rhel: { name: 'Red Hat', format: 'rpm', release: major },
  rocky: { name: 'Rocky Linux', format: 'rpm', release: major },
  'sl-micro': suse,
  'sle-micro': suse,
  'sle-micro-rancher': suse,
  sle_hpc: suse,
  sled: suse,
  sles: suse,
  sles_sap: suse,
  'suse-microos': suse,
  ubuntu: { name: 'Ubuntu', format: 'deb', release: whole },
  wolfi: { name: 'Wolfi', format: 'apk', release: none },
};

/** SUSE's records carry the product as PRETTY_NAME has it, without the maker's name: `Leap 15.6`. */
function productName(maker: string): Ecosystem['release'] {
  return ({ prettyName }) => (prettyName?.startsWith(maker) === true ? prettyName.slice(maker.length).trim() : null);
}

function alpineBranch({ versionId }: Distro): string | null {
  // `3.19_alpha20230901` is edge before a branch: no release of OSV's stands for it.
  const branch = /^(\d+\.\d+)(?:\.\d+)?$/.exec(versionId ?? '')?.[1];
  return branch === undefined ? null : `v${branch}`;
}

/** `openEuler 22.03 (LTS-SP4)` is `22.03-LTS-SP4`; releases without LTS have no advisories. */
function openEulerRelease({ prettyName, versionId }: Distro): string | null {
  const [, version, level] = /^openEuler (\d\d\.\d\d) ?\((LTS(?:[- ]SP\d+)?)\)$/i.exec(prettyName ?? '') ?? [];
  return version === undefined || level === undefined ? versionId : `${version}-${level.replace(' ', '-')}`;
}

function photonRelease({ versionId }: Distro): string | null {
  return versionId !== null && /^\d+$/.test(versionId) ? `${versionId}.0` : versionId;
}

/**
 * Ecosystem and release of a distribution's packages; a distribution that OSV does not know goes by its own id.
 *
 * With `format`, packages of another format than the distribution's have neither: what rpm installed on Debian is not
 * what Debian's advisories are about.
 */
export function ecosystemOf(
  found: Distro | null,
  format?: PackageFormat,
): { readonly ecosystem: string | null; readonly release: string | null } {
  if (found === null) return { ecosystem: null, release: null };
  const known = Object.hasOwn(ecosystems, found.id) ? ecosystems[found.id] : undefined;
  if (known === undefined) return { ecosystem: found.id, release: found.versionId };
  if (format !== undefined && format !== known.format) return { ecosystem: null, release: null };
  return { ecosystem: known.name, release: known.release(found) };
}

/** The value of a purl's `distro` qualifier: `debian-12`; null where no distribution is known. */
export function distroQualifier(found: Distro | null): string | null {
  if (found === null) return null;
  return found.versionId === null ? found.id : `${found.id}-${found.versionId}`;
}
