export type FileType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/**
 * One entry of one layer.
 *
 * `path` has no leading or trailing `/`, no `.` or `..`, and is the entry's name as bytes read as UTF-8 (bytes that
 * are not UTF-8 are escaped as `\xHH`). `sizeBytes` is the logical size (of a sparse file with its holes), 0 for
 * everything but regular files. `link` is the target as written of a symlink, the cleaned path of a hard link.
 * `sha256` is lower-case hex of the file's content, null for what has none. Other digests only where asked for.
 */
export interface FileEntry {
  readonly path: string;
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly link: string | null;
  readonly sha256: string | null;
  readonly md5?: string | undefined;
  readonly sha1?: string | undefined;
  /** What the first bytes say a regular file is: used to tell executables and libraries from data. */
  readonly content: FileContent;
}

/** What the first bytes of a file say. `script` begins with `#!`. */
export type FileContent = 'elf' | 'pe' | 'mach-o' | 'script' | 'archive' | 'text' | 'data' | 'empty' | 'none';

/** A marker in a layer that hides what lower layers have (image-spec, layer.md, "Whiteouts"). */
export interface Whiteout {
  /** What is hidden: a path, or for an opaque one the directory whose lower children are. */
  readonly path: string;
  readonly opaque: boolean;
}

/** A file of the final image. `layer` is the index of the layer that brought it. */
export interface VisibleFile {
  readonly entry: FileEntry;
  readonly layer: number;
}
