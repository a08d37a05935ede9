import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type CatalogGap,
  type CatalogRecord,
  FileTable,
  type JsonValue,
  type LayerResult,
  type Reason,
  reasons,
  type Whiteout,
} from '../model/index.js';
import { ByteReader, ByteWriter } from './byte-form.js';
import { readFileColumns, writeFileColumns } from './file-columns.js';

/** What is kept of a layer beside what cataloguers found. */
export type FilesPart = Omit<LayerResult, 'records' | 'problems'>;

/** What one cataloguer found in a layer. */
export type ReaderPart = Pick<LayerResult, 'records' | 'gaps'>;

/** Far more than any layer within the limits gives; only what was written by others could be larger. */
const maxBytes = 2 * 1024 ** 3 - 1;

/** The columns of the table behind what else there is as JSON; null where that is more than one string can be. */
export function encodeFiles(part: FilesPart): Uint8Array | null {
  const { entries, whiteouts, gaps, ...rest } = part;
  const head = textOf({ ...rest, whiteouts: whiteouts.map(({ path, opaque }) => [path, opaque]), gaps });
  if (head === null) return null;
  const to = new ByteWriter();
  to.text(head);
  writeFileColumns(to, entries.columns);
  return to.join();
}

/** Null for bytes that are not what `encodeFiles` writes. */
export function decodeFiles(bytes: Uint8Array): FilesPart | null {
  const from = new ByteReader(bytes);
  const value = parsed(from.text());
  const columns = readFileColumns(from);
  if (!isRecord(value) || columns === null) return null;
  const { digest, diffID, sizeBytes, uncompressedBytes } = value;
  const whiteouts = all(value.whiteouts, whiteoutOf);
  const gaps = all(value.gaps, gapOf);
  if (typeof digest !== 'string' || typeof diffID !== 'string') return null;
  if (typeof sizeBytes !== 'number' || typeof uncompressedBytes !== 'number') return null;
  if (whiteouts === null || gaps === null) return null;
  return { digest, diffID, sizeBytes, uncompressedBytes, entries: new FileTable(columns), whiteouts, gaps };
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
  const text = textOf(value);
  return text === null ? null : deflateRawSync(text, { level: 1 });
}

function textOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function inflated(bytes: Uint8Array): JsonValue {
  try {
    return parsed(inflateRawSync(bytes, { maxOutputLength: maxBytes }).toString('utf8'));
  } catch {
    return null;
  }
}

function parsed(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
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

function isReason(value: JsonValue | undefined): value is Reason {
  return reasons.some((reason) => reason === value);
}
