import { createHash, getHashes, type Hash } from 'node:crypto';
import { type BlobLocation, type LayerLimits, type OpenBlob, TrowelError } from '../model/index.js';
import { type Compression, decompress, sniffCompression } from '../pack/index.js';
import { ratioFromBytes } from './limits.js';

/** The hash algorithms a digest may name (image-spec, descriptor.md, "Registered algorithms"). */
const algorithms = ['sha256', 'sha512', 'sha384'];

/** The algorithm of an expected digest, sha256 where none is expected or ours is unknown. */
export function algorithmOf(digest: string | null): string {
  const name = digest?.split(':')[0] ?? 'sha256';
  return algorithms.includes(name) && getHashes().includes(name) ? name : 'sha256';
}

/** Bytes that are hashed and counted on their way. */
export class Digester {
  readonly #algorithm: string;
  readonly #hash: Hash;
  #bytes = 0;

  constructor(algorithm: string) {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  get bytes(): number {
    return this.#bytes;
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  count(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
  }

  /** `algorithm:hex`; once. */
  digest(): string {
    return `${this.#algorithm}:${this.#hash.digest('hex')}`;
  }
}

/** A blob on its way: its uncompressed bytes, bounded, and what was read of the stored ones. */
export interface StoredStream {
  readonly compression: Compression;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Digest and count of the stored bytes; complete once `chunks` came to its end. */
  readonly stored: Digester;
}

/**
 * Opens a blob and takes it out of whatever its first bytes say it is compressed with: media types lie, and runtimes
 * look too. `unchecked` as for `decompress`. Throws what `open` and `decompress` throw, and `too-large` past `limits.layerBytes` or `limits.ratio`.
 */
export async function openStored(
  location: BlobLocation,
  tools: { readonly open: OpenBlob; readonly onBytes?: (bytes: number) => void },
  limits: Pick<LayerLimits, 'layerBytes' | 'ratio'>,
  algorithm: string,
  unchecked = false,
): Promise<StoredStream> {
  return await storedStream(await tools.open(location), limits, algorithm, tools.onBytes, unchecked);
}

/** The same for bytes that are already open: a member of an archive. */
export async function storedStream(
  bytes: AsyncIterable<Uint8Array>,
  limits: Pick<LayerLimits, 'layerBytes' | 'ratio'>,
  algorithm = 'sha256',
  onBytes?: (bytes: number) => void,
  unchecked = false,
): Promise<StoredStream> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await firstBytes(source);
  const compression = sniffCompression(first);
  const stored = new Digester(algorithm);
  async function* storedChunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let chunk: Uint8Array | null = first; chunk !== null; chunk = await nextOf(source)) {
        stored.update(chunk);
        onBytes?.(chunk.length);
        if (stored.bytes > limits.layerBytes) throw tooLarge(`more than ${limits.layerBytes} stored bytes`);
        yield chunk;
      }
    } finally {
      await source.return?.();
    }
  }
  const plain = decompress(storedChunks(), compression, unchecked);
  return { compression, chunks: bounded(plain, stored, limits), stored };
}

async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  stored: Digester,
  limits: Pick<LayerLimits, 'layerBytes' | 'ratio'>,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.layerBytes) throw tooLarge(`more than ${limits.layerBytes} bytes`);
    if (bytes > ratioFromBytes && bytes > limits.ratio * stored.bytes) {
      throw tooLarge(`more than ${limits.ratio} bytes for each compressed one`);
    }
    yield chunk;
  }
}

/** Enough bytes to tell the compression, or all there are. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < 6) {
    const chunk = await nextOf(source);
    if (chunk === null) break;
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
  }
  return first;
}

async function nextOf(source: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  const next = await source.next();
  return next.done === true ? null : next.value;
}

function tooLarge(what: string): TrowelError {
  return new TrowelError('too-large', { what: `the layer holds ${what}` });
}
