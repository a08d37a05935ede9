import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blobPath, type Descriptor, readLayout } from '../stored-layers.js';

interface Config {
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history: readonly unknown[];
}

/** Writes an OCI layout in `to` with the first `count` layers of the image in the layout `from`; blobs are hard links. */
export function firstLayers(from: string, to: string, count: number): void {
  const { index, manifest } = readLayout(from);
  const config: Config = JSON.parse(readFileSync(blobPath(from, manifest.config.digest), 'utf8'));
  mkdirSync(join(to, 'blobs', 'sha256'), { recursive: true });
  const put = (value: unknown): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(blobPath(to, digest), bytes);
    return { digest, size: bytes.length };
  };
  const layers = manifest.layers.slice(0, count);
  for (const { digest } of layers) linkSync(blobPath(from, digest), blobPath(to, digest));
  const rootfs = { ...config.rootfs, diff_ids: config.rootfs.diff_ids.slice(0, count) };
  const shorter = put({ ...config, rootfs, history: config.history.slice(0, count) });
  const described = put({ ...manifest, config: { ...manifest.config, ...shorter }, layers });
  writeFileSync(
    join(to, 'index.json'),
    JSON.stringify({ ...index, manifests: [{ ...index.manifests[0], ...described }] }),
  );
  writeFileSync(join(to, 'oci-layout'), readFileSync(join(from, 'oci-layout')));
}
