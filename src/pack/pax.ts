import { TrowelError } from '../model/index.js';
import { nameText } from './text.js';

/**
 * What one extended header of POSIX pax says. Only keys that Trowel uses are kept; an empty value takes back what a
 * global header or the header block said, so it is kept as the empty string.
 */
export interface PaxValues {
  readonly texts: ReadonlyMap<string, string>;
  /** `GNU.sparse.offset`, `GNU.sparse.numbytes` in turn (sparse format 0.0 repeats its keys). */
  readonly sparsePairs: readonly number[];
}

export const noPax: PaxValues = { texts: new Map(), sparsePairs: [] };

const wantedKeys = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'mtime',
  'atime',
  'ctime',
  'APK-TOOLS.checksum.SHA1',
  'GNU.sparse.major',
  'GNU.sparse.minor',
  'GNU.sparse.name',
  'GNU.sparse.size',
  'GNU.sparse.realsize',
  'GNU.sparse.map',
  'GNU.sparse.numblocks',
]);
/** Nobody asks for them here, but a header that has them wrong is refused by those who unpack images. */
const owners: ReadonlySet<string> = new Set(['uname', 'gname']);

/**
 * Reads the records `LENGTH KEY=VALUE\n` of an extended header.
 *
 * Throws `bad-bytes` for a record that is not one and for a NUL in a path or owner. `offset` is for the message.
 * Follows: POSIX pax, "pax Extended Header"; what is refused: Go's archive/tar, parsePAX.
 */
export function readPax(body: Uint8Array, offset: number): PaxValues {
  const texts = new Map<string, string>();
  const sparsePairs: number[] = [];
  for (let at = 0; at < body.length; ) {
    const record = readRecord(body, at, offset);
    at = record.end;
    if (record.key === 'GNU.sparse.offset' || record.key === 'GNU.sparse.numbytes') {
      if ((sparsePairs.length % 2 === 0) !== (record.key === 'GNU.sparse.offset')) {
        throw bad('the sparse map of a pax header is out of order', offset);
      }
      sparsePairs.push(paxInteger(nameText(record.value), offset));
    } else if (wantedKeys.has(record.key)) {
      if (record.value.includes(0)) throw bad(`the pax value ${record.key} holds a NUL`, offset);
      texts.set(record.key, nameText(record.value));
    } else if (owners.has(record.key) && record.value.includes(0)) {
      throw bad(`the pax value ${record.key} holds a NUL`, offset);
    }
  }
  return { texts, sparsePairs };
}

/** A non-negative decimal number of a pax header. */
export function paxInteger(text: string, offset: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw bad(`"${text.slice(0, 40)}" in a pax header is no number`, offset);
  return value;
}

/** A time of a pax header in seconds, with a fraction: `1350244992.023960108`. */
export function paxTime(text: string, offset: number): number {
  if (!/^-?[0-9]{1,16}(\.[0-9]{0,40})?$/.test(text)) {
    throw bad(`"${text.slice(0, 40)}" in a pax header is no time`, offset);
  }
  return Number(text);
}

function readRecord(body: Uint8Array, at: number, offset: number): { key: string; value: Uint8Array; end: number } {
  let length = 0;
  let i = at;
  for (; i < body.length && i - at < 10 && body[i] !== 32; i++) {
    const digit = (body[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) throw bad('a pax record has no length', offset);
    length = length * 10 + digit;
  }
  const end = at + length;
  const equals = body.indexOf(61, i + 1);
  if (body[i] !== 32 || end > body.length || equals <= i + 1 || equals >= end || end <= i || body[end - 1] !== 10) {
    throw bad('a pax record is broken', offset);
  }
  return { key: nameText(body.subarray(i + 1, equals)), value: body.subarray(equals + 1, end - 1), end };
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
