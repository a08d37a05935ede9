import { constants, gunzipSync } from 'node:zlib';
import { type ChartFile, isTrowelError, TrowelError, type Where } from '../model/index.js';
import { decompress, type TarHandler, type TarHeader, type TarLimits, TarReader, type TarSink } from '../pack/index.js';
import { quote } from '../template/index.js';
import type { ChartLimits } from './chart.js';
import { contentType } from './content-type.js';
import { badChart } from './metadata.js';

/** What loading one chart may still cost: shared by the archives that are vendored in it. */
export interface LoadBudget {
  readonly limits: ChartLimits;
  /** Whose words are spoken. */
  readonly helm: 3 | 4;
  entries: number;
  bytes: number;
}

/** Archives that inflate to no more are inflated at once, which is fastest; larger ones piece by piece. */
const atOnce = 16 * 1024 * 1024;

/**
 * The files of a chart archive (gzip-compressed tar), the first path element stripped, in the order of the archive.
 * It is read in pieces and left at the first entry that is refused, so that memory is bounded by what is kept.
 *
 * Throws TrowelError: `bad-chart` with Helm's words, `unsafe-path` for a path that leads out and for links,
 * `too-large` over a limit, `truncated`; each names the entry. Follows: helm pkg/chart/loader/archive.go.
 */
export async function readArchive(
  archive: Uint8Array,
  name: string,
  budget: LoadBudget,
): Promise<readonly ChartFile[]> {
  checkGzip(archive, name);
  const whole = inflate(archive, name, atOnce);
  if (whole !== null) return filesOfTar(whole, name, budget);
  const collector = new FileCollector(name, budget);
  const reader = new TarReader(collector, tarLimits(budget));
  try {
    for await (const chunk of decompress(pieces(archive), 'gzip')) reader.write(chunk);
    reader.end();
  } catch (error) {
    throw inHelmsWords(error, name);
  }
  return collector.done();
}

/** As `readArchive`, at once: what it inflates to is held in memory, up to the limit of the whole chart. */
export function readArchiveAtOnce(archive: Uint8Array, name: string, budget: LoadBudget): readonly ChartFile[] {
  checkGzip(archive, name);
  // Headers and padding come on top of the content.
  const room = budget.limits.totalBytes - budget.bytes + 2048 * Math.min(budget.limits.entries, 8192);
  const whole = inflate(archive, name, room);
  if (whole === null) throw tooLarge(budget, { file: name });
  return filesOfTar(whole, name, budget);
}

/** The files are views of the tar: what lies between them is little. */
function filesOfTar(tar: Uint8Array, name: string, budget: LoadBudget): readonly ChartFile[] {
  const collector = new FileCollector(name, budget, tar);
  const reader = new TarReader(collector, tarLimits(budget));
  try {
    reader.write(tar);
    reader.end();
  } catch (error) {
    throw inHelmsWords(error, name);
  }
  return collector.done();
}

/** Our own limits speak first: they name the entry. */
function tarLimits(budget: LoadBudget): TarLimits {
  const { entries, totalBytes } = budget.limits;
  return { entries: entries + 1, pathBytes: 4096, totalBytes: totalBytes + 2 ** 50 };
}

/** Keeps the files of an archive, and refuses what may not be in it. */
class FileCollector implements TarHandler {
  readonly #archive: string;
  readonly #budget: LoadBudget;
  /** The whole archive, where that is in memory. */
  readonly #tar: Uint8Array | null;
  readonly #files: ChartFile[] = [];

  constructor(archive: string, budget: LoadBudget, tar: Uint8Array | null = null) {
    this.#archive = archive;
    this.#budget = budget;
    this.#tar = tar;
  }

  entry(header: TarHeader): TarSink | null {
    const where = { file: this.#archive, entry: header.path };
    countEntry(this.#budget, where);
    if (header.type === 'directory') return null;
    if (header.type === 'symlink' || header.type === 'hardlink') {
      throw unsafe(where, 'the archive holds a link, which could lead out of the chart');
    }
    if (header.type !== 'file') throw unsafe(where, `the archive holds a ${header.type} entry`);
    const path = chartPath(header.path, where);
    const { limits } = this.#budget;
    if (header.sizeBytes > limits.totalBytes - this.#budget.bytes) throw tooLarge(this.#budget, where);
    if (header.sizeBytes > limits.fileBytes) {
      throw new TrowelError('too-large', {
        what: `decompressed chart file ${quote(header.path)} is larger than the maximum file size ${limits.fileBytes}`,
        where,
      });
    }
    this.#budget.bytes += header.sizeBytes;
    const done = (bytes: Uint8Array): void => {
      if (this.#budget.bytes >= this.#budget.limits.totalBytes) throw tooLarge(this.#budget, where);
      this.#files.push({ path, bytes: withoutMark(bytes) });
    };
    const tar = this.#tar;
    if (tar === null || header.sparse) return copySink(header.sizeBytes, done);
    const { offset, storedBytes } = header;
    return {
      write: () => undefined,
      end: () => done(new Uint8Array(tar.buffer, tar.byteOffset + offset, storedBytes)),
    };
  }

  done(): readonly ChartFile[] {
    if (this.#files.length === 0) throw badChart('no files in chart archive', this.#archive);
    return this.#files;
  }
}

function copySink(sizeBytes: number, done: (bytes: Uint8Array) => void): TarSink {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  return {
    write: (chunk) => {
      bytes.set(chunk, at);
      at += chunk.length;
    },
    end: () => done(bytes),
  };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

/**
 * Whether what a user named is an archive at all. Throws TrowelError `bad-chart` with Helm's words.
 * Follows: ensureArchive, which looks at 512 bytes, zeros behind the end of a shorter file.
 */
export function checkIsArchive(archive: Uint8Array, name: string): void {
  if (archive[0] === 0x1f && archive[1] === 0x8b && archive[2] === 0x08) return;
  if (/\.ya?ml$/.test(name)) {
    throw badChart(`file '${name}' seems to be a YAML file, but expected a gzipped archive`);
  }
  const type = contentType(archive.length < 512 ? Buffer.concat([archive], 512) : archive.subarray(0, 512));
  throw badChart(`file '${name}' does not appear to be a gzipped archive; got '${type}'`);
}

/** Takes one entry off the budget. Throws TrowelError `too-large`. */
export function countEntry(budget: LoadBudget, where: Where): void {
  budget.entries += 1;
  if (budget.entries <= budget.limits.entries) return;
  throw new TrowelError('too-large', { what: `the chart has more than ${budget.limits.entries} files`, where });
}

/** Takes the bytes of a file off the budget. Throws TrowelError `too-large`. */
export function countBytes(budget: LoadBudget, bytes: number, where: Where): void {
  budget.bytes += bytes;
  if (budget.bytes > budget.limits.totalBytes) throw tooLarge(budget, where);
}

function tooLarge(budget: LoadBudget, where: Where): TrowelError {
  return new TrowelError('too-large', {
    what: `decompressed chart is larger than the maximum ${budget.helm === 4 ? '' : 'file '}size ${budget.limits.totalBytes}`,
    where,
  });
}

/** Content without the byte-order mark of UTF-8. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

function checkGzip(archive: Uint8Array, name: string): void {
  if (archive.length < 10) throw badChart(archive.length === 0 ? 'EOF' : 'unexpected EOF', name);
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) throw badChart('gzip: invalid header', name);
}

/** The bytes that the archive inflates to, or null where they are more than `room`. */
function inflate(archive: Uint8Array, name: string, room: number): Uint8Array | null {
  try {
    return gunzipSync(archive, {
      maxOutputLength: room,
      finishFlush: constants.Z_FINISH,
      chunkSize: chunkSize(archive),
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return null;
    if (code === 'Z_BUF_ERROR') throw cutOff(name, cause);
    throw badGzip(name, cause);
  }
}

/** Room for all of the content at once, if the archive tells the truth of its size (RFC 1952, ISIZE). */
function chunkSize(archive: Uint8Array): number {
  const stated = Buffer.from(archive.buffer, archive.byteOffset, archive.length).readUInt32LE(archive.length - 4);
  return Math.max(64 * 1024, Math.min(stated + 1, atOnce));
}

/** What broke while an archive was read, as Helm says it. */
function inHelmsWords(error: unknown, name: string): unknown {
  if (!isTrowelError(error)) return error;
  if (error.code === 'truncated') return cutOff(name, error);
  if (error.what.startsWith('the gzip stream')) return badGzip(name, error);
  if (error.code !== 'bad-bytes') return error;
  return new TrowelError('bad-chart', { what: 'archive/tar: invalid tar header', where: { file: name }, cause: error });
}

function cutOff(name: string, cause: unknown): TrowelError {
  return new TrowelError('truncated', { what: 'unexpected EOF', where: { file: name }, cause });
}

function badGzip(name: string, cause: unknown): TrowelError {
  const what = `file '${name}' does not appear to be a valid chart file (details: gzip: invalid header)`;
  return badChart(what, name, cause);
}

/** The path inside the chart, cleaned; the checks and words are Helm's. */
function chartPath(stored: string, where: Where): string {
  const delimiter = stored.includes('\\') ? '\\' : '/';
  const [first, ...parts] = stored.split(delimiter);
  const inner = parts.join('/');
  if (inner.startsWith('/')) throw unsafe(where, 'chart illegally contains absolute paths');
  const path = cleanPath(inner);
  if (path === '.') {
    throw unsafe(where, `chart illegally contains content outside the base directory: ${quote(stored)}`);
  }
  if (path.startsWith('..')) throw unsafe(where, 'chart illegally references parent directory');
  if (/^[a-zA-Z]:\//.test(path)) throw unsafe(where, 'chart contains illegally named files');
  if (first === 'Chart.yaml') throw badChart('chart yaml not in base directory', stored);
  return path;
}

/** Go's path.Clean for a relative path. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

function unsafe(where: Where, what: string): TrowelError {
  return new TrowelError('unsafe-path', { what, where });
}
