import { crc32, inflateRawSync } from 'node:zlib';
import { type Reason, TrowelError } from '../model/index.js';
import { nameText } from './text.js';
import { readDirectory } from './zip-directory.js';
import { type ZipEntry, type ZipFile, type ZipLimits, type ZipProblem, zipLimits } from './zip-types.js';

const localHeaderBytes = 30;
const ratioFrom = 1024 * 1024;

/**
 * Opens a zip archive by its central directory: zip64, data descriptors, bytes before the archive (executable jars).
 *
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large`, `unsupported` when there is no directory to go by; what is
 * wrong with single entries stands in `problems` and is thrown by `read`.
 * Follows: APPNOTE.TXT 6.3.10.
 */
export function openZip(file: ZipFile, limits: ZipLimits = zipLimits): ZipArchive {
  return new ZipArchive(file, readDirectory(file, limits.entries), limits);
}

/** An open archive; it counts what was read from it, for `limits.totalBytes`. */
export class ZipArchive {
  /** In the order of the central directory; a name that comes twice is here twice, and in `problems`. */
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly ZipProblem[];
  readonly #file: ZipFile;
  readonly #limits: ZipLimits;
  #readBytes = 0;

  constructor(file: ZipFile, entries: readonly ZipEntry[], limits: ZipLimits) {
    this.#file = file;
    this.#limits = limits;
    this.entries = entries;
    this.problems = problemsOf(entries);
  }

  /**
   * The content of an entry, checked against its size and CRC-32. At most `maxBytes` of it may be there.
   *
   * Throws TrowelError: `unsupported` (encrypted, or another method than stored and deflate), `too-large`,
   * `bad-bytes` (the local header is of another entry, a wrong checksum), `bad-size`, `truncated`.
   */
  read(entry: ZipEntry, maxBytes: number = this.#limits.entryBytes): Uint8Array {
    if (entry.encrypted) throw failure('unsupported', entry, 'the entry is encrypted');
    this.#checkSizes(entry, maxBytes);
    const stored = this.#storedBytes(entry);
    const bytes = unpack(entry, stored);
    if (bytes.length !== entry.sizeBytes) {
      throw failure('bad-size', entry, `holds ${bytes.length} bytes, not ${entry.sizeBytes} as the directory says`);
    }
    if (crc32(bytes) !== entry.crc32) throw failure('bad-bytes', entry, 'the checksum is wrong');
    this.#readBytes += bytes.length;
    return bytes;
  }

  #checkSizes(entry: ZipEntry, maxBytes: number): void {
    const limit = Math.min(maxBytes, this.#limits.entryBytes);
    if (entry.sizeBytes > limit) throw failure('too-large', entry, `is larger than ${limit} bytes`);
    if (entry.sizeBytes > ratioFrom && entry.sizeBytes > this.#limits.ratio * entry.compressedBytes) {
      throw failure('too-large', entry, `is compressed to less than one byte in ${this.#limits.ratio}`);
    }
    if (this.#readBytes + entry.sizeBytes > this.#limits.totalBytes) {
      throw failure('too-large', entry, `the entries read have more than ${this.#limits.totalBytes} bytes`);
    }
  }

  #storedBytes(entry: ZipEntry): Uint8Array {
    const header = this.#file.slice(entry.offset, localHeaderBytes);
    if (header.length < localHeaderBytes) throw failure('truncated', entry, 'the local header is cut off');
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    if (view.getUint32(0, true) !== 0x04034b50) throw failure('bad-bytes', entry, 'no local header is there');
    const nameBytes = view.getUint16(26, true);
    const name = nameText(this.#file.slice(entry.offset + localHeaderBytes, nameBytes));
    // Streaming readers believe the local header, others the directory: an archive that says two things hides one.
    if (name !== entry.path) throw failure('bad-bytes', entry, `the local header names "${name.slice(0, 200)}"`);
    if (view.getUint16(8, true) !== entry.method)
      throw failure('bad-bytes', entry, 'the local header has another method');
    const start = entry.offset + localHeaderBytes + nameBytes + view.getUint16(28, true);
    const stored = this.#file.slice(start, entry.compressedBytes);
    if (stored.length < entry.compressedBytes) throw failure('truncated', entry, 'the content is cut off');
    return stored;
  }
}

function unpack(entry: ZipEntry, stored: Uint8Array): Uint8Array {
  if (entry.method === 0) return stored;
  if (entry.method !== 8) throw failure('unsupported', entry, `compression method ${entry.method}`);
  const chunkSize = Math.min(Math.max(entry.sizeBytes + 1, 64), ratioFrom);
  try {
    return inflateRawSync(stored, { maxOutputLength: entry.sizeBytes + 1, chunkSize });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw failure('bad-size', entry, `holds more than the ${entry.sizeBytes} bytes that the directory says`, cause);
    }
    const truncated = code === 'Z_BUF_ERROR';
    throw failure(truncated ? 'truncated' : 'bad-bytes', entry, 'the deflated content is broken', cause);
  }
}

function problemsOf(entries: readonly ZipEntry[]): ZipProblem[] {
  const problems: ZipProblem[] = [];
  const seen = new Set<string>();
  for (const { path, directory, encrypted, method } of entries) {
    if (encrypted) problems.push({ reason: 'unsupported', path, detail: 'the entry is encrypted' });
    else if (method !== 0 && method !== 8) {
      problems.push({ reason: 'unsupported', path, detail: `compression method ${method}` });
    }
    if (seen.has(path) && !directory) problems.push({ reason: 'bad-bytes', path, detail: 'the name comes twice' });
    seen.add(path);
  }
  return problems;
}

function failure(reason: Reason, entry: ZipEntry, what: string, cause?: unknown): TrowelError {
  return new TrowelError(reason, { what, where: { entry: entry.path }, cause });
}
