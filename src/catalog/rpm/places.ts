import { baseName } from '../paths.js';
import { databaseNames, logName } from './sources.js';

/**
 * Where rpm keeps its database: by default, since Fedora 36 and in SUSE, in images made by rpm-ostree, and on Debian,
 * where it is that of the user who ran it.
 */
const folders: readonly string[] = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm', 'root/.rpmdb'];
/** The first of the pair has less in it (no epochs, no sources); both are always written. */
const manifest = 'var/lib/rpmmanifest/container-manifest-2';

export type FileKind = 'database' | 'log' | 'manifest' | 'os-release';

/** A file of a root file system: what it is, and where that root lies (the empty text for the image's own). */
export interface Place {
  readonly kind: FileKind;
  readonly root: string;
}

const kinds: ReadonlyMap<string, FileKind> = new Map([
  [manifest, 'manifest'],
  ...folders.flatMap((folder) => [
    ...databaseNames.map((name) => [`${folder}/${name}`, 'database'] as const),
    [`${folder}/${logName}`, 'log'] as const,
  ]),
  ['etc/os-release', 'os-release'],
  ['usr/lib/os-release', 'os-release'],
]);
const names: ReadonlySet<string> = new Set([...kinds.keys()].map(baseName));
/** The last letter but one of these: asked of every file, before its name is cut out. */
const endings: ReadonlySet<number> = new Set([...names].map((name) => name.charCodeAt(name.length - 2)));

/**
 * What a file is to rpm, in the image's root or in another root file system inside it: an ostree deployment, a chroot, a
 * container's layers. Of those the os-release counts too, since the image's own says nothing about them. Null for
 * anything else.
 */
export function placeOfFile(path: string): Place | null {
  const own = kinds.get(path);
  if (own !== undefined) return own === 'os-release' ? null : { kind: own, root: '' };
  if (!endings.has(path.charCodeAt(path.length - 2)) || !names.has(baseName(path))) return null;
  for (const [suffix, kind] of kinds) {
    if (path.endsWith(`/${suffix}`)) return { kind, root: path.slice(0, -suffix.length - 1) };
  }
  return null;
}
