import { type BlobLocation, errorOf, type OpenBlob, type TrowelError } from '../model/index.js';
import { readLocation } from '../oci/index.js';
import type { BlobAnswer, BlobAsk } from './blob-messages.js';
import { Mailbox } from './mailbox.js';

/** Chunks that are on their way at once, so that nobody waits for the other. */
const ahead = 3;

type Chunk = { readonly bytes: Uint8Array | null } | { readonly error: TrowelError };

/** The thread's side of `BlobHost`: what lies on this machine it opens itself, all else is asked for. */
export class BlobClient {
  readonly #ask: (message: BlobAsk) => void;
  readonly #arrived = new Mailbox<Chunk>();

  constructor(ask: (message: BlobAsk) => void) {
    this.#ask = ask;
  }

  answered(message: BlobAnswer): void {
    this.#arrived.put(message.kind === 'chunk' ? { bytes: message.bytes } : { error: errorOf(message.error) });
  }

  /** One blob at a time is asked for. */
  readonly open: OpenBlob = async (location: BlobLocation) => {
    if (location.kind === 'file' || location.kind === 'member') return readLocation(location);
    this.#ask({ kind: 'open', location });
    return this.#chunks();
  };

  async *#chunks(): AsyncGenerator<Uint8Array> {
    let wanted = 0;
    const want = (): void => {
      this.#ask({ kind: 'want' });
      wanted += 1;
    };
    try {
      while (wanted < ahead) want();
      for (;;) {
        const chunk = await this.#arrived.next();
        wanted -= 1;
        if ('error' in chunk) throw chunk.error;
        if (chunk.bytes === null) return;
        want();
        yield chunk.bytes;
      }
    } finally {
      // What is still on its way belongs to this blob and to no other.
      for (; wanted > 0; wanted--) await this.#arrived.next();
      this.#ask({ kind: 'close' });
    }
  }
}
