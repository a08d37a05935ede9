import { type Image, isTrowelError, type OpenBlob, TrowelError } from '../model/index.js';
import { type ArchiveTable, readArchiveTable, readLocation } from './archive-table.js';
import type { Env } from './credential-helper.js';
import { clip } from './digest.js';
import { findInArchive } from './image-archive.js';
import type { ImageTarget } from './image-target.js';
import { directoryFiles, findInLayout, findInStore } from './layout.js';
import { type PlatformWish, parsePlatform } from './platform.js';
import { formatReference, parseReference, type Reference } from './reference.js';
import { openRegistries, type RegistryClient } from './registry.js';
import { resolveImages } from './resolve-image.js';
import { openScratch } from './scratch.js';

export interface FindOptions {
  /** As `--platform` takes them; none: the host's. */
  readonly platforms: readonly string[] | 'all';
  /** Layouts that are asked for a reference before any registry, in this order. */
  readonly stores: readonly string[];
  readonly offline: boolean;
  readonly plainHttp: readonly string[];
  readonly registryConfig: string | null;
  readonly ca: string | null;
  /** Read manifests and configurations that are not their digest; the image then has a problem that says so. */
  readonly allowBadDigest: boolean;
  readonly env: Env;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly timeoutMs: number;
  /** Where an archive from standard input is kept while it is read; default: the system's temporary folder. */
  readonly scratchDir?: string;
  /** Waits before a registry is asked again; a test passes its own. */
  readonly sleep?: (ms: number) => Promise<void>;
}

export interface ImageFinder {
  /**
   * The images of a target, one a platform, manifests and configurations verified, layers located and not read.
   * Throws TrowelError where there is none; see `resolveImages`, `findInArchive` and `RegistryClient`.
   */
  find(target: ImageTarget): Promise<readonly Image[]>;
  /** Opens what `find` located, as long as the finder is not closed. */
  readonly openBlob: OpenBlob;
  /** The registries, for what is no image (charts). */
  readonly registries: RegistryClient;
  /** Removes the scratch file and closes connections. */
  close(): Promise<void>;
}

/**
 * Finds images by name, in layouts and in image archives. A name is asked for in the image stores first, then of its
 * registry. Nothing is opened until something is looked for.
 * Throws TrowelError `usage` for a platform that is none.
 */
export function openImages(options: FindOptions): ImageFinder {
  const wish: PlatformWish = options.platforms === 'all' ? 'all' : options.platforms.map(parsePlatform);
  const resolving = { platforms: wish, allowBadDigest: options.allowBadDigest };
  const registries = openRegistries(options);
  const scratch = openScratch(options.scratchDir);
  const tables = new Map<string, Promise<ArchiveTable>>();

  async function findReference(written: string): Promise<readonly Image[]> {
    const reference = parseReference(written);
    for (const path of options.stores) {
      const files = directoryFiles(path, 'store', path);
      const found = await findInStore(files, reference, resolving);
      if (found !== null) return found;
    }
    try {
      return await findInRegistry(registries, reference, resolving);
    } catch (error) {
      throw isTrowelError(error) ? withAdvice(error, written, options) : error;
    }
  }

  /** Kept, because standard input can be read only once, and a compressed archive takes long. */
  function tableOf(path: string): Promise<ArchiveTable> {
    const known = tables.get(path);
    if (known !== undefined) return known;
    const table = path === '-' ? scratch.spool(options.stdin).then(readArchiveTable) : readArchiveTable(path);
    tables.set(path, table);
    return table;
  }

  return {
    registries,
    async find(target) {
      if (target.kind === 'reference') return findReference(target.reference);
      const given = `${target.kind}:${target.path}`;
      if (target.kind === 'oci-dir') {
        return findInLayout(directoryFiles(target.path, 'archive', given), target.tag, resolving);
      }
      return findInArchive(await tableOf(target.path), given, target.tag, resolving);
    },
    async openBlob(location) {
      switch (location.kind) {
        case 'file':
        case 'member':
          return readLocation(location);
        case 'registry':
          return registries.blob(location);
        case 'tree':
        case 'archive':
          throw new TrowelError('internal', {
            what: 'what lies on this machine is read where it lies',
            where: { file: location.path },
          });
      }
    },
    async close() {
      await registries.close();
      await scratch.close();
    },
  };
}

async function findInRegistry(
  registries: RegistryClient,
  reference: Reference,
  options: { readonly platforms: PlatformWish; readonly allowBadDigest: boolean },
): Promise<readonly Image[]> {
  const { descriptor, bytes } = await registries.manifest(reference, { unverified: options.allowBadDigest });
  const source = registries.source(reference.registry, reference.repository);
  const seeded = {
    ...source,
    read: async (...asked: Parameters<typeof source.read>) =>
      asked[0].digest === descriptor.digest ? bytes : source.read(...asked),
  };
  return resolveImages(seeded, descriptor, { ...options, reference: formatReference(reference) });
}

/** What to do about an image that its registry does not give: people mostly have it in a docker nearby. */
function withAdvice(error: TrowelError, written: string, options: FindOptions): TrowelError {
  const { code, where, cause } = error;
  const what = `${options.stores.length === 0 ? '' : 'not in the image store; '}${error.what}`;
  const elsewhere = code === 'not-found' || code === 'denied' || code === 'unreachable';
  const save = `if it is on this machine: docker save ${clip(written, 300)} | trowel dig docker-archive:-`;
  const todo = [error.todo ?? '', elsewhere ? save : ''].filter((text) => text !== '').join('; ');
  return new TrowelError(code, { what, where, ...(todo === '' ? {} : { todo }), cause });
}
