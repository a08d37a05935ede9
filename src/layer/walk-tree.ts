import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, statfs } from 'node:fs/promises';
import { type LayerLimits, type Reason, TrowelError } from '../model/index.js';
import { nameText, type TarHandler, type TarHeader } from '../pack/index.js';

/** What a walk tells its entries to: like a tar, and of what could not be read. */
export interface TreeHandler extends TarHandler {
  gap(path: string, reason: Reason, detail: string): void;
}

const readBytes = 1024 * 1024;

/** File systems that the kernel makes up: proc, sysfs, devpts, cgroup, cgroup2, debugfs, tracefs, securityfs, bpf. */
const kernelFileSystems = new Set([
  0x9fa0, 0x62656572, 0x1cd1, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11,
]);

/** Wanted files, and the directories that lead to them. */
interface OnlyPaths {
  readonly files: ReadonlySet<string>;
  readonly dirs: ReadonlySet<string>;
}

/**
 * Tells the entries of a directory as a tar of it would, in sorted order, and answers the bytes of all files read.
 *
 * Symbolic links are told, never followed; devices, pipes and sockets are not opened, file systems of the kernel not
 * entered; what cannot be read is a gap. Of hard links the first in order is the file, the others link to it.
 * `only` bounds the walk to these files. Throws TrowelError `not-found`, `denied`, `too-large`.
 */
export async function walkTree(
  path: string,
  handler: TreeHandler,
  limits: LayerLimits,
  only: ReadonlySet<string> | null,
): Promise<number> {
  const root = Buffer.from(path);
  const stats = await lstatOrThrow(path, root);
  const walk = new TreeWalk(handler, limits, only === null ? null : { files: only, dirs: parentsOf(only) });
  await walk.directory(root, Buffer.alloc(0), stats.dev, 0);
  return walk.bytes;
}

function parentsOf(paths: ReadonlySet<string>): Set<string> {
  const parents = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) parents.add(path.slice(0, at));
  }
  return parents;
}

async function lstatOrThrow(path: string, root: Buffer): Promise<Stats> {
  try {
    await readdir(root, 'buffer');
    return await lstat(root);
  } catch (cause) {
    const missing = codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR';
    throw new TrowelError(missing ? 'not-found' : 'denied', {
      what: 'the directory cannot be read',
      where: { file: path },
      cause,
    });
  }
}

/** Holds what a walk adds up: entries, bytes, hard links by inode. */
class TreeWalk {
  readonly #limits: LayerLimits;
  readonly #pass: TreeHandler;
  readonly #only: OnlyPaths | null;
  readonly #links = new Map<string, string>();
  readonly #buffer = Buffer.allocUnsafe(readBytes);
  #entries = 0;
  #bytes = 0;

  constructor(handler: TreeHandler, limits: LayerLimits, only: OnlyPaths | null) {
    this.#pass = handler;
    this.#limits = limits;
    this.#only = only;
  }

  /** Bytes of all files that were read. */
  get bytes(): number {
    return this.#bytes;
  }

  async directory(dir: Buffer, path: Buffer, device: number, depth: number): Promise<void> {
    if (depth > this.#limits.depth) {
      this.#pass.gap(nameText(path), 'too-large', `directories more than ${this.#limits.depth} deep`);
      return;
    }
    const names = await this.#trying(path, () => readdir(dir, 'buffer'));
    for (const name of (names ?? []).sort(Buffer.compare)) {
      const below = path.length === 0 ? name : Buffer.concat([path, slash, name]);
      await this.#one(Buffer.concat([dir, slash, name]), below, device, depth);
    }
  }

  async #one(file: Buffer, path: Buffer, device: number, depth: number): Promise<void> {
    const stats = await this.#trying(path, () => lstat(file));
    if (stats === null) return;
    this.#entries += 1;
    if (this.#entries > this.#limits.entries) throw tooLarge(`more than ${this.#limits.entries} entries`);
    if (path.length > this.#limits.pathBytes) throw tooLarge(`a path of more than ${this.#limits.pathBytes} bytes`);
    const type = typeOf(stats);
    // A socket is nothing that an image could hold: tar leaves it out too.
    if (type === null) return;
    if (this.#only !== null && !(type === 'directory' ? this.#only.dirs : this.#only.files).has(nameText(path))) return;
    if (type === 'directory' && stats.dev !== device && (await isKernelFileSystem(file))) {
      this.#pass.gap(nameText(path), 'unsupported', 'a file system that the kernel makes up, not read');
      return;
    }
    await this.#entry(file, path, stats, type);
    if (type === 'directory') await this.directory(file, path, stats.dev, depth + 1);
  }

  async #entry(file: Buffer, path: Buffer, stats: Stats, type: TarHeader['type']): Promise<void> {
    const name = nameText(path);
    const inode = `${stats.dev}:${stats.ino}`;
    const first = stats.nlink > 1 && type !== 'directory' ? this.#links.get(inode) : undefined;
    if (first !== undefined) {
      this.#pass.entry(headerOf(name, stats, 'hardlink', first));
      return;
    }
    if (type === 'file') {
      await this.#file(file, path, name);
    } else {
      const target = type === 'symlink' ? await this.#trying(path, () => readlink(file, 'buffer')) : Buffer.alloc(0);
      if (target === null) return;
      this.#pass.entry(headerOf(name, stats, type, nameText(target)));
    }
    if (stats.nlink > 1 && type !== 'directory') this.#links.set(inode, name);
  }

  async #file(file: Buffer, path: Buffer, name: string): Promise<void> {
    // Between lstat and open a file may have become a link or a pipe: neither is to be followed or waited for.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await this.#trying(path, () => open(file, flags));
    if (handle === null) return;
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return this.#pass.gap(name, 'denied', 'it was no longer a file when it was opened');
      this.#bytes += stats.size;
      if (this.#bytes > this.#limits.layerBytes) throw tooLarge(`more than ${this.#limits.layerBytes} bytes`);
      await this.#content(handle, name, stats);
    } finally {
      await handle.close();
    }
  }

  /** Exactly as many bytes as the file had when it was opened; one that shrinks meanwhile is a gap. */
  async #content(handle: FileHandle, name: string, stats: Stats): Promise<void> {
    const sink = this.#pass.entry(headerOf(name, stats, 'file', ''));
    for (let at = 0; at < stats.size; ) {
      const length = Math.min(readBytes, stats.size - at);
      const read = await this.#trying(Buffer.from(name), () => handle.read(this.#buffer, 0, length, at));
      if (read === null) return;
      if (read.bytesRead === 0) return this.#pass.gap(name, 'truncated', 'the file became shorter while it was read');
      sink?.write(this.#buffer.subarray(0, read.bytesRead));
      at += read.bytesRead;
    }
    sink?.end();
  }

  async #trying<T>(path: Buffer, action: () => Promise<T>): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      this.#pass.gap(nameText(path), reasonOf(code), `cannot be read: ${code}`);
      return null;
    }
  }
}

const slash = Buffer.from('/');

function headerOf(path: string, stats: Stats, type: TarHeader['type'], link: string): TarHeader {
  return {
    path,
    type,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    sizeBytes: type === 'file' ? stats.size : 0,
    storedBytes: type === 'file' ? stats.size : 0,
    link,
    mtime: Math.floor(stats.mtimeMs / 1000),
    offset: 0,
    sparse: false,
  };
}

function typeOf(stats: Stats): TarHeader['type'] | null {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'character';
  if (stats.isBlockDevice()) return 'block';
  return stats.isFIFO() ? 'fifo' : null;
}

async function isKernelFileSystem(file: Buffer): Promise<boolean> {
  try {
    return kernelFileSystems.has((await statfs(file)).type);
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function reasonOf(code: string): Reason {
  if (code === 'ENOENT') return 'not-found';
  return code === 'EACCES' || code === 'EPERM' || code === 'ELOOP' ? 'denied' : 'bad-bytes';
}

function tooLarge(what: string): TrowelError {
  return new TrowelError('too-large', { what: `the directory holds ${what}` });
}
