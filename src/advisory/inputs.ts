import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TrowelError } from '../model/index.js';
import { decompress, openZip, readTar, sniffCompression, type ZipFile } from '../pack/index.js';

/** One place that records are read from: an archive, a folder of JSON files, or a single file. */
export interface Input {
  readonly kind: 'zip' | 'tar' | 'files';
  /** Name of the source in the database: importing one of this name again replaces it. */
  readonly source: string;
  /** The archive, or the JSON files. */
  readonly paths: readonly string[];
}

/** Something of an input that was left out, and why. */
export interface Skipped {
  readonly where: string;
  readonly reason: string;
}

/** Takes the bytes of one JSON file; `bytes` are only valid during the call. */
export type TakeFile = (where: string, bytes: Uint8Array) => void;

/** A record of OSV.dev has a few KiB, the largest some MiB; all of an ecosystem's come in one archive. */
const fileBytes = 32 * 1024 * 1024;
const archive = { entries: 2_000_000, entryBytes: fileBytes, totalBytes: 64 * 1024 ** 3, ratio: 1100 };
const tar = { entries: archive.entries, pathBytes: 4096, totalBytes: archive.totalBytes };
const depth = 4;
const folderFiles = 2_000_000;

/**
 * What is to be read for the paths that a user named: `<Ecosystem>/all.zip`, other zips and tars, folders of them or of
 * JSON files, single JSON files. Inside folders everything else is passed over, links to folders are not followed.
 *
 * Throws TrowelError `not-found` for a path that is not there, `too-large` for a folder without end.
 */
export function findInputs(paths: readonly string[]): readonly Input[] {
  return paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new TrowelError('not-found', { what: 'there is no such file or folder', where: { file: path } });
    }
    return stat.isDirectory() ? folderInputs(path) : [fileInput(path, headOf(path))];
  });
}

/** Gives every JSON file of an input to `take`; answers the SHA-256 of what was read and what could not be. */
export async function readInput(
  input: Input,
  take: TakeFile,
): Promise<{ digest: string; skipped: readonly Skipped[] }> {
  switch (input.kind) {
    case 'files':
      return readFiles(input.paths, take);
    case 'zip':
      return readZip(input.paths[0] ?? '', take);
    case 'tar':
      return await readTarArchive(input.paths[0] ?? '', take);
  }
}

function folderInputs(folder: string): readonly Input[] {
  const archives: Input[] = [];
  const json: string[] = [];
  const visit = (dir: string, level: number): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(dir, entry.name);
      if (entry.isDirectory() && level < depth) visit(path, level + 1);
      if (entry.isDirectory() || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue;
      if (/\.json$/i.test(entry.name)) json.push(path);
      else if (/\.(zip|tar|tgz|tar\.gz|tar\.zst)$/i.test(entry.name)) archives.push(fileInput(path, headOf(path)));
      if (json.length > folderFiles) {
        throw new TrowelError('too-large', { what: `has more than ${folderFiles} files`, where: { file: folder } });
      }
    }
  };
  visit(folder, 0);
  if (json.length === 0) return archives;
  return [...archives, { kind: 'files', source: basename(join(process.cwd(), folder)), paths: json }];
}

/** Archives are known by their first bytes; everything else is taken for JSON, and told so when it is not. */
function fileInput(path: string, head: Uint8Array): Input {
  const source = sourceName(path);
  if (head[0] === 0x50 && head[1] === 0x4b) return { kind: 'zip', source, paths: [path] };
  const isTar = Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
  if (isTar || sniffCompression(head) !== 'none') return { kind: 'tar', source, paths: [path] };
  return { kind: 'files', source, paths: [path] };
}

/** `Debian/all.zip` is Debian, `records.tar.gz` is records. */
function sourceName(path: string): string {
  const name = basename(path).replace(/\.(zip|json|tar|tgz|tar\.gz|tar\.zst)$/i, '');
  return name === 'all' ? basename(dirname(join(process.cwd(), path))) : name;
}

function headOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(512);
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } finally {
    closeSync(file);
  }
}

function readFiles(paths: readonly string[], take: TakeFile): { digest: string; skipped: readonly Skipped[] } {
  const hash = createHash('sha256');
  const skipped: Skipped[] = [];
  for (const path of paths) {
    if (statSync(path).size > fileBytes) {
      skipped.push({ where: path, reason: `is larger than ${fileBytes} bytes` });
      continue;
    }
    const bytes = readFileSync(path);
    hash.update(`${basename(path)}\0${createHash('sha256').update(bytes).digest('hex')}\n`);
    take(path, bytes);
  }
  return { digest: `sha256:${hash.digest('hex')}`, skipped };
}

function readZip(path: string, take: TakeFile): { digest: string; skipped: readonly Skipped[] } {
  const file = new WindowedFile(path);
  try {
    const zip = openZip(file, archive);
    const skipped: Skipped[] = [];
    for (const entry of zip.entries) {
      if (entry.directory || !/\.json$/i.test(entry.path)) continue;
      let bytes: Uint8Array;
      try {
        bytes = zip.read(entry);
      } catch (error) {
        if (!(error instanceof TrowelError)) throw error;
        skipped.push({ where: `${path}: ${entry.path}`, reason: error.what });
        continue;
      }
      take(`${path}: ${entry.path}`, bytes);
    }
    return { digest: file.digest(), skipped };
  } finally {
    file.close();
  }
}

async function readTarArchive(path: string, take: TakeFile): Promise<{ digest: string; skipped: readonly Skipped[] }> {
  const hash = createHash('sha256');
  const skipped: Skipped[] = [];
  async function* stored(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      const bytes = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
      hash.update(bytes);
      yield bytes;
    }
  }
  const kind = sniffCompression(headOf(path));
  await readTar(
    decompress(stored(), kind),
    {
      entry(header) {
        if (header.type !== 'file' || !/\.json$/i.test(header.path)) return null;
        if (header.sizeBytes > fileBytes) {
          skipped.push({ where: `${path}: ${header.path}`, reason: `is larger than ${fileBytes} bytes` });
          return null;
        }
        const chunks: Uint8Array[] = [];
        return {
          write: (chunk) => chunks.push(Uint8Array.from(chunk)),
          end: () => take(`${path}: ${header.path}`, Buffer.concat(chunks)),
        };
      },
    },
    tar,
  );
  return { digest: `sha256:${hash.digest('hex')}`, skipped };
}

const windowBytes = 1024 * 1024;

/** A file read through one window, since the entries of a zip are read in about the order in which they lie there. */
class WindowedFile implements ZipFile {
  readonly sizeBytes: number;
  readonly #file: number;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.sizeBytes = fstatSync(this.#file).size;
  }

  slice(offset: number, length: number): Uint8Array {
    if (length > windowBytes || offset < 0) return this.#read(offset, length);
    if (offset < this.#start || offset + length > this.#start + this.#window.length) {
      this.#window = this.#read(offset, windowBytes);
      this.#start = offset;
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }

  digest(): string {
    const hash = createHash('sha256');
    for (let at = 0; at < this.sizeBytes; at += windowBytes) hash.update(this.#read(at, windowBytes));
    return `sha256:${hash.digest('hex')}`;
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(offset: number, length: number): Uint8Array {
    // A small or hostile archive points before its beginning or behind its end: nothing is there.
    if (!(offset >= 0 && offset < this.sizeBytes && length > 0)) return new Uint8Array(0);
    const bytes = Buffer.alloc(Math.min(length, this.sizeBytes - offset));
    return bytes.subarray(0, readSync(this.#file, bytes, 0, bytes.length, offset));
  }
}
