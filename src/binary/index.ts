/**
 * Facts of programs and libraries, read from their bytes with random access and without running or loading anything:
 * ELF, PE and Mach-O headers (sections, segments, libraries needed, build id, symbols) and Go's build information.
 *
 * Every reader takes a `ByteSource`, bounds what it believes, and throws one `TrowelError` (`bad-bytes`, `truncated`,
 * `too-large`) for a file that is not what it claims to be.
 */

export { readCompilers } from './compilers.js';
export {
  type ElfFile,
  type ElfNote,
  type ElfSection,
  type ElfSegment,
  type ElfSymbols,
  isElf,
  readElf,
  readElfNamedAddresses,
  readElfSymbols,
} from './elf.js';
export { type GoBuildInfo, type GoModule, isGoProgram, parseModuleInfo, readGoBuildInfo } from './go-buildinfo.js';
export { type GoLinkedText, readGoLinkedTexts } from './go-linked.js';
export { type GoString, readGoStrings } from './go-strings.js';
export { isFatMachO, isMachO, type MachOFile, type MachOSection, type MachOSegment, readMachO } from './mach-o.js';
export { type PackageNote, readPackageNote } from './package-note.js';
export { type Packed, readPacked } from './packed.js';
export { isPe, type PeFile, type PeSection, readPe } from './pe.js';
export { type Assembly, readAssembly } from './pe-assembly.js';
export { readVersionResource, readVersionStrings, type VersionResource } from './pe-version.js';
export { type ByteSource, type Fields, fieldsAt, fieldsOf, type MappedRegion, take, textAt } from './source.js';
