import { rmSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrowelError } from '../model/index.js';
import { fileError } from './files.js';

/** A place for one archive that came through a pipe. Nothing of it outlives the process. */
export interface Scratch {
  /** Writes the bytes into a new file that only this user may read, and answers its path. */
  spool(chunks: AsyncIterable<Uint8Array>): Promise<string>;
  /** Removes everything. */
  close(): Promise<void>;
}

/**
 * Scratch space below `parent` (default: the system's temporary folder), made when something is spooled. It is removed
 * by `close`, after a failed spool, and when the process ends without either.
 */
export function openScratch(parent: string | undefined): Scratch {
  let dir: string | null = null;
  const removeNow = (): void => {
    if (dir !== null) rmSync(dir, { recursive: true, force: true });
  };
  async function close(): Promise<void> {
    process.off('exit', removeNow);
    if (dir !== null) await rm(dir, { recursive: true, force: true });
    dir = null;
  }
  return {
    async spool(chunks) {
      const base = parent ?? tmpdir();
      try {
        if (dir === null) {
          dir = await mkdtemp(join(base, 'trowel-'));
          process.on('exit', removeNow);
        }
        return await write(join(dir, 'archive'), chunks);
      } catch (error) {
        await close();
        throw error instanceof TrowelError ? error : fileError(error, base);
      }
    },
    close,
  };
}

async function write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    let at = 0;
    for await (const chunk of chunks) {
      let done = 0;
      while (done < chunk.length) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done);
        done += bytesWritten;
      }
      at += chunk.length;
    }
    return path;
  } finally {
    await file.close();
  }
}
