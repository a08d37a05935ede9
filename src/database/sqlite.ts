import { type ByteSource, type Fields, fieldsOf, take } from '../binary/index.js';
import { isTrowelError, TrowelError } from '../model/index.js';
import { Once, type Problems } from './problems.js';
import { readRecord, readVarint, type SqlValue } from './sqlite-record.js';

export interface SqliteRow {
  readonly rowid: number;
  readonly values: readonly SqlValue[];
}

export interface SqliteFile {
  readonly pageBytes: number;
  /** What a page has without the bytes that extensions reserve at its end. */
  readonly usableBytes: number;
  readonly pages: number;
  /** Whether the file is written through a write-ahead log: then what counts may stand in a file beside it. */
  readonly usesLog: boolean;
}

const magic = 'SQLite format 3\0';
const headerBytes = 100;
const leaf = 0x0d;
const interior = 0x05;

export function isSqlite(head: Uint8Array): boolean {
  return magic.length <= head.length && [...magic].every((char, at) => head[at] === char.charCodeAt(0));
}

/**
 * The header of a SQLite database. Throws TrowelError `bad-bytes`, `truncated` for what is none, `unsupported` for text
 * in UTF-16.
 * Follows: https://www.sqlite.org/fileformat2.html, 1.3 The Database Header.
 */
export function openSqlite(source: ByteSource): SqliteFile {
  const { bytes, u8, u16, u32 } = fieldsOf(take(source, 0, headerBytes), false);
  if (!isSqlite(bytes)) throw new TrowelError('bad-bytes', { what: 'no SQLite database' });
  const pageBytes = u16(16) === 1 ? 65536 : u16(16);
  const usableBytes = pageBytes - u8(20);
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || usableBytes < 480) {
    throw new TrowelError('bad-bytes', { what: `a SQLite page of ${pageBytes} bytes, ${usableBytes} usable` });
  }
  if (u32(56) > 1) throw new TrowelError('unsupported', { what: 'a SQLite database with text in UTF-16' });
  return { pageBytes, usableBytes, pages: Math.floor(source.sizeBytes / pageBytes), usesLog: u8(18) === 2 };
}

/**
 * The rows of one table, in the order of the tree; null where the schema has no table of this name.
 *
 * What is broken is told to `problems` and left out; the rest is read. Every page is read once and the cells of a page
 * have no more bytes than it, so the work is bounded by the file's size. Tables WITHOUT ROWID are not read: they are
 * indexes inside. An INTEGER PRIMARY KEY is stored as null, its value is `rowid`.
 * Follows: https://www.sqlite.org/fileformat2.html, 1.6 B-tree Pages, 2.1 Record Format, 2.6 The Schema Table.
 */
export function sqliteTable(
  source: ByteSource,
  file: SqliteFile,
  name: string,
  problems: Problems,
): Generator<SqliteRow> | null {
  const seen = new Once(file.pages + 1);
  for (const { values } of rows({ source, file, seen, problems }, 1)) {
    const [type, title, , root] = values;
    if (type === 'table' && title === name && typeof root === 'number') {
      return rows({ source, file, seen, problems }, root);
    }
  }
  return null;
}

interface Reading {
  readonly source: ByteSource;
  readonly file: SqliteFile;
  readonly seen: Once;
  readonly problems: Problems;
}

/** Depth first, left to right, with a stack of our own: a tree is as deep as the file says. */
function* rows(reading: Reading, root: number): Generator<SqliteRow> {
  const waiting = [root];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const page = pageAt(reading, number);
    if (page === null) continue;
    const start = number === 1 ? headerBytes : 0;
    const kind = page.bytes[start];
    if (kind === interior) waiting.push(...children(reading, page, start, number).reverse());
    else if (kind === leaf) yield* leafRows(reading, page, start, number);
    else reading.problems.add(`page ${number} is no page of a table`);
  }
}

function pageAt({ source, file, seen, problems }: Reading, number: number): Fields | null {
  if (number < 1 || number > file.pages) problems.add(`the file has no page ${number}`);
  else if (!seen.take(number)) problems.add(`page ${number} is used twice`);
  else return fieldsOf(take(source, (number - 1) * file.pageBytes, file.pageBytes), false);
  return null;
}

function children({ problems }: Reading, page: Fields, start: number, number: number): number[] {
  const found: number[] = [];
  for (const at of cellPlaces(page, start + 12, page.u16(start + 3))) {
    if (at + 4 > page.bytes.length) problems.add(`a cell lies outside of page ${number}`);
    else found.push(page.u32(at));
  }
  found.push(page.u32(start + 8));
  return found;
}

function cellPlaces(page: Fields, start: number, count: number): number[] {
  const room = Math.max(0, Math.floor((page.bytes.length - start) / 2));
  return Array.from({ length: Math.min(count, room) }, (_, index) => page.u16(start + 2 * index));
}

function* leafRows(reading: Reading, page: Fields, start: number, number: number): Generator<SqliteRow> {
  let bytesOfCells = 0;
  for (const at of cellPlaces(page, start + 8, page.u16(start + 3))) {
    try {
      const { payload, rowid, localBytes } = cellAt(reading, page, at);
      bytesOfCells += localBytes;
      if (bytesOfCells > page.bytes.length) {
        reading.problems.add(`the cells of page ${number} overlap`);
        return;
      }
      yield { rowid, values: readRecord(payload) };
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      reading.problems.add(`page ${number}: ${error.what}`);
    }
  }
}

interface Cell {
  readonly payload: Uint8Array;
  readonly rowid: number;
  readonly localBytes: number;
}

/** A cell of a leaf, its payload put together (fileformat2, 1.6, "Cell Payload Overflow Pages"). */
function cellAt(reading: Reading, page: Fields, at: number): Cell {
  const { usableBytes } = reading.file;
  const size = readVarint(page.bytes, at);
  const rowid = readVarint(page.bytes, size.next);
  const whole = size.value;
  if (whole > reading.source.sizeBytes) throw bad('a row is larger than the file');
  const most = usableBytes - 35;
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const wanted = least + ((whole - least) % (usableBytes - 4));
  const local = whole <= most ? whole : wanted <= most ? wanted : least;
  const end = rowid.next + local;
  if (end > usableBytes) throw bad('a row lies outside of its page');
  const localPart = page.bytes.subarray(rowid.next, end);
  const payload = local === whole ? localPart : withOverflow(reading, localPart, whole, page.u32(end));
  return { payload, rowid: rowid.value, localBytes: end - at };
}

function withOverflow(reading: Reading, local: Uint8Array, whole: number, first: number): Uint8Array {
  const payload = new Uint8Array(whole);
  payload.set(local);
  let filled = local.length;
  for (let number = first; filled < whole; ) {
    const page = pageAt(reading, number);
    if (page === null) throw bad('a chain of overflow pages is broken');
    const part = page.bytes.subarray(4, 4 + Math.min(whole - filled, reading.file.usableBytes - 4));
    payload.set(part, filled);
    filled += part.length;
    number = page.u32(0);
  }
  return payload;
}

function bad(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what });
}
