import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isTrowelError, TrowelError } from '../../model/index.js';
import {
  cleanPath,
  nameText,
  openZip,
  type ZipArchive,
  type ZipEntry,
  type ZipFile,
  zipLimits,
} from '../../pack/index.js';
import { ratioFromBytes } from '../limits.js';
import type { TreeHandler } from '../walk-tree.js';
import { fileHeader } from './entries.js';
import type { ArchiveWalk } from './payload.js';

const typeBits = 0o170000;
const linkBits = 0o120000;

/** A zip, read at random in its file; an entry that cannot be read is a gap, the others are told. */
export async function walkZip({ path, handler, limits, only }: ArchiveWalk): Promise<void> {
  const file = openFile(path);
  try {
    // Entries may share their bytes: what they all give is bounded by what the file has, as it is for a layer.
    const most = Math.min(limits.layerBytes, Math.max(ratioFromBytes, limits.ratio * file.sizeBytes));
    const entryBytes = Math.min(zipLimits.entryBytes, limits.wholeFileBytes);
    const archive = openZip(file, {
      ...zipLimits,
      entries: Math.min(zipLimits.entries, limits.entries),
      entryBytes,
      totalBytes: most,
    });
    for (const problem of archive.problems) handler.gap(problem.path, problem.reason, problem.detail);
    for (const entry of archive.entries) {
      if (Buffer.byteLength(entry.path) > limits.pathBytes) {
        throw new TrowelError('too-large', { what: `a path of more than ${limits.pathBytes} bytes` });
      }
      if (only === null || only.has(cleanPath(entry.path) ?? '')) tell(archive, entry, handler);
    }
  } finally {
    file.close();
  }
}

function tell(archive: ZipArchive, entry: ZipEntry, handler: TreeHandler): void {
  const { path, mode, directory } = entry;
  const header = fileHeader(path, entry.sizeBytes, mode & 0o7777);
  if (directory) {
    handler.entry({ ...header, type: 'directory', sizeBytes: 0, storedBytes: 0 });
    return;
  }
  try {
    if ((mode & typeBits) === linkBits) {
      const link = nameText(archive.read(entry, 4096));
      handler.entry({ ...header, type: 'symlink', sizeBytes: 0, storedBytes: 0, link });
      return;
    }
    const bytes = archive.read(entry);
    const sink = handler.entry(header);
    if (bytes.length > 0) sink?.write(bytes);
    sink?.end();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    // What cannot be read as a whole is told once, by the directory or here.
    if (error.code !== 'unsupported') handler.gap(path, error.code, error.what);
  }
}

function openFile(path: string): ZipFile & { close(): void } {
  const descriptor = attempt(path, () => openSync(path, 'r'));
  const sizeBytes = fstatSync(descriptor).size;
  return {
    sizeBytes,
    slice(offset, length) {
      const from = Math.max(0, offset);
      const wanted = Math.max(0, Math.min(length - (from - offset), sizeBytes - from));
      const bytes = Buffer.allocUnsafe(wanted);
      return bytes.subarray(
        0,
        attempt(path, () => readSync(descriptor, bytes, 0, wanted, from)),
      );
    },
    close: () => closeSync(descriptor),
  };
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new TrowelError('denied', { what: 'the file cannot be read', where: { file: path }, cause });
  }
}
