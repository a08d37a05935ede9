import {
  type BlobLocation,
  type CatalogFile,
  type CatalogGap,
  type CatalogRecord,
  type FileHead,
  FileIndex,
  type FileTable,
  type LayerLimits,
  type OpenBlob,
} from '../model/index.js';
import { cleanPath, type TarHeader, TarReader, type TarSink } from '../pack/index.js';
import { fileChunks } from './archive/payload.js';
import { walkArchive } from './archive/walk.js';
import { FileSink, type FileTaker } from './file-sink.js';
import { asks, type LayerReader, reads } from './readers.js';
import { openStored } from './stored-stream.js';
import { type TreeHandler, walkTree } from './walk-tree.js';

/** A link costs no bytes in a tar, but each one that is read costs the whole file: this many bytes in all. */
const lookBytes = 4 * 1024 ** 3;

/** A hard link that readers want for its name, who did not want its content under the name that it came with. */
interface WantedLink {
  readonly head: FileHead;
  readonly readers: readonly LayerReader[];
}

/** By path of the file that holds the content. */
export type WantedLinks = ReadonlyMap<string, readonly WantedLink[]>;

/**
 * The hard links of a layer that are worth a second look.
 *
 * A tar holds content under whichever name came first. Where that is a name like `store/files/ab/cdef` and the link is
 * `node_modules/x/package.json` (pnpm), or `bin/[` and `bin/busybox`, a reader that goes by name has missed it. Readers
 * that took the content under its first name are not asked: a hard-linked file counts once.
 */
export function wantedLinks(
  table: FileTable,
  beginning: (row: number) => Uint8Array,
  readers: readonly LayerReader[],
): WantedLinks {
  const wanted = new Map<string, WantedLink[]>();
  let index: FileIndex | null = null;
  for (let row = 0; row < table.length; row++) {
    if (table.type(row) !== 'hardlink') continue;
    index ??= new FileIndex(table.columns);
    if (index.isReplaced(row)) continue;
    const file = contentOfLink(table, index, row);
    if (file === null) continue;
    const first = beginning(file);
    const own = headOf(table, file, table.path(file));
    const head = headOf(table, file, table.path(row));
    const missed = readers.filter((reader) => asks(reader, head, first) === true && asks(reader, own, first) !== true);
    if (missed.length === 0) continue;
    const others = wanted.get(own.path);
    if (others === undefined) wanted.set(own.path, [{ head, readers: missed }]);
    else others.push({ head, readers: missed });
  }
  return wanted;
}

/** Links to links are followed as far as no way can go round: never more often than twice. */
function contentOfLink(table: FileTable, index: FileIndex, row: number): number | null {
  let file = index.rowOf(table.link(row) ?? '');
  for (let hops = 0; hops < 2 && file >= 0 && table.type(file) === 'hardlink'; hops++) {
    file = index.rowOf(table.link(file) ?? '');
  }
  return file >= 0 && table.type(file) === 'file' ? file : null;
}

function headOf(table: FileTable, row: number, path: string): FileHead {
  return { path, type: 'file', mode: table.columns.modes[row] ?? 0, sizeBytes: table.sizeBytes(row), link: null };
}

/** What the readers found under the names of links; the bytes are read a second time for it. */
export async function readLinks(
  location: BlobLocation,
  wanted: WantedLinks,
  tools: { readonly open: OpenBlob; readonly limits: LayerLimits },
): Promise<{ records: readonly CatalogRecord[]; gaps: readonly CatalogGap[] }> {
  const records: CatalogRecord[] = [];
  const gaps: CatalogGap[] = [];
  let looked = 0;
  const { wholeFileBytes } = tools.limits;
  let links: readonly WantedLink[] = [];
  const taker: FileTaker = {
    wants: () => true,
    done: (_head, { first, file }) => look(links, first, file),
  };
  const sink = new FileSink(taker, wholeFileBytes);
  const handler = {
    entry(header: TarHeader): TarSink | null {
      const path = header.type === 'file' ? cleanPath(header.path) : null;
      const found = path === null ? undefined : wanted.get(path);
      if (path === null || found === undefined) return null;
      links = found;
      return sink.next({ path, type: 'file', mode: header.mode, sizeBytes: header.sizeBytes, link: null }, []);
    },
    gap: () => undefined,
  };
  function look(wanting: readonly WantedLink[], first: Uint8Array, content: CatalogFile | null): void {
    for (const { head, readers } of wanting) {
      for (const reader of readers) {
        if (asks(reader, head, first) !== true) continue;
        const { path } = head;
        looked += head.sizeBytes;
        const detail =
          looked > lookBytes
            ? `the hard links of the layer lead to more than ${lookBytes} bytes`
            : head.sizeBytes > wholeFileBytes
              ? `the file has ${head.sizeBytes} bytes, more than ${wholeFileBytes}`
              : null;
        const found =
          content === null || detail !== null
            ? { records: [], gaps: [{ reason: 'too-large', detail: detail ?? 'not held' } as const] }
            : reads(reader, { ...content, head });
        for (const data of found.records) records.push({ by: reader.name, path, data });
        for (const gap of found.gaps) gaps.push({ by: reader.name, path, ...gap });
      }
    }
  }
  try {
    await lookThrough(location, handler, wanted, tools);
  } finally {
    sink.close();
  }
  return { records, gaps };
}

async function lookThrough(
  location: BlobLocation,
  handler: TreeHandler,
  wanted: WantedLinks,
  tools: { readonly open: OpenBlob; readonly limits: LayerLimits },
): Promise<void> {
  if (location.kind === 'tree') {
    await walkTree(location.path, handler, tools.limits, new Set(wanted.keys()));
    return;
  }
  if (location.kind === 'archive') {
    const { limits } = tools;
    await walkArchive(location, fileChunks(location.path), { handler, limits, only: new Set(wanted.keys()) });
    return;
  }
  const { entries, pathBytes, layerBytes } = tools.limits;
  const stream = await openStored(location, tools, tools.limits, 'sha256');
  const tar = new TarReader(handler, { entries, pathBytes, totalBytes: layerBytes });
  for await (const chunk of stream.chunks) tar.write(chunk);
  tar.end();
}
