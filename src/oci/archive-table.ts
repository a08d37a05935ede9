import { posix } from 'node:path';
import type { BlobLocation } from '../model/index.js';
import { TrowelError } from '../model/index.js';
import {
  type Compression,
  cleanPath,
  decompress,
  sniffCompression,
  type TarHeader,
  type TarLimits,
  TarReader,
  type TarSink,
} from '../pack/index.js';
import { fileSize, openFile, readAt, readBytes, readRange } from './files.js';

/** A regular file inside an image archive. */
export interface Member {
  /** In bytes of the uncompressed archive. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** The first bytes, for telling gzip and zstd. */
  readonly head: Uint8Array;
  /** The content where it was kept: of small members of compressed archives, which are costly to read again. */
  readonly bytes: Uint8Array | null;
}

/** What is where in one image archive. */
export interface ArchiveTable {
  readonly path: string;
  readonly compression: Compression;
  readonly members: ReadonlyMap<string, Member>;
  /** Symbolic and hard links between members, cleaned; old docker and skopeo link equal layers. */
  readonly links: ReadonlyMap<string, string>;
  /** Names in the order of the archive, the first few: to say what it is when it is no image. */
  readonly firstNames: readonly string[];
  /** Why the table ends early, if it does: what came before is whole and can be used. */
  readonly fault: TrowelError | null;
}

const limits: TarLimits = { entries: 500_000, pathBytes: 4096, totalBytes: 2 ** 40 };
const headBytes = 8;
const keptMemberBytes = 1024 * 1024;
const keptBytes = 64 * 1024 * 1024;
const mostLinks = 16;
/** A compressed archive may grow this much beyond a size at which nobody worries: a bomb ends here. */
const ratio = 250;
const freeBytes = 2 ** 30;
const zeros = new Uint8Array(readBytes);

/**
 * Reads where the members of an image archive lie: of a plain tar only the headers, of a compressed one everything.
 *
 * A fault after some entries is kept in the table, since an image whose documents came before it can still be told of.
 * Throws TrowelError where there is no entry at all: `not-found`, `denied`, `bad-bytes`, `truncated`, `unsupported`.
 */
export async function readArchiveTable(path: string): Promise<ArchiveTable> {
  const file = await openFile(path);
  let compression: Compression;
  let size: number;
  try {
    size = (await fileSize(path)) ?? 0;
    compression = sniffCompression(await readAt(file, 0, headBytes));
  } finally {
    await file.close();
  }
  if (size === 0) throw new TrowelError('truncated', { what: 'the archive is empty', where: { file: path } });
  const builder = new TableBuilder();
  const fault = await faultOf(path, () =>
    compression === 'none' ? skim(path, size, builder) : inflate(path, size, compression, builder),
  );
  if (fault !== null && builder.firstNames.length === 0) throw fault;
  const { members, links, firstNames } = builder;
  return { path, compression, members, links, firstNames, fault };
}

/** A member by its cleaned name, through links. */
export function findMember(table: ArchiveTable, name: string): Member | null {
  let path = cleanPath(name);
  for (let hops = 0; path !== null && hops <= mostLinks; hops++) {
    const member = table.members.get(path);
    if (member !== undefined) return member;
    path = table.links.get(path) ?? null;
  }
  return null;
}

/** The bytes of a small member, or null where the archive lacks it. Throws TrowelError `too-large`. */
export async function readMember(table: ArchiveTable, name: string, limitBytes: number): Promise<Uint8Array | null> {
  const member = findMember(table, name);
  if (member === null) return null;
  if (member.bytes !== null) return member.bytes;
  if (member.sizeBytes > limitBytes) {
    throw new TrowelError('too-large', {
      what: `has ${member.sizeBytes} bytes, the limit is ${limitBytes}`,
      where: { file: table.path, entry: name },
    });
  }
  const parts: Uint8Array[] = [];
  for await (const part of readLocation(memberLocation(table, member))) parts.push(part.slice());
  return Buffer.concat(parts);
}

export function memberLocation(table: ArchiveTable, member: Member): BlobLocation & { kind: 'file' | 'member' } {
  const kind = table.compression === 'none' ? 'file' : 'member';
  return { kind, path: table.path, offset: member.offset, sizeBytes: member.sizeBytes };
}

/** The bytes of a stretch of a file, or of the uncompressed bytes of a compressed one. */
export function readLocation(location: BlobLocation & { kind: 'file' | 'member' }): AsyncIterable<Uint8Array> {
  const { path, offset, sizeBytes } = location;
  return location.kind === 'file' ? readRange(path, offset, sizeBytes) : readInflated(path, offset, sizeBytes);
}

async function* readInflated(path: string, offset: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const { stream } = await inflated(path);
  const end = offset + sizeBytes;
  let at = 0;
  for await (const chunk of stream) {
    const from = Math.max(0, offset - at);
    const to = Math.min(chunk.length, end - at);
    at += chunk.length;
    if (from < to) yield chunk.subarray(from, to);
    if (at >= end) return;
  }
  throw new TrowelError('truncated', { what: `ends ${end - at} bytes too early`, where: { file: path, offset: at } });
}

async function inflated(path: string): Promise<{ stream: AsyncIterable<Uint8Array>; size: number }> {
  const file = await openFile(path);
  const head = await readAt(file, 0, headBytes).finally(() => file.close());
  const size = (await fileSize(path)) ?? 0;
  return { stream: decompress(readRange(path, 0, size), sniffCompression(head)), size };
}

/** Collects the table while a tar reader walks the archive. */
class TableBuilder {
  readonly members = new Map<string, Member>();
  readonly links = new Map<string, string>();
  readonly firstNames: string[] = [];
  #kept = 0;

  /** Takes the entry; the sink is null where its content is not wanted. A later entry of a name replaces the former. */
  entry(header: TarHeader, keep: boolean): TarSink | null {
    const path = cleanPath(header.path);
    if (path === null || path === '') return null;
    if (this.firstNames.length < 8) this.firstNames.push(path);
    this.links.delete(path);
    this.members.delete(path);
    if (header.type === 'hardlink') this.#link(path, header.link);
    if (header.type === 'symlink') this.#link(path, posix.join(posix.dirname(path), header.link));
    if (header.type !== 'file' || header.sparse) return null;
    if (!keep) {
      this.add(path, header, new Uint8Array(0), null);
      return null;
    }
    return this.#keeper(path, header);
  }

  add(path: string, header: TarHeader, head: Uint8Array, bytes: Uint8Array | null): void {
    this.members.set(path, { offset: header.offset, sizeBytes: header.sizeBytes, head, bytes });
  }

  #link(path: string, target: string): void {
    const clean = cleanPath(target);
    if (clean !== null) this.links.set(path, clean);
  }

  #keeper(path: string, header: TarHeader): TarSink {
    const whole = header.sizeBytes <= keptMemberBytes && this.#kept + header.sizeBytes <= keptBytes;
    const wanted = whole ? header.sizeBytes : Math.min(headBytes, header.sizeBytes);
    if (whole) this.#kept += header.sizeBytes;
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    return {
      write(chunk) {
        if (filled >= wanted) return;
        const part = chunk.subarray(0, wanted - filled);
        bytes.set(part, filled);
        filled += part.length;
      },
      end: () => this.add(path, header, bytes.slice(0, headBytes), whole ? bytes : null),
    };
  }
}

/** Walks a plain tar from header to header: what lies between is never read, the tar reader is given zeros for it. */
async function skim(path: string, size: number, builder: TableBuilder): Promise<void> {
  let found: { path: string; header: TarHeader } | null = null;
  const reader = new TarReader(
    {
      entry(header) {
        builder.entry(header, false);
        const clean = cleanPath(header.path) ?? '';
        found = { path: clean, header };
        return null;
      },
    },
    limits,
  );
  const file = await openFile(path);
  try {
    let at = 0;
    while (at < size) {
      const window = await readAt(file, at, 65_536);
      if (window.length === 0) break;
      let used = 0;
      while (used < window.length) {
        const block = window.subarray(used, used + 512);
        reader.write(block);
        used += block.length;
        at += block.length;
        // Narrowing does not see that the handler ran.
        const entry = takeFound();
        if (entry === null || entry.header.storedBytes === 0) continue;
        const { header } = entry;
        const end = header.offset + header.storedBytes;
        if (end > size) {
          builder.members.delete(entry.path);
          throw new TrowelError('truncated', { what: `the archive ends inside ${entry.path}`, where: { file: path } });
        }
        if (builder.members.has(entry.path)) {
          builder.add(
            entry.path,
            header,
            await readAt(file, header.offset, Math.min(headBytes, header.sizeBytes)),
            null,
          );
        }
        const padded = Math.min(size, end + ((512 - (end % 512)) % 512));
        for (let left = padded - at; left > 0; left -= zeros.length) reader.write(zeros.subarray(0, left));
        used += padded - at;
        at = padded;
      }
    }
    reader.end();
  } finally {
    await file.close();
  }

  function takeFound(): { path: string; header: TarHeader } | null {
    const entry = found;
    found = null;
    return entry;
  }
}

/** Walks a compressed archive from end to end, keeping what is small. */
async function inflate(path: string, size: number, compression: Compression, builder: TableBuilder): Promise<void> {
  const reader = new TarReader({ entry: (header) => builder.entry(header, true) }, limits);
  const most = freeBytes + size * ratio;
  let written = 0;
  for await (const chunk of decompress(readRange(path, 0, size), compression)) {
    written += chunk.length;
    if (written > most) {
      throw new TrowelError('too-large', { what: `grows beyond ${most} bytes when it is uncompressed` });
    }
    reader.write(chunk);
  }
  reader.end();
}

/** The fault of a walk, with the archive's name. Anything that is no TrowelError is our bug and goes on. */
async function faultOf(path: string, walk: () => Promise<void>): Promise<TrowelError | null> {
  try {
    await walk();
    return null;
  } catch (error) {
    if (!(error instanceof TrowelError)) throw error;
    const where = { ...error.where, file: path };
    return new TrowelError(error.code, { what: error.what, where, cause: error });
  }
}
