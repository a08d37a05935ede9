import type { VisibleFile } from './file.js';

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
