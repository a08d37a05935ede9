import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RenderChartOptions } from '../src/chart/index.js';
import { helmOptions } from './helm-arguments.js';

/** What real `helm template` v3.22.0 wrote for a real chart: one line of `index.tsv` or `errors.tsv`. */
export interface OracleCase {
  readonly id: string;
  /** The chart's archive, below the data's root. */
  readonly chart: string;
  readonly options: RenderChartOptions;
  /** The same as options of the command line; paths are below the data's root. */
  readonly args: readonly string[];
  /** The file with Helm's text, or Helm's message for a run that fails. */
  readonly file: string;
  readonly message: string;
}

/** The cases of a table of `oracle-dev` in the data at `root`, without those that only failed to fetch something. */
export function oracleCases(root: string, table: 'index.tsv' | 'errors.tsv'): readonly OracleCase[] {
  const [header = '', ...lines] = readFileSync(join(root, 'oracle-dev', table), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = header.split('\t');
  return lines.flatMap((line) => {
    const cells = line.split('\t');
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    if (cell('env_specific') === 'yes') return [];
    const stderr: unknown = cell('stderr_json') === '' ? '' : JSON.parse(cell('stderr_json'));
    // The capture lost blank lines.
    const message = String(stderr)
      .replace(/^Error: /, '')
      .replace(/\n+Use --debug flag.*$/, '');
    const chart = cell('chart_tgz');
    const id = `${chart.slice(chart.lastIndexOf('/') + 1)} ${cell('variant')} ${cell('extra_args')}`;
    const args = argsOf(cell);
    // The oracle's build had no release flags: its default was v1.20.0.
    const options = { kubeVersion: 'v1.20.0', ...helmOptions(args, root, 3) };
    return [{ id, chart, file: cell('oracle_file'), message, args, options }];
  });
}

/** What Helm wrote for a case of `index.tsv`. */
export function oracleText(root: string, one: OracleCase): string {
  return gunzipSync(readFileSync(join(root, one.file))).toString();
}

function argsOf(cell: (column: string) => string): readonly string[] {
  const [kubeVersion, values] = [cell('kube_version_flag'), cell('values_file')];
  return [
    ...['--namespace', cell('namespace')],
    ...(kubeVersion === '' ? [] : ['--kube-version', kubeVersion]),
    ...(values === '' ? [] : ['-f', values]),
    ...cell('extra_args').split(' ').filter(Boolean),
  ];
}

/** One run of a small chart through Helm's own engine; `err` is its message, `all` what other templates wrote. */
export interface EngineCase {
  readonly id: string;
  readonly tpl: string;
  readonly values?: string;
  readonly set?: string | readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly chart_extra?: string;
  readonly user_values?: string;
  readonly out?: string;
  readonly all?: Readonly<Record<string, string>>;
  readonly err?: string;
}

/** The cases of one file of `engine` in the data. */
export function engineCases(path: string): readonly EngineCase[] {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  return lines.map((line): EngineCase => JSON.parse(line));
}
