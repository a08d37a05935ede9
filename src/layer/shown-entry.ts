import { type FileContent, type FileEntry, type FileTable, type FileType, fileContents } from '../model/index.js';

/**
 * One row of a table under the path at which the image shows it. Texts are made when somebody asks for them: most who
 * go through the files of an image only look at types. Not to be spread: what it says are no members of its own.
 */
export class ShownEntry implements FileEntry {
  private readonly table: FileTable;
  private readonly row: number;
  readonly path: string;

  constructor(table: FileTable, row: number, path: string) {
    this.table = table;
    this.row = row;
    this.path = path;
  }

  get type(): FileType {
    return this.table.type(this.row);
  }

  get mode(): number {
    return this.table.columns.modes[this.row] ?? 0;
  }

  get uid(): number {
    return this.table.owner(this.row).uid;
  }

  get gid(): number {
    return this.table.owner(this.row).gid;
  }

  get sizeBytes(): number {
    return this.table.sizeBytes(this.row);
  }

  get link(): string | null {
    return this.table.link(this.row);
  }

  get sha256(): string | null {
    return this.table.sha256(this.row);
  }

  get md5(): string | undefined {
    return this.table.md5(this.row) ?? undefined;
  }

  get sha1(): string | undefined {
    return this.table.sha1(this.row) ?? undefined;
  }

  get content(): FileContent {
    return fileContents[this.table.columns.contents[this.row] ?? 0] ?? 'none';
  }

  /** All of it as a plain object. */
  toJSON(): FileEntry {
    return { ...this.table.entry(this.row), path: this.path };
  }
}
