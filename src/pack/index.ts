/** Tar, ar, cpio, zip, gzip, zstd, xz and rpm's frame: bytes of strangers in, entries out, bounded and typed. */
export { type ArMember, arMagic, readAr } from './ar.js';
export { ByteSource } from './byte-source.js';
export { cleanPath } from './clean-path.js';
export { readCpio } from './cpio.js';
export { type Compression, decompress, sniffCompression } from './decompress.js';
export { decompressBytes } from './decompress-bytes.js';
export { type GzipMember, gzipMember } from './gzip-member.js';
export { type Kernel, newKernel } from './kernel.js';
export { isRpmFile, type RpmFront, readRpmFront, rpmText } from './rpm-file.js';
export { type TarEntryBytes, tarEntries } from './tar-entries.js';
export { readTar, TarReader } from './tar-read.js';
export type { TarHandler, TarHeader, TarLimits, TarSink } from './tar-types.js';
export { type TarEntry, writeTar } from './tar-write.js';
export { nameText } from './text.js';
export { openZip, ZipArchive } from './zip.js';
export { type ZipEntry, type ZipFile, type ZipLimits, type ZipProblem, zipLimits } from './zip-types.js';
