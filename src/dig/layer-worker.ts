/** The thread of `LayerThread`: reads the layers that it is told to, one after the other. */
import { parentPort } from 'node:worker_threads';
import { everyCataloguer } from '../catalog/index.js';
import { readLayer } from '../layer/index.js';
import { type LayerTask, ownColumns, plainErrorOf } from '../model/index.js';
import { keptParts } from '../store/index.js';
import { BlobClient } from './blob-client.js';
import { Inflater } from './inflater.js';
import { isLarge } from './large-layer.js';
import type { FromThread, ToThread } from './layer-messages.js';

/** Progress is told this often, in bytes. */
const toldBytes = 4 * 1024 ** 2;

const blobs = new BlobClient((message) => post(message));
let inflater: Inflater | null = null;

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'read') void answer(message.task, message.keep);
  else blobs.answered(message);
});

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
    const tools = { open: blobs.open, cataloguers: everyCataloguer, onBytes };
    const result = await readLayer(task, isLarge(task) ? { ...tools, openPlain: inflated } : tools);
    const parts = keep ? keptParts(task.cataloguers, result) : null;
    const { entries, ...rest } = result;
    if (untold > 0) post({ kind: 'bytes', bytes: untold });
    const { columns, memory } = ownColumns(entries.columns);
    post({ kind: 'done', result: rest, columns, parts }, memory);
  } catch (error) {
    post({ kind: 'failed', error: plainErrorOf(error) });
  }
}

const inflated: Inflater['read'] = (task, tools) => {
  inflater ??= new Inflater();
  return inflater.read(task, tools);
};
