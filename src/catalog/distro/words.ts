import type { Component, Distro, DistroWord } from '../../model/index.js';
import { type DistroText, distro } from '../distro.js';
import { parseOsRelease } from './os-release.js';
import { isPackageSource, wordsOfSource } from './package-sources.js';
import { firstLine, releaseFiles } from './release-files.js';

interface Word extends Omit<DistroWord, 'agrees'> {
  /** A release that is at least as new as what it stands for: packages of older ones stay as they are. */
  readonly atMost?: boolean;
}

/**
 * Everything in an image that names a distribution, each with whether it fits what the image says it is: os-release
 * and the files before it, where packages come from, the endings of package versions, BusyBox where nothing else is.
 *
 * Sorted by path. A list of sources and versions of packages are `inferred`: they tell what was meant, or used.
 */
export function distroWords(
  found: Distro | null,
  paths: Iterable<string>,
  at: DistroText,
  components: readonly Component[],
): readonly DistroWord[] {
  const words: Word[] = [];
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    const said = parseOsRelease(at(path) ?? '');
    if (said !== null) words.push(word(path, 'os-release', said, said.prettyName ?? said.id, 'claimed'));
  }
  for (const [path, parse] of releaseFiles) {
    const text = at(path);
    const said = text === null ? null : parse(text);
    if (said !== null)
      words.push(word(path, 'release file', said, firstLine(text ?? '') ?? 'the file is there', 'claimed'));
  }
  for (const path of paths) {
    if (!isPackageSource(path)) continue;
    for (const { id, version, line } of wordsOfSource(path, at(path) ?? '')) {
      words.push(word(path, 'package source', { id, versionId: version }, line, 'inferred'));
    }
  }
  words.push(...ofVersions(components));
  if (words.length === 0 && found === null) words.push(...ofBusyBox(components));
  return words
    .map(({ atMost, ...one }): DistroWord => ({ ...one, agrees: found === null || fits(one, found, atMost === true) }))
    .sort((a, b) => (a.where < b.where ? -1 : a.where > b.where ? 1 : 0));
}

function word(
  where: string,
  what: string,
  said: Pick<Distro, 'id' | 'versionId'>,
  value: string,
  grade: DistroWord['grade'],
): Word {
  return { where, what, value, id: said.id, versionId: said.versionId, grade };
}

/** Distributions that are rebuilt from Red Hat Enterprise Linux and say so in the versions of their packages. */
const likeRhel: ReadonlySet<string> = new Set([
  'rhel',
  'centos',
  'rocky',
  'almalinux',
  'ol',
  'scientific',
  'cloudlinux',
]);

/** Chainguard's images are made of Wolfi's packages and name both. */
const ofChainguard: ReadonlySet<string> = new Set(['wolfi', 'chainguard']);

function fits(one: Word, found: Distro, atMost: boolean): boolean {
  const versions = (): boolean =>
    one.versionId === null ||
    found.versionId === null ||
    (atMost ? compareReleases(one.versionId, found.versionId) <= 0 : startsAlike(one.versionId, found.versionId));
  if (one.id === found.id) return versions();
  if (ofChainguard.has(one.id) && ofChainguard.has(found.id)) return true;
  if (one.id === 'rhel' && likeRhel.has(found.id)) {
    return one.versionId === null || one.versionId.split('.', 1)[0] === found.versionId?.split('.', 1)[0];
  }
  // A derived distribution keeps files of the one it comes from, whose numbers are not its own.
  return found.idLike.includes(one.id);
}

/** `3.18` and `3.18.4`, `9` and `9.3`: one is the other with more parts. */
function startsAlike(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

function compareReleases(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What distributions append to versions of their packages, and the release in it. */
const endings: readonly (readonly [foundBy: string, id: string, pattern: RegExp])[] = [
  ['dpkg', 'debian', /[+~]deb(\d{1,2})u\d/],
  ['dpkg', 'ubuntu', /ubuntu\d{1,3}(?:\.(\d\d\.\d\d)\.\d)?/],
  ['rpm', 'rhel', /\.el(\d{1,2})(?:_\d{1,2})?/],
  ['rpm', 'fedora', /\.fc(\d{1,2})/],
  ['rpm', 'amzn', /\.amzn(\d{1,4})/],
  ['rpm', 'mariner', /\.cm(\d)/],
  ['rpm', 'azurelinux', /\.azl(\d)/],
  ['rpm', 'photon', /\.ph(\d)/],
  ['rpm', 'mageia', /\.mga(\d{1,2})/],
];

/** The newest release that the versions of packages name, for each distribution that they name. */
function ofVersions(components: readonly Component[]): readonly Word[] {
  const newest = new Map<string, Word & { readonly count: number }>();
  for (const { foundBy, name, version, locations } of components) {
    for (const [by, id, pattern] of endings) {
      const match = foundBy === by ? pattern.exec(version ?? '') : null;
      if (match === null) continue;
      const versionId = match[1] ?? null;
      const before = newest.get(id);
      const isNewer =
        before === undefined ||
        (versionId !== null && (before.versionId === null || compareReleases(versionId, before.versionId) > 0));
      const where = locations[0]?.path ?? '';
      const found = isNewer ? { where, what: '', value: `${name} ${version}`, id, versionId } : before;
      newest.set(id, { ...found, grade: 'inferred', atMost: true, count: (before?.count ?? 0) + 1 });
    }
  }
  return [...newest.values()].map(({ count, ...one }) => ({ ...one, what: `version of ${count} packages` }));
}

function ofBusyBox(components: readonly Component[]): readonly Word[] {
  const busybox = components.find(({ name, foundBy }) => name === 'busybox' && foundBy === 'binaries');
  const evidence = busybox?.evidence[0];
  if (busybox === undefined || evidence === undefined) return [];
  const said = { id: 'busybox', versionId: busybox.version };
  return [word(evidence.where, 'text in a program', said, evidence.value, 'inferred')];
}

/** The paths of what `distro` read. */
export function distroPaths(records: readonly { readonly by: string; readonly path: string }[]): readonly string[] {
  return records.filter(({ by }) => by === distro.name).map(({ path }) => path);
}
