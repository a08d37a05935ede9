import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Runnable, root, trowel } from './measure.js';

export const floorName = 'floor (inflate + SHA-256)';

/** A dig that asks nobody and matches nothing. */
export const quiet = ['--offline', '--allow-incomplete', '--db', '/nonexistent/advisories.db', '-o', 'json'];

/** The floor, Node alone, Trowel in three states of its store, and what other tools are on this machine. */
export function contenders(layout: string, scratch: string): readonly Runnable[] {
  const dig = [...trowel, 'dig', `oci-dir:${layout}`, '--platform', 'linux/amd64', ...quiet];
  const [fresh, kept] = [join(scratch, 'fresh'), join(scratch, 'kept')];
  return [
    { name: 'node -e 0', command: [process.execPath, '-e', '0'] },
    { name: floorName, command: [process.execPath, join(root, 'dist', 'scripts', 'bench', 'floor.js'), layout] },
    { name: 'trowel dig --no-store', command: [...dig, '--no-store'] },
    {
      name: 'trowel dig, empty store',
      command: [...dig, '--store', fresh],
      before: () => rmSync(fresh, { recursive: true, force: true }),
    },
    { name: 'trowel dig, warm store', command: [...dig, '--store', kept] },
    ...syft(layout),
    ...trivy(layout),
  ];
}

function syft(layout: string): Runnable[] {
  const program = programOf('syft');
  if (program === null) return [];
  const run = spawnSync('go', ['version', '-m', program], { encoding: 'utf8' });
  // A syft that `go install` built knows its version only as a module's.
  const version = /\tmod\tgithub\.com\/anchore\/syft\t(\S+)/.exec(run.stdout ?? '')?.[1] ?? '';
  return [{ name: `syft ${version}`.trim(), command: [program, 'scan', `oci-dir:${layout}`, '-q', '-o', 'json'] }];
}

function trivy(layout: string): Runnable[] {
  const program = programOf('trivy');
  if (program === null) return [];
  const version =
    /Version: (\S+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? '';
  const options = ['--quiet', '--offline-scan', '--cache-dir', '/nonexistent', '--cache-backend', 'memory'];
  const command = [program, 'image', '--input', layout, '--format', 'cyclonedx', ...options];
  return [{ name: `trivy ${version}`.trim(), command }];
}

/** A program on PATH, or where `go install` puts it. */
function programOf(name: string): string | null {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  if (found.status === 0) return found.stdout.trim();
  const path = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  const program = join((path.stdout ?? '').trim(), 'bin', name);
  return path.status === 0 && existsSync(program) ? program : null;
}
