import { type Image, isTrowelError, TrowelError } from '../model/index.js';
import { type ArchiveTable, findMember } from './archive-table.js';
import { clip } from './digest.js';
import { findInDockerArchive } from './docker-archive.js';
import { archiveFiles, findInLayout } from './layout.js';
import type { ResolveOptions } from './resolve-image.js';

/**
 * The images of an image archive, whichever shape it has: an OCI layout in a tar, `docker save` (old), or both at once
 * (docker since 25, containerd). Of both the layout is read, because it states digests; where that part is not whole,
 * `manifest.json` is.
 *
 * `given` is what the user wrote, for messages and for images without a name.
 * Throws TrowelError `bad-bytes` that says what the archive is instead, `truncated`, and what the two shapes throw.
 */
export async function findInArchive(
  table: ArchiveTable,
  given: string,
  tag: string | null,
  options: Pick<ResolveOptions, 'platforms' | 'allowBadDigest'>,
): Promise<readonly Image[]> {
  const isLayout = findMember(table, 'index.json') !== null;
  const isDocker = findMember(table, 'manifest.json') !== null;
  if (!isLayout && !isDocker) throw table.fault ?? notAnImage(table, given);
  if (!isLayout) return findInDockerArchive(table, given, tag, options);
  try {
    return await findInLayout(archiveFiles(table, given), tag, options);
  } catch (error) {
    const incomplete = isTrowelError(error, 'not-found') && table.fault !== null;
    if (isDocker && isTrowelError(error, 'not-found', 'bad-bytes')) {
      return findInDockerArchive(table, given, tag, options);
    }
    throw incomplete && table.fault !== null ? table.fault : error;
  }
}

/** What an archive without an image is, as far as its names tell. */
function notAnImage(table: ArchiveTable, given: string): TrowelError {
  const where = { file: given };
  const names = table.firstNames.map((name) => clip(name, 60)).join(', ');
  const has = (test: RegExp): boolean => table.firstNames.some((name) => test.test(name));
  if (has(/^[^/]+\/Chart\.yaml$/)) {
    return new TrowelError('bad-bytes', {
      what: 'a Helm chart and not an image archive',
      where,
      todo: 'dig it as a chart: chart:PATH',
    });
  }
  if (findMember(table, 'repositories') !== null || has(/^[a-f0-9]{64}\/(?:json|layer\.tar)$/)) {
    return new TrowelError('unsupported', {
      what: 'an image saved without manifest.json, as docker did before version 1.10',
      where,
      todo: 'load it into a newer docker and save it again',
    });
  }
  return new TrowelError('bad-bytes', {
    what: `a tar archive and not an image archive: it has neither index.json nor manifest.json, and begins with ${names}`,
    where,
    todo: 'a layer or a file system is read with dir:PATH once it is unpacked',
  });
}
