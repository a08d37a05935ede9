import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One run of a whole process: seconds and bytes as the kernel accounts for them, and how it ended. */
export interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly code: number;
}

export const root: string = ((): string => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();

export const trowel: readonly string[] = [join(root, 'bin', 'trowel')];

export function measure(command: readonly string[]): Measured {
  const run = spawnSync('python3', [join(root, 'scripts', 'bench', 'measure.py'), ...command], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

/** A command with a name, and what is done before each of its runs without being measured. */
export interface Runnable {
  readonly name: string;
  readonly command: readonly string[];
  readonly before?: () => void;
}

/** Runs commands in turn, so many rounds after one that warms up. Throws where one does not end with 0. */
export function inTurn(commands: readonly Runnable[], rounds: number): ReadonlyMap<string, readonly Measured[]> {
  const runs = new Map<string, Measured[]>(commands.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, command, before } of commands) {
      before?.();
      const measured = measure(command);
      if (measured.code !== 0) throw new Error(`${name} ended with ${measured.code}`);
      if (round > 0) runs.get(name)?.push(measured);
    }
  }
  return runs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** The median of the rounds' own ratios, as text. */
export function ratio(a: readonly Measured[], b: readonly Measured[], of: (run: Measured) => number): string {
  return median(a.map((run, i) => of(run) / of(b[i] ?? run))).toFixed(2);
}

/** `median (min–max)` */
export function spread(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
