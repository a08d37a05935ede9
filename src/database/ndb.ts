import { type ByteSource, fieldsAt, fieldsOf, take } from '../binary/index.js';
import { TrowelError } from '../model/index.js';
import type { Problems } from './problems.js';

const slotBytes = 16;
const pageBytes = 4096;
const blockBytes = 16;
const headBytes = 16;
const tailBytes = 12;
const fileMagic = 0x506d7052; // RpmP
const slotMagic = 0x746f6c53; // Slot
const headMagic = 0x53626c42; // BlbS
const tailMagic = 0x45626c42; // BlbE

export interface NdbBlob {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * The blobs of rpm's own database format, `Packages.db`, in the order of their slots.
 *
 * A blob whose head, tail or checksum is wrong is told to `problems` and left out. Blobs have together no more bytes
 * than the file. Throws TrowelError `bad-bytes`, `truncated` for what is no such file.
 * Follows: rpm, lib/backend/ndb/rpmpkg.cc (rpmpkgReadHeader, rpmpkgReadSlots, rpmpkgReadBlob): little-endian; a header
 * of two slots, then slots in pages of 4096 bytes, then blobs in blocks of 16 bytes.
 */
export function* ndbBlobs(source: ByteSource, problems: Problems): Generator<NdbBlob> {
  const header = fieldsAt(source, 0, 2 * slotBytes, true);
  if (header.u32(0) !== fileMagic) throw new TrowelError('bad-bytes', { what: 'no ndb database of rpm' });
  if (header.u32(4) !== 0) throw new TrowelError('unsupported', { what: `version ${header.u32(4)} of rpm's ndb` });
  const slotPages = header.u32(12);
  const slots = fieldsAt(source, 0, slotPages * pageBytes, true);
  let blobBytes = 0;
  for (let at = 2 * slotBytes; at + slotBytes <= slots.bytes.length; at += slotBytes) {
    if (slots.u32(at) !== slotMagic) {
      problems.add(`no slot at byte ${at}`);
      continue;
    }
    const index = slots.u32(at + 4);
    const blocks = slots.u32(at + 12);
    if (index === 0 || slots.u32(at + 8) === 0) continue; // a free slot
    blobBytes += blocks * blockBytes;
    if (blobBytes > source.sizeBytes) {
      problems.add('the blobs have more bytes than the file');
      return;
    }
    const bytes = blobAt(source, index, slots.u32(at + 8) * blockBytes, blocks * blockBytes);
    if (bytes === null) problems.add(`the blob of package ${index} is damaged`);
    else yield { index, bytes };
  }
}

/** Null for a blob that is not whole. */
function blobAt(source: ByteSource, index: number, offset: number, length: number): Uint8Array | null {
  if (length < headBytes + tailBytes || offset + length > source.sizeBytes) return null;
  const { bytes, u32 } = fieldsOf(take(source, offset, length), true);
  const size = u32(12);
  const tail = length - tailBytes;
  if (u32(0) !== headMagic || u32(4) !== index || headBytes + size > tail) return null;
  if (u32(tail + 8) !== tailMagic || u32(tail + 4) !== size) return null;
  if (adler32(bytes.subarray(0, tail)) !== u32(tail)) return null;
  return bytes.subarray(headBytes, headBytes + size);
}

/** RFC 1950, section 8.2. */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  // 3800 bytes are the most that keep `high` below 2^53 by far and need no division within.
  for (let at = 0; at < bytes.length; at += 3800) {
    for (const byte of bytes.subarray(at, at + 3800)) {
      low += byte;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
