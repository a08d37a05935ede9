import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogFile, type FileHead, TrowelError } from '../model/index.js';

/** How much of a scratch file is read at once. */
const windowBytes = 256 * 1024;

/** The most that `bytes()` of a scratch file loads into memory. */
export const loadedBytes = 64 * 1024 ** 2;

/**
 * One file outside of memory, written from its beginning again and again. Its name is removed as soon as it is open, so
 * that nothing is left over whatever happens to the process (where the system can do that; else when it is closed).
 */
export class Scratch {
  #fd: number | null = null;
  #folder: string | null = null;
  #written = 0;

  /** Throws TrowelError `denied` where no scratch file can be made. */
  begin(): void {
    this.#written = 0;
    if (this.#fd !== null) return;
    try {
      const folder = mkdtempSync(join(tmpdir(), 'trowel-scratch-'));
      this.#folder = folder;
      this.#fd = openSync(join(folder, 'file'), 'wx+', 0o600);
      this.#unname(folder);
    } catch (cause) {
      throw unusable(cause);
    }
  }

  /** Throws TrowelError `denied` where there is no room. */
  write(bytes: Uint8Array): void {
    if (this.#fd === null) throw new Error('a scratch file is written before it is begun');
    try {
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#written + at);
      }
    } catch (cause) {
      throw unusable(cause);
    }
    this.#written += bytes.length;
  }

  /** What was written, as a file of this name; only until the next `begin`. */
  file(head: FileHead): CatalogFile {
    const fd = this.#fd;
    if (fd === null) throw new Error('a scratch file is read before it is begun');
    const size = this.#written;
    let window: Uint8Array = new Uint8Array(0);
    let windowAt = 0;
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const got = readSync(fd, bytes, filled, length - filled, offset + filled);
        if (got === 0) break;
        filled += got;
      }
      return bytes.subarray(0, filled);
    };
    return {
      head,
      sizeBytes: size,
      slice(offset, length) {
        const from = Math.min(Math.max(0, offset), size);
        const end = Math.min(size, Math.max(from, offset + Math.max(0, length)));
        if (end - from >= windowBytes) return read(from, end - from);
        if (from < windowAt || end > windowAt + window.length) {
          windowAt = from;
          window = read(from, Math.min(windowBytes, size - from));
        }
        return window.subarray(from - windowAt, end - windowAt);
      },
      bytes() {
        if (size <= loadedBytes) return read(0, size);
        throw new TrowelError('too-large', {
          what: `the file has ${size} bytes, more than the ${loadedBytes} that are held`,
          where: { file: head.path },
        });
      },
    };
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    if (this.#folder !== null) this.#unname(this.#folder);
  }

  /** An open file cannot be removed everywhere: then it goes when it is closed. */
  #unname(folder: string): void {
    try {
      unlinkSync(join(folder, 'file'));
      rmdirSync(folder);
      this.#folder = null;
    } catch {
      this.#folder = folder;
    }
  }
}

function unusable(cause: unknown): TrowelError {
  return new TrowelError('denied', {
    what: 'a large file cannot be put aside for a closer look',
    where: { file: tmpdir() },
    todo: 'make room there, or name another place with TMPDIR',
    cause,
  });
}
