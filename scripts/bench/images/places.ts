import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the images of the benchmarks are kept, made once: BENCH_CACHE, else a folder of XDG_CACHE_HOME, else one of the
 * system's for temporary files.
 */
export function cacheFolder(): string {
  const folder = process.env.BENCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? tmpdir(), 'trowel-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}
