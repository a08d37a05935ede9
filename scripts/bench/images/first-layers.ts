import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface Config {
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history: readonly unknown[];
}

/** Writes an OCI layout in `to` with the first `count` layers of the image in the layout `from`; blobs are hard links. */
export function firstLayers(from: string, to: string, count: number): void {
  const blob = (layout: string, digest: string): string => join(layout, 'blobs', ...digest.split(':'));
  const index: { readonly manifests: readonly Descriptor[] } = JSON.parse(
    readFileSync(join(from, 'index.json'), 'utf8'),
  );
  const manifest: Manifest = JSON.parse(readFileSync(blob(from, index.manifests[0]?.digest ?? ''), 'utf8'));
  const config: Config = JSON.parse(readFileSync(blob(from, manifest.config.digest), 'utf8'));
  mkdirSync(join(to, 'blobs', 'sha256'), { recursive: true });
  const put = (value: unknown): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(blob(to, digest), bytes);
    return { digest, size: bytes.length };
  };
  const layers = manifest.layers.slice(0, count);
  for (const { digest } of layers) linkSync(blob(from, digest), blob(to, digest));
  const rootfs = { ...config.rootfs, diff_ids: config.rootfs.diff_ids.slice(0, count) };
  const shorter = put({ ...config, rootfs, history: config.history.slice(0, count) });
  const described = put({ ...manifest, config: { ...manifest.config, ...shorter }, layers });
  writeFileSync(
    join(to, 'index.json'),
    JSON.stringify({ ...index, manifests: [{ ...index.manifests[0], ...described }] }),
  );
  writeFileSync(join(to, 'oci-layout'), readFileSync(join(from, 'oci-layout')));
}
