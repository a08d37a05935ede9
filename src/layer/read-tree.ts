import { createHash } from 'node:crypto';
import type { FileEntry, LayerLimits, LayerResult, OpenBlob } from '../model/index.js';
import type { ExtraDigest } from './file-sink.js';
import { LayerPass } from './layer-pass.js';
import { readLinks } from './links.js';
import type { LayerReader } from './readers.js';
import { walkTree } from './walk-tree.js';

export interface TreeTask {
  readonly readers: readonly LayerReader[];
  readonly digests: readonly ExtraDigest[];
  readonly limits: LayerLimits;
  readonly open: OpenBlob;
}

/**
 * Reads a directory as if it were one layer (`dir:`), by the rules of `walkTree`.
 *
 * Names are what they are: `.wh.x` is a file here, no whiteout. There is no tar, so `digest` and `diffID` are the
 * SHA-256 of a listing of all entries with their digests: equal trees have equal ones.
 * Throws TrowelError `not-found` or `denied` when the directory itself cannot be read, `too-large` as a layer does.
 */
export async function readTree(path: string, task: TreeTask): Promise<LayerResult> {
  // Nothing is compressed here and holes are on the disk: there is no ratio to judge.
  const pass = new LayerPass({ ...task, markers: false }, () => Number.MAX_SAFE_INTEGER);
  const bytes = await walkTree(path, pass, task.limits, null).finally(() => pass.close());
  const links = pass.wantedLinks();
  const more = links.size === 0 ? noMore : await readLinks({ kind: 'tree', path }, links, task);
  const kept = pass.result();
  const found = { ...kept, records: [...kept.records, ...more.records], gaps: [...kept.gaps, ...more.gaps] };
  const digest = digestOf(found.entries);
  return { digest, diffID: digest, sizeBytes: bytes, uncompressedBytes: bytes, ...found, problems: [] };
}

const noMore = { records: [], gaps: [] };

function digestOf(entries: Iterable<FileEntry>): string {
  const listing = createHash('sha256');
  for (const { path, type, mode, uid, gid, link, sizeBytes, sha256 } of entries) {
    listing.update(`${JSON.stringify([path, type, mode, uid, gid, link, sizeBytes, sha256])}\n`);
  }
  return `sha256:${listing.digest('hex')}`;
}
