import { cataloguers } from '../catalog/index.js';
import { readLayer } from '../layer/index.js';
import type { LayerTask } from '../model/index.js';
import type { LaneTools, LayerAnswer } from './layer-messages.js';
import { LayerThread } from './layer-thread.js';

/** A thread costs 50 ms to start: smaller layers are read sooner without. Bytes as they are stored. */
const threadBytes = 8 * 1024 ** 2;

/**
 * Where layers are read: in this thread, and in up to `jobs` - 1 others while it is busy with a large one. Inflating has
 * threads of its own in zlib, so that one large layer already keeps two processors at work.
 */
export class LayerLanes {
  readonly #jobs: number;
  readonly #idle: LayerThread[] = [];
  readonly #threads: LayerThread[] = [];
  #here = 0;

  constructor(jobs: number) {
    this.#jobs = Math.max(1, jobs);
  }

  /** How many layers are worth reading at once. */
  get width(): number {
    return this.#jobs;
  }

  /** Throws TrowelError as `readLayer` does. */
  async read(task: LayerTask, tools: LaneTools): Promise<LayerAnswer> {
    const thread = this.#threadFor(task);
    if (thread !== null) {
      try {
        return await thread.read(task, tools);
      } finally {
        this.#idle.push(thread);
      }
    }
    this.#here += 1;
    try {
      return { result: await readLayer(task, { ...tools, cataloguers }), parts: null };
    } finally {
      this.#here -= 1;
    }
  }

  #threadFor(task: LayerTask): LayerThread | null {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const isLarge = task.sizeBytes === null || task.sizeBytes >= threadBytes;
    if (this.#here === 0 || !isLarge || this.#threads.length >= this.#jobs - 1) return null;
    const thread = new LayerThread();
    this.#threads.push(thread);
    return thread;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
