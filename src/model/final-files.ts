import type { VisibleFile } from './file.js';
import { compareText } from './sort.js';

/**
 * The regular files of a final image, each group of hard links once, under its first path, sorted by path. A file is a
 * number; objects are made one at a time, so that a million of them need no memory.
 */
export interface FinalFiles extends Iterable<VisibleFile> {
  readonly length: number;
  path(index: number): string;
  sizeBytes(index: number): number;
  /** Hex, null where it was not computed. */
  digest(index: number, algorithm: 'sha256' | 'md5' | 'sha1'): string | null;
  /** Throws RangeError where there is no such file. */
  at(index: number): VisibleFile;
  /**
   * Which file has its content at a path: links in its folders are followed, hard links are other names of one file,
   * a symbolic link is no file. -1 where there is none.
   */
  indexOf(path: string): number;
}

/** All that is visible in an image, by path in text order, where that was laid out so that folders can be found in it. */
export interface FilesByPath extends ReadonlyMap<string, VisibleFile> {
  /** All paths below a folder, in text order, each made when it is asked for. */
  under(folder: string): Iterable<string>;
}

export function isByPath(files: ReadonlyMap<string, VisibleFile>): files is FilesByPath {
  return 'under' in files;
}

/** Of sorted paths, asked for by their number, those below a folder: one stretch of them. */
export function* pathsUnder(folder: string, count: number, pathAt: (index: number) => string): Generator<string> {
  const prefix = `${folder}/`;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(pathAt(middle), prefix) < 0) low = middle + 1;
    else high = middle;
  }
  for (let index = low; index < count; index++) {
    const path = pathAt(index);
    if (!path.startsWith(prefix)) return;
    yield path;
  }
}
