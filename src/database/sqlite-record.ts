import { TrowelError } from '../model/index.js';

/** A value of a column. Integers beyond 2^53 lose their last digits: none that is read here is one. */
export type SqlValue = null | number | string | Uint8Array;

const decoder = new TextDecoder();

/**
 * The columns of a record; blobs are views, not copies.
 *
 * Throws TrowelError `bad-bytes` where a column has more bytes than the record.
 * Follows: https://www.sqlite.org/fileformat2.html, 2.1 Record Format.
 */
export function readRecord(payload: Uint8Array): SqlValue[] {
  const head = readVarint(payload, 0);
  if (head.value > payload.length) throw bad();
  const values: SqlValue[] = [];
  let body = head.value;
  for (let at = head.next; at < head.value; ) {
    const type = readVarint(payload, at);
    at = type.next;
    const length = bytesOf(type.value);
    if (body + length > payload.length) throw bad();
    values.push(columnOf(type.value, payload.subarray(body, body + length)));
    body += length;
  }
  return values;
}

const fixed: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function bytesOf(type: number): number {
  if (type < fixed.length) return fixed[type] ?? 0;
  if (type < 12) throw bad();
  return Math.floor((type - 12) / 2);
}

function columnOf(type: number, bytes: Uint8Array): SqlValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  if (type < 7) return integer(bytes);
  return type % 2 === 0 ? bytes : decoder.decode(bytes);
}

/** Two's complement, most significant byte first. */
function integer(bytes: Uint8Array): number {
  let value = ((bytes[0] ?? 0) << 24) >> 24;
  for (const byte of bytes.subarray(1)) value = value * 256 + byte;
  return value;
}

/** One to nine bytes, seven bits each, the ninth with eight (fileformat2, 1.6). Throws TrowelError `bad-bytes`. */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw bad();
    if (index === 8) return { value: value * 256 + byte, next: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw bad();
}

function bad(): TrowelError {
  return new TrowelError('bad-bytes', { what: 'a record that is longer than its bytes' });
}
