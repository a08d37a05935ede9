import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** As far as the benchmarks use it (OCI image-spec, descriptor.md). */
export interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface Index {
  readonly manifests: readonly Descriptor[];
}

/** Where a blob lies in an OCI layout. */
export function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'));
}

/** The index of a layout, and the manifest of its first image. */
export function readLayout(layout: string): { readonly index: Index; readonly manifest: Manifest } {
  const index: Index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const manifest: Manifest = JSON.parse(readFileSync(blobPath(layout, index.manifests[0]?.digest ?? ''), 'utf8'));
  return { index, manifest };
}

/** Inflates a layer and takes SHA-256 of the compressed and of the uncompressed bytes, both as hex; nothing else. */
export async function sumsOf(path: string): Promise<readonly [string, string]> {
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  file.on('data', (chunk) => stored.update(chunk));
  for await (const chunk of file.pipe(createGunzip({ chunkSize: 1 << 20 }))) plain.update(chunk);
  return [stored.digest('hex'), plain.digest('hex')];
}
