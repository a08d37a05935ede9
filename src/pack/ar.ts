import { TrowelError } from '../model/index.js';
import type { ByteSource } from './byte-source.js';
import { nameText } from './text.js';

/** One member of an ar archive. */
export interface ArMember {
  /** Without the slash that some writers put at its end. */
  readonly name: string;
  readonly sizeBytes: number;
}

export const arMagic = '!<arch>\n';

const headerBytes = 60;

/**
 * Reads an ar archive in its plain form, as Debian's packages have it: no tables of long names. `member` is given the
 * content of each; what it leaves of it is passed over.
 *
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large` (more than `maxMembers`), and what `member` throws.
 * Follows: ar(5); deb(5), "Format".
 */
export async function readAr(
  source: ByteSource,
  member: (member: ArMember, content: AsyncIterable<Uint8Array>) => Promise<void>,
  maxMembers = 1000,
): Promise<void> {
  if (nameText(await source.read(arMagic.length)) !== arMagic) throw bad('no ar archive', 0);
  for (let count = 0; ; count++) {
    const at = source.offset;
    const header = (await source.readUpTo(headerBytes)).slice();
    if (header.length === 0) return;
    if (header.length < headerBytes) throw new TrowelError('truncated', { what: 'an ar header is cut off' });
    if (header[58] !== 0x60 || header[59] !== 0x0a) throw bad('no ar header is there', at);
    if (count >= maxMembers) throw new TrowelError('too-large', { what: `more than ${maxMembers} members` });
    const size = nameText(header.subarray(48, 58)).trimEnd();
    if (!/^[0-9]{1,10}$/.test(size)) throw bad('an ar member of no size', at);
    const sizeBytes = Number(size);
    const name = nameText(header.subarray(0, 16)).trimEnd().replace(/\/$/, '');
    const end = source.offset + sizeBytes;
    await member({ name, sizeBytes }, source.take(sizeBytes));
    await source.skip(end - source.offset);
    // Members begin at even places; the last one may lack its padding.
    if (sizeBytes % 2 === 1) await source.readUpTo(1);
  }
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
