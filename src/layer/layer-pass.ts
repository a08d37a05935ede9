import {
  type CatalogGap,
  type CatalogRecord,
  type FileEntry,
  type FileHead,
  type LayerLimits,
  type LayerResult,
  type ReadResult,
  type Reason,
  TrowelError,
  type Whiteout,
} from '../model/index.js';
import { cleanPath, type TarHandler, type TarHeader, type TarSink } from '../pack/index.js';
import { fileOfBytes } from './catalog-file.js';
import { type ExtraDigest, FileSink } from './file-sink.js';
import { keptTextBytes, ratioFromBytes } from './limits.js';
import { rememberedBytes, type WantedLinks, wantedLinks } from './links.js';
import { asks, type LayerReader, passName, reads } from './readers.js';
import { markerOf } from './whiteout.js';

/** What the pass over the entries of a layer gives. */
export type PassResult = Pick<LayerResult, 'entries' | 'whiteouts' | 'records' | 'gaps'>;

/** A path is in the layer once for each time the tar has it; only what belongs to the last time counts. */
interface Kept<T> {
  readonly value: T;
  readonly turn: number;
}

/**
 * Goes through the entries of one layer: cleans paths, sorts out whiteouts, digests files and lets readers see them.
 *
 * Throws `too-large` for what would take memory or time without end; all else that is wrong becomes a gap.
 */
export class LayerPass implements TarHandler {
  readonly #readers: readonly LayerReader[];
  readonly #digests: readonly ExtraDigest[];
  readonly #limits: LayerLimits;
  readonly #markers: boolean;
  /** Stored bytes that were read so far, to judge how much a sparse file promises. */
  readonly #storedBytes: () => number;
  readonly #entries: Kept<FileEntry>[] = [];
  readonly #turns = new Map<string, number>();
  /** The beginning of each file, in pieces of one size: see `wantedLinks`. */
  readonly #firstBytes = new Map<string, Uint8Array>();
  readonly #records: Kept<CatalogRecord>[] = [];
  readonly #gaps: Kept<CatalogGap>[] = [];
  readonly #whiteouts: Whiteout[] = [];
  #turn = 0;
  #textBytes = 0;
  #holeBytes = 0;
  #block: Uint8Array = new Uint8Array(0);

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
    this.#digests = task.digests;
    this.#limits = task.limits;
    this.#markers = task.markers ?? true;
    this.#storedBytes = storedBytes;
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
    this.#turn += 1;
    this.#gaps.push({ value: { by: passName, path, reason, detail }, turn: this.#turn });
  }

  result(): PassResult {
    const isLast = (path: string, turn: number): boolean => (this.#turns.get(path) ?? turn) === turn;
    return {
      entries: this.#entries.filter((kept) => isLast(kept.value.path, kept.turn)).map((kept) => kept.value),
      whiteouts: this.#whiteouts,
      records: this.#records.filter((kept) => isLast(kept.value.path, kept.turn)).map((kept) => kept.value),
      gaps: this.#gaps
        .filter((kept) => kept.value.by === passName || isLast(kept.value.path, kept.turn))
        .map((kept) => kept.value),
    };
  }

  /** Hard links whose names readers want: only after the last entry. */
  wantedLinks(): WantedLinks {
    return wantedLinks(this.result().entries, this.#firstBytes, this.#readers);
  }

  /** A copy in a shared block of memory, so that a million files cost 64 MB and not a buffer each. */
  #remembered(first: Uint8Array): Uint8Array {
    const length = Math.min(first.length, rememberedBytes);
    if (this.#block.length < length) this.#block = Buffer.allocUnsafeSlow(rememberedBytes * 1024);
    const kept = this.#block.subarray(0, length);
    kept.set(first.subarray(0, length));
    this.#block = this.#block.subarray(length);
    return kept;
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
    this.#turn += 1;
    const turn = this.#turn;
    this.#turns.set(path, turn);
    const entry: FileEntry = {
      path,
      type,
      mode: header.mode & 0o7777,
      uid: header.uid,
      gid: header.gid,
      sizeBytes: type === 'file' ? header.sizeBytes : 0,
      link,
      sha256: null,
      content: 'none',
    };
    if (type === 'file') return this.#fileSink(entry, turn);
    this.#entries.push({ value: entry, turn });
    return null;
  }

  #fileSink(entry: FileEntry, turn: number): TarSink {
    const head: FileHead = {
      path: entry.path,
      type: entry.type,
      mode: entry.mode,
      sizeBytes: entry.sizeBytes,
      link: entry.link,
    };
    let wanting: readonly LayerReader[] = [];
    const wants = (first: Uint8Array): boolean => {
      wanting = this.#readers.filter((reader) => this.#wants(reader, head, first, turn));
      return wanting.length > 0;
    };
    return new FileSink(head, this.#digests, wants, (facts, first, bytes) => {
      this.#entries.push({ value: { ...entry, ...facts }, turn });
      if (this.#readers.length > 0) this.#firstBytes.set(entry.path, this.#remembered(first));
      if (bytes === null) return;
      const file = fileOfBytes(head, bytes);
      for (const reader of wanting) this.#add(reader, entry.path, reads(reader, file), turn);
    });
  }

  #wants(reader: LayerReader, head: FileHead, first: Uint8Array, turn: number): boolean {
    const answer = asks(reader, head, first);
    if (answer === false) return false;
    const limit = this.#limits.wholeFileBytes;
    if (answer === true && head.sizeBytes <= limit) return true;
    const tooLarge = {
      reason: 'too-large',
      detail: `the file has ${head.sizeBytes} bytes, more than ${limit}`,
    } as const;
    this.#add(reader, head.path, answer === true ? { records: [], gaps: [tooLarge] } : answer, turn);
    return false;
  }

  #add(reader: LayerReader, path: string, found: ReadResult, turn: number): void {
    for (const data of found.records) this.#records.push({ value: { by: reader.name, path, data }, turn });
    for (const { reason, detail } of found.gaps) {
      this.#gaps.push({ value: { by: reader.name, path, reason, detail }, turn });
    }
  }
}
