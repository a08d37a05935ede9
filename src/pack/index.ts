/** Tar, gzip, zstd and zip: bytes of strangers in, entries out, bounded and typed. */
export { cleanPath } from './clean-path.js';
export { type Compression, decompress, sniffCompression } from './decompress.js';
export { decompressBytes } from './decompress-bytes.js';
export { type TarEntryBytes, tarEntries } from './tar-entries.js';
export { readTar, TarReader } from './tar-read.js';
export type { TarHandler, TarHeader, TarLimits, TarSink } from './tar-types.js';
export { type TarEntry, writeTar } from './tar-write.js';
export { nameText } from './text.js';
export { openZip, ZipArchive } from './zip.js';
export { type ZipEntry, type ZipFile, type ZipLimits, type ZipProblem, zipLimits } from './zip-types.js';
