import { isTrowelError, type OpenBlob, plainError } from '../model/index.js';
import type { BlobAnswer, BlobAsk } from './blob-messages.js';

/** Opens blobs for a thread, since credentials and connections live here. Chunks are handed over without being copied. */
export class BlobHost {
  readonly #open: OpenBlob;
  readonly #post: (message: BlobAnswer, transfer: readonly ArrayBuffer[]) => void;
  /** Told of what is no TrowelError. */
  readonly #failed: (error: unknown) => void;
  #chunks: Promise<AsyncIterator<Uint8Array>> | null = null;
  /** One answer after the other, in the order of what was wanted. */
  #answers: Promise<void> = Promise.resolve();

  constructor(
    open: OpenBlob,
    post: (message: BlobAnswer, transfer: readonly ArrayBuffer[]) => void,
    failed: (error: unknown) => void,
  ) {
    this.#open = open;
    this.#post = post;
    this.#failed = failed;
  }

  asked(message: BlobAsk): void {
    switch (message.kind) {
      case 'open':
        this.#chunks = this.#open(message.location).then((chunks) => chunks[Symbol.asyncIterator]());
        this.#chunks.catch(() => undefined);
        break;
      case 'want': {
        const chunks = this.#chunks;
        this.#answers = this.#answers.then(() => this.#answer(chunks));
        break;
      }
      case 'close': {
        const chunks = this.#chunks;
        this.#chunks = null;
        this.#answers = this.#answers.then(() => finish(chunks));
        break;
      }
    }
  }

  async #answer(chunks: Promise<AsyncIterator<Uint8Array>> | null): Promise<void> {
    try {
      const next = await (await chunks)?.next();
      if (next === undefined || next.done === true) this.#post({ kind: 'chunk', bytes: null }, []);
      else {
        const bytes = ownBytes(next.value);
        this.#post({ kind: 'chunk', bytes }, [bytes.buffer]);
      }
    } catch (error) {
      if (isTrowelError(error)) this.#post({ kind: 'no-chunk', error: plainError(error) }, []);
      else this.#failed(error);
    }
  }
}

async function finish(chunks: Promise<AsyncIterator<Uint8Array>> | null): Promise<void> {
  try {
    await (await chunks)?.return?.();
  } catch {
    // What is not wanted any more may fail.
  }
}

/** A chunk that fills its memory can be given away; else a copy is. */
export function ownBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = chunk;
  const isWhole = buffer instanceof ArrayBuffer && chunk.byteLength === buffer.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(chunk);
}
