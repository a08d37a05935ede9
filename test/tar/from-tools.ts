import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../fuzz/random.js';
import type { Made } from './made.js';

const formats = ['v7', 'oldgnu', 'gnu', 'ustar', 'posix'] as const;

/** An archive of some members of a tree as GNU tar writes it, in any of its formats. Null where tar refuses. */
export function gnuMade(tree: string, members: readonly string[], out: string, random: Random): Made | null {
  const format = random.pick(formats);
  const tags = [`format:${format}`];
  const args = [`--format=${format}`, '--sort=name', '-b', String(random.pick([1, 2, 20]))];
  const also = (probability: number, tag: string, ...more: string[]): void => {
    if (!random.chance(probability)) return;
    args.push(...more);
    tags.push(tag);
  };
  const posix = format === 'posix';
  if (format !== 'v7' && format !== 'ustar') also(0.6, 'sparse', '--sparse', '--hole-detection=raw');
  if (posix && tags.includes('sparse')) {
    const version = random.pick(['0.0', '0.1', '1.0']);
    also(1, `sparse:${version}`, `--sparse-version=${version}`);
  }
  also(0.3, 'owner', `--owner=${random.pick([0, 1000, 2_097_151, 2_097_152, 4_000_000_000])}`, '--group=70000');
  also(
    0.3,
    'mtime',
    `--mtime=@${random.pick(['0', '-1', '-86400.5', '1500000000.123456789', '8589934592', '99999999999'])}`,
  );
  also(0.1, 'label', '-V', `label ${random.below(100)}`);
  also(0.1, 'incremental', '--listed-incremental=/dev/null');
  also(0.2, 'absolute', '-P', '--transform=s,^,/abs/../,');
  also(0.2, 'deep', `--transform=s,^,${'deep/'.repeat(random.between(10, 60))},rh`);
  if (posix) {
    also(0.2, 'global', '--pax-option=globexthdr.name=global,comment=of all');
    also(0.2, 'global-mtime', '--pax-option=gid=4242,globexthdr.mtime=1');
    also(0.2, 'keyword', '--pax-option=uname:=somebody,mtime:=1000000000.5');
    also(0.1, 'delete', '--pax-option=delete=*time');
  }
  const chosen = members.filter(() => random.chance(0.5));
  const run = spawnSync('tar', [...args, '--no-recursion', '-cf', out, '-C', tree, ...named(chosen)], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  // 2 says that something does not fit into the format: the rest was written, or that the options do not go together.
  if ((run.status !== 0 && run.status !== 2) || !existsSync(out)) return null;
  if (random.chance(0.15)) {
    spawnSync('tar', ['--format=gnu', '--no-recursion', '-rf', out, '-C', tree, ...named(members.slice(0, 2))]);
    tags.push('appended');
  }
  return { bytes: taken(out), tags };
}

/** The same with bsdtar. */
export function bsdMade(tree: string, members: readonly string[], out: string, random: Random): Made | null {
  const format = random.pick(['v7', 'ustar', 'gnutar', 'pax', 'paxr']);
  const tags = [`format:bsd-${format}`];
  const args = ['--format', format, '-n'];
  if (format === 'pax' && random.chance(0.6)) {
    args.push('--read-sparse');
    tags.push('sparse');
  }
  if (random.chance(0.3)) args.push('--uid', String(random.pick([0, 70000, 3_000_000])), '--gid', '2097152');
  const run = spawnSync(
    'bsdtar',
    [...args, '-cf', out, '-C', tree, ...named(members.filter(() => random.chance(0.5)))],
    {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    },
  );
  if ((run.status !== 0 && run.status !== 1) || !existsSync(out)) return null;
  return { bytes: taken(out), tags };
}

/** Archives of Python's tarfile, one for each number. */
export function pythonMade(script: string, dir: string, seed: number, numbers: readonly number[]): Map<number, Made> {
  execFileSync('python3', [script, dir, String(seed), ...numbers.map(String)]);
  return new Map(
    numbers.map((number) => [number, { bytes: taken(join(dir, `${number}.tar`)), tags: ['format:python'] }]),
  );
}

function named(members: readonly string[]): string[] {
  return ['--', ...(members.length === 0 ? ['.'] : members.map((member) => `./${member}`))];
}

function taken(path: string): Buffer {
  const bytes = readFileSync(path);
  rmSync(path);
  return bytes;
}
