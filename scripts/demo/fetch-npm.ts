import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient } from './clients.js';
import type { Lock } from './lock.js';
import type { Brought } from './parts.js';
import { packages } from './places.js';

/** `npm pack` of every locked package: the registry's own tarballs, compared with the lock; no script is run. */
export async function fetchNpm(lock: Lock): Promise<Brought> {
  const dir = join(packages, 'npm');
  await mkdir(dir, { recursive: true });
  const files = new Map<string, string>();
  const left: string[] = [];
  const wanted: string[] = [];
  for (const [spec, integrity] of Object.entries(lock.npm)) {
    const path = join(dir, fileName(spec));
    if (await hasIntegrity(path, integrity)) files.set(spec, path);
    else wanted.push(spec);
  }
  if (wanted.length > 0) {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', dir, ...wanted];
    const run = await runClient('npm', args, { cwd: dir });
    for (const spec of wanted) {
      const path = join(dir, fileName(spec));
      if (await hasIntegrity(path, lock.npm[spec] ?? '')) files.set(spec, path);
      else {
        await rm(path, { force: true });
        left.push(`npm package ${spec}: ${run.ok ? 'its tarball is not what the lock file says' : run.errors}`);
      }
    }
  }
  return { files, left };
}

/** As `npm pack` names it: `@scope/name@1.0.0` → `scope-name-1.0.0.tgz`. */
function fileName(spec: string): string {
  const at = spec.lastIndexOf('@');
  return `${spec.slice(0, at).replace(/^@/, '').replace('/', '-')}-${spec.slice(at + 1)}.tgz`;
}

/** Subresource Integrity: `sha512-BASE64`. */
async function hasIntegrity(path: string, integrity: string): Promise<boolean> {
  const [algorithm, expected] = integrity.split('-', 2);
  if (algorithm === undefined || expected === undefined) return false;
  try {
    return (
      createHash(algorithm)
        .update(await readFile(path))
        .digest('base64') === expected
    );
  } catch {
    return false;
  }
}
