import { type Fields, fieldsOf, textAt } from '../../binary/index.js';
import { TrowelError } from '../../model/index.js';
import { nameText } from '../../pack/index.js';

/** Tags that are read here: rpm, include/rpm/rpmtag.h. */
export const rpmTag = {
  sha1Header: 269,
  sha256Header: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  url: 1020,
  arch: 1022,
  oldFileNames: 1027,
  fileStates: 1029,
  fileModes: 1030,
  fileDigests: 1035,
  fileFlags: 1037,
  sourceRpm: 1044,
  fileVerifyFlags: 1045,
  provideName: 1047,
  requireFlags: 1048,
  requireName: 1049,
  requireVersion: 1050,
  provideFlags: 1112,
  provideVersion: 1113,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  fileDigestAlgorithm: 5011,
  modularityLabel: 5096,
} as const;

/** One header: what a package says of itself. A tag that is not there gives an empty list, or null for one text. */
export interface RpmHeader {
  /** The first text of a tag. */
  text(tag: number): string | null;
  texts(tag: number): readonly string[];
  /** Names of files: bytes that are no UTF-8 are escaped as in paths of layers. */
  names(tag: number): readonly string[];
  numbers(tag: number): readonly number[];
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const entryBytes = 16;
/** Bytes of one value of the types CHAR, INT8, INT16, INT32, INT64 (rpmtag.h, rpmTagType). */
const numberBytes: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
/** STRING, STRING_ARRAY, I18NSTRING. */
const stringTypes: readonly number[] = [6, 8, 9];
/** Most values of one tag: twenty times the files of the largest package of a distribution. */
const maxValues = 1 << 20;

/**
 * A header as a database has it: counts, index, data, all most significant byte first, without the magic of a file.
 *
 * Values are decoded when asked for; no count is believed beyond the bytes that are there. Throws TrowelError
 * `bad-bytes` for what is no header, `too-large` when asked for a tag with more than a million values.
 * Follows: rpm, docs/manual/format_header.md; lib/header.cc (hdrblobInit; entries after the region replace those in it).
 */
export function readRpmHeader(blob: Uint8Array): RpmHeader {
  if (blob.length < 8) throw notHeader();
  const { u32 } = fieldsOf(blob, false);
  const entries = u32(0);
  const start = 8 + entries * entryBytes;
  if (entries === 0 || start + u32(4) > blob.length) throw notHeader();
  const data = fieldsOf(blob.subarray(start, start + u32(4)), false);
  const byTag = new Map<number, Entry>();
  for (let at = 8; at < start; at += entryBytes) {
    byTag.set(u32(at), { type: u32(at + 4), offset: u32(at + 8), count: u32(at + 12) });
  }
  const strings = (tag: number, read: (bytes: Uint8Array) => string): readonly string[] => {
    const entry = byTag.get(tag);
    return entry !== undefined && stringTypes.includes(entry.type) ? stringsOf(data.bytes, entry, read) : [];
  };
  return {
    text: (tag) => strings(tag, (bytes) => textAt(bytes, 0))[0] ?? null,
    texts: (tag) => strings(tag, (bytes) => textAt(bytes, 0)),
    names: (tag) => strings(tag, nameText),
    numbers(tag) {
      const entry = byTag.get(tag);
      return entry === undefined ? [] : numbersOf(data, entry);
    },
  };
}

function notHeader(): TrowelError {
  return new TrowelError('bad-bytes', { what: 'no header of a package' });
}

function stringsOf(data: Uint8Array, { offset, count }: Entry, read: (bytes: Uint8Array) => string): string[] {
  const found: string[] = [];
  for (let at = offset; found.length < count && at < data.length; ) {
    const end = data.indexOf(0, at);
    if (end < 0) break;
    bound(found.length);
    found.push(read(data.subarray(at, end)));
    at = end + 1;
  }
  return found;
}

function numbersOf(numbers: Fields, { type, offset, count }: Entry): number[] {
  const { bytes } = numbers;
  const size = numberBytes[type];
  if (size === undefined || offset > bytes.length) return [];
  const reads = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' } as const;
  const read = reads[size];
  const fitting = Math.min(count, Math.floor((bytes.length - offset) / size));
  bound(fitting);
  return Array.from({ length: fitting }, (_, index) => numbers[read](offset + index * size));
}

function bound(count: number): void {
  if (count > maxValues) throw new TrowelError('too-large', { what: `a tag with more than ${maxValues} values` });
}
