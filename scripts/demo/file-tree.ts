import type { TarEntry } from '../../src/pack/index.js';

/** The files of one layer, in memory: added by path, given back sorted, with the directories that they need. */
export class FileTree {
  readonly #entries = new Map<string, TarEntry>();

  /** A file; `mode` defaults to 0644. */
  file(path: string, content: Uint8Array | string, mode = 0o644): this {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return this.add({ path, type: 'file', mode, content: bytes });
  }

  symlink(path: string, link: string): this {
    return this.add({ path, type: 'symlink', mode: 0o777, link });
  }

  /** An entry as it is; the last one of a path wins. */
  add(entry: TarEntry): this {
    this.#entries.set(entry.path, entry);
    return this;
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** The paths under a directory, sorted. */
  under(directory: string): { readonly path: string; readonly content: Uint8Array }[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.type === 'file' && entry.path.startsWith(`${directory}/`))
      .map((entry) => ({ path: entry.path, content: entry.content ?? new Uint8Array(0) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Entries in the order of their paths, parents before children. */
  entries(): TarEntry[] {
    const all = new Map(this.#entries);
    for (const path of this.#entries.keys()) {
      for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
        const directory = path.slice(0, at);
        if (!all.has(directory)) all.set(directory, { path: directory, type: 'directory', mode: 0o755 });
      }
    }
    return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
