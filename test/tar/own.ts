import { createHash } from 'node:crypto';
import { isTrowelError } from '../../src/model/index.js';
import { TarReader } from '../../src/pack/index.js';
import { type Answer, type Entry, mostBytes } from './entry.js';

const limits = { entries: 100_000, pathBytes: 1024 * 1024, totalBytes: mostBytes };

/** What Trowel's own reader says. The error is a TrowelError's code and words; any other error is thrown on. */
export function ownAnswer(archive: Uint8Array, step: number): Answer {
  const entries: Entry[] = [];
  const reader = new TarReader(
    {
      entry(header) {
        const sum = createHash('sha256');
        return {
          write: (chunk) => sum.update(chunk),
          end: () => {
            const { path, type, mode, uid, gid, sizeBytes: size, mtime, link } = header;
            entries.push({ path, type, mode, uid, gid, size, mtime, link, sum: sum.digest('hex') });
          },
        };
      },
    },
    limits,
  );
  try {
    for (let at = 0; at < archive.length; at += step) reader.write(archive.subarray(at, at + step));
    reader.end();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { entries, error: `${error.code}: ${error.what}` };
  }
  return { entries, error: null };
}
