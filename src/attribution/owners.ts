import { type Component, compareText, type OwnedFile, type VisibleFile } from '../model/index.js';

/** One component's word about one file. */
export interface OwnerClaim {
  /** Index of the component. */
  readonly component: number;
  readonly owned: OwnedFile;
}

/** The tree of the final image, as far as owners need it. */
export interface Tree {
  readonly all: ReadonlyMap<string, VisibleFile>;
  readonly resolve: (path: string) => string | null;
  readonly contentOf?: (path: string) => VisibleFile | null;
}

/**
 * Every claim on each of `files`, the first one the owner's.
 *
 * A claim on a path reaches the file that lies there: links in the folders of the path are followed, and a claim on any
 * name of a hard-linked file is one on the file. The order, where several claim one file:
 * 1. who lists it in a record before who concludes it from its place or content
 * 2. a distribution's package before other packages: its database is the one the system goes by
 * 3. the smaller claimed folder or file set (a file of a nested package is not its parent's)
 * 4. the order of components
 */
export function claimsByFile(
  files: readonly VisibleFile[],
  tree: Tree,
  components: readonly Component[],
): ReadonlyMap<string, readonly OwnerClaim[]> {
  const nameOfFile = new Map(files.map(({ entry }) => [contentKey(tree, entry.path), entry.path]));
  const claims = new Map<string, OwnerClaim[]>();
  for (const [component, one] of components.entries()) {
    for (const owned of one.owns) {
      const place = placeOf(tree, owned.path);
      const file = place === null ? undefined : nameOfFile.get(contentKey(tree, place));
      if (file === undefined) continue;
      const list = claims.get(file);
      if (list === undefined) claims.set(file, [{ component, owned }]);
      // Claims of one component come together: the last one tells whether it is here already.
      else if (list.at(-1)?.component !== component) list.push({ component, owned });
    }
  }
  const rank = ({ component, owned }: OwnerClaim): readonly number[] => {
    const one = components[component];
    const isDistribution = one?.foundBy === 'dpkg' || one?.foundBy === 'apk' || one?.foundBy === 'rpm';
    return [owned.listed === false ? 1 : 0, isDistribution ? 0 : 1, one?.owns.length ?? 0, component];
  };
  for (const list of claims.values()) if (list.length > 1) list.sort((a, b) => compareRanks(rank(a), rank(b)));
  return claims;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

/** The path itself, or where it lies when its folder is a link; null where nothing is there. */
function placeOf({ all, resolve }: Tree, path: string): string | null {
  if (all.has(path)) return path;
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? null : resolve(path.slice(0, slash));
  if (folder === null) return null;
  const place = folder === '' ? path.slice(slash + 1) : `${folder}/${path.slice(slash + 1)}`;
  return all.has(place) ? place : null;
}

/**
 * One text for all names of a hard-linked file: its target, followed to the end. A target that a later layer replaced
 * or removed is another file by now: the names that were linked to it then stay together under it and their layer.
 */
function contentKey({ all, contentOf }: Tree, path: string): string {
  if (contentOf !== undefined) {
    const type = all.get(path)?.entry.type;
    const content = type === 'file' || type === 'hardlink' ? contentOf(path) : null;
    return content === null ? path : `${content.layer}\0${content.entry.path}`;
  }
  let at = path;
  for (let hops = 0; hops < 40; hops++) {
    const file = all.get(at);
    if (file?.entry.type !== 'hardlink' || file.entry.link === null) return at;
    const target = all.get(file.entry.link);
    if (target === undefined || target.layer > file.layer) return `${file.entry.link}\0${file.layer}`;
    at = file.entry.link;
  }
  return at;
}

/** Text order of paths, for lists of files. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareText(a.path, b.path);
}
