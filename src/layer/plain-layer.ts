import type { LayerTask, OpenBlob } from '../model/index.js';
import { algorithmOf, Digester, openStored } from './stored-stream.js';

/** Which bytes a layer has, and what was promised of them. */
export type PlainTask = Pick<LayerTask, 'location' | 'digest' | 'diffID' | 'limits'>;

/** What the bytes of a layer are: digests as `algorithm:hex`, sizes in bytes. */
export interface LayerSums {
  /** Of the bytes as they are stored. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Of the uncompressed ones. */
  readonly diffID: string;
  readonly uncompressedBytes: number;
}

/** The uncompressed bytes of a layer on their way. */
export interface PlainLayer {
  /** A chunk is only valid until the next one is asked for. Throws what `openStored`'s chunks throw. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How many stored bytes it took to give what was given so far. */
  storedBytes(): number;
  /** Only once `chunks` came to its end. */
  sums(): LayerSums;
}

export interface PlainTools {
  readonly open: OpenBlob;
  /** Told of stored bytes as they come. */
  readonly onBytes?: (bytes: number) => void;
}

/** Opens the bytes of a layer: in this thread (`openPlain`), or with the work of it done in another. */
export type OpenPlain = (task: PlainTask, tools: PlainTools) => Promise<PlainLayer>;

/** Inflates a layer and takes both digests on the way. Throws what `openStored` throws. */
export async function openPlain(task: PlainTask, tools: PlainTools): Promise<PlainLayer> {
  const algorithm = algorithmOf(task.digest);
  // What a diff ID is promised for is held to that, which says more than gzip's checksums.
  const stream = await openStored(task.location, tools, task.limits, algorithm, task.diffID !== null);
  const diff = new Digester(algorithmOf(task.diffID));
  // An uncompressed layer is its own tar: hashing it twice with one algorithm would say the same.
  const once = stream.compression === 'none' && algorithm === algorithmOf(task.diffID);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream.chunks) {
      if (once) diff.count(chunk);
      else diff.update(chunk);
      yield chunk;
    }
  }
  return {
    chunks: chunks(),
    storedBytes: () => stream.stored.bytes,
    sums: () => {
      const digest = stream.stored.digest();
      return {
        digest,
        sizeBytes: stream.stored.bytes,
        diffID: once ? digest : diff.digest(),
        uncompressedBytes: diff.bytes,
      };
    },
  };
}
