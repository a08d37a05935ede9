import { TarReader } from './tar-read.js';
import type { TarHeader, TarLimits, TarSink } from './tar-types.js';

/** One entry of an archive in memory. */
export interface TarEntryBytes {
  readonly header: TarHeader;
  /** A view of the archive's bytes, or a copy where the file is sparse. */
  readonly content: Uint8Array;
}

const stepBytes = 64 * 1024;

/**
 * The entries of a small archive in memory, in its order. What was whole before a fault is given before the error.
 * Throws what `TarReader` throws; a sparse file takes memory up to `limits.totalBytes`.
 */
export function* tarEntries(bytes: Uint8Array, limits: TarLimits): Generator<TarEntryBytes> {
  const ready: TarEntryBytes[] = [];
  const reader = new TarReader(
    { entry: (header) => (header.sparse ? copied(header, ready) : viewed(header, bytes, ready)) },
    limits,
  );
  for (let at = 0; at < bytes.length; at += stepBytes) {
    const failure = attempt(() => reader.write(bytes.subarray(at, at + stepBytes)));
    yield* ready.splice(0);
    if (failure !== null) throw failure.error;
  }
  reader.end();
}

function viewed(header: TarHeader, bytes: Uint8Array, ready: TarEntryBytes[]): TarSink {
  return {
    write: () => undefined,
    end: () => ready.push({ header, content: bytes.subarray(header.offset, header.offset + header.storedBytes) }),
  };
}

function copied(header: TarHeader, ready: TarEntryBytes[]): TarSink {
  const content = new Uint8Array(header.sizeBytes);
  let at = 0;
  return {
    write(chunk) {
      content.set(chunk, at);
      at += chunk.length;
    },
    end: () => ready.push({ header, content }),
  };
}

function attempt(action: () => void): { readonly error: unknown } | null {
  try {
    action();
    return null;
  } catch (error) {
    return { error };
  }
}
