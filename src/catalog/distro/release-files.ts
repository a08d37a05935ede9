import type { Distro } from '../../model/index.js';
import { assignments } from './os-release.js';

type Parse = (text: string) => Distro | null;

/** The names that stand before `release` in such files, longest first, and the ID that os-release has for them. */
const names: readonly (readonly [start: string, id: string])[] = [
  ['red hat enterprise linux', 'rhel'],
  ['red hat linux', 'redhat-linux'],
  ['scientific linux', 'scientific'],
  ['oracle linux', 'ol'],
  ['rocky linux', 'rocky'],
  ['almalinux', 'almalinux'],
  ['amazon linux', 'amzn'],
  ['fedora', 'fedora'],
  ['centos', 'centos'],
  ['cloudlinux', 'cloudlinux'],
  ['anolis os', 'anolis'],
  ['openeuler', 'openeuler'],
  ['euleros', 'euleros'],
  ['mageia', 'mageia'],
  ['cbl-mariner', 'mariner'],
  ['microsoft azure linux', 'azurelinux'],
  ['vmware photon', 'photon'],
  ['opensuse tumbleweed', 'opensuse-tumbleweed'],
  ['opensuse leap', 'opensuse-leap'],
  ['opensuse', 'opensuse'],
  ['suse linux enterprise server', 'sles'],
  ['suse linux enterprise desktop', 'sled'],
  ['gentoo base system', 'gentoo'],
];

/**
 * Files beside os-release that say which distribution an image is, in the order in which they are believed. A link to
 * another of them says nothing more than its target; the distribution's own file comes before those that its kin have
 * too.
 */
export const releaseFiles: readonly (readonly [path: string, parse: Parse])[] = [
  ['etc/alpine-release', versionOnly('alpine')],
  ['etc/photon-release', namedRelease],
  ['etc/mariner-release', namedRelease],
  ['etc/azurelinux-release', namedRelease],
  ['etc/mageia-release', namedRelease],
  ['etc/openEuler-release', namedRelease],
  ['etc/rocky-release', namedRelease],
  ['etc/almalinux-release', namedRelease],
  ['etc/oracle-release', namedRelease],
  ['etc/centos-release', namedRelease],
  ['etc/fedora-release', namedRelease],
  ['etc/SuSE-release', suseRelease],
  ['etc/gentoo-release', namedRelease],
  ['etc/openwrt_release', openWrt],
  ['etc/slackware-version', namedRelease],
  ['etc/arch-release', () => named('arch', null, null)],
  ['etc/system-release-cpe', cpe],
  ['etc/redhat-release', namedRelease],
  ['etc/system-release', namedRelease],
  ['etc/lsb-release', lsb],
  ['etc/debian_version', (text) => named('debian', debianMajor(text), null)],
];

function named(id: string, versionId: string | null, prettyName: string | null): Distro {
  return { id, versionId, prettyName, idLike: [] };
}

/** The first line without blanks around it, null for an empty one. */
export function firstLine(source: string): string | null {
  const line = source.split('\n', 1)[0]?.trim().slice(0, 200) ?? '';
  return line === '' ? null : line;
}

/** `12.5` is 12; testing and sid (`trixie/sid`) have no number. */
export function debianMajor(text: string): string | null {
  return /^(\d+)/.exec(text.trim())?.[1] ?? null;
}

function versionOnly(id: string): Parse {
  return (text) => {
    const line = firstLine(text);
    return line === null ? null : named(id, line, null);
  };
}

/** `Rocky Linux release 9.3 (Blue Onyx)`, `VMware Photon OS 4.0`, `openEuler release 22.03 (LTS-SP4)`. */
function namedRelease(text: string): Distro | null {
  const line = firstLine(text);
  const lower = line?.toLowerCase() ?? '';
  const id = names.find(([start]) => lower.startsWith(start))?.[1];
  if (line === null || id === undefined) return null;
  const version = /\s(\d{1,9}(?:\.\d{1,9}){0,3})/.exec(line)?.[1] ?? null;
  // openEuler's advisories are told apart by the words behind the version, which its PRETTY_NAME has.
  return named(id, version, id === 'openeuler' ? line.replace(' release ', ' ') : null);
}

/** SLES 11 and 12: a title, then `VERSION = 12` and `PATCHLEVEL = 5`. */
function suseRelease(text: string): Distro | null {
  const title = namedRelease(text);
  const version = /^VERSION\s{0,4}=\s{0,4}([\d.]{1,20})/m.exec(text)?.[1];
  const level = /^PATCHLEVEL\s{0,4}=\s{0,4}(\d{1,4})/m.exec(text)?.[1];
  if (title === null || version === undefined) return title;
  const hasLevel = level !== undefined && level !== '0';
  const pretty = title.id === 'sles' ? `SUSE Linux Enterprise Server ${version}${hasLevel ? ` SP${level}` : ''}` : null;
  return named(title.id, hasLevel ? `${version}.${level}` : version, pretty);
}

/** `cpe:/o:centos:linux:6:GA`, `cpe:2.3:o:amazon:amazon_linux:2`: system-release-cpe of RHEL's kin, CPE 2.2 and 2.3. */
function cpe(text: string): Distro | null {
  const words = (firstLine(text) ?? '')
    .toLowerCase()
    .replace(/^cpe:2\.3:o:|^cpe:\/o:/, '')
    .split(':');
  const ids: Readonly<Record<string, string>> = {
    redhat: 'rhel',
    centos: 'centos',
    fedoraproject: 'fedora',
    amazon: 'amzn',
    oracle: 'ol',
    rocky: 'rocky',
    almalinux: 'almalinux',
  };
  const id = Object.hasOwn(ids, words[0] ?? '') ? ids[words[0] ?? ''] : undefined;
  const version = words.slice(2).find((word) => /^\d{1,9}(?:\.\d{1,9})?$/.test(word)) ?? null;
  return id === undefined ? null : named(id, version, null);
}

/** `DISTRIB_ID=Ubuntu`, `DISTRIB_RELEASE=22.04`: lsb_release(1). Arch writes no number but `rolling`. */
function lsb(text: string): Distro | null {
  const values = assignments(text);
  const title = values.get('DISTRIB_ID') ?? '';
  const version = values.get('DISTRIB_RELEASE') ?? '';
  if (title === '') return null;
  const id = names.find(([start]) => title.toLowerCase().startsWith(start))?.[1] ?? title.toLowerCase();
  return named(id, /^\d/.test(version) ? version : null, values.get('DISTRIB_DESCRIPTION') || null);
}

function openWrt(text: string): Distro | null {
  const found = lsb(text);
  return found === null ? null : { ...found, id: 'openwrt' };
}
