import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../fuzz/random.js';

const parts: readonly string[] = [
  'bin',
  'usr',
  'a',
  '.hidden',
  'with space',
  'new\nline',
  'quote"and\\back',
  'ünïcode',
  '日本',
  `long-${'n'.repeat(120)}`,
  `p${'q'.repeat(60)}`,
  'x'.repeat(99),
  'tab\there',
  '-rf',
  '*',
];
const sizes: readonly number[] = [0, 1, 511, 512, 513, 1023, 10240, 70000];

/** Makes a folder of files, links, pipes and holes; its members, folders before what they hold. */
export function makeTree(dir: string, random: Random): readonly string[] {
  mkdirSync(dir, { recursive: true });
  const members: string[] = [];
  const files: string[] = [];
  let folder = '.';
  for (let i = 0; i < 14; i++) {
    const path = join(random.chance(0.4) ? '.' : folder, `${i}-${random.pick(parts)}`);
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    const kind = random.below(12);
    if (kind < 3) {
      mkdirSync(full);
      folder = path;
    } else if (kind === 3) {
      symlinkSync(random.chance(0.5) ? 'target/'.repeat(random.between(1, 40)) : (files[0] ?? '/etc/passwd'), full);
    } else if (kind === 4 && files.length > 0) linkSync(join(dir, random.pick(files)), full);
    else if (kind === 5) execFileSync('mkfifo', [full]);
    else {
      if (kind < 8) holed(full, random);
      else writeFileSync(full, letters(random.pick(sizes), random));
      files.push(path);
      chmodSync(full, random.pick([0o644, 0o755, 0o4755, 0o2711, 0o1777, 0o600]));
    }
    if (kind < 3 || kind > 4) utimesSync(full, 0, random.pick([0, 1, 1_400_000_000, 1_700_000_000.25, 5_000_000_000]));
    members.push(path);
  }
  writeFileSync(Buffer.from(join(dir, 'raw-\xff\xc3'), 'latin1'), 'bytes');
  return members;
}

/** A file with data between holes: few or many stretches, at its end or before it. */
function holed(path: string, random: Random): void {
  const file = openSync(path, 'w');
  const count = random.pick([0, 1, 3, 4, 5, 25, 26, 60]);
  const step = 4096 * random.between(2, 8);
  for (let i = 0; i < count; i++) writeSync(file, letters(random.between(1, 5000), random), null, 'latin1');
  for (let i = 0; i < count; i++)
    writeSync(file, Buffer.alloc(random.between(1, 4096), 97 + (i % 26)), 0, undefined, i * step);
  ftruncateSync(file, count * step + random.pick([0, 1, 511, 4096, 100_000]));
  closeSync(file);
}

function letters(count: number, random: Random): string {
  let text = '';
  while (text.length < count) text += random.below(2 ** 31).toString(36);
  return text.slice(0, count);
}
