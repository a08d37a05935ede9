import { TrowelError } from '../model/index.js';
import { nameText } from './text.js';
import type { ZipEntry, ZipFile } from './zip-types.js';

/** The end-of-central-directory record without its comment, and the longest comment. */
const endBytes = 22;
const maxComment = 0xffff;
const centralHeaderBytes = 46;

/** Where the central directory is. `shift` is what prefix bytes (a launcher before a jar) add to every offset. */
interface Directory {
  readonly start: number;
  readonly length: number;
  readonly count: number;
  readonly shift: number;
}

/**
 * The entries of a zip file in the order of its central directory.
 * Throws `bad-bytes`, `truncated`, `too-large` (more than `maxEntries`), `unsupported` (an archive in several parts).
 * Follows: APPNOTE.TXT 6.3.10, 4.3.12 to 4.3.16 and 4.5.3 (zip64).
 */
export function readDirectory(file: ZipFile, maxEntries: number): ZipEntry[] {
  const directory = findDirectory(file);
  if (directory.count > maxEntries) {
    throw new TrowelError('too-large', { what: `the zip archive holds more than ${maxEntries} entries` });
  }
  const bytes = file.slice(directory.start, directory.length);
  if (bytes.length < directory.length) throw truncated(directory.start);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  // The record's count is 16 bits and some writers let it wrap: the directory's own length decides.
  while (at + centralHeaderBytes <= bytes.length && view.getUint32(at, true) === 0x02014b50) {
    if (entries.length >= maxEntries) {
      throw new TrowelError('too-large', { what: `the zip archive holds more than ${maxEntries} entries` });
    }
    const next = at + centralHeaderBytes + variableBytes(view, at);
    if (next > bytes.length) throw truncated(directory.start + at);
    entries.push(centralEntry(bytes, view, at, directory));
    at = next;
  }
  if (entries.length % 0x10000 !== directory.count % 0x10000) {
    throw bad(`the central directory holds ${entries.length} entries, not ${directory.count}`, directory.start + at);
  }
  return entries;
}

function variableBytes(view: DataView, at: number): number {
  return view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
}

function findDirectory(file: ZipFile): Directory {
  const tailBytes = Math.min(file.sizeBytes, endBytes + maxComment);
  const tailStart = file.sizeBytes - tailBytes;
  const tail = file.slice(tailStart, tailBytes);
  const view = viewOf(tail);
  const at = findEnd(view);
  if (at === null) throw bad('no end of a zip archive is there', file.sizeBytes);
  const end = tailStart + at;
  const zip64 = readZip64End(file, end);
  if (zip64 !== null) return zip64;
  if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) throw severalParts();
  const length = view.getUint32(at + 12, true);
  const stated = view.getUint32(at + 16, true);
  return placed(stated, length, view.getUint16(at + 10, true), end);
}

/** The last record whose comment ends with the file; else the last whose comment fits (something was appended). */
function findEnd(view: DataView): number | null {
  let fallback: number | null = null;
  for (let at = view.byteLength - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const end = at + endBytes + view.getUint16(at + 20, true);
    if (end === view.byteLength) return at;
    if (end < view.byteLength && fallback === null) fallback = at;
  }
  return fallback;
}

/** The directory ends where the end record begins, whatever offset it states: the difference is the prefix. */
function placed(stated: number, length: number, count: number, end: number): Directory {
  const start = end - length;
  if (start < 0 || start < stated) throw bad('the central directory lies outside of the file', end);
  return { start, length, count, shift: start - stated };
}

function readZip64End(file: ZipFile, end: number): Directory | null {
  const locator = viewOf(file.slice(end - 20, end >= 20 ? 20 : 0));
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== 0x07064b50) return null;
  if (locator.getUint32(16, true) > 1) throw severalParts();
  const stated = big(locator, 8);
  // With prefix bytes the stated place is too early; the record is 56 bytes long unless someone extends it.
  for (const start of [stated, end - 20 - 56]) {
    if (start < 0 || start + 56 > end - 20) continue;
    const record = viewOf(file.slice(start, 56));
    if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06064b50) continue;
    return placed(big(record, 48), big(record, 40), big(record, 32), start);
  }
  throw bad('the zip64 end record is not where its locator says', end);
}

function centralEntry(bytes: Uint8Array, view: DataView, at: number, directory: Directory): ZipEntry {
  const nameBytes = view.getUint16(at + 28, true);
  const nameEnd = at + centralHeaderBytes + nameBytes;
  const path = nameText(bytes.subarray(at + centralHeaderBytes, nameEnd));
  const sizes = {
    size: view.getUint32(at + 24, true),
    compressed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  const wide = widened(sizes, view, nameEnd, view.getUint16(at + 30, true));
  const unix = view.getUint8(at + 5) === 3;
  return {
    path,
    directory: path.endsWith('/'),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    compressedBytes: wide.compressed,
    sizeBytes: wide.size,
    crc32: view.getUint32(at + 16, true),
    mode: unix ? view.getUint16(at + 40, true) : 0,
    offset: wide.offset + directory.shift,
  };
}

interface Sizes {
  readonly size: number;
  readonly compressed: number;
  readonly offset: number;
}

/** Takes from the zip64 extra field what the 32-bit fields leave to it, in the order that 4.5.3 gives. */
function widened(sizes: Sizes, view: DataView, start: number, length: number): Sizes {
  const wanted = [sizes.size, sizes.compressed, sizes.offset];
  if (!wanted.includes(0xffffffff)) return sizes;
  for (let at = start; at + 4 <= start + length; ) {
    const fieldBytes = view.getUint16(at + 2, true);
    const end = Math.min(at + 4 + fieldBytes, start + length);
    if (view.getUint16(at, true) === 1) {
      let from = at + 4;
      const [size = 0, compressed = 0, offset = 0] = wanted.map((value) => {
        if (value !== 0xffffffff || from + 8 > end) return value;
        from += 8;
        return big(view, from - 8);
      });
      return { size, compressed, offset };
    }
    at = at + 4 + fieldBytes;
  }
  return sizes;
}

function big(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw bad('a zip64 number is out of bounds', at);
  return Number(value);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function severalParts(): TrowelError {
  return new TrowelError('unsupported', { what: 'a zip archive in several parts' });
}

function truncated(offset: number): TrowelError {
  return new TrowelError('truncated', { what: 'the central directory ends too early', where: { offset } });
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
