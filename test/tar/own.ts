import { createHash } from 'node:crypto';
import { isTrowelError } from '../../src/model/index.js';
import { decompress, sniffCompression, TarReader } from '../../src/pack/index.js';
import { type Answer, type Entry, mostBytes } from './entry.js';

const limits = { entries: 100_000, pathBytes: 1024 * 1024, totalBytes: mostBytes };

/**
 * What Trowel's own reader says, after the decompression that the first bytes ask for. The error is a TrowelError's code
 * and words; any other error is thrown on.
 */
export async function ownAnswer(archive: Uint8Array, step: number): Promise<Answer> {
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
    for await (const chunk of decompress(inSteps(archive, step), sniffCompression(archive))) reader.write(chunk);
    reader.end();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { entries, error: `${error.code}: ${error.what}` };
  }
  return { entries, error: null };
}

async function* inSteps(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
