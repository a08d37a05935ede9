import type { LayerResult } from '../../model/index.js';
import { LayerPass } from '../layer-pass.js';
import { readLinks } from '../links.js';
import type { TreeTask } from '../read-tree.js';
import { Digester } from '../stored-stream.js';
import { fileChunks } from './payload.js';
import { type ArchivePlace, walkArchive } from './walk.js';

/**
 * Reads one file as if it were a layer (`file:`), by the rules of `walkArchive`: names are what they are, so `.wh.x` is
 * a file here. `digest` and `diffID` are those of the file itself, whatever is packed in it.
 * Throws TrowelError as `walkArchive` does.
 */
export async function readArchive(
  location: ArchivePlace & { readonly kind: 'archive' },
  task: TreeTask & { readonly onBytes?: (bytes: number) => void },
): Promise<LayerResult> {
  const stored = new Digester('sha256');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of fileChunks(location.path)) {
      stored.update(chunk);
      task.onBytes?.(chunk.length);
      yield chunk;
    }
  }
  const pass = new LayerPass({ ...task, markers: false }, () => stored.bytes);
  const walked = walkArchive(location, bytes(), { handler: pass, limits: task.limits, only: null });
  const own = await walked.finally(() => pass.close());
  const links = pass.wantedLinks();
  const more = links.size === 0 ? { records: [], gaps: [] } : await readLinks(location, links, task);
  const { entries, whiteouts, records, gaps } = pass.result();
  const digest = stored.digest();
  let uncompressedBytes = 0;
  for (const { sizeBytes } of entries) uncompressedBytes += sizeBytes;
  return {
    digest,
    diffID: digest,
    sizeBytes: stored.bytes,
    uncompressedBytes,
    entries,
    whiteouts,
    records: [...records, ...own, ...more.records],
    gaps: [...gaps, ...more.gaps],
    problems: [],
  };
}
