import { type ByteSource, type Fields, fieldsOf, take } from '../binary/index.js';
import { TrowelError } from '../model/index.js';
import { Once, type Problems } from './problems.js';

export interface BerkeleyPair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface Reading {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly pageBytes: number;
  readonly pages: number;
  readonly seen: Once;
  readonly problems: Problems;
}

const hashMagic = 0x061561;
const metaBytes = 72;
const pageHeadBytes = 26;
/** P_HASH_UNSORTED, P_HASH: dbinc/db_page.h. */
const hashPages: readonly number[] = [2, 13];
const overflowPage = 7;
/** H_KEYDATA, H_OFFPAGE: dbinc/db_page.h; duplicates (2, 4) are not in databases that are read here. */
const inlineItem = 1;
const offPageItem = 3;

/** The byte order of a Berkeley DB hash file, or null for what is none: the magic stands at byte 12. */
export function berkeleyOrder(head: Uint8Array): { readonly littleEndian: boolean } | null {
  if (head.length < 16) return null;
  if (fieldsOf(head, true).u32(12) === hashMagic) return { littleEndian: true };
  return fieldsOf(head, false).u32(12) === hashMagic ? { littleEndian: false } : null;
}

/**
 * Every pair of a Berkeley DB hash database, in the order of its pages; both byte orders.
 *
 * All pages are looked through, not the buckets: what a damaged bucket hides is still there, and free pages have a type
 * of their own. What is broken is told to `problems` and left out. A page is used once, so the work is bounded by the
 * file's size. Throws TrowelError `bad-bytes`, `truncated`, or `unsupported` (encrypted or with checksums).
 * Follows: Berkeley DB 5.3, src/dbinc/db_page.h: DBMETA, PAGE, HKEYDATA, HOFFPAGE; P_OVERFLOW pages.
 */
export function* berkeleyPairs(source: ByteSource, problems: Problems): Generator<BerkeleyPair> {
  const meta = take(source, 0, metaBytes);
  const order = berkeleyOrder(meta);
  if (order === null) throw new TrowelError('bad-bytes', { what: 'no Berkeley DB hash database' });
  const { u8, u32 } = fieldsOf(meta, order.littleEndian);
  const pageBytes = u32(20);
  if (pageBytes < 512 || pageBytes > 65536 || (pageBytes & (pageBytes - 1)) !== 0) {
    throw new TrowelError('bad-bytes', { what: `a Berkeley DB page of ${pageBytes} bytes` });
  }
  if (u8(24) !== 0 || (u8(26) & 1) !== 0) {
    throw new TrowelError('unsupported', { what: 'a Berkeley DB database that is encrypted or has checksums' });
  }
  const pages = Math.floor(source.sizeBytes / pageBytes);
  if (u32(32) >= pages) problems.add(`the database has ${u32(32) + 1} pages and the file ${pages}`);
  const reading = { source, ...order, pageBytes, pages, seen: new Once(pages), problems };
  for (let number = 1; number < pages; number++) {
    const page = fieldsOf(take(source, number * pageBytes, pageBytes), order.littleEndian);
    if (hashPages.includes(page.u8(25))) yield* pairsOf(reading, page, number);
  }
}

function* pairsOf(reading: Reading, page: Fields, number: number): Generator<BerkeleyPair> {
  const count = page.u16(20);
  if (count % 2 !== 0 || pageHeadBytes + 2 * count > page.bytes.length) {
    reading.problems.add(`page ${number} has a key without a value`);
    return;
  }
  // Items are packed from the end of the page towards its head, in the order of the index.
  let end = page.bytes.length;
  const items: (Uint8Array | null)[] = [];
  for (let index = 0; index < count; index++) {
    const start = page.u16(pageHeadBytes + 2 * index);
    if (start >= end || start < pageHeadBytes + 2 * count) {
      reading.problems.add(`the items of page ${number} overlap`);
      return;
    }
    items.push(itemOf(reading, page, start, end));
    end = start;
  }
  for (let index = 0; index < count; index += 2) {
    const key = items[index];
    const value = items[index + 1];
    if (key != null && value != null) yield { key, value };
    else reading.problems.add(`page ${number} has an item that is damaged`);
  }
}

/** The bytes of one item; null for one that is not whole or of a kind that no database here has. */
function itemOf(reading: Reading, page: Fields, start: number, end: number): Uint8Array | null {
  const kind = page.u8(start);
  if (kind === inlineItem) return page.bytes.subarray(start + 1, end);
  if (kind !== offPageItem || start + 12 > end) return null;
  return overflow(reading, page.u32(start + 4), page.u32(start + 8));
}

/** The bytes of a chain of overflow pages: each says in `hf_offset` how many it has, and which comes next. */
function overflow(reading: Reading, first: number, length: number): Uint8Array | null {
  const { source, pageBytes, pages, littleEndian } = reading;
  if (length > source.sizeBytes) return null;
  const whole = new Uint8Array(length);
  let filled = 0;
  for (let number = first; filled < length; ) {
    if (number === 0 || number >= pages || !reading.seen.take(number)) return null;
    const page = fieldsOf(take(source, number * pageBytes, pageBytes), littleEndian);
    const part = page.bytes.subarray(pageHeadBytes, pageHeadBytes + page.u16(22));
    if (page.u8(25) !== overflowPage || part.length === 0 || filled + part.length > length) return null;
    whole.set(part, filled);
    filled += part.length;
    number = page.u32(16);
  }
  return whole;
}
