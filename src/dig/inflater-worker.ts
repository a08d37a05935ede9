/** The thread of `Inflater`: inflates a layer and digests it on both sides. Its heap stays small whatever is found. */
import { parentPort } from 'node:worker_threads';
import { openPlain, type PlainTask } from '../layer/index.js';
import { plainErrorOf } from '../model/index.js';
import { BlobClient } from './blob-client.js';
import { Mailbox } from './mailbox.js';
import type { FromInflater, ToInflater } from './plain-messages.js';

const blobs = new BlobClient((message) => post(message));

/** Memory that nobody uses; null once the layer is not wanted any more. */
let free = new Mailbox<ArrayBuffer | null>();
let stopped = false;

parentPort?.on('message', (message: ToInflater) => {
  switch (message.kind) {
    case 'read':
      free = new Mailbox();
      for (const memory of message.memory) free.put(memory);
      stopped = false;
      void read(message.task);
      break;
    case 'free':
      for (const memory of message.memory) free.put(memory);
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

function post(message: FromInflater, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
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

/** Copied once, into memory that goes to and fro: what zlib makes anew for each chunk would make both heaps collect. */
async function hand(chunk: Uint8Array, stored: number): Promise<boolean> {
  for (let at = 0; at < chunk.length; ) {
    const memory = await free.next();
    if (memory === null || stopped) return false;
    const piece = chunk.subarray(at, at + memory.byteLength);
    new Uint8Array(memory).set(piece);
    post({ kind: 'plain', memory, length: piece.length, stored }, [memory]);
    at += piece.length;
  }
  return true;
}
