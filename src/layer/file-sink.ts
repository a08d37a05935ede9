import { createHash, type Hash, hash } from 'node:crypto';
import type { FileEntry, FileHead } from '../model/index.js';
import type { TarSink } from '../pack/index.js';
import { contentOf } from './content.js';

export type ExtraDigest = 'md5' | 'sha1';

/** How many of a file's first bytes are shown before it is decided who wants it. */
export const headBytes = 4096;

/** What is known of a file once its last byte was seen. */
export type FileFacts = Pick<FileEntry, 'sha256' | 'md5' | 'sha1' | 'content'>;

/**
 * Takes the content of one regular file: digests it, looks at its first bytes, and holds it where somebody wants it.
 *
 * `wants` is asked once, with up to 4096 first bytes, and answers how many bytes may be held: the file's size, or 0.
 * `done` is given what was found; `bytes` is null where the file is not held, and only valid during the call.
 */
export class FileSink implements TarSink {
  readonly #head: FileHead;
  readonly #digests: readonly ExtraDigest[];
  readonly #wants: (head: Uint8Array) => boolean;
  readonly #done: (facts: FileFacts, first: Uint8Array, bytes: Uint8Array | null) => void;
  #hashes: readonly Hash[] | null = null;
  #first: Uint8Array = new Uint8Array(0);
  #held: Uint8Array | null = null;
  #seen = 0;
  #finished = false;

  constructor(
    head: FileHead,
    digests: readonly ExtraDigest[],
    wants: (first: Uint8Array) => boolean,
    done: (facts: FileFacts, first: Uint8Array, bytes: Uint8Array | null) => void,
  ) {
    this.#head = head;
    this.#digests = digests;
    this.#wants = wants;
    this.#done = done;
  }

  write(chunk: Uint8Array): void {
    if (this.#seen === 0 && chunk.length === this.#head.sizeBytes) {
      this.#whole(chunk);
      return;
    }
    this.#hashes ??= ['sha256', ...this.#digests].map((name) => createHash(name));
    for (const one of this.#hashes) one.update(chunk);
    const firstBytes = Math.min(headBytes, this.#head.sizeBytes);
    const missing = firstBytes - this.#first.length;
    if (missing > 0) this.#lookAt(chunk.subarray(0, missing), firstBytes);
    const rest = missing > 0 ? chunk.subarray(missing) : chunk;
    if (this.#held !== null && rest.length > 0)
      this.#held.set(rest, this.#seen + Math.max(0, Math.min(missing, chunk.length)));
    this.#seen += chunk.length;
  }

  end(): void {
    if (this.#finished) return;
    if (this.#seen === 0 && this.#hashes === null) {
      this.#whole(new Uint8Array(0));
      return;
    }
    const [sha256 = '', ...others] = (this.#hashes ?? []).map((one) => one.digest('hex'));
    this.#finish(sha256, others, this.#first, this.#held);
  }

  /** Most files come in one piece: no copy, and no hash object. */
  #whole(bytes: Uint8Array): void {
    this.#finished = true;
    const first = bytes.subarray(0, headBytes);
    const wanted = this.#wants(first);
    const others = this.#digests.map((name) => hash(name, bytes));
    this.#finish(hash('sha256', bytes), others, first, wanted ? bytes : null);
  }

  #lookAt(piece: Uint8Array, firstBytes: number): void {
    const first = new Uint8Array(this.#first.length + piece.length);
    first.set(this.#first, 0);
    first.set(piece, this.#first.length);
    this.#first = first;
    if (first.length < firstBytes || !this.#wants(first)) return;
    this.#held = Buffer.allocUnsafe(this.#head.sizeBytes);
    this.#held.set(first, 0);
  }

  #finish(sha256: string, others: readonly string[], first: Uint8Array, bytes: Uint8Array | null): void {
    const content = contentOf(first, this.#head.sizeBytes);
    const extra: { md5?: string; sha1?: string } = {};
    this.#digests.forEach((name, index) => {
      const digest = others[index];
      if (digest !== undefined) extra[name] = digest;
    });
    this.#done({ sha256, ...extra, content }, first, bytes);
  }
}
