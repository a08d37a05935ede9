import { type ByteSource, fieldsOf } from '../binary/index.js';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * How many pages wait in a write-ahead log that were committed and are perhaps not in the database file; 0 for a log
 * that is empty, left over, or none.
 *
 * Frames count up to the last commit, as far as their salts are those of the header; checksums are not computed.
 * Follows: https://www.sqlite.org/fileformat2.html, 4.1 WAL File Format.
 */
export function committedPages(source: ByteSource): number {
  const header = fieldsOf(source.slice(0, headerBytes), false);
  if (header.bytes.length < headerBytes || header.u32(0) >>> 1 !== 0x377f0682 >>> 1) return 0;
  const pageBytes = header.u32(8);
  if (pageBytes < 512 || pageBytes > 65536) return 0;
  let committed = 0;
  let count = 0;
  for (
    let at = headerBytes;
    at + frameHeaderBytes + pageBytes <= source.sizeBytes;
    at += frameHeaderBytes + pageBytes
  ) {
    const frame = fieldsOf(source.slice(at, frameHeaderBytes), false);
    if (frame.u32(8) !== header.u32(16) || frame.u32(12) !== header.u32(20)) break;
    count += 1;
    if (frame.u32(4) !== 0) committed = count;
  }
  return committed;
}
