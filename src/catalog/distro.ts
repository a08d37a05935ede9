import type { Distro, JsonValue } from '../model/index.js';
import { defineCataloguer, fileText } from './define.js';
import { parseOsRelease } from './distro/os-release.js';
import { isPackageSource } from './distro/package-sources.js';
import { debianMajor, firstLine, releaseFiles } from './distro/release-files.js';
import { object, text } from './shape.js';

export { distroQualifier, ecosystemOf, type PackageFormat } from './distro/ecosystems.js';
export { parseOsRelease } from './distro/os-release.js';

type DistroRecord = { readonly text: string };

const osReleasePaths = ['etc/os-release', 'usr/lib/os-release'] as const;
const allPaths: ReadonlySet<string> = new Set([...osReleasePaths, ...releaseFiles.map(([path]) => path)]);
const maxBytes = 65536;

function decode(value: JsonValue): DistroRecord {
  return { text: text(object(value).text) };
}

/**
 * The files that say which distribution an image is, or from where its packages come. It finds no components:
 * `distroOf` reads its records first, since package databases need the answer, and `distro-words.ts` compares them.
 * Follows: os-release(5).
 */
export const distro = defineCataloguer<DistroRecord>({
  name: 'distro',
  version: 2,
  wants: ({ type, path, sizeBytes }) =>
    type === 'file' && sizeBytes <= maxBytes && (allPaths.has(path) || isPackageSource(path)),
  read: (file) => ({ records: [{ text: fileText(file) }] }),
  decode,
  join: () => ({ components: [] }),
  about: {
    finds: 'which distribution an image is',
    reads: [
      'etc/os-release',
      'usr/lib/os-release',
      'etc/*-release',
      'etc/*_release',
      'etc/*_version',
      'etc/*-version',
      'etc/system-release-cpe',
      'etc/apt/sources.list',
      'etc/apt/sources.list.d/*',
      'etc/apk/repositories',
      'etc/yum.repos.d/*.repo',
      'etc/zypp/repos.d/*.repo',
      'etc/distro.repos.d/*.repo',
    ],
    purls: [],
    grades: [],
    facts: [],
    claims: ['`distribution`, with all that agrees as evidence and all that does not as a contradiction'],
  },
});

/** A record as the final image has it. */
interface AnyRecord {
  readonly by: string;
  readonly path: string;
  readonly data: JsonValue;
}

/** The text of a file that `distro` read, where the image has it at this path, links followed; null for none. */
export type DistroText = (path: string) => string | null;

export function distroTexts(records: readonly AnyRecord[], resolve: (path: string) => string | null): DistroText {
  const found = new Map(
    records.filter(({ by }) => by === distro.name).map(({ path, data }) => [path, decode(data).text]),
  );
  return (path) => found.get(resolve(path) ?? path) ?? found.get(path) ?? null;
}

/**
 * The distribution that an image says it is, or null where it says nothing.
 *
 * `records` are the visible ones of `distro`; os-release is looked for through links, in the order of os-release(5);
 * then the files that distributions had before it (`release-files.ts`).
 */
export function distroOf(records: readonly AnyRecord[], resolve: (path: string) => string | null): Distro | null {
  const at = distroTexts(records, resolve);
  for (const path of osReleasePaths) {
    const source = at(path);
    const answer = source === null ? null : parseOsRelease(source);
    if (answer !== null) return withVersion(answer, at('etc/debian_version'));
  }
  for (const [path, parse] of releaseFiles) {
    const source = at(path);
    const answer = source === null ? null : parse(source);
    if (answer !== null) return answer;
  }
  return null;
}

/** Debian's testing and some derived images leave VERSION_ID out; a number in debian_version still says it. */
function withVersion(found: Distro, debianVersion: string | null): Distro {
  if (found.versionId !== null || found.id !== 'debian') return found;
  return { ...found, versionId: debianMajor(firstLine(debianVersion ?? '') ?? '') };
}
