import type {
  BlobLocation,
  CatalogGap,
  CatalogRecord,
  FileEntry,
  FileHead,
  LayerLimits,
  OpenBlob,
} from '../model/index.js';
import { cleanPath, type TarHeader, TarReader, type TarSink } from '../pack/index.js';
import { fileOfBytes } from './catalog-file.js';
import { FileSink } from './file-sink.js';
import { asks, type LayerReader, reads } from './readers.js';
import { openStored } from './stored-stream.js';
import { walkTree } from './walk-tree.js';

/** How many first bytes of each file are remembered, to ask readers about the names of hard links. */
export const rememberedBytes = 64;

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
  entries: readonly FileEntry[],
  firstBytes: ReadonlyMap<string, Uint8Array>,
  readers: readonly LayerReader[],
): WantedLinks {
  const links = entries.filter((entry) => entry.type === 'hardlink');
  if (links.length === 0 || readers.length === 0) return new Map();
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  const wanted = new Map<string, WantedLink[]>();
  for (const link of links) {
    const file = contentOfLink(link, files);
    const first = file === null ? undefined : firstBytes.get(file.path);
    if (file === null || first === undefined) continue;
    const head = headOf(file, link.path);
    const missed = readers.filter(
      (reader) => asks(reader, head, first) === true && asks(reader, headOf(file, file.path), first) !== true,
    );
    if (missed.length === 0) continue;
    const others = wanted.get(file.path);
    if (others === undefined) wanted.set(file.path, [{ head, readers: missed }]);
    else others.push({ head, readers: missed });
  }
  return wanted;
}

/** Links to links are followed as far as no way can go round: never more often than twice. */
function contentOfLink(link: FileEntry, files: ReadonlyMap<string, FileEntry>): FileEntry | null {
  let file = files.get(link.link ?? '');
  for (let hops = 0; hops < 2 && file?.type === 'hardlink'; hops++) file = files.get(file.link ?? '');
  return file?.type === 'file' ? file : null;
}

function headOf(file: FileEntry, path: string): FileHead {
  return { path, type: 'file', mode: file.mode, sizeBytes: file.sizeBytes, link: null };
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
  const { entries, pathBytes, layerBytes, wholeFileBytes } = tools.limits;
  const handler = {
    entry(header: TarHeader): TarSink | null {
      const path = header.type === 'file' ? cleanPath(header.path) : null;
      const links = path === null ? undefined : wanted.get(path);
      if (path === null || links === undefined) return null;
      const base = { path, type: 'file', mode: header.mode, sizeBytes: header.sizeBytes, link: null } as const;
      const fits = (): boolean => header.sizeBytes <= wholeFileBytes;
      return new FileSink(base, [], fits, (_facts, first, bytes) => look(links, first, bytes));
    },
    gap: () => undefined,
  };
  function look(links: readonly WantedLink[], first: Uint8Array, bytes: Uint8Array | null): void {
    for (const { head, readers } of links) {
      for (const reader of readers) {
        if (asks(reader, head, first) !== true) continue;
        const { path } = head;
        looked += head.sizeBytes;
        const tooMuch = looked > lookBytes;
        const detail = tooMuch
          ? `the hard links of the layer lead to more than ${lookBytes} bytes`
          : `the file has ${head.sizeBytes} bytes, more than ${wholeFileBytes}`;
        const found =
          bytes === null || tooMuch
            ? { records: [], gaps: [{ reason: 'too-large', detail } as const] }
            : reads(reader, fileOfBytes(head, bytes));
        for (const data of found.records) records.push({ by: reader.name, path, data });
        for (const gap of found.gaps) gaps.push({ by: reader.name, path, ...gap });
      }
    }
  }
  if (location.kind === 'tree') {
    await walkTree(location.path, handler, tools.limits, new Set(wanted.keys()));
    return { records, gaps };
  }
  const stream = await openStored(location, tools, tools.limits, 'sha256');
  const tar = new TarReader(handler, { entries, pathBytes, totalBytes: layerBytes });
  for await (const chunk of stream.chunks) tar.write(chunk);
  tar.end();
  return { records, gaps };
}
