import { isElf, isMachO, isPe, readElf, readMachO, readPe } from '../binary/index.js';
import { type CatalogFile, TrowelError } from '../model/index.js';

/** A section of a program: where its bytes lie in the file. */
export interface ProgramSection {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** First bytes of ELF, PE and the forms of Mach-O: asked of every file, so one comparison answers for most. */
const firstBytes: ReadonlySet<number | undefined> = new Set([0x7f, 0x4d, 0xfe, 0xce, 0xcf, 0xca]);

export function isProgram(head: Uint8Array): boolean {
  return firstBytes.has(head[0]) && (isElf(head) || isPe(head) || isMachO(head));
}

const sectionNoBits = 8;

/**
 * The sections of an ELF, PE or Mach-O file (of all parts of a fat one) that have bytes in it; none for anything else.
 *
 * Throws TrowelError as the readers of `binary` do.
 */
export function sectionsOf(file: CatalogFile): readonly ProgramSection[] {
  const head = file.slice(0, 64);
  if (isElf(head)) return readElf(file).sections.filter(({ type }) => type !== sectionNoBits);
  if (isPe(head)) return readPe(file).sections;
  return isMachO(head) ? readMachO(file).flatMap(({ sections }) => sections) : [];
}

/** The bytes of a section, as far as the file goes. Throws TrowelError `too-large` beyond `maxBytes`. */
export function sectionBytes(file: CatalogFile, section: ProgramSection, maxBytes: number): Uint8Array {
  if (section.sizeBytes > maxBytes) {
    throw new TrowelError('too-large', { what: `the section ${section.name} has ${section.sizeBytes} bytes` });
  }
  if (section.offset >= file.sizeBytes) return new Uint8Array(0);
  return file.slice(section.offset, Math.min(section.sizeBytes, file.sizeBytes - section.offset));
}
