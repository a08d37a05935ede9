import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type WrittenLayer, writeImage, writeLayer } from '../src/oci/index.js';
import type { TarEntry } from '../src/pack/index.js';

/** A regular file of a layer, for short tests. */
export function file(path: string, content: string | Uint8Array, mode = 0o644): TarEntry {
  return { path, type: 'file', mode, content: typeof content === 'string' ? Buffer.from(content) : content };
}

/** Writes an image of these layers into a layout; answers the digests of the layers. */
export async function buildImage(
  layout: string,
  reference: string,
  layers: readonly (readonly TarEntry[])[],
  compression: 'gzip' | 'none' = 'gzip',
): Promise<readonly string[]> {
  const written = [];
  for (const entries of layers) written.push(await writeLayer(layout, entries, compression));
  return await nameImage(layout, reference, written);
}

/** Writes an image whose layers are these tars, whatever they hold. */
export async function buildImageOf(
  layout: string,
  reference: string,
  tars: readonly Uint8Array[],
): Promise<readonly string[]> {
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  const written = tars.map((tar) => {
    const stored = gzipSync(tar);
    const digest = `sha256:${createHash('sha256').update(stored).digest('hex')}`;
    writeFileSync(join(layout, 'blobs', ...digest.split(':')), stored);
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
    const diffID = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
    return { descriptor: { mediaType, digest, sizeBytes: stored.length }, diffID };
  });
  return await nameImage(layout, reference, written);
}

async function nameImage(
  layout: string,
  reference: string,
  written: readonly WrittenLayer[],
): Promise<readonly string[]> {
  await writeImage(layout, {
    reference,
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    created: '2020-12-01T00:00:00Z',
    layers: written,
    history: written.map((_, i) => ({ createdBy: `layer ${i}` })),
  });
  return written.map((layer) => layer.descriptor.digest);
}

/** Changes the bytes of a blob where it lies, without changing its name. */
export function spoil(layout: string, digest: string, change: (bytes: Buffer) => Uint8Array): void {
  const path = join(layout, 'blobs', ...digest.split(':'));
  writeFileSync(`${path}.new`, change(readFileSync(path)));
  renameSync(`${path}.new`, path);
}
