import { TrowelError } from '../model/index.js';
import { noPax, type PaxValues, paxInteger, paxTime, readPax } from './pax.js';
import { blockSize, hasContent, type RawHeader, readHeaderBlock, typeOf } from './tar-header.js';
import {
  checkExtents,
  type Extent,
  expandHoles,
  oldGnuExtents,
  oldGnuRealSize,
  padding,
  pairsToExtents,
  SparseMapReader,
} from './tar-sparse.js';
import type { TarHandler, TarHeader, TarLimits, TarSink } from './tar-types.js';
import { nameText } from './text.js';

/** Bodies of pax and GNU long-name headers, as Go's archive/tar bounds them, and the maps of sparse files. */
const metaBytes = 1024 * 1024;

/** An entry whose content was not reached yet. */
interface Pending {
  readonly header: TarHeader;
  readonly extents: readonly Extent[] | null;
}

type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'meta'; readonly flag: string; readonly size: number; readonly padded: number }
  | { readonly kind: 'sparse-more'; readonly raw: RawHeader; readonly realSize: number; readonly extents: Extent[] }
  | { readonly kind: 'sparse-map'; readonly header: TarHeader; readonly map: SparseMapReader }
  | { readonly kind: 'content'; readonly sink: TarSink | null }
  | { readonly kind: 'skip' }
  | { readonly kind: 'end' };

const atHeader: State = { kind: 'header' };

/**
 * Reads a tar archive that is pushed in pieces of any size: v7, ustar, star, pax and GNU, with long names, base-256
 * numbers and sparse files (old GNU, pax 0.0, 0.1 and 1.0). Content is handed on without copying.
 *
 * Where tools differ it does what Go's archive/tar does, because that unpacks images: links, devices, directories and
 * pipes have no content whatever their size field says, a GNU long name wins over a pax path, a lone block of zeros
 * before another header is an error, and what follows two blocks of zeros is not read. Other than Go it applies global
 * pax headers as POSIX asks; `globalOverrides` tells whether one changed an entry's path, link or size.
 *
 * Throws TrowelError: `bad-bytes`, `truncated` (from `end`), `too-large` (limits). It is of no use after it threw.
 */
export class TarReader {
  readonly #handler: TarHandler;
  readonly #limits: TarLimits;
  #state: State = atHeader;
  /** Bytes of the archive before what `write` looks at next. */
  #position = 0;
  /** What is collected for a header block or the body of a meta header. */
  #held: Uint8Array = new Uint8Array(blockSize);
  #heldBytes = 0;
  #wanted = blockSize;
  /** Content or padding that is still to come. */
  #remaining = 0;
  #contentStart = 0;
  #entries = 0;
  #totalBytes = 0;
  #zeroBlocks = 0;
  #globalPax: PaxValues = noPax;
  #pax: PaxValues | null = null;
  #longName: string | null = null;
  #longLink: string | null = null;
  #globalOverrides = false;

  constructor(handler: TarHandler, limits: TarLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  /** Whether a global pax header decided the path, link or size of an entry: runtimes that ignore it see another. */
  get globalOverrides(): boolean {
    return this.#globalOverrides;
  }

  /** The next bytes of the archive. They may be reused by the caller as soon as this returns. */
  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const state = this.#state;
      if (state.kind === 'end') {
        this.#position += chunk.length - at;
        return;
      }
      const taken =
        state.kind === 'content' || state.kind === 'skip'
          ? this.#pass(state, chunk, at)
          : this.#collect(state, chunk, at);
      at += taken;
    }
  }

  /** No more bytes follow. Throws `truncated` inside a header or an entry. */
  end(): void {
    const state = this.#state;
    const whole =
      state.kind === 'end' ||
      state.kind === 'skip' ||
      (state.kind === 'header' && this.#heldBytes === 0 && !this.#metaWaits());
    if (whole) return;
    throw new TrowelError('truncated', {
      what: 'the tar archive ends inside an entry',
      where: { offset: this.#position },
    });
  }

  /** Whether a meta header waits for the entry that it speaks of. */
  #metaWaits(): boolean {
    return this.#pax !== null || this.#longName !== null || this.#longLink !== null;
  }

  #pass(state: State, chunk: Uint8Array, at: number): number {
    const length = Math.min(chunk.length - at, this.#remaining);
    if (state.kind === 'content' && length > 0) state.sink?.write(chunk.subarray(at, at + length));
    this.#remaining -= length;
    this.#position += length;
    if (this.#remaining === 0) this.#passed(state);
    return length;
  }

  #passed(state: State): void {
    if (state.kind !== 'content') {
      this.#state = atHeader;
      return;
    }
    state.sink?.end();
    this.#skip(padding(this.#position - this.#contentStart));
  }

  #skip(bytes: number): void {
    this.#remaining = bytes;
    this.#state = bytes === 0 ? atHeader : { kind: 'skip' };
  }

  #collect(state: State, chunk: Uint8Array, at: number): number {
    const missing = this.#wanted - this.#heldBytes;
    const length = Math.min(chunk.length - at, missing);
    if (this.#heldBytes === 0 && length === this.#wanted) {
      this.#position += length;
      this.#collected(state, chunk.subarray(at, at + length));
      return length;
    }
    this.#held.set(chunk.subarray(at, at + length), this.#heldBytes);
    this.#heldBytes += length;
    this.#position += length;
    if (this.#heldBytes === this.#wanted) {
      const held = this.#held.subarray(0, this.#wanted);
      this.#heldBytes = 0;
      this.#collected(state, held);
    }
    return length;
  }

  #want(bytes: number): void {
    this.#wanted = bytes;
    if (this.#held.length < bytes) this.#held = new Uint8Array(bytes);
  }

  #collected(state: State, bytes: Uint8Array): void {
    switch (state.kind) {
      case 'header':
        this.#headerBlock(bytes);
        return;
      case 'meta':
        this.#meta(state.flag, bytes.subarray(0, state.size));
        return;
      case 'sparse-more':
        this.#sparseMore(state, bytes);
        return;
      case 'sparse-map':
        this.#sparseMap(state, bytes);
        return;
      default:
        throw new Error(`nothing is collected in state ${state.kind}`);
    }
  }

  #headerBlock(block: Uint8Array): void {
    const offset = this.#position - blockSize;
    const raw = readHeaderBlock(block, offset);
    if (raw === null) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#state = { kind: 'end' };
      return;
    }
    if (this.#zeroBlocks > 0) throw this.#bad('a tar header follows a lone block of zeros', offset);
    if ('xgXLK'.includes(raw.flag)) {
      this.#beginMeta(raw, offset);
      return;
    }
    if (raw.flag === 'S') {
      this.#beginOldSparse(raw, block, offset);
      return;
    }
    this.#entry(raw, offset);
  }

  #beginMeta(raw: RawHeader, offset: number): void {
    const limit = Math.max(metaBytes, this.#limits.pathBytes);
    if (raw.sizeBytes < 0) throw this.#bad('a tar header states a negative size', offset);
    if (raw.sizeBytes > limit) throw this.#tooLarge(`an extended header has more than ${limit} bytes`, offset);
    if (raw.sizeBytes === 0) {
      this.#meta(raw.flag, new Uint8Array(0));
      return;
    }
    const padded = raw.sizeBytes + padding(raw.sizeBytes);
    this.#state = { kind: 'meta', flag: raw.flag, size: raw.sizeBytes, padded };
    this.#want(padded);
  }

  #meta(flag: string, body: Uint8Array): void {
    const offset = this.#position;
    if (flag === 'g') this.#globalPax = { ...noPax, texts: merged(this.#globalPax, readPax(body, offset)) };
    else if (flag === 'L') this.#longName = untilNul(body);
    else if (flag === 'K') this.#longLink = untilNul(body);
    else this.#pax = readPax(body, offset);
    this.#state = atHeader;
    this.#want(blockSize);
  }

  #beginOldSparse(raw: RawHeader, block: Uint8Array, offset: number): void {
    if (!raw.gnu) throw this.#bad('a sparse entry in a tar header that is not GNU', offset);
    const { extents, more } = oldGnuExtents(block, 'header', offset);
    const realSize = oldGnuRealSize(block, offset);
    if (more) this.#state = { kind: 'sparse-more', raw, realSize, extents };
    else this.#oldSparse(raw, realSize, extents);
  }

  #sparseMore(state: State & { kind: 'sparse-more' }, block: Uint8Array): void {
    const { extents, more } = oldGnuExtents(block, 'continued', this.#position - blockSize);
    for (const extent of extents) state.extents.push(extent);
    if (state.extents.length * 24 > metaBytes)
      throw this.#tooLarge('a sparse map has too many entries', this.#position);
    if (!more) this.#oldSparse(state.raw, state.realSize, state.extents);
  }

  #oldSparse(raw: RawHeader, realSize: number, extents: readonly Extent[]): void {
    const entry = { ...this.#headerOf(raw, this.#position), sizeBytes: realSize, sparse: true };
    this.#checkSparse(entry, extents);
    this.#begin({ header: entry, extents });
  }

  #sparseMap(state: State & { kind: 'sparse-map' }, block: Uint8Array): void {
    const { map, header: entry } = state;
    if (map.bytes + blockSize > entry.storedBytes)
      throw this.#bad('a sparse map is longer than its entry', this.#position);
    const extents = map.block(block, metaBytes, this.#position);
    if (extents === null) return;
    const placed = { ...entry, storedBytes: entry.storedBytes - map.bytes, offset: this.#position };
    this.#checkSparse(placed, extents);
    this.#begin({ header: placed, extents });
  }

  #checkSparse(entry: TarHeader, extents: readonly Extent[]): void {
    if (entry.sizeBytes < 0) throw this.#bad('a tar header states a negative size', this.#position);
    checkExtents(extents, entry.sizeBytes, entry.storedBytes, this.#position);
  }

  #entry(raw: RawHeader, offset: number): void {
    const entry = this.#headerOf(raw, this.#position);
    const sparse = this.#paxSparse(entry, offset);
    if (sparse === null) {
      this.#begin({ header: entry, extents: null });
      return;
    }
    if (!hasContent(entry.type)) throw this.#bad('a sparse entry of a type that has no content', offset);
    if (sparse.extents === null) {
      this.#state = { kind: 'sparse-map', header: sparse.header, map: new SparseMapReader() };
      return;
    }
    this.#checkSparse(sparse.header, sparse.extents);
    this.#begin(sparse);
  }

  /** The entry of a header block, with what pax and GNU headers before it say. */
  #headerOf(raw: RawHeader, offset: number): TarHeader {
    const path = this.#longName ?? this.#text('path') ?? raw.path;
    const link = this.#longLink ?? this.#text('linkpath') ?? raw.link;
    const type = typeOf(raw.flag, path);
    const stated = this.#number('size', offset) ?? raw.sizeBytes;
    const sizeBytes = hasContent(type) ? stated : 0;
    if (sizeBytes < 0) throw this.#bad('a tar header states a negative size', offset);
    const mtime = this.#text('mtime');
    // Nobody asks for these two, but where they are no times those who unpack images refuse the entry.
    for (const key of ['atime', 'ctime']) {
      const time = this.#pax?.texts.get(key) ?? '';
      if (time !== '') paxTime(time, offset);
    }
    const sha1 = this.#pax?.texts.get('APK-TOOLS.checksum.SHA1') ?? '';
    return {
      path,
      type,
      mode: raw.mode,
      uid: this.#number('uid', offset) ?? raw.uid,
      gid: this.#number('gid', offset) ?? raw.gid,
      sizeBytes,
      storedBytes: sizeBytes,
      link: type === 'symlink' || type === 'hardlink' ? link : '',
      mtime: mtime === null ? raw.mtime : paxTime(mtime, offset),
      offset,
      sparse: false,
      ...(sha1 === '' ? {} : { sha1 }),
    };
  }

  /** What `GNU.sparse.*` keys say; `extents` null where the map stands in the content (format 1.0). */
  #paxSparse(entry: TarHeader, offset: number): Pending | null {
    const pax = this.#pax ?? noPax;
    const version = `${pax.texts.get('GNU.sparse.major') ?? ''}.${pax.texts.get('GNU.sparse.minor') ?? ''}`;
    const map = pax.texts.get('GNU.sparse.map');
    if (version === '.' && map === undefined && pax.sparsePairs.length === 0) return null;
    if (!['.', '0.0', '0.1', '1.0'].includes(version)) {
      throw new TrowelError('unsupported', { what: `sparse format ${version.slice(0, 20)}`, where: { offset } });
    }
    const real = pax.texts.get('GNU.sparse.size') || pax.texts.get('GNU.sparse.realsize');
    const header: TarHeader = {
      ...entry,
      path: pax.texts.get('GNU.sparse.name') || entry.path,
      sizeBytes: real === undefined || real === '' ? entry.sizeBytes : paxInteger(real, offset),
      sparse: true,
    };
    if (version === '1.0') return { header, extents: null };
    const numbers = map === undefined ? pax.sparsePairs : map.split(',').map((part) => paxInteger(part, offset));
    const stated = paxInteger(pax.texts.get('GNU.sparse.numblocks') ?? '', offset);
    if (numbers.length !== 2 * stated)
      throw this.#bad('a sparse map has another number of entries than stated', offset);
    return { header, extents: pairsToExtents(numbers, offset) };
  }

  #begin(pending: Pending): void {
    const { header: entry, extents } = pending;
    this.#checkLimits(entry);
    this.#pax = null;
    this.#longName = null;
    this.#longLink = null;
    const taker = this.#handler.entry(entry);
    const sink = taker === null || extents === null ? taker : expandHoles(taker, extents, entry.sizeBytes);
    this.#contentStart = this.#position;
    this.#remaining = entry.storedBytes;
    this.#state = { kind: 'content', sink };
    if (this.#remaining === 0) this.#passed(this.#state);
  }

  #checkLimits(entry: TarHeader): void {
    this.#entries += 1;
    this.#totalBytes += entry.sizeBytes;
    const { entries, pathBytes, totalBytes } = this.#limits;
    if (this.#entries > entries) throw this.#tooLarge(`more than ${entries} entries`, entry.offset);
    if (Buffer.byteLength(entry.path) > pathBytes || Buffer.byteLength(entry.link) > pathBytes) {
      throw this.#tooLarge(`a path of more than ${pathBytes} bytes`, entry.offset);
    }
    if (this.#totalBytes > totalBytes) throw this.#tooLarge(`files of more than ${totalBytes} bytes`, entry.offset);
  }

  /** A pax value: the entry's own, else the global one; null where none or an empty one is stated. */
  #text(key: string): string | null {
    const own = this.#pax?.texts.get(key);
    if (own !== undefined) return own === '' ? null : own;
    const global = this.#globalPax.texts.get(key) ?? '';
    if (global === '') return null;
    if (key === 'path' || key === 'linkpath' || key === 'size') this.#globalOverrides = true;
    return global;
  }

  #number(key: string, offset: number): number | null {
    const text = this.#text(key);
    return text === null ? null : paxInteger(text, offset);
  }

  #bad(what: string, offset: number): TrowelError {
    return new TrowelError('bad-bytes', { what, where: { offset } });
  }

  #tooLarge(what: string, offset: number): TrowelError {
    return new TrowelError('too-large', { what: `the tar archive holds ${what}`, where: { offset } });
  }
}

/** Reads a whole archive from a stream. Throws what `TarReader` and the stream throw. */
export async function readTar(
  chunks: AsyncIterable<Uint8Array>,
  handler: TarHandler,
  limits: TarLimits,
): Promise<void> {
  const reader = new TarReader(handler, limits);
  for await (const chunk of chunks) reader.write(chunk);
  reader.end();
}

function merged(older: PaxValues, newer: PaxValues): Map<string, string> {
  return new Map([...older.texts, ...newer.texts]);
}

function untilNul(body: Uint8Array): string {
  const end = body.indexOf(0);
  return nameText(end < 0 ? body : body.subarray(0, end));
}
