import { isElf, readElf, readElfNamedAddresses } from './elf.js';
import { isMachO, readMachO } from './mach-o.js';
import { isPe, readPe } from './pe.js';
import { type ByteSource, locate, type MappedRegion } from './source.js';

/** A text variable of a Go program whose value the linker was given (`-X`), or that stands like one that was. */
export interface GoLinkedText {
  /** `main.version`, where the program still has its symbols. */
  readonly variable: string | null;
  readonly value: string;
  /** Where the value's bytes begin in the file. */
  readonly offset: number;
}

interface Layout {
  readonly wordBytes: 4 | 8;
  readonly littleEndian: boolean;
  readonly regions: readonly MappedRegion[];
  /** Where variables lie. */
  readonly data: readonly { readonly offset: number; readonly address: number; readonly sizeBytes: number }[];
  readonly names: ReadonlyMap<number, string>;
}

const limits = { dataBytes: 64 * 1024 * 1024, valueBytes: 128, texts: 200, names: 100_000 } as const;

/**
 * The values that `accept` takes of string variables that the linker was given with `-X`, in the order of the file.
 *
 * Such a value is a symbol of its own that ends in a zero byte, while the constants of a program stand one behind the
 * other without an end: a variable (a pointer and a length) that points to a text before a zero byte was given it. Found
 * in ELF, PE and Mach-O (its first architecture), also without symbols and with `-trimpath`, which drops the flags from
 * the build information. Not found: a program without section headers, and values that the program takes elsewhere.
 *
 * Throws TrowelError as the readers of headers do.
 * Follows: cmd/link/internal/ld/data.go (addstrdata, addstring).
 */
export function readGoLinkedTexts(source: ByteSource, accept: (value: string) => boolean): readonly GoLinkedText[] {
  const layout = layoutOf(source);
  if (layout === null) return [];
  const found = new Map<number, GoLinkedText>();
  for (const part of layout.data) {
    if (part.sizeBytes > limits.dataBytes) continue;
    readVariables(source, layout, part, accept, found);
  }
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

function layoutOf(source: ByteSource): Layout | null {
  const head = source.slice(0, 64);
  if (isElf(head)) {
    const elf = readElf(source);
    const isData = ({ type, name }: { readonly type: number; readonly name: string }): boolean =>
      type === 1 && (name === '.data' || name === '.data.rel.ro' || name === '.noptrdata');
    return {
      wordBytes: elf.bits === 64 ? 8 : 4,
      littleEndian: elf.littleEndian,
      regions: elf.regions,
      data: elf.sections.filter(isData),
      names: readElfNamedAddresses(source, elf, (name) => /version|tag|semver/i.test(name), limits.names),
    };
  }
  if (isPe(head)) {
    const pe = readPe(source);
    const data = pe.sections
      .filter(({ name }) => name === '.data')
      .map((one) => ({ ...one, address: pe.imageBase + one.address }));
    return { wordBytes: pe.bits === 64 ? 8 : 4, littleEndian: true, regions: pe.regions, data, names: new Map() };
  }
  if (!isMachO(head)) return null;
  const first = readMachO(source)[0];
  if (first === undefined) return null;
  return {
    wordBytes: first.bits === 64 ? 8 : 4,
    littleEndian: first.littleEndian,
    regions: first.regions,
    data: first.sections.filter(({ name }) => name === '__data' || name === '__noptrdata'),
    names: new Map(),
  };
}

function readVariables(
  source: ByteSource,
  layout: Layout,
  part: Layout['data'][number],
  accept: (value: string) => boolean,
  found: Map<number, GoLinkedText>,
): void {
  const bytes = source.slice(part.offset, part.sizeBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { wordBytes, littleEndian } = layout;
  const word = (at: number): number => {
    if (wordBytes === 4) return view.getUint32(at, littleEndian);
    const [high, low] = littleEndian ? [at + 4, at] : [at, at + 4];
    // An address is far below 2^53; with its upper bits set it is none.
    const upper = view.getUint32(high, littleEndian);
    return upper > 0xfffff ? 0 : upper * 2 ** 32 + view.getUint32(low, littleEndian);
  };
  for (let at = 0; at + 2 * wordBytes <= view.byteLength && found.size < limits.texts; at += wordBytes) {
    const length = word(at + wordBytes);
    if (length < 1 || length > limits.valueBytes) continue;
    const address = word(at);
    const place = address === 0 ? null : locate(layout.regions, address);
    if (place === null || place.restBytes <= length || found.has(place.offset)) continue;
    const value = endedText(source, place.offset, length);
    if (value === null || !accept(value)) continue;
    found.set(place.offset, { variable: layout.names.get(part.address + at) ?? null, value, offset: place.offset });
  }
}

/** The text of printable ASCII of this length that a zero byte ends; else null. */
function endedText(source: ByteSource, offset: number, length: number): string | null {
  const bytes = source.slice(offset, length + 1);
  if (bytes.length < length + 1 || bytes[length] !== 0) return null;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return null;
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
}
