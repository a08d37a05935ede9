import { TrowelError } from '../model/index.js';

/** A string of V8 holds no more. */
const inputBytes = 1 << 29;

/** All of standard input as text, at most 512 MiB. Throws TrowelError `too-large`. */
export async function readInput(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > inputBytes) {
      throw new TrowelError('too-large', { what: 'more than 512 MiB of text', where: { file: 'standard input' } });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
