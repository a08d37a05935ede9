import { isElf, readElf } from './elf.js';
import { type ByteSource, take } from './source.js';

/** A text of a Go program and where its bytes begin in the file. */
export interface GoString {
  readonly text: string;
  readonly offset: number;
}

/** Lengths of the strings that are looked for, and what one program may hold of them. */
const limits = { shortest: 6, longest: 512, sectionBytes: 256 * 1024 * 1024, strings: 10_000 } as const;

/** Sections in which strings of variables have their headers: a pointer and a length, eight bytes each. */
const headerSections: ReadonlySet<string> = new Set(['.data', '.noptrdata', '.rodata', '.data.rel.ro', '.go.module']);

/**
 * The string constants of a Go program that `accept` takes, in the order of the file, each place once.
 *
 * Go keeps its strings one behind the other without an end, so a text is known only together with its length: from the
 * headers of variables, and in code of x86-64 from the instructions that load an address and a length. Other code (a
 * constant in a function of an arm64 program) is not read. Of a file that is no 64-bit little-endian ELF, or has no
 * sections, nothing. Linear in the file; `accept` is asked for texts that hold a slash alone.
 *
 * Throws TrowelError as `readElf` does.
 * Follows: Go's internal ABI (strings are pointer and length), Intel SDM vol. 2 (LEA, MOV).
 */
export function readGoStrings(source: ByteSource, accept: (text: string) => boolean): readonly GoString[] {
  if (!isElf(source.slice(0, 4))) return [];
  const elf = readElf(source);
  if (elf.bits !== 64 || !elf.littleEndian) return [];
  const rodata = elf.sections.find((section) => section.name === '.rodata');
  if (rodata === undefined || rodata.sizeBytes > limits.sectionBytes) return [];
  const texts = new Texts(take(source, rodata.offset, rodata.sizeBytes), rodata.address, rodata.offset, accept);
  const sections = elf.sections.filter((section) => section.type === 1 && section.sizeBytes <= limits.sectionBytes);
  for (const section of sections.filter(({ name }) => headerSections.has(name))) {
    readHeaders(take(source, section.offset, section.sizeBytes), texts);
  }
  for (const section of sections.filter(({ name }) => name === '.text' && elf.architecture === 'amd64')) {
    readCode(take(source, section.offset, section.sizeBytes), section.address, texts);
  }
  return texts.found();
}

/** The read-only data, and the texts of it that were taken. */
class Texts {
  readonly #bytes: Uint8Array;
  readonly #address: number;
  readonly #offset: number;
  readonly #accept: (text: string) => boolean;
  readonly #found = new Map<number, string>();

  constructor(bytes: Uint8Array, address: number, offset: number, accept: (text: string) => boolean) {
    this.#bytes = bytes;
    this.#address = address;
    this.#offset = offset;
    this.#accept = accept;
  }

  holds(address: number): boolean {
    return address >= this.#address && address < this.#address + this.#bytes.length;
  }

  /** Takes the text of this length at this address, if it is one that is wanted. */
  take(address: number, length: number): boolean {
    const from = address - this.#address;
    if (length < limits.shortest || length > limits.longest || from < 0) return false;
    if (from + length > this.#bytes.length || this.#found.size >= limits.strings) return false;
    let hasSlash = false;
    for (let at = from; at < from + length; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte < 0x20 || byte > 0x7e) return false;
      if (byte === 0x2f) hasSlash = true;
    }
    if (!hasSlash) return false;
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, length).toString('latin1');
    if (!this.#accept(text)) return false;
    // What is known first counts: headers are read before code.
    if (!this.#found.has(this.#offset + from)) this.#found.set(this.#offset + from, text);
    return true;
  }

  found(): readonly GoString[] {
    return [...this.#found].map(([offset, text]) => ({ offset, text })).sort((a, b) => a.offset - b.offset);
  }
}

/** Pairs of a pointer into the read-only data and a length, at each multiple of eight. */
function readHeaders(bytes: Uint8Array, texts: Texts): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 16 <= view.byteLength; at += 8) {
    // A length over 512, or an address beyond what a double holds, is none.
    if (view.getUint32(at + 12, true) !== 0 || view.getUint32(at + 4, true) > 0xffff) continue;
    const address = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    if (texts.holds(address)) texts.take(address, view.getUint32(at + 8, true));
  }
}

/** How many bytes around the load of an address its length is looked for: a write barrier of Go lies between (47). */
const reach = 64;

/** `LEA register, [RIP + x]`, and the constant moved nearest to it that makes a wanted text of it. */
function readCode(bytes: Uint8Array, start: number, texts: Texts): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 1; at + 6 <= bytes.length; at++) {
    if (bytes[at] !== 0x8d || ((bytes[at - 1] ?? 0) & 0xfb) !== 0x48 || ((bytes[at + 1] ?? 0) & 0xc7) !== 0x05)
      continue;
    const address = start + at + 6 + view.getInt32(at + 2, true);
    if (!texts.holds(address)) continue;
    // The nearest is its own, unless the length was set for several texts at once; a far one belongs to another.
    const [first, second] = lengthsNear(view, at - 1, at + 6);
    if (first !== undefined && !texts.take(address, first) && second !== undefined) texts.take(address, second);
  }
}

/** The constants that are moved around an instruction from `from` up to `to`, the nearest first. */
function lengthsNear(view: DataView, from: number, to: number): readonly number[] {
  const near: { readonly distance: number; readonly value: number }[] = [];
  for (let at = Math.max(from - reach, 0); at < Math.min(to + reach, view.byteLength - 5); at++) {
    if (at >= from && at < to) continue;
    const constant = constantAt(view, at);
    if (constant === null || constant.value < 1 || constant.value > limits.longest) continue;
    if (at < from && constant.end > from) continue;
    near.push({ distance: at < from ? from - constant.end : at - to, value: constant.value });
  }
  return near.sort((a, b) => a.distance - b.distance).map(({ value }) => value);
}

/** The constant that an instruction at this place moves into a register or to memory, and where it ends; else null. */
function constantAt(view: DataView, at: number): { readonly value: number; readonly end: number } | null {
  const opcode = view.getUint8(at);
  if (opcode >= 0xb8 && opcode <= 0xbf) return { value: view.getUint32(at + 1, true), end: at + 5 };
  if (opcode !== 0xc7) return null;
  const mode = view.getUint8(at + 1);
  if ((mode & 0x38) !== 0) return null;
  const hasIndex = (mode & 0x07) === 4 && mode >> 6 !== 3;
  // Mode 0 with base 5 is a variable, at a distance from the instruction.
  const displacement = mode >> 6 === 0 && (mode & 0x07) === 5 ? 4 : ([0, 1, 4, 0][mode >> 6] ?? 0);
  const place = at + 2 + (hasIndex ? 1 : 0) + displacement;
  return place + 4 <= view.byteLength ? { value: view.getUint32(place, true), end: place + 4 } : null;
}
