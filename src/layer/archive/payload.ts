import { createReadStream } from 'node:fs';
import { isTrowelError, type LayerLimits, TrowelError } from '../../model/index.js';
import { type ByteSource, TarReader } from '../../pack/index.js';
import { storedStream } from '../stored-stream.js';
import type { TreeHandler } from '../walk-tree.js';

/** What a walk over an archive needs: its bytes from the front, and the file where it may look anywhere. */
export interface ArchiveWalk {
  readonly path: string;
  readonly source: ByteSource;
  readonly handler: TreeHandler;
  readonly limits: LayerLimits;
  /** Files whose content is wanted; null for all. Others may be left out. */
  readonly only: ReadonlySet<string> | null;
}

/** A tar in whatever compression its first bytes tell, bounded as a layer is. */
export async function readPayload(
  bytes: AsyncIterable<Uint8Array>,
  handler: Pick<TreeHandler, 'entry'>,
  limits: LayerLimits,
): Promise<void> {
  const { entries, pathBytes, layerBytes } = limits;
  const stream = await storedStream(bytes, limits);
  const tar = new TarReader(handler, { entries, pathBytes, totalBytes: layerBytes });
  for await (const chunk of stream.chunks) tar.write(chunk);
  tar.end();
}

/** The bytes of a file of this machine. Throws TrowelError `not-found`, `denied`, also while they come. */
export async function* fileChunks(path: string, start = 0, end = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { start, end, highWaterMark: 1 << 18 })) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (cause) {
    if (isTrowelError(cause)) throw cause;
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new TrowelError(isMissing ? 'not-found' : 'denied', {
      what: 'the file cannot be read',
      where: { file: path },
      cause,
    });
  }
}
