import { eachLine } from '../paragraphs.js';

/** A distribution and release that a list of package sources names; a null version where it names the id alone. */
export interface SourceWord {
  readonly id: string;
  readonly version: string | null;
  /** The line that says so. */
  readonly line: string;
}

const aptFolder = 'etc/apt/sources.list.d/';
const repoFolders: readonly string[] = ['etc/yum.repos.d/', 'etc/zypp/repos.d/', 'etc/distro.repos.d/'];
const apkFile = 'etc/apk/repositories';

/** Whether a file lists where packages come from: sources.list(5), apk-repositories(5), dnf.conf(5). */
export function isPackageSource(path: string): boolean {
  if (!path.startsWith('etc/')) return false;
  if (path === 'etc/apt/sources.list' || path === apkFile) return true;
  if (path.startsWith(aptFolder)) return path.endsWith('.list') || path.endsWith('.sources');
  return path.endsWith('.repo') && repoFolders.some((folder) => path.startsWith(folder));
}

/** Suites of Debian and Ubuntu and the releases they stand for: distro-info-data, debian.csv and ubuntu.csv. */
const suites: Readonly<Record<string, readonly [id: string, version: string]>> = {
  jessie: ['debian', '8'],
  stretch: ['debian', '9'],
  buster: ['debian', '10'],
  bullseye: ['debian', '11'],
  bookworm: ['debian', '12'],
  trixie: ['debian', '13'],
  forky: ['debian', '14'],
  trusty: ['ubuntu', '14.04'],
  xenial: ['ubuntu', '16.04'],
  bionic: ['ubuntu', '18.04'],
  focal: ['ubuntu', '20.04'],
  jammy: ['ubuntu', '22.04'],
  noble: ['ubuntu', '24.04'],
  plucky: ['ubuntu', '25.04'],
  questing: ['ubuntu', '25.10'],
  resolute: ['ubuntu', '26.04'],
};

/** What in a repository's address tells whose it is, whoever mirrors it; the number, if any, is the release. */
const addresses: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['rocky', /rockylinux/],
  ['almalinux', /almalinux/],
  ['centos', /[./]centos[./]/],
  ['rhel', /redhat[^/]{0,40}\/content\/.{0,60}\/(?:ubi|rhel)(\d{1,2})\//],
  ['rhel', /redhat[^/]{0,40}\/content\//],
  ['fedora', /repo=fedora-(\d{2})?|\/fedora\/linux\/releases\/(\d{2})?/],
  ['amzn', /amazonlinux[.-]|\/amazonlinux\//],
  ['ol', /\/OracleLinux\/OL(\d{1,2})\/|\$ociregion/],
  ['openeuler', /\/openEuler-(\d\d\.\d\d)/],
  ['azurelinux', /\/azurelinux\/(\d\.\d)/],
  ['mariner', /\/cbl-mariner\/(\d\.\d)/],
  ['photon', /\/photon\/(\d\.\d)?/],
  ['opensuse-leap', /\/distribution\/leap\/(\d\d\.\d)/],
  ['opensuse-tumbleweed', /\/tumbleweed/],
];

/** The distributions that a list of sources names, each once; lines that name none that is known here say nothing. */
export function wordsOfSource(path: string, text: string): readonly SourceWord[] {
  const found = new Map<string, SourceWord>();
  for (const raw of eachLine(text)) {
    const line = raw.trim().slice(0, 400);
    if (line === '' || line.startsWith('#')) continue;
    for (const [id, version] of path === apkFile ? ofApk(line) : path.endsWith('.repo') ? ofRepo(line) : ofApt(line)) {
      const key = `${id} ${version}`;
      if (!found.has(key)) found.set(key, { id, version, line });
    }
  }
  return [...found.values()];
}

type Word = readonly [id: string, version: string | null];

/** `https://MIRROR/alpine/v3.18/main`; edge is no release. */
function ofApk(line: string): readonly Word[] {
  if (/\bwolfi\b/.test(line)) return [['wolfi', null]];
  if (/chainguard|\.cgr\./.test(line)) return [['chainguard', null]];
  const branch = /\/alpine\/(?:v(\d{1,2}\.\d{1,2})|edge|latest-stable)\//.exec(line);
  return branch === null ? [] : [['alpine', branch[1] ?? null]];
}

/** One-line and deb822 style: the suite is a word of the line, with `-updates` or the like behind it. */
function ofApt(line: string): readonly Word[] {
  if (!/^(?:deb|deb-src|Suites:)\s/i.test(line)) return [];
  return line.split(/\s/).flatMap((word): Word[] => {
    const suite = word.toLowerCase().replace(/(?:-updates|-security|-backports|\/updates)$/, '');
    const known = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
    return known === undefined ? [] : [known];
  });
}

function ofRepo(line: string): readonly Word[] {
  if (!/^(?:baseurl|mirrorlist|metalink)\s{0,4}=/.test(line) || line.includes('epel')) return [];
  for (const [id, pattern] of addresses) {
    const match = pattern.exec(line);
    if (match !== null) return [[id, match[1] ?? match[2] ?? null]];
  }
  return [];
}
