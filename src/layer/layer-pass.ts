import {
  type CatalogGap,
  type CatalogRecord,
  type FileHead,
  FileIndex,
  FileTableBuilder,
  type LayerLimits,
  type LayerResult,
  type ReadResult,
  type Reason,
  TrowelError,
  type Whiteout,
} from '../model/index.js';
import { cleanPath, type TarHandler, type TarHeader, type TarSink } from '../pack/index.js';
import { Beginnings } from './beginnings.js';
import { type ExtraDigest, type FileDone, FileSink, type FileTaker } from './file-sink.js';
import { Interests } from './interests.js';
import { keptTextBytes, ratioFromBytes } from './limits.js';
import { type WantedLinks, wantedLinks } from './links.js';
import { asks, type LayerReader, passName, reads } from './readers.js';
import { markerOf } from './whiteout.js';

/** What the pass over the entries of a layer gives. */
export type PassResult = Pick<LayerResult, 'entries' | 'whiteouts' | 'records' | 'gaps'>;

/** What a reader said of a row; it falls with the row when a later one has the same path. */
interface Said<T> {
  readonly value: T;
  readonly row: number;
}

const noDigests: readonly ExtraDigest[] = [];

/**
 * Whether a distribution's package may own what lies here (Filesystem Hierarchy Standard 3.0: /usr/local, /opt, /srv and
 * /home are not its own). MD5 and SHA-1, which its records state, are taken of nothing else: where one does own a file
 * elsewhere, it is read again.
 */
function isPackaged(path: string): boolean {
  return /^(?:usr\/(?!local\/)|etc\/|bin\/|sbin\/|lib|boot\/)/.test(path);
}

/** Gaps of the pass itself stand whatever follows. */
const noRow = -1;

/**
 * Goes through the entries of one layer: cleans paths, sorts out whiteouts, digests files and lets readers see them.
 *
 * Throws `too-large` for what would take memory or time without end; all else that is wrong becomes a gap.
 */
export class LayerPass implements TarHandler, FileTaker {
  readonly #readers: readonly LayerReader[];
  readonly #interests: Interests;
  readonly #digests: readonly ExtraDigest[];
  readonly #limits: LayerLimits;
  readonly #markers: boolean;
  /** Stored bytes that were read so far, to judge how much a sparse file promises. */
  readonly #storedBytes: () => number;
  readonly #rows = new FileTableBuilder();
  /** The beginning of each file: see `wantedLinks`. */
  readonly #beginnings = new Beginnings();
  readonly #sink: FileSink;
  readonly #records: Said<CatalogRecord>[] = [];
  readonly #gaps: Said<CatalogGap>[] = [];
  readonly #whiteouts: Whiteout[] = [];
  /** Row of the file whose content is being taken, and who wants it. */
  #row = noRow;
  #wanting: readonly LayerReader[] = [];
  #wanted: readonly ExtraDigest[] = [];
  #links = 0;
  #textBytes = 0;
  #holeBytes = 0;

  constructor(
    task: {
      readonly readers: readonly LayerReader[];
      readonly digests: readonly ExtraDigest[];
      readonly limits: LayerLimits;
      /** Whether names may be whiteouts; in a directory that is no layer they are just names. */
      readonly markers?: boolean;
    },
    storedBytes: () => number,
  ) {
    this.#readers = task.readers;
    this.#interests = new Interests(task.readers);
    this.#digests = task.digests;
    this.#limits = task.limits;
    this.#markers = task.markers ?? true;
    this.#storedBytes = storedBytes;
    this.#sink = new FileSink(this, task.limits.wholeFileBytes);
  }

  entry(header: TarHeader): TarSink | null {
    this.#bound(header);
    const path = cleanPath(header.path);
    if (path === null) return this.#leaveOut(header.path, 'unsafe-path', 'the entry lies outside of the layer');
    // The root itself is in every image; what a layer says about its mode is of no use to anyone.
    if (path === '') return null;
    if (path.split('/').length > this.#limits.depth) {
      return this.#leaveOut(path, 'too-large', `the path has more than ${this.#limits.depth} parts`);
    }
    if (!this.#markers) return this.#kept(header, path);
    const marker = markerOf(path);
    switch (marker.kind) {
      case 'none':
        return this.#kept(header, path);
      case 'bookkeeping':
        return null;
      case 'unsafe':
        return this.#leaveOut(path, 'unsafe-path', 'the whiteout hides no name');
      case 'whiteout':
      case 'opaque':
        this.#whiteouts.push({ path: marker.path, opaque: marker.kind === 'opaque' });
        return null;
    }
  }

  /** Adds a gap that is the pass's own. */
  gap(path: string, reason: Reason, detail: string): void {
    this.#gaps.push({ value: { by: passName, path, reason, detail }, row: noRow });
  }

  /** Only after the last entry. */
  result(): PassResult {
    const all = this.#rows.table();
    const index = new FileIndex(all.columns);
    const stands = ({ row }: { readonly row: number }): boolean => row === noRow || !index.isReplaced(row);
    return {
      entries: index.hasReplaced ? this.#rows.table((row) => !index.isReplaced(row)) : all,
      whiteouts: this.#whiteouts,
      records: this.#records.filter(stands).map(({ value }) => value),
      gaps: this.#gaps.filter(stands).map(({ value }) => value),
    };
  }

  /** Hard links whose names readers want: only after the last entry. */
  wantedLinks(): WantedLinks {
    if (this.#links === 0 || this.#readers.length === 0) return new Map();
    return wantedLinks(this.#rows.table(), (row) => this.#beginnings.of(row), this.#readers);
  }

  /** Gives back what the pass used beside its result. */
  close(): void {
    this.#sink.close();
  }

  #bound(header: TarHeader): void {
    this.#textBytes += header.path.length + header.link.length;
    if (this.#textBytes > keptTextBytes) {
      throw new TrowelError('too-large', { what: `the names in the layer have more than ${keptTextBytes} bytes` });
    }
    if (!header.sparse) return;
    this.#holeBytes += header.sizeBytes - header.storedBytes;
    if (this.#holeBytes > ratioFromBytes && this.#holeBytes > this.#limits.ratio * this.#storedBytes()) {
      throw new TrowelError('too-large', {
        what: `sparse files promise ${this.#holeBytes} bytes that are not there`,
        where: { entry: header.path },
      });
    }
  }

  #leaveOut(path: string, reason: Reason, detail: string): null {
    this.gap(path, reason, detail);
    return null;
  }

  #kept(header: TarHeader, path: string): TarSink | null {
    const { type } = header;
    if (type === 'other') return this.#leaveOut(path, 'unsupported', 'an entry of a type that is no file');
    const link = type === 'hardlink' ? cleanPath(header.link) : type === 'symlink' ? header.link : null;
    if (type === 'hardlink' && (link === null || link === '')) {
      return this.#leaveOut(path, 'unsafe-path', 'the hard link leads out of the layer');
    }
    const sizeBytes = type === 'file' ? header.sizeBytes : 0;
    const mode = header.mode & 0o7777;
    const row = this.#rows.begin({ path, type, mode, uid: header.uid, gid: header.gid, sizeBytes, link });
    if (type === 'hardlink') this.#links += 1;
    if (type !== 'file') return null;
    this.#row = row;
    this.#wanted = isPackaged(path) ? this.#digests : noDigests;
    return this.#sink.next({ path, type, mode, sizeBytes, link }, this.#wanted);
  }

  wants(head: FileHead, first: Uint8Array): boolean {
    const possible = this.#interests.of(head.path, first);
    this.#wanting = possible.length === 0 ? possible : possible.filter((reader) => this.#wants(reader, head, first));
    return this.#wanting.length > 0;
  }

  done(head: FileHead, found: FileDone): void {
    const row = this.#row;
    this.#rows.content(row, found.content);
    this.#rows.digest(row, 'sha256', found.sha256);
    for (const [at, name] of this.#wanted.entries()) this.#rows.digest(row, name, found.others[at] ?? '');
    if (this.#readers.length > 0) this.#beginnings.set(row, found.first);
    if (found.file === null) return;
    for (const reader of this.#wanting) this.#add(reader, head.path, reads(reader, found.file), row);
  }

  #wants(reader: LayerReader, head: FileHead, first: Uint8Array): boolean {
    const answer = asks(reader, head, first);
    if (answer === false) return false;
    const limit = this.#limits.wholeFileBytes;
    if (answer === true && head.sizeBytes <= limit) return true;
    const tooLarge = {
      reason: 'too-large',
      detail: `the file has ${head.sizeBytes} bytes, more than ${limit}`,
    } as const;
    this.#add(reader, head.path, answer === true ? { records: [], gaps: [tooLarge] } : answer, this.#row);
    return false;
  }

  #add(reader: LayerReader, path: string, found: ReadResult, row: number): void {
    for (const data of found.records) this.#records.push({ value: { by: reader.name, path, data }, row });
    for (const { reason, detail } of found.gaps) {
      this.#gaps.push({ value: { by: reader.name, path, reason, detail }, row });
    }
  }
}
