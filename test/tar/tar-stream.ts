import { createHash } from 'node:crypto';
import { extract, type Headers } from 'tar-stream';
import type { Answer, Entry, EntryType } from './entry.js';

const types: Readonly<Record<string, EntryType>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'hardlink',
  symlink: 'symlink',
  directory: 'directory',
  'character-device': 'character',
  'block-device': 'block',
  fifo: 'fifo',
};

/** What it is not made for: other formats, holes, global headers, and names that are not UTF-8. */
const unknown = /sparse|v7|^global|has:g|magic:(?:star|odd)|packed|bsd-pax|incremental|label|flag:/;

/** Whether an archive is of the kind that tar-stream reads. */
export function tarStreamKnows(own: Answer, tags: readonly string[]): boolean {
  return !tags.some((tag) => unknown.test(tag)) && own.entries.every(({ path, link }) => !/\\x/.test(path + link));
}

/** Its times are whole seconds. */
export function inSeconds({ entries, error }: Answer): Answer {
  return { entries: entries.map((entry) => ({ ...entry, mtime: Math.trunc(entry.mtime) })), error };
}

/** What the npm package tar-stream finds. */
export function tarStreamAnswer(archive: Uint8Array): Promise<Answer> {
  return new Promise((resolve) => {
    const entries: Entry[] = [];
    const reader = extract();
    reader.on('entry', (header, stream, next) => {
      const sum = createHash('sha256');
      stream.on('data', (chunk: Buffer) => sum.update(chunk));
      stream.on('end', () => {
        entries.push(entryOf(header, sum.digest('hex')));
        next();
      });
    });
    reader.on('error', (error: Error) => resolve({ entries, error: error.message }));
    reader.on('finish', () => resolve({ entries, error: null }));
    // In pieces, since it calls itself for each block of a piece.
    for (let at = 0; at < archive.length; at += 512) reader.write(Buffer.from(archive.subarray(at, at + 512)));
    reader.end();
  });
}

function entryOf(header: Headers, sum: string): Entry {
  const { name, type, mode = 0, uid = 0, gid = 0, size = 0, mtime, linkname } = header;
  return {
    path: name,
    type: types[type ?? ''] ?? 'other',
    mode,
    uid,
    gid,
    size,
    mtime: (mtime?.getTime() ?? 0) / 1000,
    link: linkname ?? '',
    sum,
  };
}
