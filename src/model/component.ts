import type { FileContent } from './file.js';
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

/** The one file that a component is. */
export interface ComponentFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex; null where it was not computed. */
  readonly sha256: string | null;
  readonly type: FileContent;
  /** Whether somebody may execute it, by its mode. */
  readonly executable: boolean;
}

/**
 * Something with a name and a version that is inside an image.
 *
 * `version` is null where nothing states one: such a component is a gap, never a clean one. `ecosystem` is the OSV
 * name without release (`Debian`, `Alpine`, `Go`, `PyPI`, `npm`, `Maven`, `RubyGems`), null where OSV has none; `release` is the
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
  /** Who built or distributes it, as its record says; absent or null where nothing says so. */
  readonly supplier?: string | null;
  /** Where its bytes were fetched from, a URL. */
  readonly downloadLocation?: string | null;
  /** Names of it in NVD's dictionary that its record states or a rule gives. */
  readonly cpes?: readonly string[];
  readonly owns: readonly OwnedFile[];
  readonly grade: Grade;
  readonly evidence: readonly Evidence[];
  /** Shared libraries that its program loads, by the names it asks for (DT_NEEDED, import tables). */
  readonly links?: readonly string[];
  /** Purls of what is there of that which its record says it needs; absent where no record says. */
  readonly dependsOn?: readonly string[];
  /**
   * Words of its own package system, from which `dependsOn` is made as the cataloguers are joined: what it needs, each
   * with alternatives, and what it provides.
   */
  readonly requires?: readonly (readonly string[])[];
  readonly provides?: readonly string[];
}

/** Cataloguers that read a distribution's package database, or one of its packages: its word about a file counts before others'. */
const databaseReaders: readonly string[] = [
  'dpkg',
  'apk',
  'rpm',
  'deb-archive',
  'apk-archive',
  'rpm-archive',
  'chisel',
  'pacman',
  'portage',
  'opkg',
  'bottlerocket',
];

/** Whether a distribution's package database says that the component is there. */
export function isOfDatabase(component: Pick<Component, 'foundBy'>): boolean {
  return databaseReaders.includes(component.foundBy);
}
