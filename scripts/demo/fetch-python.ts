import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient } from './clients.js';
import type { Lock } from './lock.js';
import type { Brought } from './parts.js';
import { packages, root } from './places.js';

/**
 * Wheels by `pip download --require-hashes`; a source archive by fetch-sdist.py, since pip would run its build script
 * for the metadata. Both ask the index that the user's pip is configured for.
 */
export async function fetchPython(lock: Lock): Promise<Brought> {
  const dir = join(packages, 'python');
  await mkdir(dir, { recursive: true });
  const files = new Map<string, string>();
  const left: string[] = [];
  const notes: string[] = [];
  const entries = Object.entries(lock.pypi);
  const present = async (): Promise<void> => {
    for (const [pin, { file, sha256 }] of entries) {
      if (!files.has(pin) && (await hasDigest(join(dir, file), sha256))) files.set(pin, join(dir, file));
    }
  };
  await present();

  const wheels = entries.filter(([pin, { file }]) => file.endsWith('.whl') && !files.has(pin));
  if (wheels.length > 0) {
    const list = join(dir, 'requirements.txt');
    await writeFile(list, wheels.map(([pin, { sha256 }]) => `${pin} --hash=sha256:${sha256}\n`).join(''));
    const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--dest', dir];
    const run = await runClient('python3', ['-m', 'pip', 'download', ...options, '-r', list], { cwd: dir });
    if (!run.ok) left.push(`Python wheels: ${run.errors}`);
    await rm(list, { force: true });
  }
  for (const [pin, { file, sha256 }] of entries) {
    if (file.endsWith('.whl')) continue;
    notes.push(`${pin} exists as a source archive only: its files were laid out, its build script was not run`);
    if (files.has(pin)) continue;
    const script = join(root, 'scripts', 'demo', 'fetch-sdist.py');
    const name = pin.split('==')[0] ?? '';
    const run = await runClient('python3', [script, name, file, sha256, join(dir, file)], { cwd: dir });
    if (!run.ok) left.push(`Python source archive ${pin}: ${run.errors}`);
  }
  await present();
  return { files, left, notes };
}

async function hasDigest(path: string, sha256: string): Promise<boolean> {
  try {
    return (
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex') === sha256
    );
  } catch {
    return false;
  }
}
