import { constants, gunzipSync } from 'node:zlib';
import { type ChartFile, isTrowelError, TrowelError } from '../model/index.js';
import { tarEntries } from '../pack/index.js';
import type { ChartLimits } from './chart.js';
import { contentType } from './content-type.js';
import { badChart } from './metadata.js';

/** What loading one chart may still cost: shared by the archives that are vendored in it. */
export interface LoadBudget {
  readonly limits: ChartLimits;
  entries: number;
  bytes: number;
}

/**
 * The files of a chart archive (gzip-compressed tar), the first path element stripped, in the order of the archive.
 *
 * Throws TrowelError: `bad-chart` with Helm's words, `unsafe-path` for a path that leads out and for links,
 * `too-large` over a limit, `truncated`. Follows: helm pkg/chart/loader/archive.go.
 */
export function archiveFiles(archive: Uint8Array, name: string, budget: LoadBudget): readonly ChartFile[] {
  const tar = inflate(archive, name, budget);
  const files: ChartFile[] = [];
  const bounds = { entries: budget.limits.entries, pathBytes: 4096, totalBytes: tar.length };
  for (const { header, content } of tarEntries(tar, bounds)) {
    spend(budget, content.length, name);
    if (header.type === 'directory') continue;
    if (header.type === 'symlink' || header.type === 'hardlink') {
      throw unsafe(name, header.path, 'the archive holds a link, which could lead out of the chart');
    }
    if (header.type !== 'file') throw unsafe(name, header.path, `the archive holds a ${header.type} entry`);
    const path = chartPath(header.path, name);
    if (header.sizeBytes > budget.limits.fileBytes) {
      throw new TrowelError('too-large', {
        what: `decompressed chart file "${header.path}" is larger than the maximum file size ${budget.limits.fileBytes}`,
        where: { file: name, entry: header.path },
      });
    }
    files.push({ path, bytes: withoutMark(content) });
  }
  if (files.length === 0) throw badChart('no files in chart archive');
  return files;
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

/** Takes one entry with its bytes off the budget. Throws TrowelError `too-large`. */
export function spend(budget: LoadBudget, bytes: number, file: string): void {
  budget.entries += 1;
  budget.bytes += bytes;
  if (budget.entries > budget.limits.entries) {
    throw new TrowelError('too-large', {
      what: `the chart has more than ${budget.limits.entries} files`,
      where: { file },
    });
  }
  if (budget.bytes > budget.limits.totalBytes) {
    throw new TrowelError('too-large', {
      what: `decompressed chart is larger than the maximum file size ${budget.limits.totalBytes}`,
      where: { file },
    });
  }
}

/** Content without the byte-order mark of UTF-8; a copy, so that the archive's buffer can go. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.slice(marked ? 3 : 0);
}

function inflate(archive: Uint8Array, name: string, budget: LoadBudget): Uint8Array {
  if (archive.length === 0) throw badChart('EOF', name);
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) throw badChart('gzip: invalid header', name);
  // Headers and padding come on top of the content.
  const room = budget.limits.totalBytes - budget.bytes + 2048 * Math.min(budget.limits.entries, 8192);
  try {
    return gunzipSync(archive, { maxOutputLength: room, finishFlush: constants.Z_FINISH });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TrowelError('too-large', {
        what: `decompressed chart is larger than the maximum file size ${budget.limits.totalBytes}`,
        where: { file: name },
        cause,
      });
    }
    if (code === 'Z_BUF_ERROR') {
      throw new TrowelError('truncated', { what: 'unexpected EOF', where: { file: name }, cause });
    }
    if (isTrowelError(cause)) throw cause;
    throw badChart(
      `file '${name}' does not appear to be a valid chart file (details: gzip: invalid header)`,
      name,
      cause,
    );
  }
}

/** The path inside the chart, cleaned; the checks and words are Helm's. */
function chartPath(stored: string, archive: string): string {
  const delimiter = stored.includes('\\') ? '\\' : '/';
  const [first, ...parts] = stored.split(delimiter);
  const inner = parts.join('/');
  if (inner.startsWith('/')) throw unsafe(archive, stored, 'chart illegally contains absolute paths');
  const path = cleanPath(inner);
  if (path === '.') {
    throw unsafe(archive, stored, `chart illegally contains content outside the base directory: "${stored}"`);
  }
  if (path.startsWith('..')) throw unsafe(archive, stored, 'chart illegally references parent directory');
  if (/^[a-zA-Z]:\//.test(path)) throw unsafe(archive, stored, 'chart contains illegally named files');
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

function unsafe(file: string, entry: string, what: string): TrowelError {
  return new TrowelError('unsafe-path', { what, where: { file, entry } });
}
