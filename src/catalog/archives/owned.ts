import type { OwnedFile } from '../../model/index.js';
import type { Tree } from '../paths.js';

/**
 * All entries of an archive as files of its one package: with what its record states where it states something, and by
 * their place alone (`listed` false) where `isMetadata` says that they are never installed.
 */
export function filesOfArchive(
  { files }: Tree,
  stated: ReadonlyMap<string, OwnedFile>,
  isMetadata: (path: string) => boolean,
): readonly OwnedFile[] {
  const owned: OwnedFile[] = [];
  for (const [path, { entry }] of files) {
    if (entry.type === 'directory') continue;
    const known = stated.get(path);
    if (known !== undefined) owned.push(known);
    else if (isMetadata(path)) owned.push({ path, digest: null, mayChange: false, listed: false });
    else owned.push({ path, digest: null, mayChange: false });
  }
  return owned;
}

export function byPath(files: readonly OwnedFile[]): ReadonlyMap<string, OwnedFile> {
  return new Map(files.map((file) => [file.path, file]));
}
