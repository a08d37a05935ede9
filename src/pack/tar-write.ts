import { TrowelError } from '../model/index.js';
import { blockSize } from './tar-header.js';

/** One entry to write. Owner and time are 0 where they are not given, so that equal input gives equal bytes. */
export interface TarEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Whole seconds since 1970. */
  readonly mtime?: number;
  readonly link?: string;
  readonly content?: Uint8Array;
}

const flags: Readonly<Record<TarEntry['type'], string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

const octalLimit = 8 ** 11;
const idLimit = 8 ** 7;

/**
 * Writes a tar archive: ustar, with a pax header only before an entry that needs one (a path or link over 100 bytes or
 * not ASCII, a number too large for its field). Ends with two blocks of zeros. Throws `usage` for a NUL in a name.
 */
export function* writeTar(entries: Iterable<TarEntry>): Generator<Uint8Array> {
  for (const entry of entries) {
    const content = entry.type === 'file' ? (entry.content ?? new Uint8Array(0)) : new Uint8Array(0);
    const pax = paxFor(entry, content.length);
    if (pax.length > 0) {
      yield headerBlock('PaxHeaders/entry', 'x', { mode: 0o644, uid: 0, gid: 0, mtime: 0, size: pax.length, link: '' });
      yield* padded(pax);
    }
    yield headerBlock(entry.path, flags[entry.type], {
      mode: entry.mode,
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      mtime: entry.mtime ?? 0,
      size: content.length,
      link: entry.link ?? '',
    });
    yield* padded(content);
  }
  yield new Uint8Array(2 * blockSize);
}

function* padded(bytes: Uint8Array): Generator<Uint8Array> {
  if (bytes.length === 0) return;
  yield bytes;
  const rest = (blockSize - (bytes.length % blockSize)) % blockSize;
  if (rest > 0) yield new Uint8Array(rest);
}

function paxFor(entry: TarEntry, size: number): Uint8Array {
  const records: string[] = [];
  if (entry.path.includes('\0') || entry.link?.includes('\0')) {
    throw new TrowelError('usage', {
      what: 'a path with a NUL cannot stand in a tar archive',
      where: { entry: entry.path },
    });
  }
  if (!fits(entry.path)) records.push(paxRecord('path', entry.path));
  if (!fits(entry.link ?? '')) records.push(paxRecord('linkpath', entry.link ?? ''));
  if (size >= octalLimit) records.push(paxRecord('size', String(size)));
  if ((entry.uid ?? 0) >= idLimit) records.push(paxRecord('uid', String(entry.uid)));
  if ((entry.gid ?? 0) >= idLimit) records.push(paxRecord('gid', String(entry.gid)));
  const mtime = entry.mtime ?? 0;
  if (mtime < 0 || mtime >= octalLimit) records.push(paxRecord('mtime', String(mtime)));
  return Buffer.from(records.join(''), 'utf8');
}

function fits(text: string): boolean {
  return text.length <= 100 && !/[^ -~]/.test(text);
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

interface Numbers {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly size: number;
  readonly link: string;
}

function headerBlock(path: string, flag: string, numbers: Numbers): Uint8Array {
  const block = Buffer.alloc(blockSize);
  block.write(asciiName(path), 0, 100, 'latin1');
  octal(block, 100, 7, numbers.mode & 0o7777);
  octal(block, 108, 7, numbers.uid < idLimit ? numbers.uid : 0);
  octal(block, 116, 7, numbers.gid < idLimit ? numbers.gid : 0);
  octal(block, 124, 11, numbers.size < octalLimit ? numbers.size : 0);
  octal(block, 136, 11, numbers.mtime >= 0 && numbers.mtime < octalLimit ? numbers.mtime : 0);
  block.fill(32, 148, 156);
  block.write(flag, 156, 'latin1');
  block.write(asciiName(numbers.link), 157, 100, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  octal(block, 329, 7, 0);
  octal(block, 337, 7, 0);
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(block, 148, 6, sum);
  block[154] = 0;
  return block;
}

/** The name for readers that know no pax: cut, and without what is not ASCII. */
function asciiName(text: string): string {
  return text.replace(/[^ -~]/g, '_').slice(0, 100);
}

function octal(block: Buffer, at: number, digits: number, value: number): void {
  block.write(value.toString(8).padStart(digits, '0'), at, digits, 'latin1');
}
