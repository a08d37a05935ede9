import { createHash } from 'node:crypto';
import { nameText } from '../../src/pack/index.js';

export type EntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo' | 'other';

/** What a reader says of one entry, in one shape for all readers. */
export interface Entry {
  /** Bytes that are not UTF-8 as `\xHH`, as `nameText` writes them. */
  readonly path: string;
  readonly type: EntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly link: string;
  /** SHA-256 of a file's content; null where the reader does not say. */
  readonly sum: string | null;
}

/** What a reader makes of an archive: entries up to its end or up to what it complains of. */
export interface Answer {
  readonly entries: readonly Entry[];
  readonly error: string | null;
}

/** No reader needs to give more than this of one archive. */
export const mostBytes = 64 * 1024 * 1024;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const latin1Text = (text: string): string => nameText(Buffer.from(text, 'latin1'));

const links: ReadonlySet<EntryType> = new Set(['symlink', 'hardlink']);

/** Fields in which two entries differ. Owner and times of something that is no entry of its own do not count. */
export function differences(own: Entry, theirs: Entry): string[] {
  const fields: string[] = [];
  if (own.path !== theirs.path) fields.push('path');
  if (own.type !== theirs.type) fields.push('type');
  if ((own.mode & 0o7777) !== (theirs.mode & 0o7777)) fields.push('mode');
  if (own.uid !== theirs.uid) fields.push('uid');
  if (own.gid !== theirs.gid) fields.push('gid');
  // A double holds microseconds of the times that occur.
  if (Math.abs(own.mtime - theirs.mtime) > Math.max(2e-6, Math.abs(own.mtime) * 1e-15)) fields.push('mtime');
  if (links.has(own.type) && own.link !== theirs.link) fields.push('link');
  if (own.type === 'file') {
    if (own.size !== theirs.size) fields.push('size');
    if (own.sum !== null && theirs.sum !== null && own.sum !== theirs.sum) fields.push('content');
  }
  return fields;
}
