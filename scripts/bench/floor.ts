/**
 * The physical floor of reading an image in Node, one thread: inflate each layer of an OCI layout and take SHA-256 of
 * the compressed and of the uncompressed bytes. Nothing else. usage: floor.js LAYOUT
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

const layout = process.argv[2] ?? '';

interface Document {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly layers?: readonly { readonly digest: string }[];
}

const blobPath = (digest: string): string => join(layout, 'blobs', ...digest.split(':'));
const readDocument = (path: string): Document => JSON.parse(readFileSync(path, 'utf8'));

const index = readDocument(join(layout, 'index.json'));
const manifest = readDocument(blobPath(index.manifests?.[0]?.digest ?? ''));
for (const layer of manifest.layers ?? []) {
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  const file = createReadStream(blobPath(layer.digest), { highWaterMark: 1 << 20 });
  file.on('data', (chunk) => stored.update(chunk));
  for await (const chunk of file.pipe(createGunzip({ chunkSize: 1 << 20 }))) plain.update(chunk);
  process.stdout.write(`${stored.digest('hex')} ${plain.digest('hex')}\n`);
}
