import { TrowelError } from '../model/index.js';

/**
 * The bytes of one file with random access. A read past the end returns fewer bytes, never an error:
 * every reader here checks what it got.
 */
export interface ByteSource {
  readonly sizeBytes: number;
  slice(offset: number, length: number): Uint8Array;
}

/** A stretch of memory of a program and where its bytes lie in the file. Sizes in bytes. */
export interface MappedRegion {
  readonly address: number;
  readonly offset: number;
  /** Bytes in the file; what memory has beyond them is zero and is not in the file. */
  readonly fileBytes: number;
}

/** Most bytes that one table (strings, symbols, headers) may have: far above any real program. */
export const maxTableBytes = 256 * 1024 * 1024;

/** Most rows (sections, segments, libraries) of one table of a header. */
export const maxRows = 65536;

/** `length` bytes at `offset`. Throws TrowelError `truncated` where the file has fewer. */
export function take(source: ByteSource, offset: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new TrowelError('bad-bytes', { what: 'an offset or size beyond what a file can have' });
  }
  if (offset + length > source.sizeBytes) {
    throw new TrowelError('truncated', {
      what: `${length} bytes are promised and the file has ${Math.max(0, source.sizeBytes - offset)}`,
      where: { offset },
    });
  }
  const bytes = source.slice(offset, length);
  if (bytes.length < length) throw new TrowelError('truncated', { what: 'the file ends too early', where: { offset } });
  return bytes;
}

/** Reads numbers of one byte order at fixed places of a header; every read is checked against the header's size. */
export interface Fields {
  readonly bytes: Uint8Array;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  /** A 64-bit number as float64; over 2^53 it is no offset, and `take` refuses it. */
  u64(at: number): number;
}

/** Fields over `length` bytes at `offset`. Throws TrowelError `truncated`. */
export function fieldsAt(source: ByteSource, offset: number, length: number, littleEndian: boolean): Fields {
  return fieldsOf(take(source, offset, length), littleEndian);
}

export function fieldsOf(bytes: Uint8Array, littleEndian: boolean): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const check = (at: number, size: number): number => {
    if (at < 0 || at + size > bytes.length) throw new TrowelError('truncated', { what: 'a header ends too early' });
    return at;
  };
  return {
    bytes,
    u8: (at) => view.getUint8(check(at, 1)),
    u16: (at) => view.getUint16(check(at, 2), littleEndian),
    u32: (at) => view.getUint32(check(at, 4), littleEndian),
    u64(at) {
      check(at, 8);
      const [low, high] = littleEndian ? [at, at + 4] : [at + 4, at];
      return view.getUint32(low, littleEndian) + view.getUint32(high, littleEndian) * 2 ** 32;
    },
  };
}

/** The text from `at` up to the next zero byte (or the end), read as UTF-8. */
export function textAt(bytes: Uint8Array, at: number): string {
  if (at < 0 || at >= bytes.length) return '';
  const end = bytes.indexOf(0, at);
  return utf8(bytes.subarray(at, end < 0 ? bytes.length : end));
}

/** The text at `offset` of the file up to a zero byte, at most `limit` bytes. */
export function textInFile(source: ByteSource, offset: number, limit = 4096): string {
  if (offset < 0 || offset >= source.sizeBytes) return '';
  return textAt(source.slice(offset, Math.min(limit, source.sizeBytes - offset)), 0);
}

export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Where an address lies in the file, and how many bytes follow in its region; null for none. */
export function locate(
  regions: readonly MappedRegion[],
  address: number,
): { readonly offset: number; readonly restBytes: number } | null {
  for (const region of regions) {
    if (address < region.address || address >= region.address + region.fileBytes) continue;
    const into = address - region.address;
    return { offset: region.offset + into, restBytes: region.fileBytes - into };
  }
  return null;
}

/** Refuses tables that no real program has: a header's count is never believed before this. */
export function boundRows(count: number, what: string): number {
  if (count > maxRows) throw new TrowelError('too-large', { what: `${count} ${what}, more than ${maxRows}` });
  return count;
}

/** What was read of a file before, for as long as somebody holds the file: it is shown to several readers. */
export function onceFor<T>(known: WeakMap<ByteSource, T>, source: ByteSource, read: (source: ByteSource) => T): T {
  const before = known.get(source);
  if (before !== undefined) return before;
  const found = read(source);
  known.set(source, found);
  return found;
}
