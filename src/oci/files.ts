import type { FileHandle } from 'node:fs/promises';
import { open, readFile, stat } from 'node:fs/promises';
import { type Reason, TrowelError } from '../model/index.js';

/** Bytes of one read from disk; the same as the decompressors take at once. */
export const readBytes = 1024 * 1024;

/**
 * The bytes of a file from `offset` on, at most `sizeBytes`.
 * Throws TrowelError `truncated` where the file has fewer, `not-found`, `denied`.
 */
export async function* readRange(path: string, offset: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  try {
    let at = offset;
    const end = offset + sizeBytes;
    while (at < end) {
      const chunk = await readAt(file, at, Math.min(readBytes, end - at));
      if (chunk.length === 0) {
        throw new TrowelError('truncated', {
          what: `ends ${end - at} bytes too early`,
          where: { file: path, offset: at },
        });
      }
      at += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/** Up to `length` bytes at an offset; fewer only at the end of the file. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  // Not cleared: what was not filled is not given.
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

/** Opens a regular file to read. Throws TrowelError `not-found`, `denied`, `unsupported` (a directory, a device). */
export async function openFile(path: string): Promise<FileHandle> {
  const size = await fileSize(path);
  if (size === null) throw new TrowelError('not-found', { what: 'there is no such file', where: { file: path } });
  try {
    return await open(path, 'r');
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The size of a regular file, null where nothing is there. Throws TrowelError as `openFile` does. */
export async function fileSize(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    // A pipe or device would make a read wait without end.
    if (found.isFile()) return found.size;
    throw new TrowelError('unsupported', {
      what: found.isDirectory() ? 'a directory and not a file' : 'not a regular file',
      where: { file: path },
    });
  } catch (error) {
    const wrapped = fileError(error, path);
    if (wrapped.code === 'not-found') return null;
    throw wrapped;
  }
}

/** A whole small file, or null where nothing is there. Throws TrowelError `too-large`, `denied`, `unsupported`. */
export async function readSmallFile(path: string, limitBytes: number): Promise<Uint8Array | null> {
  const size = await fileSize(path);
  if (size === null) return null;
  if (size > limitBytes) {
    throw new TrowelError('too-large', {
      what: `has ${size} bytes, the limit is ${limitBytes}`,
      where: { file: path },
    });
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** What a failed file operation means to a reader. */
export function fileError(error: unknown, path: string): TrowelError {
  if (error instanceof TrowelError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [reason, what]: [Reason, string] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? ['not-found', 'there is no such file']
      : code === 'EACCES' || code === 'EPERM'
        ? ['denied', 'may not be read']
        : code === 'ENOSPC' || code === 'EDQUOT'
          ? ['too-large', 'there is no space left for it']
          : ['unreachable', `cannot be read (${code || 'unknown error'})`];
  return new TrowelError(reason, { what, where: { file: path }, cause: error });
}
