import { TrowelError } from '../model/index.js';
import type { TarHeader } from './tar-types.js';
import { nameText } from './text.js';

export const blockSize = 512;

/** One header block as it stands, before extensions. `sizeBytes` is what the size field says, for every type. */
export interface RawHeader {
  readonly path: string;
  readonly flag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtime: number;
  readonly link: string;
  readonly gnu: boolean;
}

/**
 * Reads one header block of 512 bytes; null for a block of zeros (an end marker).
 *
 * v7, POSIX ustar, star and GNU (`ustar  `). As Go's archive/tar, which is what unpacks images: a GNU header has no
 * prefix (those bytes are times there), a v7 one neither.
 * Throws `bad-bytes` for a wrong checksum or number.
 * Follows: POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
export function readHeaderBlock(block: Uint8Array, offset: number): RawHeader | null {
  const stated = numberField(block, 148, 8, offset, 'checksum');
  const sum = unsignedSum(block);
  if (sum === 8 * 32 && isBlank(block)) return null;
  // Some old tars summed signed characters: 256 less for each byte over 127.
  if (stated !== sum && stated !== sum - 256 * highBytes(block)) {
    throw bad('the checksum of a tar header is wrong', offset);
  }
  const flavour = flavourOf(block);
  const name = field(block, 0, 100);
  const prefix = prefixOf(block, flavour);
  return {
    path: nameText(prefix.length === 0 ? name : joined(prefix, name)),
    flag: String.fromCharCode(block[156] ?? 0),
    mode: numberField(block, 100, 8, offset, 'mode'),
    uid: numberField(block, 108, 8, offset, 'uid'),
    gid: numberField(block, 116, 8, offset, 'gid'),
    sizeBytes: numberField(block, 124, 12, offset, 'size'),
    mtime: numberField(block, 136, 12, offset, 'mtime'),
    link: nameText(field(block, 157, 100)),
    gnu: flavour === 'gnu',
  };
}

/** What a type flag means; `path` tells the directories of v7, which had no flag for them. */
export function typeOf(flag: string, path: string): TarHeader['type'] {
  switch (flag) {
    case '\0':
      // v7 had no type for directories.
      return path.endsWith('/') ? 'directory' : 'file';
    case '0':
    case '7':
    case 'S':
      return 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '3':
      return 'character';
    case '4':
      return 'block';
    case '5':
      return 'directory';
    case '6':
      return 'fifo';
    default:
      return 'other';
  }
}

/** Whether the size field of such an entry counts bytes that follow: only then, as Go's archive/tar has it. */
export function hasContent(type: TarHeader['type']): boolean {
  return type === 'file' || type === 'other';
}

/** A number field: octal text, or base-256 where the first bit is set (GNU and star, two's complement). */
export function numberField(block: Uint8Array, at: number, length: number, offset: number, name: string): number {
  const first = block[at] ?? 0;
  const value = (first & 0x80) !== 0 ? base256(block, at, length) : octal(block, at, length);
  if (value === null || !Number.isSafeInteger(value)) throw bad(`the ${name} of a tar header is no number`, offset);
  return value;
}

function octal(block: Uint8Array, at: number, length: number): number | null {
  let i = at;
  const end = at + length;
  while (i < end && (block[i] === 32 || block[i] === 0)) i++;
  let value = 0;
  for (; i < end; i++) {
    const digit = (block[i] ?? 0) - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  // What follows a NUL is left over from an earlier use of the buffer; before one only spaces may follow.
  for (; i < end && block[i] !== 0; i++) if (block[i] !== 32) return null;
  return value;
}

function base256(block: Uint8Array, at: number, length: number): number {
  const negative = ((block[at] ?? 0) & 0x40) !== 0;
  let value = 0;
  for (let i = 0; i < length; i++) {
    let byte = block[at + i] ?? 0;
    if (i === 0) byte &= 0x7f;
    if (negative) byte = i === 0 ? byte ^ 0x7f : byte ^ 0xff;
    value = value * 256 + byte;
  }
  return negative ? -value - 1 : value;
}

/** The sum of all bytes, those of the checksum itself taken for spaces (POSIX, "ustar Interchange Format"). */
function unsignedSum(block: Uint8Array): number {
  let sum = 8 * 32;
  for (let at = 0; at < 148; at++) sum += block[at] ?? 0;
  for (let at = 156; at < blockSize; at++) sum += block[at] ?? 0;
  return sum;
}

/** Whether the checksum of a block without any other bytes is blank too. */
function isBlank(block: Uint8Array): boolean {
  for (let at = 148; at < 156; at++) if (block[at] !== 0) return false;
  return true;
}

function highBytes(block: Uint8Array): number {
  let high = 0;
  for (let at = 0; at < blockSize; at++) if (at < 148 || at >= 156) high += (block[at] ?? 0) >> 7;
  return high;
}

type Flavour = 'v7' | 'ustar' | 'star' | 'gnu';

function flavourOf(block: Uint8Array): Flavour {
  if (has(block, 257, 'ustar  \0')) return 'gnu';
  if (!has(block, 257, 'ustar\0')) return 'v7';
  return has(block, 508, 'tar\0') ? 'star' : 'ustar';
}

function prefixOf(block: Uint8Array, flavour: Flavour): Uint8Array {
  if (flavour === 'ustar') return field(block, 345, 155);
  if (flavour === 'star') return field(block, 345, 131);
  // Go before 1.8 wrote a ustar prefix under a GNU magic; real GNU headers hold octal times there (golang issue 12594).
  if (flavour === 'gnu' && block[345] !== 0 && !looksLikeTimes(block)) return field(block, 345, 155);
  return new Uint8Array(0);
}

function looksLikeTimes(block: Uint8Array): boolean {
  return [345, 357].every((at) => ((block[at] ?? 0) & 0x80) !== 0 || octal(block, at, 12) !== null);
}

/** The bytes of a text field, up to its first NUL. */
function field(block: Uint8Array, at: number, length: number): Uint8Array {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function joined(prefix: Uint8Array, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(prefix.length + 1 + name.length);
  bytes.set(prefix, 0);
  bytes[prefix.length] = 47;
  bytes.set(name, prefix.length + 1);
  return bytes;
}

/** Whether these ASCII characters stand at a place. */
function has(block: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (block[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}
