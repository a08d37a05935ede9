import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenBlob } from '../model/index.js';
import { decompress, sniffCompression } from '../pack/index.js';
import { type FindOptions, type ImageFinder, openImages } from './find-images.js';

/** For tests: runs an action with a fresh folder, which is removed. */
export async function inTemporary<T>(action: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'trowel-oci-'));
  try {
    return await action(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

export const quietOptions: FindOptions = {
  platforms: ['linux/amd64'],
  stores: [],
  offline: true,
  plainHttp: [],
  registryConfig: null,
  ca: null,
  allowBadDigest: false,
  env: {},
  stdin: nothing(),
  timeoutMs: 10_000,
  sleep: async () => undefined,
};

/** For tests: a finder that is closed afterwards. */
export async function withFinder<T>(
  options: Partial<FindOptions>,
  action: (finder: ImageFinder) => Promise<T>,
): Promise<T> {
  const finder = openImages({ ...quietOptions, ...options });
  try {
    return await action(finder);
  } finally {
    await finder.close();
  }
}

/** For tests: digests of the bytes of a blob as stored and uncompressed, by plain means. */
export async function digestsOf(
  openBlob: OpenBlob,
  location: Parameters<OpenBlob>[0],
): Promise<{ digest: string; diffID: string; sizeBytes: number }> {
  const parts: Uint8Array[] = [];
  for await (const part of await openBlob(location)) parts.push(part.slice());
  const bytes = Buffer.concat(parts);
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const plain = createHash('sha256');
  for await (const part of decompress(whole(), sniffCompression(bytes))) plain.update(part);
  return {
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    diffID: `sha256:${plain.digest('hex')}`,
    sizeBytes: bytes.length,
  };
}
