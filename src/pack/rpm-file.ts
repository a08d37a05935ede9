import { TrowelError } from '../model/index.js';
import type { ByteSource } from './byte-source.js';
import { nameText } from './text.js';

/** What stands before the payload of an rpm, each with its magic and counts. */
export interface RpmFront {
  readonly signature: Uint8Array;
  readonly header: Uint8Array;
}

const leadBytes = 96;
const introBytes = 16;
const entryBytes = 16;
/** More than the headers of any package: rpm's own bounds are 256 MiB and a million tags (header.cc). */
const maxHeaderBytes = 64 * 1024 ** 2;
const maxEntries = 65536;

/** Whether the first bytes are of an rpm (the magic of its lead). */
export function isRpmFile(first: Uint8Array): boolean {
  return first[0] === 0xed && first[1] === 0xab && first[2] === 0xee && first[3] === 0xdb;
}

/**
 * Reads lead, signature and header of an rpm; the source then stands at its payload.
 *
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large`.
 * Follows: rpm, docs/manual/format_v4.md (lead, signature padded to eight bytes), format_header.md.
 */
export async function readRpmFront(source: ByteSource): Promise<RpmFront> {
  if (!isRpmFile(await source.read(leadBytes))) throw bad('no lead of an rpm', 0);
  const signature = await readHeader(source);
  await source.skip((8 - (signature.length % 8)) % 8);
  return { signature, header: await readHeader(source) };
}

async function readHeader(source: ByteSource): Promise<Uint8Array> {
  const at = source.offset;
  const intro = Buffer.from(await source.read(introBytes));
  if (intro.readUInt32BE(0) !== 0x8eade801) throw bad('no header of an rpm', at);
  const entries = intro.readUInt32BE(8);
  const size = entries * entryBytes + intro.readUInt32BE(12);
  if (entries > maxEntries || size > maxHeaderBytes) {
    throw new TrowelError('too-large', { what: 'a header of an rpm without bounds', where: { offset: at } });
  }
  return Buffer.concat([intro, await source.read(size)]);
}

/**
 * The first text of a tag in a header as `readRpmFront` gives it, null where none is: for the few that frame the
 * payload. What the package says of itself the cataloguer reads.
 */
export function rpmText(header: Uint8Array, tag: number): string | null {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const start = introBytes + bytes.readUInt32BE(8) * entryBytes;
  for (let at = introBytes; at < start; at += entryBytes) {
    if (bytes.readUInt32BE(at) !== tag) continue;
    // STRING, STRING_ARRAY, I18NSTRING (rpmtag.h)
    if (![6, 8, 9].includes(bytes.readUInt32BE(at + 4))) return null;
    const from = start + bytes.readUInt32BE(at + 8);
    const end = bytes.indexOf(0, from);
    return from >= bytes.length || end < 0 ? null : nameText(bytes.subarray(from, end));
  }
  return null;
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
