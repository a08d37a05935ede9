import type { FileContent } from '../model/index.js';
import { plainLength } from './plain-text.js';

/** Magic numbers at the beginning of a file, first match counts. */
const magics: readonly (readonly [FileContent, readonly number[]])[] = [
  ['elf', [0x7f, 0x45, 0x4c, 0x46]],
  ['script', [0x23, 0x21]],
  ['mach-o', [0xfe, 0xed, 0xfa, 0xce]],
  ['mach-o', [0xfe, 0xed, 0xfa, 0xcf]],
  ['mach-o', [0xce, 0xfa, 0xed, 0xfe]],
  ['mach-o', [0xcf, 0xfa, 0xed, 0xfe]],
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x50, 0x4b, 0x05, 0x06]],
  ['archive', [0x1f, 0x8b, 0x08]],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['archive', [0x42, 0x5a, 0x68]],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['archive', [0x04, 0x22, 0x4d, 0x18]],
  ['archive', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['archive', [0x4d, 0x53, 0x43, 0x46]],
  ['archive', [0xed, 0xab, 0xee, 0xdb]],
  ['archive', [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a]],
];

/** The same by their first byte. */
const magicsFrom = Array.from({ length: 256 }, (_, byte) => magics.filter(([, magic]) => magic[0] === byte));

/**
 * What the first bytes of a regular file say it is. `head` holds up to 4096 of them, `sizeBytes` is the whole file's.
 *
 * Executables can be of any kind behind a prefix of their own; this tells what a loader would take the file for.
 */
export function contentOf(head: Uint8Array, sizeBytes: number): FileContent {
  if (sizeBytes === 0) return 'empty';
  for (const [content, magic] of magicsFrom[head[0] ?? 0] ?? []) if (starts(head, magic)) return content;
  if (isFatMachO(head)) return 'mach-o';
  if (isPe(head, sizeBytes)) return 'pe';
  if (isTar(head)) return 'archive';
  return isText(head, head.length < sizeBytes) ? 'text' : 'data';
}

function starts(head: Uint8Array, magic: readonly number[]): boolean {
  for (let i = 0; i < magic.length; i++) if (head[i] !== magic[i]) return false;
  return true;
}

/** Java classes begin with the same bytes; there a version follows, which is 45 or more, here a small count. */
function isFatMachO(head: Uint8Array): boolean {
  if (head.length < 8 || head[0] !== 0xca || head[1] !== 0xfe || head[2] !== 0xba) return false;
  if (head[3] !== 0xbe && head[3] !== 0xbf) return false;
  const count = big32(head, 4);
  return count > 0 && count < 45;
}

/** `MZ`, and `PE` where the header says: also when that lies past `head`, for it is loaded all the same. */
function isPe(head: Uint8Array, sizeBytes: number): boolean {
  if (head[0] !== 0x4d || head[1] !== 0x5a || head.length < 64) return false;
  const at = (head[60] ?? 0) + (head[61] ?? 0) * 2 ** 8 + (head[62] ?? 0) * 2 ** 16 + (head[63] ?? 0) * 2 ** 24;
  if (at + 4 > head.length) return at + 24 <= sizeBytes;
  return head[at] === 0x50 && head[at + 1] === 0x45 && head[at + 2] === 0 && head[at + 3] === 0;
}

function isTar(head: Uint8Array): boolean {
  return head.length >= 512 && starts(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]);
}

/** UTF-8 without control characters but the usual ones. A sequence may be cut off at the end of the head. */
function isText(head: Uint8Array, cut: boolean): boolean {
  // Nearly every text is ASCII alone.
  let i = plainLength(head);
  while (i < head.length) {
    const byte = head[i] ?? 0;
    if (plain[byte] === 1) {
      i += 1;
      continue;
    }
    if (byte < 0x80) return false;
    const length = byte >= 0xf5 || byte < 0xc2 ? 0 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (length === 0) return false;
    for (let k = 1; k < length; k++) {
      if (i + k >= head.length) return cut;
      if (((head[i + k] ?? 0) & 0xc0) !== 0x80) return false;
    }
    i += length;
  }
  return true;
}

/** 1 for the bytes of plain text in ASCII. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 32 && byte < 0x80) || [9, 10, 12, 13, 27].includes(byte) ? 1 : 0,
);

function big32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 2 ** 24 + (bytes[at + 1] ?? 0) * 2 ** 16 + (bytes[at + 2] ?? 0) * 2 ** 8 + (bytes[at + 3] ?? 0)
  );
}
