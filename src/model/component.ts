import type { Grade } from './grade.js';

/** A digest that a record states for a file, in the record's own algorithm; hex. */
export interface StatedDigest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  readonly hex: string;
}

/** A file that a component says is its own. `digest` is null where the record states none. */
export interface OwnedFile {
  readonly path: string;
  readonly digest: StatedDigest | null;
  /** Whether the owner expects it to change (a conffile). */
  readonly mayChange: boolean;
  /**
   * Whether the component's own record lists the file (absent: yes). False where only its place or its content says
   * so: a file under a package's folder, the program itself.
   */
  readonly listed?: boolean;
}

/** What was read, where, and what it said. */
export interface Evidence {
  readonly what: string;
  readonly where: string;
  readonly value: string;
}

/**
 * Something with a name and a version that is inside an image.
 *
 * `version` is null where nothing states one: such a component is a gap, never a clean one. `ecosystem` is the OSV
 * name without release (`Debian`, `Alpine`, `Go`, `PyPI`, `npm`, `Maven`), null where OSV has none; `release` is the
 * part after the colon (`12`, `v3.18`). `source` is the source package by which distributions publish advisories.
 */
export interface Component {
  readonly purl: string;
  readonly name: string;
  readonly version: string | null;
  readonly ecosystem: string | null;
  readonly release: string | null;
  readonly source: { readonly name: string; readonly version: string | null } | null;
  readonly locations: readonly { readonly path: string; readonly layer: number }[];
  readonly foundBy: string;
  readonly licenses: readonly string[];
  readonly owns: readonly OwnedFile[];
  readonly grade: Grade;
  readonly evidence: readonly Evidence[];
  /** Who publishes it, as its own record says (author, maintainer, vendor). */
  readonly supplier?: string | null;
  /** Where its own record says that it can be had: a URL as written. */
  readonly downloadLocation?: string | null;
  /** CPE 2.3 names that its own record states. */
  readonly cpes?: readonly string[];
  /** Shared libraries that its program loads, by the names it asks for (DT_NEEDED, import tables). */
  readonly links?: readonly string[];
}
