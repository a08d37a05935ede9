import { TrowelError } from '../model/index.js';
import type { ByteSource } from './byte-source.js';
import type { TarHandler, TarHeader, TarLimits } from './tar-types.js';
import { nameText } from './text.js';

const headerBytes = 110;
const trailer = 'TRAILER!!!';

/** Names of a hard-linked file that came before the one with the content. */
interface Waiting {
  readonly paths: string[];
  readonly header: TarHeader;
}

/**
 * Reads a cpio archive in the "new" ASCII format, with or without checksums, and tells its entries as those of a tar.
 *
 * Of hard links, which all but the last come without content, the one with content is the file, the others link to it.
 * Throws TrowelError `bad-bytes`, `truncated`, `too-large` (limits), `unsupported` (other formats of cpio).
 * Follows: cpio(5), "New ASCII Format" and "New CRC Format" (sums are not compared: rpm writes none).
 */
export async function readCpio(source: ByteSource, handler: TarHandler, limits: TarLimits): Promise<void> {
  const waiting = new Map<string, Waiting>();
  let totalBytes = 0;
  for (let entries = 0; ; entries++) {
    const at = source.offset;
    const fields = fieldsOf(await source.read(headerBytes), at);
    if (fields.nameBytes < 1 || fields.nameBytes > limits.pathBytes)
      throw tooLarge(`a path of more than ${limits.pathBytes} bytes`);
    const name = nameText((await source.read(fields.nameBytes)).subarray(0, -1));
    await align(source, at);
    if (name === trailer) break;
    totalBytes += fields.sizeBytes;
    if (entries >= limits.entries) throw tooLarge(`more than ${limits.entries} entries`);
    if (totalBytes > limits.totalBytes) throw tooLarge(`files of more than ${limits.totalBytes} bytes`);
    const content = source.offset;
    await one(source, handler, limits, waiting, headerOf(name, fields, content), fields);
    await align(source, content);
  }
  // A group whose content never came is of empty files.
  for (const { paths, header } of waiting.values()) {
    const [first, ...others] = paths;
    if (first === undefined) continue;
    handler.entry({ ...header, path: first })?.end();
    for (const path of others) handler.entry({ ...header, path, type: 'hardlink', link: first });
  }
}

async function one(
  source: ByteSource,
  handler: TarHandler,
  limits: TarLimits,
  waiting: Map<string, Waiting>,
  header: TarHeader,
  fields: Fields,
): Promise<void> {
  const { sizeBytes } = fields;
  if (header.type === 'symlink') {
    if (sizeBytes > limits.pathBytes) throw tooLarge(`a link of more than ${limits.pathBytes} bytes`);
    const link = nameText(await source.read(sizeBytes));
    handler.entry({ ...header, sizeBytes: 0, storedBytes: 0, link });
    return;
  }
  if (header.type !== 'file') {
    handler.entry({ ...header, sizeBytes: 0, storedBytes: 0 });
    await source.skip(sizeBytes);
    return;
  }
  if (fields.links > 1 && sizeBytes === 0) {
    const group = waiting.get(fields.inode);
    if (group === undefined) waiting.set(fields.inode, { paths: [header.path], header });
    else group.paths.push(header.path);
    return;
  }
  const sink = handler.entry(header);
  if (sink === null) await source.skip(sizeBytes);
  else {
    for await (const chunk of source.take(sizeBytes)) sink.write(chunk);
    sink.end();
  }
  if (fields.links < 2) return;
  for (const path of waiting.get(fields.inode)?.paths ?? []) {
    handler.entry({ ...header, path, type: 'hardlink', link: header.path, sizeBytes: 0, storedBytes: 0 });
  }
  waiting.delete(fields.inode);
}

interface Fields {
  readonly inode: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly mtime: number;
  readonly sizeBytes: number;
  readonly nameBytes: number;
}

function fieldsOf(bytes: Uint8Array, offset: number): Fields {
  const text = Buffer.from(bytes).toString('latin1');
  const magic = text.slice(0, 6);
  if (magic === '07070X') throw new TrowelError('unsupported', { what: 'a cpio archive without headers of its own' });
  if (magic === '070707') throw new TrowelError('unsupported', { what: 'a cpio archive in the old format' });
  if (magic !== '070701' && magic !== '070702') throw bad('no cpio header is there', offset);
  if (!/^[0-9a-fA-F]{104}$/.test(text.slice(6))) throw bad('a cpio header with what is no number', offset);
  const number = (index: number): number => Number.parseInt(text.slice(6 + 8 * index, 14 + 8 * index), 16);
  return {
    inode: `${number(7)}:${number(8)}:${number(0)}`,
    mode: number(1),
    uid: number(2),
    gid: number(3),
    links: number(4),
    mtime: number(5),
    sizeBytes: number(6),
    nameBytes: number(11),
  };
}

/** By the file type bits of stat(2). */
const types: ReadonlyMap<number, TarHeader['type']> = new Map([
  [0o010000, 'fifo'],
  [0o020000, 'character'],
  [0o040000, 'directory'],
  [0o060000, 'block'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
]);

function headerOf(path: string, fields: Fields, offset: number): TarHeader {
  const { mode, uid, gid, sizeBytes, mtime } = fields;
  const type = types.get(mode & 0o170000) ?? 'other';
  return {
    path,
    type,
    mode: mode & 0o7777,
    uid,
    gid,
    sizeBytes,
    storedBytes: sizeBytes,
    link: '',
    mtime,
    offset,
    sparse: false,
  };
}

/** Headers with their names, and contents, are multiples of four bytes long. */
async function align(source: ByteSource, start: number): Promise<void> {
  await source.skip((4 - ((source.offset - start) % 4)) % 4);
}

function bad(what: string, offset: number): TrowelError {
  return new TrowelError('bad-bytes', { what, where: { offset } });
}

function tooLarge(what: string): TrowelError {
  return new TrowelError('too-large', { what: `the cpio archive holds ${what}` });
}
