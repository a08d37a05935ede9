/**
 * `npm run bench [-- ROUNDS]`: catalogues one large image with Trowel, with Syft (where it is on PATH) and with the
 * floor of inflate and SHA-256, in turn in one run, whole processes; prints medians and paired ratios as Markdown.
 * The image is .bench/layout, assembled by scripts/parity/assemble.sh where it is not there yet (BENCH_LAYOUT names
 * another). Needs python3, which asks the kernel for time and memory of each run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { inTurn, ratio, root, spread, trowel } from './measure.js';

const layout = process.env.BENCH_LAYOUT ?? join(root, '.bench', 'layout');
const rounds = Number(process.argv[2] ?? '5');

if (!existsSync(layout)) {
  const assemble = join(root, 'scripts', 'parity', 'assemble.sh');
  const made = spawnSync('bash', [assemble, join(root, '.bench')], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (made.status !== 0) throw new Error('the image could not be assembled: see above');
}

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

const runs = inTurn(contenders, rounds);
const floor = runs.get('floor (inflate + SHA-256)') ?? [];
const lines = [
  `${rounds} rounds in turn after one to warm up; medians (min–max); Node ${process.version}, ` +
    `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  '',
  '| what | wall s | CPU s | peak MiB | wall / floor | CPU / floor |',
  '|---|---|---|---|---|---|',
];
for (const [name, list] of runs) {
  const row = [
    name,
    spread(
      list.map((run) => run.wall),
      2,
    ),
    spread(
      list.map((run) => run.cpu),
      2,
    ),
    spread(
      list.map((run) => run.peak / 1048576),
      0,
    ),
    ratio(list, floor, (run) => run.wall),
    ratio(list, floor, (run) => run.cpu),
  ];
  lines.push(`| ${row.join(' | ')} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
