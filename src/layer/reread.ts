import {
  type BlobLocation,
  type CatalogFile,
  type FileEntry,
  isTrowelError,
  type LayerLimits,
  type OpenBlob,
  TrowelError,
} from '../model/index.js';
import { cleanPath, type TarHeader, TarReader, type TarSink } from '../pack/index.js';
import { fileChunks } from './archive/payload.js';
import { walkArchive } from './archive/walk.js';
import { fileOfHead } from './catalog-file.js';
import { type ExtraDigest, FileSink, type FileTaker } from './file-sink.js';
import { algorithmOf, openStored } from './stored-stream.js';
import { type TreeHandler, walkTree } from './walk-tree.js';

export interface RereadTools {
  readonly open: OpenBlob;
  readonly limits: LayerLimits;
  /** Digests of each file beside SHA-256. */
  readonly digests?: readonly ExtraDigest[];
  /**
   * Called for each wanted regular file, in the order of the layer; a path that comes twice is given twice, and the
   * last counts. Of a file over `limits.wholeFileBytes` only the first bytes can be read: the rest throws `too-large`.
   */
  readonly onFile: (path: string, file: CatalogFile, entry: FileEntry) => void;
}

/** A layer to look at again. Where `digest` is given, other bytes than those are an error. */
export interface RereadLayer {
  readonly location: BlobLocation | null;
  readonly mediaType: string;
  readonly digest?: string | null;
}

/**
 * Reads some files of a layer a second time: for what the first pass could not know it would need.
 *
 * `wanted` holds cleaned paths as the layer has them (`FinalImage.contentOf` tells them); those that are not there, or
 * are no regular files, are simply not given. Throws TrowelError `source-gone` when the bytes cannot be had any more,
 * `bad-digest` when they are others than before, else what `readLayer` throws; `onFile`'s own errors go through.
 */
export async function reread(layer: RereadLayer, wanted: ReadonlySet<string>, tools: RereadTools): Promise<void> {
  if (layer.location === null) throw gone(null);
  if (wanted.size === 0) return;
  const { location } = layer;
  if (location.kind === 'tree' || location.kind === 'archive') return await rereadHere(location, wanted, tools);
  const stream = await openStored(layer.location, tools, tools.limits, algorithmOf(layer.digest ?? null)).catch(
    (error: unknown) => {
      throw isTrowelError(error, ...goneCodes) ? gone(error) : error;
    },
  );
  const { entries, pathBytes, layerBytes } = tools.limits;
  const looking = lookAt(wanted, tools);
  try {
    const tar = new TarReader(looking, { entries, pathBytes, totalBytes: layerBytes });
    for await (const chunk of stream.chunks) tar.write(chunk);
    tar.end();
  } finally {
    looking.close();
  }
  const digest = stream.stored.digest();
  if (typeof layer.digest === 'string' && layer.digest !== digest) {
    throw new TrowelError('bad-digest', { what: `the layer is ${digest} now`, where: { layer: layer.digest } });
  }
}

/** What an opener says when bytes cannot be had again. */
const goneCodes = [
  'not-found',
  'denied',
  'unreachable',
  'timeout',
  'rate-limited',
  'layer-missing',
  'source-gone',
] as const;

function gone(cause: unknown): TrowelError {
  return new TrowelError('source-gone', {
    what: 'the bytes of the layer cannot be read again',
    todo: 'dig again where the image can be reached',
    ...(cause === null ? {} : { cause }),
  });
}

/** Gives the wanted files of a layer to `onFile`. */
function lookAt(wanted: ReadonlySet<string>, tools: RereadTools): TreeHandler & { close(): void } {
  const digests = tools.digests ?? [];
  let owner = { uid: 0, gid: 0 };
  const taker: FileTaker = {
    wants: () => true,
    done(head, { sha256, others, content, first, file }) {
      const entry: FileEntry = { ...head, ...owner, sha256: hexOf(sha256), content };
      const more = Object.fromEntries(digests.map((name, at) => [name, hexOf(others[at] ?? '')]));
      tools.onFile(head.path, file ?? fileOfHead(head, first, tools.limits.wholeFileBytes), { ...entry, ...more });
    },
  };
  const sink = new FileSink(taker, tools.limits.wholeFileBytes);
  return {
    entry(header: TarHeader): TarSink | null {
      const path = header.type === 'file' ? cleanPath(header.path) : null;
      if (path === null || !wanted.has(path)) return null;
      owner = { uid: header.uid, gid: header.gid };
      return sink.next(
        { path, type: 'file', mode: header.mode & 0o7777, sizeBytes: header.sizeBytes, link: null },
        digests,
      );
    },
    gap: () => undefined,
    close: () => sink.close(),
  };
}

function hexOf(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('hex');
}

/** What cannot be read any more is not given, like what is not there. */
async function rereadHere(
  location: Extract<BlobLocation, { kind: 'tree' | 'archive' }>,
  wanted: ReadonlySet<string>,
  tools: RereadTools,
): Promise<void> {
  const handler = lookAt(wanted, tools);
  try {
    if (location.kind === 'tree') await walkTree(location.path, handler, tools.limits, wanted);
    else await walkArchive(location, fileChunks(location.path), { handler, limits: tools.limits, only: wanted });
  } catch (error) {
    throw isTrowelError(error, ...goneCodes) ? gone(error) : error;
  } finally {
    handler.close();
  }
}
