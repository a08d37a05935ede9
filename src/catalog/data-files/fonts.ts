import type { ByteSource } from '../../binary/index.js';

/** What a font says of itself. */
export interface FontNames {
  readonly family: string;
  /** `Version 2.37`, as written. */
  readonly version: string | null;
  readonly license: string | null;
}

const limits = { tables: 128, nameBytes: 256 * 1024, records: 1024, text: 300 } as const;

/**
 * The names in an OpenType or TrueType font (of a collection its first font); null for what is none, or is broken.
 * Follows: OpenType 1.9, "Table Directory", "name - Naming Table" (name IDs 1, 5, 13, 16).
 */
export function readFontNames(source: ByteSource): FontNames | null {
  const view = viewAt(source, 0, 16);
  if (view === null) return null;
  const tag = view.getUint32(0);
  const start = tag === 0x74746366 ? view.getUint32(12) : 0; // ttcf
  if (tag !== 0x74746366 && tag !== 0x00010000 && tag !== 0x4f54544f && tag !== 0x74727565) return null;
  const directory = viewAt(source, start, 12);
  if (directory === null) return null;
  const count = Math.min(directory.getUint16(4), limits.tables);
  const tables = viewAt(source, start + 12, count * 16);
  if (tables === null) return null;
  for (let at = 0; at < count * 16; at += 16) {
    if (tables.getUint32(at) !== 0x6e616d65) continue; // name
    const table = viewAt(source, tables.getUint32(at + 8), Math.min(tables.getUint32(at + 12), limits.nameBytes));
    return table === null ? null : namesOf(table);
  }
  return null;
}

function namesOf(table: DataView): FontNames | null {
  if (table.byteLength < 6) return null;
  const count = Math.min(table.getUint16(2), limits.records, Math.floor((table.byteLength - 6) / 12));
  const stringsAt = table.getUint16(4);
  const names = new Map<number, string>();
  for (let at = 6; at < 6 + count * 12; at += 12) {
    const platform = table.getUint16(at);
    const language = table.getUint16(at + 4);
    const id = table.getUint16(at + 6);
    const from = stringsAt + table.getUint16(at + 10);
    const length = Math.min(table.getUint16(at + 8), limits.text * 2);
    if (![1, 5, 13, 16].includes(id) || from + length > table.byteLength) continue;
    // English of Windows, or anything of Unicode and Macintosh where that is missing.
    const isEnglish = platform === 3 && language === 0x409;
    if (names.has(id) && !isEnglish) continue;
    const bytes = Buffer.from(table.buffer, table.byteOffset + from, length);
    const text = platform === 1 ? bytes.toString('latin1') : utf16(bytes);
    names.set(
      id,
      [...text]
        .filter((char) => char >= ' ')
        .join('')
        .trim(),
    );
  }
  const family = names.get(16) ?? names.get(1) ?? '';
  if (family === '') return null;
  return { family, version: names.get(5) ?? null, license: names.get(13) ?? null };
}

function utf16(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le');
}

function viewAt(source: ByteSource, offset: number, length: number): DataView | null {
  if (offset + length > source.sizeBytes) return null;
  const bytes = source.slice(offset, length);
  return bytes.length < length ? null : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
