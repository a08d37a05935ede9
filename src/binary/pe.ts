import { TrowelError } from '../model/index.js';
import { type ByteSource, boundRows, fieldsAt, locate, type MappedRegion, take, textAt, textInFile } from './source.js';

export interface PeSection {
  readonly name: string;
  /** Relative to the image base. */
  readonly address: number;
  readonly memoryBytes: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly characteristics: number;
}

export interface PeFile {
  readonly bits: 32 | 64;
  readonly architecture: string;
  readonly isLibrary: boolean;
  /** Whether the CLR header is there: a .NET assembly. */
  readonly isManaged: boolean;
  readonly imageBase: number;
  readonly sections: readonly PeSection[];
  /** Addresses include the image base. */
  readonly regions: readonly MappedRegion[];
  /** DLL names as written, in file order. */
  readonly needed: readonly string[];
  readonly exported: readonly string[];
  /** Data directories in the order of the format (2 resources, 14 CLR header); address relative to the image base. */
  readonly directories: readonly { readonly address: number; readonly sizeBytes: number }[];
}

const machines: Readonly<Record<number, string>> = { 332: '386', 34404: 'amd64', 452: 'arm', 43620: 'arm64' };

export function isPe(head: Uint8Array): boolean {
  return head[0] === 0x4d && head[1] === 0x5a;
}

/**
 * Headers, sections, imported DLLs and exported names of a PE file.
 *
 * Throws TrowelError: `bad-bytes` (a DOS program without a PE header, a bad optional header), `truncated`, `too-large`.
 * Follows: Microsoft PE Format, "COFF File Header", "Optional Header", "The .idata Section", "The .edata Section".
 */
export function readPe(source: ByteSource): PeFile {
  const dos = fieldsAt(source, 0, 64, true);
  if (!isPe(dos.bytes)) throw new TrowelError('bad-bytes', { what: 'no PE file: it does not begin with MZ' });
  const peAt = dos.u32(0x3c);
  const coff = fieldsAt(source, peAt, 24, true);
  if (coff.u32(0) !== 0x4550) throw new TrowelError('bad-bytes', { what: 'no PE header', where: { offset: peAt } });
  const optionalBytes = coff.u16(20);
  const optional = fieldsAt(source, peAt + 24, optionalBytes, true);
  const magic = optionalBytes >= 2 ? optional.u16(0) : 0;
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new TrowelError('bad-bytes', { what: `PE optional header of kind ${magic}`, where: { offset: peAt + 24 } });
  }
  const bits = magic === 0x20b ? 64 : 32;
  const imageBase = bits === 64 ? optional.u64(24) : optional.u32(28);
  const sections = readSections(source, peAt + 24 + optionalBytes, boundRows(coff.u16(6), 'sections'));
  const regions = sections.map((one) => ({
    address: imageBase + one.address,
    offset: one.offset,
    fileBytes: Math.min(one.sizeBytes, Math.max(0, source.sizeBytes - one.offset)),
  }));
  const directoriesAt = bits === 64 ? 112 : 96;
  const directoryCount = optional.u32(directoriesAt - 4);
  const directory = (index: number): number =>
    index < directoryCount && directoriesAt + index * 8 + 8 <= optionalBytes
      ? optional.u32(directoriesAt + index * 8)
      : 0;
  const at = (address: number) => (address === 0 ? null : locate(regions, imageBase + address));
  return {
    bits,
    architecture: machines[coff.u16(4)] ?? `machine-${coff.u16(4)}`,
    isLibrary: (coff.u16(22) & 0x2000) !== 0,
    isManaged: directory(14) !== 0,
    imageBase,
    sections,
    regions,
    needed: readImports(source, at(directory(1))?.offset ?? null, (address) => at(address)?.offset ?? null),
    exported: readExports(source, at(directory(0))?.offset ?? null, (address) => at(address)?.offset ?? null),
    directories: Array.from({ length: Math.min(directoryCount, 16) }, (_, index) => ({
      address: directory(index),
      sizeBytes: directory(index) === 0 ? 0 : optional.u32(directoriesAt + index * 8 + 4),
    })),
  };
}

function readSections(source: ByteSource, at: number, count: number): PeSection[] {
  return Array.from({ length: count }, (_, index) => {
    const row = fieldsAt(source, at + index * 40, 40, true);
    return {
      name: textAt(row.bytes.subarray(0, 8), 0),
      memoryBytes: row.u32(8),
      address: row.u32(12),
      sizeBytes: row.u32(16),
      offset: row.u32(20),
      characteristics: row.u32(36),
    };
  });
}

type ToOffset = (address: number) => number | null;

/** The import directory: rows of 20 bytes up to one of zeros, the DLL's name at byte 12. */
function readImports(source: ByteSource, start: number | null, toOffset: ToOffset): string[] {
  const names: string[] = [];
  for (let at = start; at !== null && names.length < 4096; at += 20) {
    if (at + 20 > source.sizeBytes) break;
    const nameAddress = fieldsAt(source, at, 20, true).u32(12);
    if (nameAddress === 0) break;
    const offset = toOffset(nameAddress);
    if (offset !== null) names.push(textInFile(source, offset, 512));
  }
  return names;
}

/** The export directory: number of names at byte 24, the address of their table at byte 32. */
function readExports(source: ByteSource, start: number | null, toOffset: ToOffset): string[] {
  if (start === null || start + 40 > source.sizeBytes) return [];
  const directory = fieldsAt(source, start, 40, true);
  const count = boundRows(directory.u32(24), 'exported names');
  const tableAt = toOffset(directory.u32(32));
  if (tableAt === null || count === 0) return [];
  const table = new DataView(Uint8Array.from(take(source, tableAt, count * 4)).buffer);
  return Array.from({ length: count }, (_, index) => {
    const offset = toOffset(table.getUint32(index * 4, true));
    return offset === null ? '' : textInFile(source, offset, 1024);
  }).filter((name) => name !== '');
}
