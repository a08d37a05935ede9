/** What the clients brought: files on disk by name. What is missing is named in `left`, with the reason. */
export interface Parts {
  /** npm tarballs by `name@version` */
  readonly npm: ReadonlyMap<string, string>;
  /** wheels and source archives by `name==version` */
  readonly python: ReadonlyMap<string, string>;
  /** Debian packages by name */
  readonly debian: ReadonlyMap<string, string>;
  /** jars by `group:artifact:version` */
  readonly jars: ReadonlyMap<string, string>;
  /** programs built by go, by name */
  readonly programs: ReadonlyMap<string, string>;
  readonly left: readonly string[];
  /** Things worth saying that are no fault: a source archive whose build script was not run, … */
  readonly notes: readonly string[];
}

/** What one client brought. */
export interface Brought {
  readonly files: ReadonlyMap<string, string>;
  readonly left: readonly string[];
  readonly notes?: readonly string[];
}

export const nothing: Brought = { files: new Map(), left: [] };
