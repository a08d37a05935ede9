/**
 * `npm run bench [-- ROUNDS]`: catalogues one large image with Trowel, with Syft (where it is on PATH) and with the
 * floor of inflate and SHA-256, in turn in one run, whole processes; prints medians and paired ratios as Markdown.
 * The image is .bench/layout, assembled by scripts/parity/assemble.sh where it is not there yet (BENCH_LAYOUT names
 * another). Needs python3, which asks the kernel for time and memory of each run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly code: number;
}

const root = ((): string => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();
const layout = process.env.BENCH_LAYOUT ?? join(root, '.bench', 'layout');
const rounds = Number(process.argv[2] ?? '5');

if (!existsSync(layout)) {
  const assemble = join(root, 'scripts', 'parity', 'assemble.sh');
  const made = spawnSync('bash', [assemble, join(root, '.bench')], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (made.status !== 0) throw new Error('the image could not be assembled: see above');
}

function measure(command: readonly string[]): Measured {
  const run = spawnSync('python3', [join(root, 'scripts', 'bench', 'measure.py'), ...command], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

const trowel = [process.execPath, join(root, 'bin', 'trowel')];
const quiet = ['--offline', '--allow-incomplete', '--db', '/nonexistent/advisories.db', '-o', 'json'];
const contenders: Record<string, readonly string[]> = {
  'floor (inflate + SHA-256)': [process.execPath, join(root, 'dist', 'scripts', 'bench', 'floor.js'), layout],
  'trowel dig --no-store': [...trowel, 'dig', `oci-dir:${layout}`, '--no-store', ...quiet],
};
if (spawnSync('syft', ['version']).status === 0) {
  contenders[`syft ${syftVersion()}`] = ['syft', 'scan', `oci-dir:${layout}`, '-q', '-o', 'json'];
}

/** A syft built by `go install` knows its version only as a module's. */
function syftVersion(): string {
  const found = spawnSync('bash', ['-c', 'go version -m "$(command -v syft)"'], { encoding: 'utf8' }).stdout;
  return /\tmod\tgithub\.com\/anchore\/syft\t(\S+)/.exec(found)?.[1] ?? '';
}

const runs = new Map<string, Measured[]>(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, command] of Object.entries(contenders)) {
    const measured = measure(command);
    if (measured.code !== 0) throw new Error(`${name} ended with ${measured.code}`);
    // The first round warms the page cache and is not counted.
    if (round > 0) runs.get(name)?.push(measured);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const floor = runs.get('floor (inflate + SHA-256)') ?? [];
const lines = [
  `${rounds} rounds in turn after one to warm up; medians (min–max); Node ${process.version}, ` +
    `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  '',
  '| what | wall s | CPU s | peak MiB | wall / floor | CPU / floor |',
  '|---|---|---|---|---|---|',
];
for (const [name, list] of runs) {
  const column = (of: (run: Measured) => number, digits: number): string => {
    const values = list.map(of);
    return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
  };
  const ratio = (of: (run: Measured) => number): string =>
    median(list.map((run, i) => of(run) / of(floor[i] ?? run))).toFixed(2);
  const peak = column((run) => run.peak / 1048576, 0);
  const row = [
    name,
    column((run) => run.wall, 2),
    column((run) => run.cpu, 2),
    peak,
    ratio((r) => r.wall),
    ratio((r) => r.cpu),
  ];
  lines.push(`| ${row.join(' | ')} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
