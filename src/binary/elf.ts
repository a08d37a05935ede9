import { TrowelError } from '../model/index.js';
import { elfMachines } from './elf-machines.js';
import {
  type ByteSource,
  boundRows,
  type Fields,
  fieldsAt,
  fieldsOf,
  locate,
  type MappedRegion,
  maxTableBytes,
  onceFor,
  take,
  textAt,
  utf8,
} from './source.js';

export interface ElfSection {
  readonly name: string;
  /** sh_type as a number (SHT_PROGBITS is 1, SHT_NOBITS 8). */
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly link: number;
  readonly entryBytes: number;
}

export interface ElfSegment {
  /** p_type as a number (PT_LOAD is 1). */
  readonly type: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/** A note's owner, type and content (gABI, "Note Section"). */
export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly content: Uint8Array;
}

export interface ElfFile {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly type: 'relocatable' | 'executable' | 'shared' | 'core' | 'other';
  readonly machine: number;
  /** OCI's word for the machine (`amd64`, `arm64`), or `em-N`. */
  readonly architecture: string;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
  /** The loaded parts, for reading at an address. */
  readonly regions: readonly MappedRegion[];
  /** PT_INTERP: the loader, null for static programs and libraries. */
  readonly interpreter: string | null;
  /** DT_NEEDED in file order. */
  readonly needed: readonly string[];
  readonly soname: string | null;
  readonly runpath: string | null;
  readonly notes: readonly ElfNote[];
  /** Lower-case hex of the GNU build id. */
  readonly buildId: string | null;
}

export interface ElfSymbols {
  /** Names that others must provide. */
  readonly imported: readonly string[];
  /** Global or weak names that this file defines. */
  readonly exported: readonly string[];
  /** Whether `limit` cut the lists short. */
  readonly cut: boolean;
}

const types = ['other', 'relocatable', 'executable', 'shared', 'core'] as const;
const segmentLoad = 1;
const segmentDynamic = 2;
const segmentInterpreter = 3;
const segmentNote = 4;
const sectionSymbols = 2;
const sectionNote = 7;
const sectionNoBits = 8;
const sectionDynamicSymbols = 11;

export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** The tables of an ELF file, without what they lead to. */
export type ElfHeaders = Pick<
  ElfFile,
  'bits' | 'littleEndian' | 'type' | 'machine' | 'architecture' | 'sections' | 'segments' | 'regions'
>;

/**
 * Headers, libraries, notes and build id of an ELF file; nothing else is read.
 *
 * What the dynamic section says is found through the segments, so that it is there also when sections were stripped.
 * Throws TrowelError: `bad-bytes` (no ELF, or a header that contradicts itself), `truncated`, `too-large`.
 * Follows: System V gABI chapters 4 and 5; elf(5).
 */
export function readElf(source: ByteSource): ElfFile {
  return onceFor(whole, source, wholeElf);
}

/** The cheap half of `readElf`: section and program headers. Throws as it does. */
export function readElfHeaders(source: ByteSource): ElfHeaders {
  return onceFor(headersOnly, source, elfHeaders);
}

const whole = new WeakMap<ByteSource, ElfFile>();
const headersOnly = new WeakMap<ByteSource, ElfHeaders>();

function wholeElf(source: ByteSource): ElfFile {
  const headers = readElfHeaders(source);
  const { bits, littleEndian, sections, segments, regions } = headers;
  const notes = readNotes(source, sections, segments, littleEndian);
  const buildIdNote = notes.find((note) => note.owner === 'GNU' && note.type === 3);
  return {
    ...headers,
    interpreter: readInterpreter(source, segments),
    ...readDynamic(source, segments, regions, bits, littleEndian),
    notes,
    buildId: buildIdNote === undefined ? null : Buffer.from(buildIdNote.content).toString('hex'),
  };
}

function elfHeaders(source: ByteSource): ElfHeaders {
  const ident = take(source, 0, 16);
  if (!isElf(ident)) throw new TrowelError('bad-bytes', { what: 'no ELF file: it does not begin with 7F 45 4C 46' });
  const [bitsByte, orderByte] = [ident[4], ident[5]];
  if (bitsByte !== 1 && bitsByte !== 2) throw new TrowelError('bad-bytes', { what: `ELF class ${bitsByte}` });
  if (orderByte !== 1 && orderByte !== 2) throw new TrowelError('bad-bytes', { what: `ELF data order ${orderByte}` });
  const bits = bitsByte === 2 ? 64 : 32;
  const littleEndian = orderByte === 1;
  const header = fieldsAt(source, 0, bits === 64 ? 64 : 52, littleEndian);
  const table = bits === 64 ? headerFields64(header) : headerFields32(header);
  const segments = readSegments(source, table, bits, littleEndian);
  const machine = header.u16(18);
  return {
    bits,
    littleEndian,
    type: types[header.u16(16)] ?? 'other',
    machine,
    architecture: architectureOf(machine, bits, littleEndian),
    sections: readSections(source, table, bits, littleEndian),
    segments,
    regions: segments
      .filter((one) => one.type === segmentLoad)
      .map(({ address, offset, fileBytes }) => ({ address, offset, fileBytes })),
  };
}

function architectureOf(machine: number, bits: 32 | 64, littleEndian: boolean): string {
  if (machine === 21) return littleEndian ? 'ppc64le' : 'ppc64';
  if (machine === 8) return `mips${bits === 64 ? '64' : ''}${littleEndian ? 'le' : ''}`;
  if (machine === 243) return `riscv${bits}`;
  return elfMachines[machine] ?? `em-${machine}`;
}

interface HeaderTable {
  readonly segmentsAt: number;
  readonly sectionsAt: number;
  readonly segmentBytes: number;
  readonly segmentCount: number;
  readonly sectionBytes: number;
  readonly sectionCount: number;
  readonly namesIndex: number;
}

function headerFields64(header: Fields): HeaderTable {
  return {
    segmentsAt: header.u64(32),
    sectionsAt: header.u64(40),
    segmentBytes: header.u16(54),
    segmentCount: header.u16(56),
    sectionBytes: header.u16(58),
    sectionCount: header.u16(60),
    namesIndex: header.u16(62),
  };
}

function headerFields32(header: Fields): HeaderTable {
  return {
    segmentsAt: header.u32(28),
    sectionsAt: header.u32(32),
    segmentBytes: header.u16(42),
    segmentCount: header.u16(44),
    sectionBytes: header.u16(46),
    sectionCount: header.u16(48),
    namesIndex: header.u16(50),
  };
}

function readSections(source: ByteSource, table: HeaderTable, bits: 32 | 64, littleEndian: boolean): ElfSection[] {
  if (table.sectionsAt === 0) return [];
  const rowBytes = bits === 64 ? 64 : 40;
  if (table.sectionCount > 0 && table.sectionBytes < rowBytes) {
    throw new TrowelError('bad-bytes', { what: `section headers of ${table.sectionBytes} bytes` });
  }
  // Numbers that do not fit the header stand in section 0 (gABI, "Section header table entry: index 0").
  const overflow = table.sectionCount === 0 || table.namesIndex === 0xffff;
  if (overflow && table.sectionBytes < rowBytes) return [];
  const zero = overflow
    ? sectionRow(rowsAt(source, table.sectionsAt, 1, table.sectionBytes, rowBytes, littleEndian), 0, bits)
    : null;
  const count = boundRows(table.sectionCount === 0 ? (zero?.sizeBytes ?? 0) : table.sectionCount, 'sections');
  const namesIndex = table.namesIndex === 0xffff ? (zero?.link ?? 0) : table.namesIndex;
  const fields = rowsAt(source, table.sectionsAt, count, table.sectionBytes, rowBytes, littleEndian);
  const rows = Array.from({ length: count }, (_, index) => sectionRow(fields, index * table.sectionBytes, bits));
  const namesRow = rows[namesIndex];
  const names =
    namesRow === undefined || namesRow.type === sectionNoBits ? new Uint8Array() : tableOf(source, namesRow);
  return rows.map(({ nameAt, ...rest }) => ({ name: textAt(names, nameAt), ...rest }));
}

/** The rows of a table in one piece; the last one may be shorter than they are apart. */
function rowsAt(
  source: ByteSource,
  offset: number,
  count: number,
  apart: number,
  rowBytes: number,
  littleEndian: boolean,
): Fields {
  const sizeBytes = count === 0 ? 0 : (count - 1) * apart + rowBytes;
  return fieldsOf(tableOf(source, { offset, sizeBytes }), littleEndian);
}

function sectionRow(fields: Fields, at: number, bits: 32 | 64): Omit<ElfSection, 'name'> & { readonly nameAt: number } {
  return bits === 64
    ? {
        nameAt: fields.u32(at),
        type: fields.u32(at + 4),
        flags: fields.u64(at + 8),
        address: fields.u64(at + 16),
        offset: fields.u64(at + 24),
        sizeBytes: fields.u64(at + 32),
        link: fields.u32(at + 40),
        entryBytes: fields.u64(at + 56),
      }
    : {
        nameAt: fields.u32(at),
        type: fields.u32(at + 4),
        flags: fields.u32(at + 8),
        address: fields.u32(at + 12),
        offset: fields.u32(at + 16),
        sizeBytes: fields.u32(at + 20),
        link: fields.u32(at + 24),
        entryBytes: fields.u32(at + 36),
      };
}

function tableOf(source: ByteSource, at: { readonly offset: number; readonly sizeBytes: number }): Uint8Array {
  if (at.sizeBytes > maxTableBytes) throw new TrowelError('too-large', { what: `a table of ${at.sizeBytes} bytes` });
  return take(source, at.offset, at.sizeBytes);
}

function readSegments(source: ByteSource, table: HeaderTable, bits: 32 | 64, littleEndian: boolean): ElfSegment[] {
  if (table.segmentsAt === 0 || table.segmentCount === 0) return [];
  const rowBytes = bits === 64 ? 56 : 32;
  if (table.segmentBytes < rowBytes) {
    throw new TrowelError('bad-bytes', { what: `program headers of ${table.segmentBytes} bytes` });
  }
  const count = boundRows(table.segmentCount, 'segments');
  const fields = rowsAt(source, table.segmentsAt, count, table.segmentBytes, rowBytes, littleEndian);
  return Array.from({ length: count }, (_, index) => {
    const at = index * table.segmentBytes;
    return bits === 64
      ? {
          type: fields.u32(at),
          flags: fields.u32(at + 4),
          offset: fields.u64(at + 8),
          address: fields.u64(at + 16),
          fileBytes: fields.u64(at + 32),
          memoryBytes: fields.u64(at + 40),
        }
      : {
          type: fields.u32(at),
          offset: fields.u32(at + 4),
          address: fields.u32(at + 8),
          fileBytes: fields.u32(at + 16),
          memoryBytes: fields.u32(at + 20),
          flags: fields.u32(at + 24),
        };
  });
}

function readInterpreter(source: ByteSource, segments: readonly ElfSegment[]): string | null {
  const segment = segments.find((one) => one.type === segmentInterpreter);
  if (segment === undefined || segment.fileBytes > 4096) return null;
  return textAt(take(source, segment.offset, segment.fileBytes), 0);
}

interface DynamicFacts {
  readonly needed: readonly string[];
  readonly soname: string | null;
  readonly runpath: string | null;
}

/** gABI chapter 5, "Dynamic Section": DT_NEEDED 1, DT_STRTAB 5, DT_STRSZ 10, DT_SONAME 14, DT_RPATH 15, DT_RUNPATH 29. */
function readDynamic(
  source: ByteSource,
  segments: readonly ElfSegment[],
  regions: readonly MappedRegion[],
  bits: 32 | 64,
  littleEndian: boolean,
): DynamicFacts {
  const nothing = { needed: [], soname: null, runpath: null };
  const segment = segments.find((one) => one.type === segmentDynamic);
  // Debug files keep the header and drop the bytes (objcopy --only-keep-debug).
  if (segment === undefined || segment.fileBytes === 0) return nothing;
  const size = bits === 64 ? 16 : 8;
  const fields = fieldsOf(tableOf(source, { offset: segment.offset, sizeBytes: segment.fileBytes }), littleEndian);
  const rows: [number, number][] = [];
  for (let at = 0; at + size <= fields.bytes.length; at += size) {
    const row: [number, number] =
      bits === 64 ? [fields.u64(at), fields.u64(at + 8)] : [fields.u32(at), fields.u32(at + 4)];
    if (row[0] === 0) break;
    rows.push(row);
  }
  const value = (tag: number): number | null => rows.find((row) => row[0] === tag)?.[1] ?? null;
  const stringsAt = locate(regions, value(5) ?? -1);
  if (stringsAt === null) return nothing;
  const stringBytes = Math.min(value(10) ?? stringsAt.restBytes, stringsAt.restBytes);
  const strings = tableOf(source, { offset: stringsAt.offset, sizeBytes: stringBytes });
  const text = (at: number | null): string | null => (at === null ? null : textAt(strings, at));
  const neededRows = rows.filter((row) => row[0] === 1);
  boundRows(neededRows.length, 'needed libraries');
  return {
    needed: neededRows.map((row) => textAt(strings, row[1])),
    soname: text(value(14)),
    runpath: text(value(29) ?? value(15)),
  };
}

/** Notes of the note segments, else of the note sections (relocatable files have no segments). */
function readNotes(
  source: ByteSource,
  sections: readonly ElfSection[],
  segments: readonly ElfSegment[],
  littleEndian: boolean,
): ElfNote[] {
  const areas = segments
    .filter((one) => one.type === segmentNote)
    .map(({ offset, fileBytes }) => ({ offset, sizeBytes: fileBytes }));
  const from = areas.length > 0 ? areas : sections.filter((one) => one.type === sectionNote);
  const notes: ElfNote[] = [];
  for (const area of from) {
    if (area.sizeBytes > 1024 * 1024) continue; // no real note is so long: core dumps are not looked into
    const fields = fieldsOf(take(source, area.offset, area.sizeBytes), littleEndian);
    let at = 0;
    while (at + 12 <= fields.bytes.length && notes.length < 1024) {
      const ownerBytes = fields.u32(at);
      const contentBytes = fields.u32(at + 4);
      const contentAt = at + 12 + align4(ownerBytes);
      if (contentAt + contentBytes > fields.bytes.length) break;
      notes.push({
        owner: utf8(fields.bytes.subarray(at + 12, at + 12 + ownerBytes)).replace(/\0+$/, ''),
        type: fields.u32(at + 8),
        content: fields.bytes.slice(contentAt, contentAt + contentBytes),
      });
      at = contentAt + align4(contentBytes);
    }
  }
  return notes;
}

function align4(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/**
 * Names of the dynamic symbol table, or of the full one where there is no dynamic one; in table order.
 *
 * At most `limit` names are returned; `cut` says whether there were more. Throws as `readElf` does.
 * Follows: gABI chapter 4, "Symbol Table".
 */
export function readElfSymbols(source: ByteSource, elf: ElfFile, limit = 200_000): ElfSymbols {
  const table =
    elf.sections.find((one) => one.type === sectionDynamicSymbols) ??
    elf.sections.find((one) => one.type === sectionSymbols);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  if (table === undefined || strings === undefined) return { imported: [], exported: [], cut: false };
  const names = tableOf(source, strings);
  const fields = fieldsOf(tableOf(source, table), elf.littleEndian);
  const size = elf.bits === 64 ? 24 : 16;
  const imported: string[] = [];
  const exported: string[] = [];
  for (let at = size; at + size <= fields.bytes.length; at += size) {
    if (imported.length + exported.length >= limit) return { imported, exported, cut: true };
    const binding = fields.u8(at + (elf.bits === 64 ? 4 : 12)) >> 4;
    const section = fields.u16(at + (elf.bits === 64 ? 6 : 14));
    const name = textAt(names, fields.u32(at));
    if (binding === 0 || name === '') continue; // local
    (section === 0 ? imported : exported).push(name);
  }
  return { imported, exported, cut: false };
}

/**
 * The addresses of the symbols whose names `accept` takes, of the full symbol table; empty for a stripped file. At most
 * `limit` symbols. Throws as `readElf` does. Follows: gABI chapter 4, "Symbol Table".
 */
export function readElfNamedAddresses(
  source: ByteSource,
  elf: ElfFile,
  accept: (name: string) => boolean,
  limit: number,
): ReadonlyMap<number, string> {
  const table = elf.sections.find((one) => one.type === sectionSymbols);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  const found = new Map<number, string>();
  if (table === undefined || strings === undefined) return found;
  const names = tableOf(source, strings);
  const fields = fieldsOf(tableOf(source, table), elf.littleEndian);
  const size = elf.bits === 64 ? 24 : 16;
  for (let at = size; at + size <= fields.bytes.length && found.size < limit; at += size) {
    // Variables alone (STT_OBJECT): a program has many more functions.
    if ((fields.u8(at + (elf.bits === 64 ? 4 : 12)) & 0xf) !== 1) continue;
    const name = textAt(names, fields.u32(at));
    if (accept(name)) found.set(elf.bits === 64 ? fields.u64(at + 8) : fields.u32(at + 4), name);
  }
  return found;
}
