import { type LayerResult, type LayerTask, TrowelError } from '../model/index.js';
import { TarReader } from '../pack/index.js';
import { readArchive } from './archive/read-archive.js';
import { LayerPass } from './layer-pass.js';
import { readLinks } from './links.js';
import { type OpenPlain, openPlain, type PlainTools } from './plain-layer.js';
import { layerProblems } from './problems.js';
import { readTree } from './read-tree.js';
import type { LayerReader } from './readers.js';

/** What the pass needs of its surroundings. */
export interface LayerTools extends PlainTools {
  readonly cataloguers: readonly LayerReader[];
  /** Where the layer is inflated and digested, if not here. */
  readonly openPlain?: OpenPlain;
}

/**
 * Reads one layer once: digest of the stored bytes, diff ID, entries with their digests, whiteouts, and what the
 * cataloguers that the task names find.
 *
 * Where the content of hard links is wanted for a name that is not the first, the bytes are read a second time.
 * Bytes that are not what was promised (digest, size, diff ID) are `problems` of the result; entries that cannot be
 * taken in and files that cannot be read are `gaps`. Locations of the kinds `tree` and `archive`
 * are read by `readTree` and `readArchive`.
 * Throws TrowelError when the layer as a whole gives no answer: `truncated`, `bad-bytes`, `unsupported`, `too-large`
 * (bytes, entries, ratio), and what `open` throws.
 * Follows: OCI image-spec, layer.md (changesets) and config.md (DiffID).
 */
export async function readLayer(task: LayerTask, tools: LayerTools): Promise<LayerResult> {
  const readers = readersOf(task, tools.cataloguers);
  if (task.location.kind === 'tree') return readTree(task.location.path, { ...task, readers, open: tools.open });
  if (task.location.kind === 'archive') {
    const { open, onBytes } = tools;
    return readArchive(task.location, { ...task, readers, open, ...(onBytes === undefined ? {} : { onBytes }) });
  }
  const plain = await (tools.openPlain ?? openPlain)(task, tools);
  const pass = new LayerPass({ ...task, readers }, plain.storedBytes);
  const { entries, pathBytes, layerBytes } = task.limits;
  const tar = new TarReader(pass, { entries, pathBytes, totalBytes: layerBytes });
  try {
    for await (const chunk of plain.chunks) tar.write(chunk);
    tar.end();
  } catch (error) {
    throw withSize(error, plain.storedBytes(), task);
  } finally {
    pass.close();
  }
  if (tar.globalOverrides) {
    pass.gap('', 'unsupported', 'a global pax header changes paths, links or sizes: runtimes do not follow it');
  }
  const found = plain.sums();
  const links = pass.wantedLinks();
  const more = links.size === 0 ? noMore : await readLinks(task.location, links, { ...tools, limits: task.limits });
  const { entries: files, whiteouts, records, gaps } = pass.result();
  const all = { entries: files, whiteouts, records: [...records, ...more.records], gaps: [...gaps, ...more.gaps] };
  return { ...found, ...all, problems: layerProblems(task, found) };
}

const noMore = { records: [], gaps: [] };

function readersOf(task: LayerTask, cataloguers: readonly LayerReader[]): readonly LayerReader[] {
  return task.cataloguers.map((name) => {
    const reader = cataloguers.find((one) => one.name === name);
    if (reader === undefined) throw new Error(`no cataloguer is called ${name}`);
    return reader;
  });
}

/** Broken bytes are often a layer that was cut short: says so where the promised size tells. */
function withSize(error: unknown, bytes: number, task: LayerTask): unknown {
  if (!(error instanceof TrowelError) || task.sizeBytes === null || bytes >= task.sizeBytes) return error;
  if (error.code !== 'truncated' && error.code !== 'bad-bytes') return error;
  const what = `${error.what}; of ${task.sizeBytes} promised bytes ${bytes} were read`;
  return new TrowelError(error.code, { what, where: error.where, cause: error });
}
