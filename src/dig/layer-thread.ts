import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { errorOf, FileTable, isTrowelError, type LayerTask, plainError, TrowelError } from '../model/index.js';
import type { FromThread, LaneTools, LayerAnswer, ToThread } from './layer-messages.js';

interface Reading {
  readonly tools: LaneTools;
  readonly resolve: (answer: LayerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread that reads layers, one at a time. The bytes of blobs are opened here, since credentials and connections live
 * here, and are handed over without being copied.
 */
export class LayerThread {
  readonly #worker: Worker;
  #reading: Reading | null = null;
  #chunks: Promise<AsyncIterator<Uint8Array>> | null = null;
  /** One answer after the other, in the order of what was wanted. */
  #answers: Promise<void> = Promise.resolve();

  constructor() {
    this.#worker = new Worker(workerPlace(), { resourceLimits: { maxYoungGenerationSizeMb: 32 } });
    this.#worker.on('message', (message: FromThread) => this.#told(message));
    this.#worker.on('error', (cause) => {
      const error = new TrowelError('internal', {
        what: `the thread that read the layer failed: ${String(cause)}`,
        cause,
      });
      this.#reading?.reject(error);
      this.#reading = null;
    });
  }

  /** Throws TrowelError as `readLayer` does. */
  read(task: LayerTask, tools: LaneTools): Promise<LayerAnswer> {
    return new Promise((resolve, reject) => {
      this.#reading = { tools, resolve, reject };
      this.#post({ kind: 'read', task, keep: tools.keep });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #told(message: FromThread): void {
    const reading = this.#reading;
    if (reading === null) return;
    switch (message.kind) {
      case 'open':
        this.#chunks = reading.tools.open(message.location).then((chunks) => chunks[Symbol.asyncIterator]());
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
      case 'bytes':
        reading.tools.onBytes(message.bytes);
        break;
      case 'done': {
        this.#reading = null;
        const { result, columns, parts } = message;
        const entries = new FileTable(columns);
        reading.resolve({ result: { ...result, entries }, parts: parts === null ? null : new Map(parts) });
        break;
      }
      case 'failed':
        this.#reading = null;
        reading.reject(errorOf(message.error));
        break;
    }
  }

  async #answer(chunks: Promise<AsyncIterator<Uint8Array>> | null): Promise<void> {
    try {
      const next = await (await chunks)?.next();
      if (next === undefined || next.done === true) this.#post({ kind: 'chunk', bytes: null });
      else {
        const bytes = ownBytes(next.value);
        this.#post({ kind: 'chunk', bytes }, [bytes.buffer]);
      }
    } catch (error) {
      if (isTrowelError(error)) this.#post({ kind: 'no-chunk', error: plainError(error) });
      else {
        this.#reading?.reject(error);
        this.#reading = null;
      }
    }
  }

  #post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
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
function ownBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = chunk;
  const isWhole = buffer instanceof ArrayBuffer && chunk.byteLength === buffer.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(chunk);
}

/** For the joined command line beside it, else beside this file. */
function workerPlace(): URL {
  const joined = new URL('./layer-worker.cjs', import.meta.url);
  return existsSync(joined) ? joined : new URL('./layer-worker.js', import.meta.url);
}
