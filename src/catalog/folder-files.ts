import { isByPath, type OwnedFile, pathsUnder } from '../model/index.js';
import { folderOf, type Tree } from './paths.js';

/** Files that all folders of one kind together may give: many records that name one big folder are an attack. */
const maxGiven = 2_000_000;

/** The sorted paths of files that are not laid out by path, made once. */
const sortedPaths = new WeakMap<Tree['files'], readonly string[]>();

function sorted(files: Tree['files']): readonly string[] {
  const known = sortedPaths.get(files);
  if (known !== undefined) return known;
  const paths = [...files.keys()].sort();
  sortedPaths.set(files, paths);
  return paths;
}

/** All files under a folder; once it gave `maxGiven` it gives none. */
export class FilesByFolder {
  readonly #files: Tree['files'];
  #given = 0;

  constructor(tree: Pick<Tree, 'files'>) {
    this.#files = tree.files;
  }

  /** All paths below `folder`, directories too, in text order. */
  under(folder: string): readonly string[] {
    const found: string[] = [];
    for (const path of this.#under(folder)) {
      if (this.#given >= maxGiven) break;
      found.push(path);
      this.#given += 1;
    }
    return found;
  }

  #under(folder: string): Iterable<string> {
    if (isByPath(this.#files)) return this.#files.under(folder);
    const paths = sorted(this.#files);
    return pathsUnder(folder, paths.length, (index) => paths[index] ?? '');
  }
}

/**
 * What lies below each of `folders`, each file under the innermost one, as owned by its place. Costs what is owned, not
 * what the image holds. `stops` says of a folder that what is below it belongs to no folder above it.
 */
export function filesInFolders(
  tree: Pick<Tree, 'files'>,
  folders: Iterable<string>,
  stops: (folder: string) => boolean = () => false,
): ReadonlyMap<string, readonly OwnedFile[]> {
  const owned = new Map<string, OwnedFile[]>([...folders].map((folder) => [folder, []]));
  const byFolder = new FilesByFolder(tree);
  for (const top of owned.keys()) {
    if (top === '' || hasFolderAbove(top, owned)) continue;
    for (const path of byFolder.under(top)) {
      if (tree.files.get(path)?.entry.type === 'directory') continue;
      for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
        const list = owned.get(folder);
        if (list !== undefined) list.push({ path, digest: null, mayChange: false, listed: false });
        if (list !== undefined || stops(folder)) break;
      }
    }
  }
  return owned;
}

function hasFolderAbove(folder: string, owned: ReadonlyMap<string, unknown>): boolean {
  for (let above = folderOf(folder); above !== ''; above = folderOf(above)) if (owned.has(above)) return true;
  return false;
}
