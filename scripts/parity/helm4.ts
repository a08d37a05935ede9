// Renders real charts and small ones with real Helm 4 and with `--helm 4`, and compares: texts byte for byte, messages
// of what fails. Prints how many are identical and names the others; ends with 1 where there are any.
//
//   TROWEL_HELM4=PATH node dist/scripts/parity/helm4.js [WORD…]
//
// TROWEL_HELM4 names the program, TROWEL_TEST_DATA the data (see test/paths.ts). WORD takes the cases whose name holds
// it. With TROWEL_HELM4_ANSWERS=DIR Helm's answers are kept there and not asked for again; with TROWEL_HELM4_DIFFERENT=DIR
// both texts of each difference are written there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RenderChartOptions } from '../../src/chart/index.js';
import { helmOptions } from '../../test/helm-arguments.js';
import { type EngineCase, oracleCases } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { renderText } from '../../test/render-text.js';

/** One run of `helm template rel CHART ARGS` in `folder`, and the same as options of ours. */
interface Run {
  readonly name: string;
  readonly folder: string;
  readonly chart: string;
  readonly args: readonly string[];
  readonly options: RenderChartOptions;
}

const helm = process.env.TROWEL_HELM4 ?? '';
const words = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'helm4-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(scratch, { recursive: true });
}

async function main(): Promise<number> {
  if (helm === '' || !existsSync(helm)) {
    console.error('TROWEL_HELM4 must name the program of Helm 4');
    return 2;
  }
  const root = sharedData();
  if (root === null) {
    console.error(sharedMissing);
    return 2;
  }
  let wrong = 0;
  const groups: readonly (readonly [string, readonly Run[]])[] = [
    ['renders of real charts', oracleRuns(root, 'index.tsv')],
    ['renders that fail with Helm 3', oracleRuns(root, 'errors.tsv')],
    ['small cases', engineRuns(root)],
  ];
  for (const [title, all] of groups) {
    const runs = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
    const different: string[] = [];
    for (const run of runs) if (!(await isIdentical(run))) different.push(run.name);
    console.log(`${title}: ${runs.length - different.length} of ${runs.length} identical`);
    for (const name of different) console.log(`  different: ${name}`);
    wrong += different.length;
  }
  return wrong === 0 ? 0 : 1;
}

function oracleRuns(root: string, table: 'index.tsv' | 'errors.tsv'): readonly Run[] {
  return oracleCases(root, table).map((one) => {
    // What the build of Helm 3 took for its default; named, so that both render the same.
    const kubeVersion = one.args.includes('--kube-version') ? [] : ['--kube-version', 'v1.20.0'];
    const args = [...one.args, ...kubeVersion];
    return { name: one.id, folder: root, chart: one.chart, args, options: { ...one.options, helm: 4 } };
  });
}

/** The small cases as charts in folders: once as they are, once with the text of the template as a string in JSON. */
function engineRuns(root: string): readonly Run[] {
  const runs: Run[] = [];
  for (const file of ['engine-dev', 'deps-dev']) {
    const lines = gunzipSync(readFileSync(join(root, 'engine', `${file}.jsonl.gz`)))
      .toString()
      .trimEnd()
      .split('\n');
    for (const line of lines) {
      const one: EngineCase = JSON.parse(line);
      for (const form of ['plain', 'quoted'] as const) runs.push(engineRun(one, form, runs.length));
    }
  }
  return runs;
}

function engineRun(one: EngineCase, form: 'plain' | 'quoted', index: number): Run {
  const folder = join(scratch, String(index));
  const quoted = { 'templates/q.yaml': 'text: {{ include (print $.Template.BasePath "/_t.yaml") . | toJson }}\n' };
  const files: Readonly<Record<string, string>> = {
    'Chart.yaml': `apiVersion: v2\nname: probe\nversion: 1.2.3\nappVersion: "4.5.6"\n${one.chart_extra ?? ''}`,
    ...(form === 'plain' ? { 'templates/t.yaml': one.tpl } : { 'templates/_t.yaml': one.tpl, ...quoted }),
    ...(one.values === undefined ? {} : { 'values.yaml': one.values }),
    ...one.files,
  };
  for (const [path, text] of Object.entries(files)) write(join(folder, 'probe', path), text);
  const set = one.set === undefined ? [] : [one.set].flat();
  const args = ['--namespace', 'ns', ...set.flatMap((text) => ['--set', text])];
  if (one.user_values !== undefined) {
    write(join(folder, 'user.yaml'), one.user_values);
    args.push('-f', 'user.yaml');
  }
  return { name: `${one.id} ${form}`, folder, chart: 'probe', args, options: helmOptions(args, folder, 4) };
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

async function isIdentical(run: Run): Promise<boolean> {
  const expected = answer(run);
  const actual = await renderText(join(run.folder, run.chart), run.options);
  if (actual === expected) return true;
  const kept = process.env.TROWEL_HELM4_DIFFERENT;
  if (kept !== undefined) {
    const base = run.name.trimEnd().replaceAll(/[^\w.=-]+/g, '_');
    write(join(kept, `${base}.helm`), expected);
    write(join(kept, `${base}.ours`), actual);
  }
  return false;
}

/** What Helm prints, or its message. */
function answer({ folder, chart, args }: Run): string {
  const kept = process.env.TROWEL_HELM4_ANSWERS;
  const all = ['template', 'rel', chart, ...args];
  if (kept === undefined) return ask(folder, all);
  const named = folder.startsWith(scratch) ? readFolder(folder) : folder;
  const file = join(
    kept,
    createHash('sha256')
      .update(JSON.stringify([helm, named, all]))
      .digest('hex'),
  );
  if (!existsSync(file)) write(file, ask(folder, all));
  return readFileSync(file, 'utf8');
}

function readFolder(folder: string): string {
  return spawnSync('sh', ['-c', 'find . -type f | sort | xargs sha256sum'], { cwd: folder, encoding: 'utf8' }).stdout;
}

function ask(folder: string, args: readonly string[]): string {
  const home = join(scratch, 'home');
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  const { status, stdout, stderr } = spawnSync(helm, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return stdout;
  const error = stderr.indexOf('Error: ');
  return stderr
    .slice(Math.max(0, error))
    .replace(/\n\nUse --debug flag to render out invalid YAML\n$/, '')
    .trimEnd();
}
