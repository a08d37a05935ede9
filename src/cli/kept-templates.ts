import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Chart, PreparedChart } from '../chart/index.js';
import { buildStamp } from './build.js';

/** How much is kept, of all charts together; the oldest goes first. */
const mostBytes = 64 * 1024 * 1024;

const headBytes = 8;

/**
 * Parsed templates that are kept from one run to the next, a file a chart: parsing is half of what a short run does.
 * Templates are believed for a text that is exactly the same (`PreparedChart.useKept`), so an edited chart has only
 * what was edited parsed again.
 *
 * A file counts only for the build that wrote it, if it is undamaged and nobody else could have written it. What cannot
 * be read or written is no fault of a run.
 */
export class KeptTemplates {
  private readonly directory: string | null;
  private readonly helm: 3 | 4;

  /** `directory` is null where nothing is to be kept. */
  constructor(directory: string | null, helm: 3 | 4) {
    this.directory = directory;
    this.helm = helm;
  }

  /** Gives a chart what is kept of it. */
  lend(prepared: PreparedChart): void {
    const bytes = this.directory === null ? null : readWhole(join(this.directory, nameOf(prepared.chart, this.helm)));
    if (bytes !== null) prepared.useKept(this.helm, bytes);
  }

  /** Keeps what was parsed of it, where that is more than was kept; says whether it was. */
  keep(prepared: PreparedChart): boolean {
    const bytes = this.directory === null ? null : prepared.keptTemplates(this.helm);
    if (this.directory === null || bytes === null) return false;
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      const path = join(this.directory, nameOf(prepared.chart, this.helm));
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, Buffer.concat([headOf(bytes), bytes]), { mode: 0o600 });
      renameSync(draft, path);
      shrinkTemplates(this.directory, mostBytes);
    } catch {
      // As it says above.
    }
    return true;
  }
}

/** How many files there are, and their bytes. */
export function templatesStatus(directory: string): { readonly files: number; readonly bytes: number } {
  const files = filesOf(directory);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Removes the oldest files until so many bytes are left; gives how many bytes that freed. */
export function shrinkTemplates(directory: string, most: number): number {
  const files = filesOf(directory).sort((a, b) => b.changed - a.changed);
  let left = 0;
  let freed = 0;
  for (const { path, bytes } of files) {
    left += bytes;
    if (left <= most) continue;
    rmSync(path, { force: true });
    freed += bytes;
  }
  return freed;
}

function filesOf(directory: string): { path: string; bytes: number; changed: number }[] {
  try {
    return readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [{ path, bytes: stat.size, changed: stat.mtimeMs }] : [];
    });
  } catch {
    return [];
  }
}

/** A chart's file: name and version only to find it by, since what is in it is compared. */
function nameOf({ metadata }: Chart, helm: 3 | 4): string {
  const safe = `${metadata.name}-${metadata.version}`.replace(/[^\w.-]/g, '_').slice(0, 100);
  return `${safe}-helm${helm}`;
}

/** What stands before the bytes: a check sum over them, and the build that wrote them. */
function headOf(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(crc32(bytes), 0);
  head.writeUInt32LE(crc32(buildStamp()), 4);
  return head;
}

function readWhole(path: string): Uint8Array | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { uid, mode } = fstatSync(file);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    const whole = isOurs ? readFileSync(file) : Buffer.alloc(0);
    const bytes = whole.subarray(headBytes);
    return whole.length > headBytes && headOf(bytes).equals(whole.subarray(0, headBytes)) ? bytes : null;
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
