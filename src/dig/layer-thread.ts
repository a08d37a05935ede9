import { Worker } from 'node:worker_threads';
import { errorOf, FileTable, type LayerTask, TrowelError } from '../model/index.js';
import { BlobHost } from './blob-host.js';
import type { FromThread, LaneTools, LayerAnswer, ToThread } from './layer-messages.js';
import { workerPlace } from './worker-place.js';

interface Reading {
  readonly tools: LaneTools;
  readonly blobs: BlobHost;
  readonly resolve: (answer: LayerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that reads layers, one at a time. */
export class LayerThread {
  readonly #worker: Worker;
  #reading: Reading | null = null;

  constructor() {
    this.#worker = new Worker(workerPlace('layer-worker'), { resourceLimits: { maxYoungGenerationSizeMb: 16 } });
    this.#worker.on('message', (message: FromThread) => this.#told(message));
    this.#worker.on('error', (cause) => {
      const what = `the thread that read the layer failed: ${String(cause)}`;
      this.#fail(new TrowelError('internal', { what, cause }));
    });
  }

  /** Throws TrowelError as `readLayer` does. */
  read(task: LayerTask, tools: LaneTools): Promise<LayerAnswer> {
    const post = (message: ToThread, transfer: readonly ArrayBuffer[]): void => this.#post(message, transfer);
    const blobs = new BlobHost(tools.open, post, (error) => this.#fail(error));
    return new Promise((resolve, reject) => {
      this.#reading = { tools, blobs, resolve, reject };
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
        this.#fail(errorOf(message.error));
        break;
      default:
        reading.blobs.asked(message);
    }
  }

  #fail(error: unknown): void {
    this.#reading?.reject(error);
    this.#reading = null;
  }

  #post(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }
}
