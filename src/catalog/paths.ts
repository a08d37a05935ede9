import type { OwnedFile, VisibleFile } from '../model/index.js';

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path, the empty string at the top. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/**
 * `relative` as seen from the folder `base`, without `.` and `..`; null where it leaves the image. A path that begins
 * with `/` counts from the top.
 */
export function pathFrom(base: string, relative: string): string | null {
  const parts = relative.startsWith('/') || base === '' ? [] : base.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? null : parts.join('/');
}

/** What `FinalImage` gives: links are followed inside the image, null where nothing is there. */
export interface Tree {
  readonly files: ReadonlyMap<string, VisibleFile>;
  readonly resolve: (path: string) => string | null;
}

/**
 * Where an entry that a record calls `path` lies in the image: links in its folders are followed, a link that it is
 * itself is not. A package's list says `/lib/x` where `/lib` may be a link to `usr/lib`; and it owns the link
 * `/usr/bin/awk`, not what that points to. Null where nothing is there.
 */
export function placeOf(tree: Tree, path: string): string | null {
  if (tree.files.has(path)) return path;
  const folder = folderOf(path);
  if (folder === '') return null;
  const real = tree.resolve(folder);
  if (real === null) return null;
  const place = real === '' ? baseName(path) : `${real}/${baseName(path)}`;
  return tree.files.has(place) ? place : null;
}

/** Whether there is an entry at `path` that is no directory. */
export function isFileLike(tree: Tree, path: string): boolean {
  const type = tree.files.get(path)?.entry.type;
  return type !== undefined && type !== 'directory';
}

/**
 * Files that a record lists, under the paths at which they lie in the image: what is not there, or is a directory, is
 * left out; of several claims on one place the last counts.
 */
export function placedFiles(tree: Tree, listed: Iterable<OwnedFile>): readonly OwnedFile[] {
  const owned = new Map<string, OwnedFile>();
  for (const file of listed) {
    const place = placeOf(tree, file.path);
    if (place !== null && isFileLike(tree, place))
      owned.set(place, place === file.path ? file : { ...file, path: place });
  }
  return [...owned.values()];
}
