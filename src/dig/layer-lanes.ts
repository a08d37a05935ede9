import { everyCataloguer } from '../catalog/index.js';
import { readLayer } from '../layer/index.js';
import type { LayerTask } from '../model/index.js';
import { Inflater } from './inflater.js';
import { isLarge } from './large-layer.js';
import type { LaneTools, LayerAnswer } from './layer-messages.js';
import { LayerThread } from './layer-thread.js';

/**
 * Where layers are read: in this thread, and in up to `jobs` - 1 others while it is busy with a large one. Large layers
 * are inflated and digested in a thread of their own beside the one that reads them.
 */
export class LayerLanes {
  readonly #jobs: number;
  readonly #idle: LayerThread[] = [];
  readonly #threads: LayerThread[] = [];
  /** Inflaters for the layers that are read here. */
  readonly #idleInflaters: Inflater[] = [];
  readonly #inflaters: Inflater[] = [];
  #here = 0;
  readonly #ending: Promise<void>[] = [];

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
    const inflater = this.#jobs > 1 && isLarge(task) ? this.#inflater() : null;
    try {
      const all = { ...tools, cataloguers: everyCataloguer };
      if (inflater === null) return { result: await readLayer(task, all), parts: null };
      const openPlain: Inflater['read'] = (plain, with_) => inflater.read(plain, with_);
      return { result: await readLayer(task, { ...all, openPlain }), parts: null };
    } finally {
      this.#here -= 1;
      if (inflater !== null) this.#idleInflaters.push(inflater);
    }
  }

  #threadFor(task: LayerTask): LayerThread | null {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#here === 0 || !isLarge(task) || this.#threads.length >= this.#jobs - 1) return null;
    const thread = new LayerThread();
    this.#threads.push(thread);
    return thread;
  }

  #inflater(): Inflater {
    const idle = this.#idleInflaters.pop();
    if (idle !== undefined) return idle;
    const inflater = new Inflater();
    this.#inflaters.push(inflater);
    return inflater;
  }

  /**
   * Ends the threads, whose heaps are then given back, while this one goes on with what they found; nothing may be being
   * read. More layers would start new ones.
   */
  rest(): void {
    this.#ending.push(...[...this.#threads, ...this.#inflaters].map((thread) => thread.close()));
    for (const list of [this.#threads, this.#idle, this.#inflaters, this.#idleInflaters]) list.length = 0;
  }

  async close(): Promise<void> {
    this.rest();
    await Promise.all(this.#ending);
  }
}
