import { inflateRawSync } from 'node:zlib';
import { TrowelError } from '../model/index.js';

/** One member of a gzip file. */
export interface GzipMember {
  readonly content: Uint8Array;
  /** Where the next member begins. */
  readonly end: number;
}

/**
 * The gzip member that begins at `at`, for formats that give the single members a meaning; what follows is left alone.
 *
 * Throws TrowelError `bad-bytes` for what is none, is cut off or has more than `limitBytes`.
 * Follows: RFC 1952, 2.3. Checksums are left to whoever reads the whole.
 */
export function gzipMember(bytes: Uint8Array, at: number, limitBytes: number): GzipMember {
  const body = at + headerLength(bytes.subarray(at));
  try {
    // Node tells how much of its input a stream took only when asked for its engine.
    const told: unknown = Reflect.apply(inflateRawSync, undefined, [
      bytes.subarray(body),
      { info: true, maxOutputLength: limitBytes },
    ]);
    const content: unknown = typeof told === 'object' && told !== null && 'buffer' in told ? told.buffer : null;
    const engine: unknown = typeof told === 'object' && told !== null && 'engine' in told ? told.engine : null;
    const taken: unknown =
      typeof engine === 'object' && engine !== null && 'bytesWritten' in engine ? engine.bytesWritten : null;
    if (!(content instanceof Uint8Array) || typeof taken !== 'number') throw new Error('zlib tells no lengths');
    return { content, end: body + taken + 8 };
  } catch (cause) {
    throw new TrowelError('bad-bytes', { what: 'a broken gzip member', where: { offset: at }, cause });
  }
}

function headerLength(bytes: Uint8Array): number {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8)
    throw new TrowelError('bad-bytes', { what: 'no gzip member' });
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + ((bytes[at + 1] ?? 0) << 8);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    at = end < 0 ? bytes.length : end + 1;
  }
  return (flags & 2) === 0 ? at : at + 2;
}
