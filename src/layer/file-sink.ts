import { createHash, type Hash, hash } from 'node:crypto';
import { type CatalogFile, type FileContent, type FileHead, isTrowelError, type TrowelError } from '../model/index.js';
import type { TarSink } from '../pack/index.js';
import { fileOfBytes, fileOfError, fileOfHead } from './catalog-file.js';
import { contentOf } from './content.js';
import { Scratch } from './scratch.js';

export type ExtraDigest = 'md5' | 'sha1';

/** How many of a file's first bytes are shown before it is decided who wants it. */
export const headBytes = 4096;

/** Larger files that somebody wants lie in a scratch file, and not in memory. */
export const heldBytes = 8 * 1024 ** 2;

/** What is told of a file once its last byte was seen. Digests are `latin1` texts of their bytes, one a character. */
export interface FileDone {
  readonly sha256: string;
  /** In the order of the digests that were asked for. */
  readonly others: readonly string[];
  readonly content: FileContent;
  /** Up to 4096 first bytes. */
  readonly first: Uint8Array;
  /** Null where nobody wants the file. All that was shown is only valid during the call. */
  readonly file: CatalogFile | null;
}

/** Who is told of the files that a sink takes. */
export interface FileTaker {
  /** Asked once a file, with up to 4096 first bytes: whether its content is to be held. */
  wants(head: FileHead, first: Uint8Array): boolean;
  done(head: FileHead, found: FileDone): void;
}

/**
 * Takes the content of regular files, one after the other: digests them, looks at their first bytes, and holds what
 * somebody wants, in memory that is used again for the next file, or in a scratch file where it is large.
 */
export class FileSink implements TarSink {
  readonly #taker: FileTaker;
  #digests: readonly ExtraDigest[] = [];
  readonly #limitBytes: number;
  readonly #scratch = new Scratch();
  #head: FileHead = noHead;
  #hashes: readonly Hash[] | null = null;
  readonly #firstBlock = Buffer.alloc(headBytes);
  #firstLength = 0;
  #asked = false;
  #hold: 'no' | 'memory' | 'scratch' | 'head' = 'no';
  /** Why there is no scratch file: costs this file's answer, not the layer's. */
  #failure: TrowelError | null = null;
  #memory: Buffer = Buffer.alloc(0);
  #seen = 0;
  #finished = false;

  /** Of a file with more than `limitBytes` only the first bytes are held. */
  constructor(taker: FileTaker, limitBytes: number) {
    this.#taker = taker;
    this.#limitBytes = limitBytes;
  }

  /** The sink for the next file, of which these digests are wanted beside SHA-256; the one before is over. */
  next(head: FileHead, digests: readonly ExtraDigest[]): this {
    this.#head = head;
    this.#digests = digests;
    this.#hashes = null;
    this.#firstLength = 0;
    this.#asked = false;
    this.#hold = 'no';
    this.#failure = null;
    this.#seen = 0;
    this.#finished = false;
    return this;
  }

  /** Gives back what was used; to be called when no more files come, whatever happened. */
  close(): void {
    this.#scratch.close();
    this.#memory = Buffer.alloc(0);
  }

  write(chunk: Uint8Array): void {
    if (this.#seen === 0 && chunk.length === this.#head.sizeBytes) {
      this.#whole(chunk);
      return;
    }
    if (this.#hashes === null) {
      const hashes = [createHash('sha256')];
      for (const name of this.#digests) hashes.push(createHash(name));
      this.#hashes = hashes;
    }
    for (const one of this.#hashes) one.update(chunk);
    if (this.#asked) this.#keep(chunk, this.#seen);
    else this.#begin(chunk);
    this.#seen += chunk.length;
  }

  end(): void {
    if (this.#finished) return;
    if (this.#hashes === null) {
      this.#whole(new Uint8Array(0));
      return;
    }
    const [sha256, ...others] = this.#hashes;
    this.#finish(
      sha256?.digest('binary') ?? '',
      others.map((one) => one.digest('binary')),
      this.#firstBlock.subarray(0, this.#firstLength),
      this.#heldFile(),
    );
  }

  /** Most files come in one piece: no copy, and no hash object. */
  #whole(bytes: Uint8Array): void {
    const first = bytes.length > headBytes ? bytes.subarray(0, headBytes) : bytes;
    const wanted = this.#taker.wants(this.#head, first);
    const others = this.#digests.map((name) => hash(name, bytes, 'binary'));
    const file = !wanted
      ? null
      : bytes.length > this.#limitBytes
        ? fileOfHead(this.#head, first, this.#limitBytes)
        : fileOfBytes(this.#head, bytes);
    this.#finish(hash('sha256', bytes, 'binary'), others, first, file);
  }

  /** Collects first bytes until it can be asked who wants the file. */
  #begin(chunk: Uint8Array): void {
    const wantedBytes = Math.min(headBytes, this.#head.sizeBytes);
    const taken = Math.min(chunk.length, wantedBytes - this.#firstLength);
    this.#firstBlock.set(chunk.subarray(0, taken), this.#firstLength);
    this.#firstLength += taken;
    if (this.#firstLength < wantedBytes) return;
    this.#asked = true;
    const first = this.#firstBlock.subarray(0, this.#firstLength);
    if (!this.#taker.wants(this.#head, first)) return;
    const { sizeBytes } = this.#head;
    if (sizeBytes > this.#limitBytes) this.#hold = 'head';
    else if (sizeBytes > heldBytes) {
      this.#hold = 'scratch';
      this.#attempt(() => this.#scratch.begin());
    } else {
      this.#hold = 'memory';
      if (this.#memory.length < sizeBytes) {
        this.#memory = Buffer.allocUnsafeSlow(Math.min(heldBytes, Math.max(1024 ** 2, 2 * sizeBytes)));
      }
    }
    this.#keep(first, 0);
    this.#keep(chunk.subarray(taken), this.#firstLength);
  }

  #keep(bytes: Uint8Array, at: number): void {
    if (this.#hold === 'memory') this.#memory.set(bytes, at);
    else if (this.#hold === 'scratch' && this.#failure === null) this.#attempt(() => this.#scratch.write(bytes));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      this.#failure = error;
    }
  }

  #heldFile(): CatalogFile | null {
    switch (this.#hold) {
      case 'no':
        return null;
      case 'memory':
        return fileOfBytes(this.#head, this.#memory.subarray(0, this.#head.sizeBytes));
      case 'scratch':
        return this.#failure === null ? this.#scratch.file(this.#head) : fileOfError(this.#head, this.#failure);
      case 'head':
        return fileOfHead(this.#head, this.#firstBlock.subarray(0, this.#firstLength), this.#limitBytes);
    }
  }

  #finish(sha256: string, others: readonly string[], first: Uint8Array, file: CatalogFile | null): void {
    this.#finished = true;
    const content = contentOf(first, this.#head.sizeBytes);
    this.#taker.done(this.#head, { sha256, others, content, first, file });
  }
}

const noHead: FileHead = { path: '', type: 'file', mode: 0, sizeBytes: 0, link: null };
