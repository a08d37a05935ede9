import type { FileContent, FileEntry, FileType } from './file.js';

/** Every type and kind of content, in the order of the numbers by which a table names them. New ones go to the end. */
export const fileTypes: readonly FileType[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'character',
  'block',
  'fifo',
];
export const fileContents: readonly FileContent[] = [
  'elf',
  'pe',
  'mach-o',
  'script',
  'archive',
  'text',
  'data',
  'empty',
  'none',
];

/** Which digests a row has: bits of `FileColumns.has`. */
export const hasSha256 = 1;
export const hasMd5 = 2;
export const hasSha1 = 4;

/**
 * The entries of a layer as columns: plain data that can be kept and sent between threads as it is. About 130 bytes an
 * entry, where objects take five times that and must be made again for each reader.
 */
export interface FileColumns {
  readonly length: number;
  /** UTF-8 of all paths, one behind the other; row i ends at `pathEnds[i]`. */
  readonly paths: Uint8Array;
  readonly pathEnds: Uint32Array;
  /** UTF-8 of all link targets; as long as the row before where a row has none. */
  readonly links: Uint8Array;
  readonly linkEnds: Uint32Array;
  /** Index in `fileTypes`, and in `fileContents`. */
  readonly types: Uint8Array;
  readonly contents: Uint8Array;
  readonly modes: Uint16Array;
  /** Index in `ownerPairs`: few users own all the files of a layer. */
  readonly owners: Uint32Array;
  /** uid and gid in turn. */
  readonly ownerPairs: Float64Array;
  readonly sizes: Float64Array;
  readonly has: Uint8Array;
  /** 32 bytes a row. */
  readonly sha256: Uint8Array;
  /** 16 and 20 bytes a row, or empty where nobody asked for them. */
  readonly md5: Uint8Array;
  readonly sha1: Uint8Array;
}

/** A read-only list of entries over columns; `entry` makes one object at a time. */
export class FileTable implements Iterable<FileEntry> {
  readonly columns: FileColumns;
  readonly #paths: Buffer;
  readonly #links: Buffer;
  readonly #sha256: Buffer;
  readonly #md5: Buffer;
  readonly #sha1: Buffer;

  constructor(columns: FileColumns) {
    this.columns = columns;
    this.#paths = bufferOf(columns.paths);
    this.#links = bufferOf(columns.links);
    this.#sha256 = bufferOf(columns.sha256);
    this.#md5 = bufferOf(columns.md5);
    this.#sha1 = bufferOf(columns.sha1);
  }

  /** A table of entries that are objects: for small lists and tests. */
  static of(entries: Iterable<FileEntry>): FileTable {
    const builder = new FileTableBuilder();
    for (const entry of entries) builder.add(entry);
    return builder.table();
  }

  get length(): number {
    return this.columns.length;
  }

  path(row: number): string {
    return this.#paths.toString('utf8', startOf(this.columns.pathEnds, row), this.columns.pathEnds[row]);
  }

  type(row: number): FileType {
    return fileTypes[this.columns.types[row] ?? 0] ?? 'file';
  }

  sizeBytes(row: number): number {
    return this.columns.sizes[row] ?? 0;
  }

  owner(row: number): { readonly uid: number; readonly gid: number } {
    const { owners, ownerPairs } = this.columns;
    const at = 2 * (owners[row] ?? 0);
    return { uid: ownerPairs[at] ?? 0, gid: ownerPairs[at + 1] ?? 0 };
  }

  link(row: number): string | null {
    const type = this.type(row);
    if (type !== 'symlink' && type !== 'hardlink') return null;
    return this.#links.toString('utf8', startOf(this.columns.linkEnds, row), this.columns.linkEnds[row]);
  }

  sha256(row: number): string | null {
    return this.#hex(this.#sha256, hasSha256, 32, row);
  }

  md5(row: number): string | null {
    return this.#hex(this.#md5, hasMd5, 16, row);
  }

  sha1(row: number): string | null {
    return this.#hex(this.#sha1, hasSha1, 20, row);
  }

  /** Throws RangeError where there is no such row. */
  entry(row: number): FileEntry {
    if (row < 0 || row >= this.length) throw new RangeError(`no row ${row} in a table of ${this.length}`);
    const { modes, contents } = this.columns;
    const md5 = this.md5(row);
    const sha1 = this.sha1(row);
    return {
      path: this.path(row),
      type: this.type(row),
      mode: modes[row] ?? 0,
      ...this.owner(row),
      sizeBytes: this.sizeBytes(row),
      link: this.link(row),
      sha256: this.sha256(row),
      content: fileContents[contents[row] ?? 0] ?? 'none',
      ...(md5 === null ? {} : { md5 }),
      ...(sha1 === null ? {} : { sha1 }),
    };
  }

  *[Symbol.iterator](): Generator<FileEntry> {
    for (let row = 0; row < this.length; row++) yield this.entry(row);
  }

  #hex(column: Buffer, bit: number, size: number, row: number): string | null {
    if (((this.columns.has[row] ?? 0) & bit) === 0) return null;
    return column.toString('hex', row * size, (row + 1) * size);
  }
}

/** Where the text of a row begins: at the end of the one before. */
export function startOf(ends: Uint32Array, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] ?? 0);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What is known of an entry before its content; digests follow. */
export type EntryStart = Pick<FileEntry, 'path' | 'type' | 'mode' | 'uid' | 'gid' | 'sizeBytes' | 'link'>;

/** Writes a table row by row. Digests are given as `latin1` text of their raw bytes, which Node makes fastest. */
export class FileTableBuilder {
  #length = 0;
  #capacity = 0;
  #paths: Buffer = Buffer.alloc(0);
  #pathBytes = 0;
  #links: Buffer = Buffer.alloc(0);
  #linkBytes = 0;
  #pathEnds = new Uint32Array(0);
  #linkEnds = new Uint32Array(0);
  #types = new Uint8Array(0);
  #contents = new Uint8Array(0);
  #modes = new Uint16Array(0);
  #owners = new Uint32Array(0);
  readonly #ownerPairs: number[] = [];
  readonly #ownerIndex = new Map<string, number>();
  #lastOwner = -1;
  #sizes = new Float64Array(0);
  #has = new Uint8Array(0);
  #sha256: Buffer = Buffer.alloc(0);
  #md5: Buffer = Buffer.alloc(0);
  #sha1: Buffer = Buffer.alloc(0);

  get length(): number {
    return this.#length;
  }

  /** Begins a row and answers its number; content is `none` and there are no digests until they are set. */
  begin(entry: EntryStart): number {
    const row = this.#length;
    if (row === this.#capacity) this.#grow(row);
    this.#length = row + 1;
    this.#paths = withRoom(this.#paths, this.#pathBytes, 3 * entry.path.length);
    this.#pathBytes += this.#paths.write(entry.path, this.#pathBytes, 'utf8');
    this.#pathEnds[row] = this.#pathBytes;
    if (entry.link !== null && entry.link !== '') {
      this.#links = withRoom(this.#links, this.#linkBytes, 3 * entry.link.length);
      this.#linkBytes += this.#links.write(entry.link, this.#linkBytes, 'utf8');
    }
    this.#linkEnds[row] = this.#linkBytes;
    this.#types[row] = fileTypes.indexOf(entry.type);
    this.#contents[row] = noContent;
    this.#modes[row] = entry.mode;
    this.#owners[row] = this.#owner(entry.uid, entry.gid);
    this.#sizes[row] = entry.sizeBytes;
    this.#has[row] = 0;
    return row;
  }

  content(row: number, content: FileContent): void {
    this.#contents[row] = fileContents.indexOf(content);
  }

  /** `raw` is the digest's bytes, one a character. */
  digest(row: number, algorithm: 'sha256' | 'md5' | 'sha1', raw: string): void {
    if (algorithm === 'sha256') {
      this.#sha256.write(raw, row * 32, 'latin1');
      this.#has[row] = (this.#has[row] ?? 0) | hasSha256;
    } else if (algorithm === 'md5') {
      if (this.#md5.length < this.#capacity * 16) this.#md5 = grown(this.#md5, this.#capacity * 16);
      this.#md5.write(raw, row * 16, 'latin1');
      this.#has[row] = (this.#has[row] ?? 0) | hasMd5;
    } else {
      if (this.#sha1.length < this.#capacity * 20) this.#sha1 = grown(this.#sha1, this.#capacity * 20);
      this.#sha1.write(raw, row * 20, 'latin1');
      this.#has[row] = (this.#has[row] ?? 0) | hasSha1;
    }
  }

  add(entry: FileEntry): number {
    const row = this.begin(entry);
    this.content(row, entry.content);
    for (const algorithm of ['sha256', 'md5', 'sha1'] as const) {
      const hex = entry[algorithm];
      if (typeof hex === 'string') this.digest(row, algorithm, Buffer.from(hex, 'hex').toString('latin1'));
    }
    return row;
  }

  /**
   * The rows so far, or those for which `keep` says so. Columns are views of the builder's memory, which may be larger:
   * no more rows may be added.
   */
  table(keep?: (row: number) => boolean): FileTable {
    return new FileTable(keep === undefined ? this.#columns() : selected(this.#columns(), keep));
  }

  #columns(): FileColumns {
    const rows = this.#length;
    return {
      length: rows,
      paths: this.#paths.subarray(0, this.#pathBytes),
      pathEnds: this.#pathEnds.subarray(0, rows),
      links: this.#links.subarray(0, this.#linkBytes),
      linkEnds: this.#linkEnds.subarray(0, rows),
      types: this.#types.subarray(0, rows),
      contents: this.#contents.subarray(0, rows),
      modes: this.#modes.subarray(0, rows),
      owners: this.#owners.subarray(0, rows),
      ownerPairs: Float64Array.from(this.#ownerPairs),
      sizes: this.#sizes.subarray(0, rows),
      has: this.#has.subarray(0, rows),
      sha256: this.#sha256.subarray(0, rows * 32),
      md5: this.#md5.length === 0 ? noBytes : grown(this.#md5, rows * 16).subarray(0, rows * 16),
      sha1: this.#sha1.length === 0 ? noBytes : grown(this.#sha1, rows * 20).subarray(0, rows * 20),
    };
  }

  #owner(uid: number, gid: number): number {
    const last = 2 * this.#lastOwner;
    if (last >= 0 && this.#ownerPairs[last] === uid && this.#ownerPairs[last + 1] === gid) return this.#lastOwner;
    const key = `${uid}:${gid}`;
    let index = this.#ownerIndex.get(key);
    if (index === undefined) {
      index = this.#ownerPairs.length / 2;
      this.#ownerPairs.push(uid, gid);
      this.#ownerIndex.set(key, index);
    }
    this.#lastOwner = index;
    return index;
  }

  #grow(rows: number): void {
    const capacity = Math.max(256, 2 * rows);
    this.#capacity = capacity;
    this.#pathEnds = copied(this.#pathEnds, new Uint32Array(capacity));
    this.#linkEnds = copied(this.#linkEnds, new Uint32Array(capacity));
    this.#types = copied(this.#types, new Uint8Array(capacity));
    this.#contents = copied(this.#contents, new Uint8Array(capacity));
    this.#modes = copied(this.#modes, new Uint16Array(capacity));
    this.#owners = copied(this.#owners, new Uint32Array(capacity));
    this.#sizes = copied(this.#sizes, new Float64Array(capacity));
    this.#has = copied(this.#has, new Uint8Array(capacity));
    this.#sha256 = grown(this.#sha256, capacity * 32);
  }
}

const noContent = fileContents.indexOf('none');

function copied<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function grown(bytes: Buffer, length: number): Buffer {
  if (bytes.length >= length) return bytes;
  const larger = Buffer.alloc(length);
  larger.set(bytes);
  return larger;
}

function withRoom(bytes: Buffer, used: number, more: number): Buffer {
  return used + more <= bytes.length ? bytes : grown(bytes, Math.max(4096, 2 * bytes.length, used + more));
}

const noBytes = new Uint8Array(0);

/** Copies of columns in memory of their own, and that memory, so that it can be given to another thread. */
export function ownColumns(columns: FileColumns): { readonly columns: FileColumns; readonly memory: ArrayBuffer[] } {
  const own: FileColumns = {
    length: columns.length,
    paths: new Uint8Array(columns.paths),
    pathEnds: new Uint32Array(columns.pathEnds),
    links: new Uint8Array(columns.links),
    linkEnds: new Uint32Array(columns.linkEnds),
    types: new Uint8Array(columns.types),
    contents: new Uint8Array(columns.contents),
    modes: new Uint16Array(columns.modes),
    owners: new Uint32Array(columns.owners),
    ownerPairs: new Float64Array(columns.ownerPairs),
    sizes: new Float64Array(columns.sizes),
    has: new Uint8Array(columns.has),
    sha256: new Uint8Array(columns.sha256),
    md5: new Uint8Array(columns.md5),
    sha1: new Uint8Array(columns.sha1),
  };
  const memory = Object.values(own).flatMap((column: number | FileColumns['sizes'] | FileColumns['paths']) =>
    typeof column !== 'number' && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
  return { columns: own, memory };
}

/** The rows of a table for which `keep` says so. */
function selected(all: FileColumns, keep: (row: number) => boolean): FileColumns {
  const rows: number[] = [];
  for (let row = 0; row < all.length; row++) if (keep(row)) rows.push(row);
  if (rows.length === all.length) return all;
  const paths = texts(all.paths, all.pathEnds, rows);
  const links = texts(all.links, all.linkEnds, rows);
  const fixed = (bytes: Uint8Array, size: number): Uint8Array => {
    if (bytes.length === 0) return bytes;
    const out = new Uint8Array(rows.length * size);
    for (const [to, row] of rows.entries()) out.set(bytes.subarray(row * size, (row + 1) * size), to * size);
    return out;
  };
  return {
    length: rows.length,
    paths: paths.bytes,
    pathEnds: paths.ends,
    links: links.bytes,
    linkEnds: links.ends,
    types: Uint8Array.from(rows, (row) => all.types[row] ?? 0),
    contents: Uint8Array.from(rows, (row) => all.contents[row] ?? 0),
    modes: Uint16Array.from(rows, (row) => all.modes[row] ?? 0),
    owners: Uint32Array.from(rows, (row) => all.owners[row] ?? 0),
    ownerPairs: all.ownerPairs,
    sizes: Float64Array.from(rows, (row) => all.sizes[row] ?? 0),
    has: Uint8Array.from(rows, (row) => all.has[row] ?? 0),
    sha256: fixed(all.sha256, 32),
    md5: fixed(all.md5, 16),
    sha1: fixed(all.sha1, 20),
  };
}

function texts(
  bytes: Uint8Array,
  ends: Uint32Array,
  rows: readonly number[],
): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
  const out = new Uint8Array(bytes.length);
  const outEnds = new Uint32Array(rows.length);
  let at = 0;
  rows.forEach((row, to) => {
    const piece = bytes.subarray(startOf(ends, row), ends[row]);
    out.set(piece, at);
    at += piece.length;
    outEnds[to] = at;
  });
  return { bytes: out.slice(0, at), ends: outEnds };
}
