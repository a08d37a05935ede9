import { Worker } from 'node:worker_threads';
import type { LayerSums, PlainLayer, PlainTask, PlainTools } from '../layer/index.js';
import { errorOf, TrowelError } from '../model/index.js';
import { BlobHost } from './blob-host.js';
import { Mailbox } from './mailbox.js';
import type { FromInflater, InflaterData, LayerWord, ToInflater } from './plain-messages.js';
import { workerPlace } from './worker-place.js';

/** Memory that both threads see: enough that neither waits while the other has a slow moment. */
const pieceCount = 6;
const pieceBytes = 512 * 1024;
/** Given back so many at once: each message wakes the other thread. */
const freedAtOnce = 2;

/**
 * A thread that inflates and digests layers for this one, which then has the files' digests and what is in them to find
 * out: both processors are at work in one large layer. One layer at a time.
 */
export class Inflater {
  readonly #worker: Worker;
  readonly #pieces = Array.from({ length: pieceCount }, () => new SharedArrayBuffer(pieceBytes));
  #blobs: BlobHost | null = null;
  readonly #words = new Mailbox<LayerWord>();

  constructor() {
    const data: InflaterData = { pieces: this.#pieces };
    const resourceLimits = { maxYoungGenerationSizeMb: 8 };
    this.#worker = new Worker(workerPlace('inflater-worker'), { workerData: data, resourceLimits });
    this.#worker.on('message', (message: FromInflater) => this.#told(message));
    this.#worker.on('error', (cause) => {
      const what = `the thread that inflated the layer failed: ${String(cause)}`;
      this.#words.fail(new TrowelError('internal', { what, cause }));
    });
  }

  /** As `openPlain` of the layer room. The layer before must have come to its end, or been left. */
  async read({ location, digest, diffID, limits }: PlainTask, tools: PlainTools): Promise<PlainLayer> {
    const post = (message: ToInflater, transfer: readonly ArrayBuffer[]): void => this.#post(message, transfer);
    this.#blobs = new BlobHost(tools.open, post, (error) => this.#words.fail(error));
    this.#post({ kind: 'read', task: { location, digest, diffID, limits } });
    // What cannot be opened is told before anybody asks for a chunk.
    const first = await this.#words.next();
    if (first.kind === 'failed') throw errorOf(first.error);
    const layer = new Inflated(first, tools.onBytes);
    return {
      chunks: this.#chunks(layer),
      storedBytes: () => layer.stored,
      sums: () => {
        if (layer.sums === null) throw new TrowelError('internal', { what: 'the layer was not read to its end' });
        return layer.sums;
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async *#chunks(layer: Inflated): AsyncGenerator<Uint8Array> {
    let free: number[] = [];
    try {
      for (let word = layer.first; ; word = await this.#words.next()) {
        layer.take(word);
        if (word.kind === 'failed') throw errorOf(word.error);
        if (word.kind !== 'plain') return;
        yield new Uint8Array(this.#pieces[word.piece] ?? new ArrayBuffer(0), 0, word.length);
        free.push(word.piece);
        if (free.length < freedAtOnce) continue;
        this.#post({ kind: 'free', pieces: free });
        free = [];
      }
    } finally {
      // Left early: nothing of this layer may be taken for the next one's.
      if (!layer.isOver) this.#post({ kind: 'stop' });
      while (!layer.isOver) layer.take(await this.#words.next());
    }
  }

  #told(message: FromInflater): void {
    if (message.kind === 'open' || message.kind === 'want' || message.kind === 'close') this.#blobs?.asked(message);
    else this.#words.put(message);
  }

  #post(message: ToInflater, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }
}

/** What is known of the layer that is being inflated. */
class Inflated {
  readonly first: LayerWord;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  stored = 0;
  sums: LayerSums | null = null;
  isOver = false;

  constructor(first: LayerWord, onBytes: ((bytes: number) => void) | undefined) {
    this.first = first;
    this.#onBytes = onBytes;
  }

  take(word: LayerWord): void {
    if (word.kind !== 'plain') this.isOver = true;
    if (word.kind === 'end') this.sums = word.sums;
    const stored = word.kind === 'end' ? word.sums.sizeBytes : word.kind === 'stopped' ? this.stored : word.stored;
    if (stored > this.stored) this.#onBytes?.(stored - this.stored);
    this.stored = stored;
  }
}
