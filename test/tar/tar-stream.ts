import { createHash } from 'node:crypto';
import { extract, type Headers } from 'tar-stream';
import { type Answer, type Entry, type EntryType, latin1Text } from './entry.js';

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

/** What the npm package tar-stream finds. It knows no sparse files, and names that are UTF-8 only. */
export function tarStreamAnswer(archive: Uint8Array): Promise<Answer> {
  return new Promise((resolve) => {
    const entries: Entry[] = [];
    const reader = extract({ filenameEncoding: 'latin1' });
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
    // Names of header blocks came as one character a byte, those of pax headers as text.
    path: asText(name),
    type: types[type ?? ''] ?? 'other',
    mode,
    uid,
    gid,
    size,
    mtime: (mtime?.getTime() ?? 0) / 1000,
    link: asText(linkname ?? ''),
    sum,
  };
}

const asText = (name: string): string => (/[^\0-\xff]/.test(name) ? name : latin1Text(name));
