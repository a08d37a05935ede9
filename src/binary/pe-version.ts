import type { PeFile } from './pe.js';
import { type ByteSource, type Fields, fieldsAt, fieldsOf, locate, take } from './source.js';

const resourceDirectory = 2;
const versionType = 16;
const maxResourceBytes = 64 * 1024;
const maxStrings = 100;

/**
 * The strings of a PE file's version resource (`ProductName`, `ProductVersion`, `FileVersion`, `CompanyName`, …), those
 * of its first language; empty where it has none.
 *
 * Throws TrowelError `truncated` for a resource directory that leads out of the file.
 * Follows: Microsoft PE Format, "The .rsrc Section"; Win32 VS_VERSIONINFO, StringFileInfo, StringTable, String.
 */
export function readVersionStrings(source: ByteSource, file: PeFile): ReadonlyMap<string, string> {
  return readVersionResource(source, file)?.strings ?? new Map();
}

/** A version resource: where it lies in the file (bytes), and its strings. */
export interface VersionResource {
  readonly offset: number;
  readonly strings: ReadonlyMap<string, string>;
}

/** As `readVersionStrings`, with the place; null where the file has none. */
export function readVersionResource(source: ByteSource, file: PeFile): VersionResource | null {
  const root = file.directories[resourceDirectory]?.address ?? 0;
  const at = root === 0 ? null : locate(file.regions, file.imageBase + root);
  if (at === null) return null;
  const byType = child(source, at.offset, at.offset, versionType);
  const byName = byType === null ? null : child(source, at.offset, byType, null);
  const leaf = byName === null ? null : child(source, at.offset, byName, null);
  if (leaf === null) return null;
  const entry = fieldsAt(source, leaf, 16, true);
  const place = locate(file.regions, file.imageBase + entry.u32(0));
  if (place === null) return null;
  const sizeBytes = Math.min(entry.u32(4), place.restBytes, maxResourceBytes);
  const strings = readStrings(fieldsOf(take(source, place.offset, sizeBytes), true));
  return { offset: place.offset, strings };
}

/** Where the directory or data entry lies that a resource directory has for `id`, or first of all; null for none. */
function child(source: ByteSource, base: number, directory: number, id: number | null): number | null {
  const header = fieldsAt(source, directory, 16, true);
  const count = Math.min(header.u16(12) + header.u16(14), 4096);
  for (let index = 0; index < count; index++) {
    const row = fieldsAt(source, directory + 16 + index * 8, 8, true);
    if (id === null || row.u32(0) === id) return base + (row.u32(4) & 0x7fffffff);
  }
  return null;
}

/** Every block is: length, length of the value, type, a name in UTF-16 that ends in zero; each part at 4 bytes. */
function readStrings(block: Fields): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const end = block.bytes.length;
  // VS_VERSIONINFO: 6 bytes, its name of 16 characters, padding; then VS_FIXEDFILEINFO.
  let at = align(6 + 32) + (end >= 6 ? block.u16(2) : 0);
  for (; at + 6 <= end; at = align(at + Math.max(6, block.u16(at)))) {
    if (nameOf(block, at) !== 'StringFileInfo') continue;
    const table = align(at + 6 + 30);
    if (table + 6 > end) break;
    const tableEnd = Math.min(end, table + block.u16(table));
    let row = align(table + 6 + 2 * (nameOf(block, table).length + 1));
    for (; row + 6 <= tableEnd && found.size < maxStrings; row = align(row + Math.max(6, block.u16(row)))) {
      const name = nameOf(block, row);
      const from = align(row + 6 + 2 * (name.length + 1));
      const value = textAt16(block.bytes, from, Math.min(tableEnd, from + 2 * block.u16(row + 2)));
      if (name !== '' && !found.has(name)) found.set(name, value.trim());
    }
    break;
  }
  return found;
}

function align(at: number): number {
  return (at + 3) & ~3;
}

function nameOf(block: Fields, at: number): string {
  return textAt16(block.bytes, at + 6, Math.min(block.bytes.length, at + 6 + 512));
}

function textAt16(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at + 1 < to; at += 2) {
    const unit = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text;
}
