import { isElf } from './elf.js';
import { isMachO } from './mach-o.js';
import { isPe } from './pe.js';
import type { ByteSource } from './source.js';

/** A program that is compressed inside and unpacks itself when it is run. */
export interface Packed {
  readonly packer: 'UPX';
  /** As the packer wrote it, null where the words were taken out. */
  readonly version: string | null;
  /** Where the mark stands in the file (bytes). */
  readonly offset: number;
}

/** How far into the file, and how far before its end, the mark and the packer's words are looked for. */
const headBytes = 4096;
const tailBytes = 64 * 1024;
const windowBytes = 1024 * 1024;

const mark = 'UPX!';

/**
 * Whether UPX packed a program: its mark stands in the headers (behind ELF's program headers, in PE's section table or
 * before its packed data), its version in the words of the code that unpacks.
 *
 * Follows: UPX src/stub/src/include/header.S (l_info: "UPX!"), src/packhead.cpp, src/stub/scripts (the "$Id: UPX" text).
 */
export function readPacked(source: ByteSource): Packed | null {
  const head = asBuffer(source.slice(0, headBytes));
  if (!isElf(head) && !isPe(head) && !isMachO(head)) return null;
  const offset = head.indexOf(mark);
  const hasSections = isPe(head) && head.includes('UPX0\0') && head.includes('UPX1\0');
  if (offset < 0 && !hasSections) return null;
  const tailAt = Math.max(0, source.sizeBytes - tailBytes);
  const tail = asBuffer(source.slice(tailAt, tailBytes));
  // A program that only speaks of UPX (its unpacker, a scanner) has no packed data that ends in the mark again.
  if (!hasSections && !tail.includes(mark)) return null;
  const version = wordsOf(tail) ?? wordsOf(head) ?? peVersion(head) ?? wordsInside(source);
  return { packer: 'UPX', version, offset: Math.max(0, offset) };
}

function wordsOf(bytes: Buffer): string | null {
  return /\$Id: UPX (\d{1,2}\.\d{1,3}(?:\.\d{1,3})?) /.exec(bytes.toString('latin1'))?.[1] ?? null;
}

/** Of a program of Go the code that unpacks lies between two parts of what is packed. */
function wordsInside(source: ByteSource): string | null {
  const overlap = 64;
  for (let at = 0; at < source.sizeBytes; at += windowBytes) {
    const bytes = asBuffer(source.slice(Math.max(0, at - overlap), windowBytes + overlap));
    const start = bytes.indexOf('$Id: UPX ');
    const version = start < 0 ? null : wordsOf(bytes.subarray(start, start + overlap));
    if (version !== null) return version;
  }
  return null;
}

/** In PE files the version stands before the mark: `3.96\0UPX!`. */
function peVersion(head: Buffer): string | null {
  return /(\d\.\d{2})\0UPX!/.exec(head.toString('latin1'))?.[1] ?? null;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
