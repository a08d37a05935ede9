import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { TrowelError } from '../model/index.js';
import { pushZstd, sniffCompression, streamError, zstdStep } from './decompress.js';
import { inJavaScript, ZstdFrames } from './zstd-frames.js';

/**
 * The uncompressed bytes of a small file that is all here; as they are where nothing says that they are compressed.
 *
 * Throws TrowelError `too-large` for more than `limitBytes`, `bad-bytes`, `truncated`, and `unsupported` for bzip2 and
 * xz. Streams are for `decompress`.
 */
export function decompressBytes(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const kind = sniffCompression(bytes);
  switch (kind) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzip(bytes, limitBytes);
    case 'zstd':
      return unzstd(bytes, limitBytes);
    case 'bzip2':
    case 'xz':
      throw new TrowelError('unsupported', { what: `bytes compressed with ${kind}` });
  }
}

function gunzip(bytes: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
    throw streamError(error, 'gzip');
  }
}

function unzstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const frames = new ZstdFrames(inJavaScript);
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((chunk) => {
    total += chunk.length;
    if (total <= limitBytes) parts.push(chunk.slice());
  });
  for (let at = 0; at < bytes.length; at += zstdStep) {
    const piece = bytes.slice(at, at + zstdStep);
    const before = total;
    frames.write(piece);
    pushZstd(stream, piece);
    frames.produced(total - before);
    if (total > limitBytes) throw tooLarge(limitBytes);
  }
  frames.end();
  pushZstd(stream, new Uint8Array(0), true);
  if (total > limitBytes) throw tooLarge(limitBytes);
  return Buffer.concat(parts);
}

function tooLarge(limitBytes: number): TrowelError {
  return new TrowelError('too-large', { what: `more than ${limitBytes} bytes when uncompressed` });
}
