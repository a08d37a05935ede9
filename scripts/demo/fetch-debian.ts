import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient } from './clients.js';
import type { Brought } from './parts.js';
import { packages } from './places.js';

const wanted = ['busybox-static', 'libc6', 'ca-certificates', 'tzdata', 'netbase', 'base-files', 'zlib1g'];

/** `apt-get download` of what the machine's own sources offer: unpacked here, never installed. */
export async function fetchDebian(): Promise<Brought> {
  const dir = join(packages, 'debian');
  await mkdir(dir, { recursive: true });
  const files = await present(dir);
  const missing = wanted.filter((name) => !files.has(name));
  if (missing.length === 0) return { files, left: [] };
  const run = await runClient('apt-get', ['download', '-qq', ...missing], { cwd: dir });
  const now = await present(dir);
  const left = wanted.filter((name) => !now.has(name));
  const why = run.errors.includes('Unable to locate') ? 'apt has no package lists (apt-get update)' : run.errors;
  return { files: now, left: left.length === 0 ? [] : [`Debian packages ${left.join(', ')}: ${why}`] };
}

/** `libc6_2.36-9_amd64.deb` by `libc6`. */
async function present(dir: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const file of (await readdir(dir)).sort()) {
    const name = file.split('_')[0] ?? '';
    if (file.endsWith('.deb') && wanted.includes(name)) files.set(name, join(dir, file));
  }
  return files;
}
