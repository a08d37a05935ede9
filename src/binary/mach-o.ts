import { TrowelError } from '../model/index.js';
import {
  type ByteSource,
  boundRows,
  type Fields,
  fieldsAt,
  fieldsOf,
  type MappedRegion,
  take,
  textAt,
} from './source.js';

export interface MachOSection {
  readonly segment: string;
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface MachOSegment {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly fileBytes: number;
  readonly protection: number;
  readonly maxProtection: number;
}

export interface MachOFile {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly architecture: string;
  readonly type: 'executable' | 'library' | 'bundle' | 'object' | 'other';
  readonly segments: readonly MachOSegment[];
  readonly sections: readonly MachOSection[];
  readonly regions: readonly MappedRegion[];
  /** Install names of the libraries it loads, in file order. */
  readonly needed: readonly string[];
  /** LC_ID_DYLIB: a library's own install name. */
  readonly installName: string | null;
  /** LC_UUID, lower-case hex. */
  readonly uuid: string | null;
}

const cpus: Readonly<Record<number, string>> = {
  7: '386',
  16777223: 'amd64',
  12: 'arm',
  16777228: 'arm64',
  18: 'ppc',
  16777234: 'ppc64',
};
const types: Readonly<Record<number, MachOFile['type']>> = { 1: 'object', 2: 'executable', 6: 'library', 8: 'bundle' };

export function isMachO(head: Uint8Array): boolean {
  const magic = head.length < 4 ? 0 : fieldsOf(head, false).u32(0);
  return [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic) || isFatMachO(head);
}

/**
 * Whether the head is of a universal binary. Java classes begin with the same four bytes; there the next number is a
 * version, 45 or more, where a universal binary counts its architectures (file(1), magic/Magdir/cafebabe).
 */
export function isFatMachO(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const fields = fieldsOf(head, false);
  const magic = fields.u32(0);
  return (magic === 0xcafebabe || magic === 0xcafebabf) && fields.u32(4) > 0 && fields.u32(4) < 40;
}

/**
 * Each architecture of a Mach-O file: one for a thin file, several for a universal one, with the offset it begins at
 * (all offsets in the result count from the beginning of the whole file).
 *
 * Throws TrowelError: `bad-bytes`, `truncated`, `too-large`. Follows: mach-o/loader.h, mach-o/fat.h.
 */
export function readMachO(source: ByteSource): MachOFile[] {
  const head = take(source, 0, 8);
  if (!isFatMachO(head)) return [readThin(source, 0)];
  const wide = fieldsOf(head, false).u32(0) === 0xcafebabf;
  const count = fieldsOf(head, false).u32(4);
  const size = wide ? 32 : 20;
  const table = fieldsAt(source, 8, count * size, false);
  return Array.from({ length: count }, (_, index) =>
    readThin(source, wide ? table.u64(index * size + 8) : table.u32(index * size + 8)),
  );
}

function readThin(source: ByteSource, base: number): MachOFile {
  const magic = fieldsAt(source, base, 4, false).u32(0);
  const littleEndian = magic === 0xcefaedfe || magic === 0xcffaedfe;
  if (!littleEndian && magic !== 0xfeedface && magic !== 0xfeedfacf) {
    throw new TrowelError('bad-bytes', { what: 'no Mach-O file', where: { offset: base } });
  }
  const bits = magic === 0xfeedfacf || magic === 0xcffaedfe ? 64 : 32;
  const headerBytes = bits === 64 ? 32 : 28;
  const header = fieldsAt(source, base, headerBytes, littleEndian);
  const commandBytes = header.u32(20);
  if (commandBytes > 16 * 1024 * 1024)
    throw new TrowelError('too-large', { what: `${commandBytes} bytes of commands` });
  const commands = fieldsAt(source, base + headerBytes, commandBytes, littleEndian);
  const cpu = header.u32(4);
  const found = readCommands(commands, boundRows(header.u32(16), 'load commands'), base);
  return {
    bits,
    littleEndian,
    architecture: cpus[cpu] ?? `cpu-${cpu}`,
    type: types[header.u32(12)] ?? 'other',
    ...found,
    regions: found.segments.map(({ address, offset, fileBytes }) => ({ address, offset, fileBytes })),
  };
}

type Commands = Pick<MachOFile, 'segments' | 'sections' | 'needed' | 'installName' | 'uuid'>;

/** LC_SEGMENT 1, LC_SEGMENT_64 0x19, LC_LOAD_DYLIB 0xc (weak 0x80000018, re-export 0x8000001f), LC_ID_DYLIB 0xd, LC_UUID 0x1b. */
function readCommands(commands: Fields, count: number, base: number): Commands {
  const segments: MachOSegment[] = [];
  const sections: MachOSection[] = [];
  const needed: string[] = [];
  let installName: string | null = null;
  let uuid: string | null = null;
  let at = 0;
  for (let index = 0; index < count; index++) {
    const kind = commands.u32(at);
    const size = commands.u32(at + 4);
    if (size < 8 || at + size > commands.bytes.length) {
      throw new TrowelError('bad-bytes', { what: `a load command of ${size} bytes` });
    }
    if (kind === 1 || kind === 0x19) readSegment(commands, at, size, kind === 0x19, base, segments, sections);
    if (kind === 0xc || kind === 0x80000018 || kind === 0x8000001f) needed.push(dylibName(commands, at, size));
    if (kind === 0xd) installName = dylibName(commands, at, size);
    if (kind === 0x1b && size >= 24) uuid = Buffer.from(commands.bytes.subarray(at + 8, at + 24)).toString('hex');
    at += size;
  }
  return { segments, sections, needed, installName, uuid };
}

function dylibName(commands: Fields, at: number, size: number): string {
  return textAt(commands.bytes.subarray(at, at + size), commands.u32(at + 8));
}

function readSegment(
  commands: Fields,
  at: number,
  size: number,
  wide: boolean,
  base: number,
  segments: MachOSegment[],
  sections: MachOSection[],
): void {
  const name = textAt(commands.bytes.subarray(at + 8, at + 24), 0);
  const headerBytes = wide ? 72 : 56;
  segments.push({
    name,
    address: wide ? commands.u64(at + 24) : commands.u32(at + 24),
    offset: base + (wide ? commands.u64(at + 40) : commands.u32(at + 32)),
    fileBytes: wide ? commands.u64(at + 48) : commands.u32(at + 36),
    maxProtection: commands.u32(at + (wide ? 56 : 40)),
    protection: commands.u32(at + (wide ? 60 : 44)),
  });
  const sectionBytes = wide ? 80 : 68;
  const count = commands.u32(at + (wide ? 64 : 48));
  if (headerBytes + count * sectionBytes > size)
    throw new TrowelError('bad-bytes', { what: 'more sections than room' });
  for (let index = 0; index < count; index++) {
    const row = at + headerBytes + index * sectionBytes;
    sections.push({
      name: textAt(commands.bytes.subarray(row, row + 16), 0),
      segment: textAt(commands.bytes.subarray(row + 16, row + 32), 0),
      address: wide ? commands.u64(row + 32) : commands.u32(row + 32),
      sizeBytes: wide ? commands.u64(row + 40) : commands.u32(row + 36),
      offset: base + commands.u32(row + (wide ? 48 : 40)),
    });
  }
}
