import type { Distro, JsonValue } from '../model/index.js';
import { defineCataloguer, fileText, type TypedRecord } from './define.js';
import { eachLine } from './paragraphs.js';
import { object, text } from './shape.js';

type DistroRecord = { readonly text: string };

const osReleasePaths = ['etc/os-release', 'usr/lib/os-release'] as const;
const fallbackPaths = ['etc/alpine-release', 'etc/debian_version'] as const;
const allPaths: readonly string[] = [...osReleasePaths, ...fallbackPaths];

function decode(value: JsonValue): DistroRecord {
  return { text: text(object(value).text) };
}

/**
 * The files that say which distribution an image is. It finds no components: `distroOf` reads its records first, since
 * package databases need the answer.
 * Follows: os-release(5).
 */
export const distro = defineCataloguer<DistroRecord>({
  name: 'distro',
  version: 1,
  wants: (file) => allPaths.includes(file.path) && file.sizeBytes <= 65536,
  read: (file) => ({ records: [{ text: fileText(file) }] }),
  decode,
  join: () => ({ components: [] }),
});

/**
 * The distribution that an image says it is, or null where it says nothing.
 *
 * `records` are the visible ones of `distro`; os-release is looked for through links, in the order of os-release(5);
 * then Alpine's and Debian's own version files.
 */
export function distroOf(
  records: readonly { readonly by: string; readonly path: string; readonly data: JsonValue }[],
  resolve: (path: string) => string | null,
): Distro | null {
  const found = records
    .filter((record) => record.by === distro.name)
    .map((record): TypedRecord<DistroRecord> => ({ path: record.path, layer: 0, data: decode(record.data) }));
  const at = (path: string): string | null => {
    const real = resolve(path);
    return found.find((record) => record.path === real || record.path === path)?.data.text ?? null;
  };
  for (const path of osReleasePaths) {
    const source = at(path);
    if (source === null) continue;
    const answer = parseOsRelease(source);
    if (answer !== null) return withVersion(answer, at('etc/debian_version'));
  }
  const alpine = firstLine(at('etc/alpine-release'));
  if (alpine !== null) return { id: 'alpine', versionId: alpine, prettyName: null, idLike: [] };
  const debian = firstLine(at('etc/debian_version'));
  if (debian !== null) return { id: 'debian', versionId: debianMajor(debian), prettyName: null, idLike: [] };
  return null;
}

/** Debian's testing and some derived images leave VERSION_ID out; a number in debian_version still says it. */
function withVersion(found: Distro, debianVersion: string | null): Distro {
  if (found.versionId !== null || found.id !== 'debian') return found;
  return { ...found, versionId: debianMajor(firstLine(debianVersion) ?? '') };
}

function debianMajor(version: string): string | null {
  return /^(\d+)/.exec(version)?.[1] ?? null;
}

function firstLine(source: string | null): string | null {
  const line = (source ?? '').split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? null : line;
}

/**
 * The identifying variables of an os-release file; null where it has no ID.
 * Follows: os-release(5): shell-like assignments, comments, quotes; the last assignment of a name wins.
 */
export function parseOsRelease(source: string): Distro | null {
  const values = new Map<string, string>();
  for (const raw of eachLine(source)) {
    const line = raw.trim();
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0) continue;
    values.set(line.slice(0, equals), unquote(line.slice(equals + 1)));
  }
  const id = values.get('ID')?.toLowerCase() ?? '';
  if (id === '') return null;
  return {
    id,
    versionId: values.get('VERSION_ID') || null,
    prettyName: values.get('PRETTY_NAME') || null,
    idLike: (values.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== ''),
  };
}

function unquote(value: string): string {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || !value.endsWith(quote) || value.length < 2) return value;
  const inner = value.slice(1, -1);
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, '$1') : inner;
}

/** How OSV names the ecosystems of distributions: https://ossf.github.io/osv-schema/#defined-ecosystems. */
const ecosystems: Readonly<
  Record<string, { readonly name: string; readonly release: (version: string) => string | null }>
> = {
  debian: { name: 'Debian', release: (version) => /^\d+/.exec(version)?.[0] ?? null },
  ubuntu: { name: 'Ubuntu', release: (version) => version },
  alpine: { name: 'Alpine', release: alpineBranch },
  wolfi: { name: 'Wolfi', release: () => null },
  chainguard: { name: 'Chainguard', release: () => null },
};

function alpineBranch(version: string): string | null {
  // `3.19_alpha20230901` is edge before a branch: no release of OSV's stands for it.
  const branch = /^(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1];
  return branch === undefined ? null : `v${branch}`;
}

/** Ecosystem and release of a distribution's packages; a distribution that OSV does not know goes by its own id. */
export function ecosystemOf(found: Distro | null): {
  readonly ecosystem: string | null;
  readonly release: string | null;
} {
  if (found === null) return { ecosystem: null, release: null };
  const known = ecosystems[found.id];
  if (known === undefined) return { ecosystem: found.id, release: found.versionId };
  return { ecosystem: known.name, release: found.versionId === null ? null : known.release(found.versionId) };
}

/** The value of a purl's `distro` qualifier: `debian-12`; null where no distribution is known. */
export function distroQualifier(found: Distro | null): string | null {
  if (found === null) return null;
  return found.versionId === null ? found.id : `${found.id}-${found.versionId}`;
}
