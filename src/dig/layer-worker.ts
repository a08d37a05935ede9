/** The thread of `LayerThread`: reads the layers that it is told to, one after the other. */
import { parentPort } from 'node:worker_threads';
import { cataloguers } from '../catalog/index.js';
import { readLayer } from '../layer/index.js';
import {
  type BlobLocation,
  errorOf,
  isTrowelError,
  type LayerTask,
  ownColumns,
  plainError,
  TrowelError,
} from '../model/index.js';
import { keptParts } from '../store/index.js';
import type { FromThread, ToThread } from './layer-messages.js';

/** Chunks that are on their way at once, so that nobody waits for the other. */
const ahead = 3;

/** Progress is told this often, in bytes. */
const toldBytes = 4 * 1024 ** 2;

type Chunk = { readonly bytes: Uint8Array | null } | { readonly error: TrowelError };

let waiting: ((chunk: Chunk) => void) | null = null;
const arrived: Chunk[] = [];

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'read':
      void answer(message.task, message.keep);
      break;
    case 'chunk':
      arrive({ bytes: message.bytes });
      break;
    case 'no-chunk':
      arrive({ error: errorOf(message.error) });
      break;
  }
});

function arrive(chunk: Chunk): void {
  const taker = waiting;
  waiting = null;
  if (taker === null) arrived.push(chunk);
  else taker(chunk);
}

function nextChunk(): Promise<Chunk> {
  const chunk = arrived.shift();
  if (chunk !== undefined) return Promise.resolve(chunk);
  return new Promise((resolve) => {
    waiting = resolve;
  });
}

function post(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
}

async function answer(task: LayerTask, keep: boolean): Promise<void> {
  let untold = 0;
  const onBytes = (bytes: number): void => {
    untold += bytes;
    if (untold < toldBytes) return;
    post({ kind: 'bytes', bytes: untold });
    untold = 0;
  };
  try {
    const result = await readLayer(task, { open, cataloguers, onBytes });
    const parts = keep ? keptParts(task.cataloguers, result) : null;
    const { entries, ...rest } = result;
    if (untold > 0) post({ kind: 'bytes', bytes: untold });
    const { columns, memory } = ownColumns(entries.columns);
    post({ kind: 'done', result: rest, columns, parts }, memory);
  } catch (error) {
    const told = isTrowelError(error)
      ? error
      : new TrowelError('internal', { what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    post({ kind: 'failed', error: plainError(told) });
  }
}

/** The bytes of a blob as the other side opens them. */
async function open(location: BlobLocation): Promise<AsyncIterable<Uint8Array>> {
  post({ kind: 'open', location });
  let wanted = 0;
  const want = (): void => {
    post({ kind: 'want' });
    wanted += 1;
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      while (wanted < ahead) want();
      for (;;) {
        const chunk = await nextChunk();
        wanted -= 1;
        if ('error' in chunk) throw chunk.error;
        if (chunk.bytes === null) return;
        want();
        yield chunk.bytes;
      }
    } finally {
      // What is still on its way belongs to this blob and to no other.
      for (; wanted > 0; wanted--) await nextChunk();
      post({ kind: 'close' });
    }
  }
  return chunks();
}
