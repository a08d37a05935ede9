/** The thread of `Inflater`: inflates a layer and digests it on both sides. Its heap stays small whatever is found. */
import { parentPort, workerData } from 'node:worker_threads';
import { openPlain, type PlainTask } from '../layer/index.js';
import { plainErrorOf } from '../model/index.js';
import { BlobClient } from './blob-client.js';
import { Mailbox } from './mailbox.js';
import type { FromInflater, InflaterData, ToInflater } from './plain-messages.js';

const blobs = new BlobClient((message) => post(message));

const { pieces: shared }: InflaterData = workerData;
const pieces = shared.map((memory) => new Uint8Array(memory));

/** Pieces of memory that nobody uses; null once the layer is not wanted any more. */
let free = new Mailbox<number | null>();
let stopped = false;

parentPort?.on('message', (message: ToInflater) => {
  switch (message.kind) {
    case 'read':
      free = new Mailbox();
      for (const piece of pieces.keys()) free.put(piece);
      stopped = false;
      void read(message.task);
      break;
    case 'free':
      for (const piece of message.pieces) free.put(piece);
      break;
    case 'stop':
      stopped = true;
      free.put(null);
      break;
    case 'chunk':
    case 'no-chunk':
      blobs.answered(message);
      break;
  }
});

function post(message: FromInflater): void {
  parentPort?.postMessage(message);
}

async function read(task: PlainTask): Promise<void> {
  let stored = (): number => 0;
  try {
    const layer = await openPlain(task, { open: blobs.open });
    stored = layer.storedBytes;
    for await (const chunk of layer.chunks) {
      if (!(await hand(chunk, stored()))) break;
    }
    post(stopped ? { kind: 'stopped' } : { kind: 'end', sums: layer.sums() });
  } catch (error) {
    post(stopped ? { kind: 'stopped' } : { kind: 'failed', error: plainErrorOf(error), stored: stored() });
  }
}

/** Copied once, into memory that both threads see: to send it would cost as much as to inflate a tenth of it. */
async function hand(chunk: Uint8Array, stored: number): Promise<boolean> {
  for (let at = 0; at < chunk.length; ) {
    const piece = await free.next();
    const memory = piece === null ? undefined : pieces[piece];
    if (piece === null || memory === undefined || stopped) return false;
    const bytes = chunk.subarray(at, at + memory.length);
    memory.set(bytes);
    post({ kind: 'plain', piece, length: bytes.length, stored });
    at += bytes.length;
  }
  return true;
}
