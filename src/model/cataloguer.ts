import type { JsonValue } from './chart.js';
import type { Component } from './component.js';
import type { Reason } from './error.js';
import type { FileEntry, VisibleFile } from './file.js';
import type { Grade } from './grade.js';
import type { Distro } from './image.js';

/** What is known of a file before its bytes are read. */
export type FileHead = Pick<FileEntry, 'path' | 'type' | 'mode' | 'sizeBytes' | 'link'>;

/**
 * The bytes of one file, as a cataloguer sees them: random access, never the disk.
 *
 * All reads are bounded by the size of the file; a read past the end returns fewer bytes.
 */
export interface CatalogFile {
  readonly head: FileHead;
  readonly sizeBytes: number;
  slice(offset: number, length: number): Uint8Array;
  /** The whole file. Throws TrowelError `too-large` over `limits.wholeFileBytes`. */
  bytes(): Uint8Array;
}

/** A place of a file that could not be read as what it is: becomes a row of `notAssessed`. */
export interface ReadGap {
  readonly reason: Reason;
  readonly detail: string;
}

/** What a cataloguer read in one file of one layer: plain data, storable, sendable between threads. */
export interface ReadResult {
  readonly records: readonly JsonValue[];
  readonly gaps: readonly ReadGap[];
}

/** A record with the file it was read in. */
export interface CatalogRecord {
  /** name of the cataloguer */
  readonly by: string;
  readonly path: string;
  readonly data: JsonValue;
}

/** A gap with the file it was met in. */
export interface CatalogGap extends ReadGap {
  readonly by: string;
  readonly path: string;
}

/** What `join` may look at: the records whose files are visible in the final image, and the files themselves. */
export interface JoinInput {
  readonly records: readonly (CatalogRecord & { readonly layer: number })[];
  /** By path; only what is visible in the final image. */
  readonly files: ReadonlyMap<string, VisibleFile>;
  /** Follows links inside the image, never out of it; null where nothing is there. */
  readonly resolve: (path: string) => string | null;
  readonly distro: Distro | null;
}

export interface JoinResult {
  readonly components: readonly Component[];
  readonly gaps: readonly CatalogGap[];
}

/** A fact that a component may have beside its name and version. */
export type ComponentFact =
  | 'source'
  | 'licenses'
  | 'supplier'
  | 'download'
  | 'cpes'
  | 'dependencies'
  | 'files'
  | 'digests';

/**
 * What a cataloguer says of itself: docs/cataloguers.md is made of it, and the tests hold what it asks for and makes to
 * it.
 */
export interface About {
  /** In a few words, to stand behind its name: `packages of Alpine and its kin`. */
  readonly finds: string;
  /**
   * The files that it asks for: paths with `*` (within a folder) and `**` (over folders), kinds of content by name
   * (`ELF`, `PE`, `Mach-O`, `GGUF`), or in parentheses what neither can say.
   */
  readonly reads: readonly string[];
  /** Purl types of its components; `*` for any. None: it makes claims alone. */
  readonly purls: readonly string[];
  readonly grades: readonly Grade[];
  /** What its components may have; one that no record of it ever states is null in every dig. */
  readonly facts: readonly ComponentFact[];
  /** What it tells beside components. */
  readonly claims?: readonly string[];
  /** What it cannot see, or what misleads. */
  readonly limit?: string;
}

/**
 * One way to find components: one file, one line in the list of cataloguers.
 *
 * `version` is raised when the same bytes give another answer: stored results are kept under it.
 */
export interface Cataloguer {
  readonly name: string;
  readonly version: number;
  readonly about: About;
  /** Cheap: asked for every regular file, path first. `head` holds up to the first 4096 bytes. */
  wants(file: FileHead, head: Uint8Array): boolean;
  /** Pure: bytes to records. A bad file is a gap, never an exception and never an empty list. */
  read(file: CatalogFile): ReadResult;
  /** Pure: the records visible in the final image to components. */
  join(input: JoinInput): JoinResult;
}
