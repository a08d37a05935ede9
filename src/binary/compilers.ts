import type { ElfFile } from './elf.js';
import type { ByteSource } from './source.js';

const limits = { sectionBytes: 64 * 1024, texts: 16, textBytes: 200 } as const;

/**
 * What compilers and linkers wrote of themselves (`.comment`): `GCC: (Debian 12.2.0-14) 12.2.0`, each once, in file
 * order. Empty where the section is missing, or too large to be one. Follows: GCC, -fident; elf(5), ".comment".
 */
export function readCompilers(source: ByteSource, elf: ElfFile): readonly string[] {
  const section = elf.sections.find(({ name, type }) => name === '.comment' && type === 1);
  if (section === undefined || section.sizeBytes > limits.sectionBytes) return [];
  const bytes = source.slice(section.offset, section.sizeBytes);
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').split('\0');
  const readable = texts.filter((text) => text !== '' && /^[\x20-\x7e]+$/.test(text));
  return [...new Set(readable.map((text) => text.slice(0, limits.textBytes)))].slice(0, limits.texts);
}
