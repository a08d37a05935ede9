import type { ArchiveFormat, CatalogRecord } from '../../model/index.js';
import { ByteSource } from '../../pack/index.js';
import { walkApk } from './apk.js';
import { walkDeb } from './deb.js';
import { walkGem } from './gem.js';
import { type ArchiveWalk, readPayload } from './payload.js';
import { walkPlain } from './plain.js';
import { walkRpm } from './rpm.js';
import { walkZip } from './zip.js';

export interface ArchivePlace {
  readonly path: string;
  readonly format: ArchiveFormat;
}

/**
 * Tells what a package archive would install, and the metadata that it has for itself, as the entries of a tar.
 *
 * Metadata that is no file of the payload lies in a folder of its own: `DEBIAN` (as dpkg-deb --raw-extract has it),
 * `RPM`, `GEM`. A payload that writes there is told of and left out. Digests that an archive states of itself as a
 * whole are compared; one that differs is a gap `bad-digest`. The answer is records that only the container has.
 * Throws TrowelError `not-found`, `denied`, and what the formats throw.
 */
export async function walkArchive(
  { path, format }: ArchivePlace,
  bytes: AsyncIterable<Uint8Array>,
  tools: Pick<ArchiveWalk, 'handler' | 'limits' | 'only'>,
): Promise<readonly CatalogRecord[]> {
  const source = new ByteSource(bytes);
  try {
    const records = await tell(format, { ...tools, path, source });
    // Whoever hashes the file wants the rest of it too.
    for await (const _ of source.rest());
    return records;
  } finally {
    await source.close();
  }
}

async function tell(format: ArchiveFormat, walk: ArchiveWalk): Promise<readonly CatalogRecord[]> {
  switch (format) {
    case 'apk':
      return await walkApk(walk);
    case 'deb':
      await walkDeb(walk);
      break;
    case 'gem':
      await walkGem(walk);
      break;
    case 'rpm':
      await walkRpm(walk);
      break;
    case 'zip':
      await walkZip(walk);
      break;
    case 'tar':
      await readPayload(walk.source.rest(), walk.handler, walk.limits);
      break;
    case 'file':
      await walkPlain(walk);
  }
  return [];
}
