import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { isTrowelError, TrowelError } from '../model/index.js';
import { gunzip } from './gunzip.js';
import { unxz } from './xz.js';
import { inJavaScript, inNode, startsSkippable, ZstdFrames } from './zstd-frames.js';

/** How bytes are compressed. Layers come as gzip or zstd (OCI image-spec, layer.md, media types); bzip2 is not read. */
export type Compression = 'gzip' | 'zstd' | 'none' | 'bzip2' | 'xz';

/** Node's 16 KiB take twice the time for a layer; a frame may be a single file of it. */
const chunkSize = 128 * 1024;
/** So that it goes on in its own thread while this one hashes. */
const readAhead = 1024 * 1024;

/** What the first bytes say; six are enough. */
export function sniffCompression(head: Uint8Array): Compression {
  if (starts(head, [0x1f, 0x8b, 0x08])) return 'gzip';
  if (starts(head, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  // A zstd stream may begin with a skippable frame (RFC 8878, 3.1.2), as zstd:chunked and pzstd write them.
  if (((head[0] ?? 0) & 0xf0) === 0x50 && starts(head.subarray(1), [0x2a, 0x4d, 0x18])) return 'zstd';
  if (starts(head, [0x42, 0x5a, 0x68]) && (head[3] ?? 0) >= 0x31 && (head[3] ?? 0) <= 0x39) return 'bzip2';
  if (starts(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz';
  return 'none';
}

/**
 * The uncompressed bytes of a stream. A chunk is only valid until the next one is asked for.
 *
 * Gzip with several members is one stream; zeros after the last member are padding, as for gzip(1), anything else there
 * is an error, as in Go's compress/gzip. Gzip's checksums are checked unless `unchecked` says that the caller holds the
 * bytes to a digest, zstd's are where Node has zstd itself.
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large` (a zstd window over 128 MiB, an xz dictionary over 64 MiB),
 * `unsupported` (bzip2, filters of xz; zstd windows of 64 MiB and more where Node has no zstd).
 * The ratio is the caller's to bound: it counts what it gave and got.
 */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  kind: Compression,
  unchecked = false,
): AsyncIterable<Uint8Array> {
  switch (kind) {
    case 'none':
      return chunks;
    case 'gzip':
      return gunzip(chunks, unchecked);
    case 'zstd':
      return hasZstd() ? unzstdInNode(chunks) : unzstd(chunks);
    case 'xz':
      return unxz(chunks);
    case 'bzip2':
      throw new TrowelError('unsupported', { what: `bytes compressed with ${kind}` });
  }
}

/** Whether Node has zstd itself: from 22.15 and 23.8 on. */
function hasZstd(): boolean {
  return typeof Reflect.get(zlib, 'createZstdDecompress') === 'function';
}

function zstdInNode(): Transform {
  const options = { chunkSize, readableHighWaterMark: readAhead, writableHighWaterMark: readAhead };
  const stream: unknown = Reflect.apply(Reflect.get(zlib, 'createZstdDecompress'), zlib, [options]);
  if (!isTransform(stream)) throw new TrowelError('internal', { what: 'Node has another zstd than it had' });
  return stream;
}

/** A stream for each frame: one of Node's ends with its first frame, and says nothing of what follows. */
async function* unzstdInNode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const frames = new ZstdFrames(inNode);
  let rest: Uint8Array = new Uint8Array(0);
  /** Whether there is more to be read; it then stands behind `rest`. */
  async function more(): Promise<boolean> {
    const next = await source.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }
  async function* frame(): AsyncGenerator<Uint8Array> {
    do {
      const piece = rest.subarray(0, frames.walk(rest));
      rest = rest.subarray(piece.length);
      yield piece;
    } while (!frames.isBetween && (await more()));
    frames.end();
  }
  try {
    for (;;) {
      while (rest.length < 4 && (await more()));
      if (rest.length === 0) return;
      if (!startsSkippable(rest)) yield* throughTransform(frame(), zstdInNode());
      else for await (const _ of frame());
    }
  } finally {
    await source.return?.();
  }
}

function isTransform(value: unknown): value is Transform {
  return typeof value === 'object' && value !== null && 'pipe' in value && 'write' in value;
}

async function* throughTransform(chunks: AsyncIterable<Uint8Array>, stream: Transform): AsyncGenerator<Uint8Array> {
  stream.on('error', () => undefined);
  // The error of the source is kept apart: passed through the stream it would look like one of zlib's.
  const source: Source = { error: null, stopped: false };
  const feeding = feed(chunks, stream, source).catch((error: unknown) => {
    source.error = error;
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of stream) yield chunk;
    await feeding;
  } catch (error) {
    throw source.error ?? streamError(error, 'zstd');
  } finally {
    source.stopped = true;
    stream.destroy();
    await feeding;
  }
}

interface Source {
  error: unknown;
  /** Whether nobody wants more: the stream failed, or its reader left early. */
  stopped: boolean;
}

async function feed(chunks: AsyncIterable<Uint8Array>, stream: Transform, source: Source): Promise<void> {
  for await (const chunk of chunks) {
    if (source.stopped) return;
    // Whoever reads the source for its digest wants all of it.
    if (stream.destroyed || stream.writableEnded || stream.readableEnded) continue;
    if (stream.write(chunk)) continue;
    await nextOf(stream, ['drain', 'close', 'end']);
  }
  if (!stream.destroyed) stream.end();
}

/** Waits for whichever of the events comes first, and leaves no listener behind. */
function nextOf(stream: Transform, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

/** What zlib or zstd threw, as a TrowelError. */
export function streamError(error: unknown, kind: string): unknown {
  if (isTrowelError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong') {
    return new TrowelError('truncated', { what: `the ${kind} stream ends too early`, cause: error });
  }
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') {
    return new TrowelError('too-large', { what: 'the zstd stream wants a window of more than 128 MiB', cause: error });
  }
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return error;
  const reason = error instanceof Error ? error.message : code;
  return new TrowelError('bad-bytes', { what: `the ${kind} stream is broken (${reason})`, cause: error });
}

/** zstd in JavaScript. The frames are walked first, because fzstd takes any window and any number of tiny blocks. */
async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const frames = new ZstdFrames(inJavaScript);
  const stream = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += zstdStep) {
      // fzstd keeps pieces that it cannot use yet, and the caller may reuse its chunk.
      const piece = chunk.slice(at, at + zstdStep);
      frames.write(piece);
      pushZstd(stream, piece);
      for (const block of ready.splice(0)) {
        frames.produced(block.length);
        if (block.length > 0) yield block;
      }
    }
  }
  frames.end();
  // fzstd holds a frame of less than 18 bytes back until it hears that nothing follows.
  pushZstd(stream, new Uint8Array(0), true);
  for (const block of ready) if (block.length > 0) yield block;
}

/** So that what one push gives stays small however well it was compressed. */
export const zstdStep = 16 * 1024;

/** One piece into a stream of fzstd. Throws TrowelError `bad-bytes`. */
export function pushZstd(stream: Decompress, piece: Uint8Array, isLast = false): void {
  try {
    stream.push(piece, isLast);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrowelError('bad-bytes', { what: `the zstd stream is broken (${reason})`, cause: error });
  }
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
