/**
 * `npm run bench:render -- [ROUNDS] [CHART…]`: renders charts with `trowel render` and with `helm template` (where it is
 * on PATH), in turn in one run, whole processes; and again as a library, where a chart is prepared and the second
 * rendering has other values. Prints medians and paired ratios as Markdown.
 *
 * Without charts it takes two of kube-prometheus-stack (the first 12.x and the newest) and the ten that take Helm
 * longest of the real charts beside the project (TROWEL_TEST_DATA). Needs python3.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { inTurn, type Measured, measure, median, ratio, root, spread, trowel } from './measure.js';

/** Some charts refuse the version that a Helm built by `go install` stands for. */
const kubeVersion = ['--kube-version', '1.33.0'];
const heaviest = 10;

function helmCommand(chart: string): readonly string[] {
  return ['helm', 'template', 'rel', chart, ...kubeVersion];
}

function chartsOfData(): readonly string[] {
  const folder = join(process.env.TROWEL_TEST_DATA ?? join(root, '..', 'shared', 'data'), 'charts');
  if (!existsSync(folder)) throw new Error('name some charts: there are no real charts beside the project');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name))
    .sort();
}

/** The versions of a name like `x-12.1.0.tgz` in order. */
function byVersion(a: string, b: string): number {
  return basename(a).localeCompare(basename(b), 'en', { numeric: true });
}

function defaultCharts(): readonly string[] {
  const all = chartsOfData();
  const stack = all.filter((path) => /kube-prometheus-stack-\d/.test(path)).sort(byVersion);
  const chosen = [stack.find((path) => path.includes('-12.')), stack.at(-1)].filter((path) => path !== undefined);
  const timed = all
    .filter((path) => !path.includes('kube-prometheus-stack'))
    .map((path): readonly [string, Measured] => [path, measure(helmCommand(path))])
    .filter(([, run]) => run.code === 0)
    .sort((a, b) => b[1].cpu - a[1].cpu);
  // One version of a chart is enough.
  const names = new Set<string>();
  for (const [path] of timed) {
    const name = basename(path).replace(/-v?\d.*$/, '');
    if (names.size < heaviest && !names.has(name)) {
      names.add(name);
      chosen.push(path);
    }
  }
  return chosen;
}

/** Milliseconds of the second rendering in a process, once for each round. */
function warm(chart: string, rounds: number): readonly number[] {
  const script = join(root, 'dist', 'scripts', 'bench', 'warm.js');
  return Array.from({ length: rounds }, () => {
    const run = spawnSync(process.execPath, [script, chart], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return Number(run.stdout);
  });
}

const [first = '', ...others] = process.argv.slice(2);
const rounds = /^\d+$/.test(first) ? Number(first) : 7;
const given = /^\d+$/.test(first) || first === '' ? others : [first, ...others];
if (spawnSync('helm', ['version']).status !== 0) throw new Error('helm is not on PATH');
const charts = given.length > 0 ? given : defaultCharts();

process.stdout.write(
  `${rounds} rounds in turn after one to warm up; medians (min–max); Node ${process.version}, ` +
    `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'})\n\n` +
    '| chart | helm wall s | trowel wall s | wall / helm | CPU / helm | peak / helm | second in a process, ms | of helm |\n' +
    '|---|---|---|---|---|---|---|---|\n',
);
for (const chart of charts) {
  const ours = [...trowel, 'render', 'rel', chart, ...kubeVersion];
  const commands = [
    { name: 'helm', command: helmCommand(chart) },
    { name: 'trowel', command: ours },
  ];
  const runs = inTurn(commands, rounds);
  const helm = runs.get('helm') ?? [];
  const own = runs.get('trowel') ?? [];
  const again = warm(chart, rounds);
  const helmWall = helm.map((run) => run.wall);
  const row = [
    basename(chart, '.tgz'),
    spread(helmWall, 3),
    spread(
      own.map((run) => run.wall),
      3,
    ),
    ratio(own, helm, (run) => run.wall),
    ratio(own, helm, (run) => run.cpu),
    ratio(own, helm, (run) => run.peak),
    spread(again, 1),
    (median(again) / 1000 / median(helmWall)).toFixed(3),
  ];
  process.stdout.write(`| ${row.join(' | ')} |\n`);
}
