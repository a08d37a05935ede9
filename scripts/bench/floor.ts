/**
 * The physical floor of reading an image in Node, one thread: inflate each layer of an OCI layout and take SHA-256 of
 * the compressed and of the uncompressed bytes. Nothing else. usage: floor.js LAYOUT
 */
import { blobPath, readLayout, sumsOf } from './stored-layers.js';

const layout = process.argv[2] ?? '';
for (const { digest } of readLayout(layout).manifest.layers) {
  process.stdout.write(`${(await sumsOf(blobPath(layout, digest))).join(' ')}\n`);
}
