import { isTrowelError, type Reason } from '../model/index.js';
import type { TarHandler, TarHeader } from './tar-types.js';

/** Bytes as a stream of pieces of this length. */
export async function* pieces(bytes: Uint8Array, step = 7): AsyncGenerator<Uint8Array> {
  // The same memory each time, as a stream may have it: what is kept must be copied.
  const piece = new Uint8Array(step);
  for (let at = 0; at < bytes.length; at += step) {
    const part = bytes.subarray(at, at + step);
    piece.set(part);
    yield piece.subarray(0, part.length);
  }
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

/** The code of the TrowelError that is thrown, `none` where nothing is; other errors are thrown on. */
export async function reasonOf(action: () => Promise<unknown>): Promise<Reason | 'none'> {
  try {
    await action();
    return 'none';
  } catch (error) {
    if (isTrowelError(error)) return error.code;
    throw error;
  }
}

/** Collects entries: `[path, type, content or link]`. */
export class Entries implements TarHandler {
  readonly list: [string, TarHeader['type'], string][] = [];

  entry(header: TarHeader): { write(chunk: Uint8Array): void; end(): void } | null {
    const row: [string, TarHeader['type'], string] = [header.path, header.type, header.link];
    this.list.push(row);
    if (header.type !== 'file') return null;
    return {
      write(chunk) {
        row[2] += Buffer.from(chunk).toString('latin1');
      },
      end: () => undefined,
    };
  }
}

/** Copies of `bytes` with one byte changed, or cut off, for each pair of numbers in `edits`. */
export function mutated(
  bytes: Uint8Array,
  edits: readonly (readonly [at: number, value: number])[],
  cut: number,
): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, value] of edits) copy[at % copy.length] = value & 0xff;
  return copy.subarray(0, cut % 4 === 0 ? cut % (copy.length + 1) : copy.length);
}
