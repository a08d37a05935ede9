import { cleanPath, type TarHeader, type TarSink } from '../../pack/index.js';
import type { TreeHandler } from '../walk-tree.js';

/** The header of a regular file that stands in no tar. */
export function fileHeader(path: string, sizeBytes: number, mode = 0o644): TarHeader {
  const none = { uid: 0, gid: 0, link: '', mtime: 0, offset: 0, sparse: false } as const;
  return { ...none, path, type: 'file', mode, sizeBytes, storedBytes: sizeBytes };
}

/** Tells a file whose bytes are all here. */
export function tellFile(handler: TreeHandler, path: string, bytes: Uint8Array): void {
  const sink = handler.entry(fileHeader(path, bytes.length));
  if (bytes.length > 0) sink?.write(bytes);
  sink?.end();
}

/** Keeps a payload out of the folder in which the package's own metadata is told: it could say another name there. */
export function outside(folder: string, handler: TreeHandler): TreeHandler {
  return {
    entry(header): TarSink | null {
      const path = cleanPath(header.path);
      if (path !== folder && path?.startsWith(`${folder}/`) !== true) return handler.entry(header);
      handler.gap(path, 'unsafe-path', `the payload writes where the package's own ${folder} is told`);
      return null;
    },
    gap: (...told) => handler.gap(...told),
  };
}

/** Collects what is written to it, at most `limit` bytes; beyond that it is no file that anyone reads whole. */
export class Collector implements TarSink {
  readonly #parts: Uint8Array[] = [];
  readonly #limit: number;
  readonly #next: TarSink | null;
  #length = 0;

  /** What comes goes on to `next` too. */
  constructor(limit: number, next: TarSink | null = null) {
    this.#limit = limit;
    this.#next = next;
  }

  /** Null where more came than the limit. */
  get bytes(): Uint8Array | null {
    return this.#length > this.#limit ? null : Buffer.concat(this.#parts);
  }

  write(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length <= this.#limit) this.#parts.push(chunk.slice());
    this.#next?.write(chunk);
  }

  end(): void {
    this.#next?.end();
  }
}
