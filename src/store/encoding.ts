import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type CatalogGap,
  type CatalogRecord,
  type FileContent,
  type FileEntry,
  type FileType,
  type JsonValue,
  type LayerResult,
  type Reason,
  reasons,
  type Whiteout,
} from '../model/index.js';

/** What is kept of a layer beside what cataloguers found. */
export type FilesPart = Omit<LayerResult, 'records' | 'problems'>;

/** What one cataloguer found in a layer. */
export type ReaderPart = Pick<LayerResult, 'records' | 'gaps'>;

/** Far more than any layer within the limits gives; only what was written by others could be larger. */
const maxBytes = 2 * 1024 ** 3 - 1;

/** JSON, deflated; null where that is more than one string can be. Entries are rows without names. */
export function encodeFiles(part: FilesPart): Uint8Array | null {
  const { entries, whiteouts, gaps, ...rest } = part;
  return deflated({
    ...rest,
    entries: entries.map((entry) => [
      entry.path,
      entry.type,
      entry.mode,
      entry.uid,
      entry.gid,
      entry.sizeBytes,
      entry.link,
      entry.sha256,
      entry.content,
      entry.md5 ?? null,
      entry.sha1 ?? null,
    ]),
    whiteouts: whiteouts.map((whiteout) => [whiteout.path, whiteout.opaque]),
    gaps,
  });
}

/** Null for bytes that are not what `encodeFiles` writes. */
export function decodeFiles(bytes: Uint8Array): FilesPart | null {
  const value = inflated(bytes);
  if (!isRecord(value)) return null;
  const { digest, diffID, sizeBytes, uncompressedBytes } = value;
  const entries = all(value.entries, entryOf);
  const whiteouts = all(value.whiteouts, whiteoutOf);
  const gaps = all(value.gaps, gapOf);
  if (typeof digest !== 'string' || typeof diffID !== 'string') return null;
  if (typeof sizeBytes !== 'number' || typeof uncompressedBytes !== 'number') return null;
  if (entries === null || whiteouts === null || gaps === null) return null;
  return { digest, diffID, sizeBytes, uncompressedBytes, entries, whiteouts, gaps };
}

/** JSON, deflated; null where that is more than one string can be. */
export function encodeReader(part: ReaderPart): Uint8Array | null {
  return deflated({ records: part.records, gaps: part.gaps });
}

/** Null for bytes that are not what `encodeReader` writes. */
export function decodeReader(bytes: Uint8Array): ReaderPart | null {
  const value = inflated(bytes);
  if (!isRecord(value)) return null;
  const records = all(value.records, recordOf);
  const gaps = all(value.gaps, gapOf);
  return records === null || gaps === null ? null : { records, gaps };
}

function deflated(value: unknown): Uint8Array | null {
  try {
    return deflateRawSync(JSON.stringify(value), { level: 1 });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function inflated(bytes: Uint8Array): JsonValue {
  try {
    const value: JsonValue = JSON.parse(inflateRawSync(bytes, { maxOutputLength: maxBytes }).toString('utf8'));
    return value;
  } catch {
    return null;
  }
}

type JsonRecord = { readonly [key: string]: JsonValue };

function isRecord(value: JsonValue | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !isArray(value);
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Every item of a list, or null when one is not what it should be. */
function all<T>(value: JsonValue | undefined, read: (item: JsonValue) => T | null): T[] | null {
  if (!isArray(value)) return null;
  const items: T[] = [];
  for (const item of value) {
    const one = read(item);
    if (one === null) return null;
    items.push(one);
  }
  return items;
}

function entryOf(row: JsonValue): FileEntry | null {
  if (!isArray(row)) return null;
  const [path, type, mode, uid, gid, sizeBytes, link, sha256, content, md5, sha1] = row;
  if (typeof path !== 'string' || !isFileType(type) || !isContent(content)) return null;
  if (typeof mode !== 'number' || typeof uid !== 'number' || typeof gid !== 'number') return null;
  if (typeof sizeBytes !== 'number' || !isTextOrNull(link) || !isTextOrNull(sha256)) return null;
  return {
    path,
    type,
    mode,
    uid,
    gid,
    sizeBytes,
    link,
    sha256,
    ...(typeof md5 === 'string' ? { md5 } : {}),
    ...(typeof sha1 === 'string' ? { sha1 } : {}),
    content,
  };
}

function whiteoutOf(row: JsonValue): Whiteout | null {
  if (!isArray(row)) return null;
  const [path, opaque] = row;
  return typeof path === 'string' && typeof opaque === 'boolean' ? { path, opaque } : null;
}

function recordOf(value: JsonValue): CatalogRecord | null {
  if (!isRecord(value)) return null;
  const { by, path, data } = value;
  return typeof by === 'string' && typeof path === 'string' && data !== undefined ? { by, path, data } : null;
}

function gapOf(value: JsonValue): CatalogGap | null {
  if (!isRecord(value)) return null;
  const { by, path, reason, detail } = value;
  if (typeof by !== 'string' || typeof path !== 'string' || !isReason(reason) || typeof detail !== 'string')
    return null;
  return { by, path, reason, detail };
}

const fileTypes: readonly FileType[] = ['file', 'directory', 'symlink', 'hardlink', 'character', 'block', 'fifo'];
const contents: readonly FileContent[] = ['elf', 'pe', 'mach-o', 'script', 'archive', 'text', 'data', 'empty', 'none'];

function isFileType(value: JsonValue | undefined): value is FileType {
  return fileTypes.some((type) => type === value);
}

function isContent(value: JsonValue | undefined): value is FileContent {
  return contents.some((content) => content === value);
}

function isReason(value: JsonValue | undefined): value is Reason {
  return reasons.some((reason) => reason === value);
}

function isTextOrNull(value: JsonValue | undefined): value is string | null {
  return value === null || typeof value === 'string';
}
