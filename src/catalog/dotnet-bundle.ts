import { inflateRawSync } from 'node:zlib';
import { type CatalogFile, isTrowelError, TrowelError } from '../model/index.js';
import { factsOfDeps } from './dotnet-deps.js';
import { jsonObject } from './json.js';
import type { PackageFacts } from './packages.js';
import { type ProgramSection, sectionBytes, sectionsOf } from './program-section.js';

/** SHA-256 of `.net core bundle`; the eight bytes before it in a single-file program say where the header is. */
const mark = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');
const maxDepsBytes = 64 * 1024 * 1024;
const maxFiles = 50_000;
/** The mark is a variable of the host, so in its data: no other part of a program is looked through. */
const dataSections: readonly string[] = ['.data', '__data'];
const maxDataBytes = 8 * 1024 * 1024;

/**
 * The packages of the `.deps.json` inside a single-file .NET program; null for a file that is none (also a host that
 * bundles nothing).
 *
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large` for a bundle that contradicts itself.
 * Follows: dotnet/runtime src/native/corehost/bundle (header.cpp, manifest.cpp, file_entry.h), versions 1, 2 and 6.
 */
export function bundledDeps(file: CatalogFile): readonly PackageFacts[] | null {
  const at = findMark(file);
  if (at === null || at < 8) return null;
  const header = number(file.slice(at - 8, 8));
  if (header === 0) return null;
  const reader = new Reader(file, header);
  const major = reader.u32();
  reader.skip(4);
  const count = Math.min(reader.u32(), maxFiles);
  reader.text(); // the bundle's id
  // Since version 2 the places of deps.json and runtimeconfig.json, and flags, stand before the files.
  if (major >= 2) reader.skip(8 * 4 + 8);
  for (let index = 0; index < count; index++) {
    const [offset, sizeBytes] = [reader.u64(), reader.u64()];
    const compressedBytes = major >= 6 ? reader.u64() : 0;
    reader.skip(1);
    const path = reader.text();
    if (!path.endsWith('.deps.json')) continue;
    const stored = take(file, offset, compressedBytes === 0 ? sizeBytes : compressedBytes);
    const bytes = compressedBytes === 0 ? stored : inflate(stored, sizeBytes);
    return factsOfDeps(jsonObject(Buffer.from(bytes).toString('utf8'), 'a .deps.json'), file.head.path).map((one) => ({
      ...one,
      what: '.deps.json in a single-file program',
      places: one.value?.includes(', project ') === true ? [file.head.path] : [],
    }));
  }
  return null;
}

function findMark(file: CatalogFile): number | null {
  let sections: readonly ProgramSection[];
  try {
    sections = sectionsOf(file);
  } catch (error) {
    // What is wrong with the program is a gap of `go`, which reads every program; once is enough.
    if (isTrowelError(error)) return null;
    throw error;
  }
  for (const section of sections) {
    if (!dataSections.includes(section.name) || section.sizeBytes > maxDataBytes) continue;
    const piece = sectionBytes(file, section, maxDataBytes);
    const at = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).indexOf(mark);
    if (at >= 0) return section.offset + at;
  }
  return null;
}

function number(bytes: Uint8Array): number {
  if (bytes.length < 8) throw new TrowelError('truncated', { what: 'a single-file program ends too early' });
  const value = Buffer.from(bytes).readBigUInt64LE();
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

function take(file: CatalogFile, offset: number, length: number): Uint8Array {
  if (length > maxDepsBytes) throw new TrowelError('too-large', { what: `a .deps.json of ${length} bytes` });
  if (offset + length > file.sizeBytes) {
    throw new TrowelError('truncated', { what: 'a single-file program ends before what it bundles' });
  }
  return file.slice(offset, length);
}

function inflate(stored: Uint8Array, sizeBytes: number): Uint8Array {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.min(sizeBytes + 1, maxDepsBytes) });
  } catch (cause) {
    throw new TrowelError('bad-bytes', { what: 'a bundled .deps.json that cannot be unpacked', cause });
  }
}

class Reader {
  readonly #file: CatalogFile;
  #at: number;

  constructor(file: CatalogFile, at: number) {
    this.#file = file;
    this.#at = at;
  }

  #take(length: number): Uint8Array {
    const bytes = take(this.#file, this.#at, length);
    this.#at += length;
    return bytes;
  }

  skip(length: number): void {
    this.#at += length;
  }

  u32(): number {
    return Buffer.from(this.#take(4)).readUInt32LE();
  }

  u64(): number {
    return number(this.#take(8));
  }

  /** A length in seven-bit groups (two at most), then UTF-8. */
  text(): string {
    const first = this.#take(1)[0] ?? 0;
    const length = first < 0x80 ? first : (first & 0x7f) | (((this.#take(1)[0] ?? 0) & 0x7f) << 7);
    return Buffer.from(this.#take(length)).toString('utf8');
  }
}
