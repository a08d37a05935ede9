// Writes the table of docs/template-engine.md anew. `--run FILE` takes the counts of a run of the fuzzer (its --out)
// first, of several runs together, `--corpus` counts again which charts of the corpus use what.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Chart, loadChart } from '../../src/chart/index.js';
import { goString } from '../../src/template/index.js';
import { oracleCases } from '../oracle-cases.js';
import { sharedData, sharedMissing } from '../paths.js';
import {
  type Counts,
  countsFile,
  documentPath,
  namesIn,
  type Run,
  readCounts,
  type TargetCount,
  withTable,
} from './coverage.js';

const { values: options } = parseArgs({
  options: { run: { type: 'string', multiple: true, default: [] }, corpus: { type: 'boolean', default: false } },
});

/** What a run of the fuzzer wrote. */
interface Written {
  readonly helm: 3 | 4;
  readonly seed: number;
  readonly counts: Readonly<Record<string, TargetCount & Record<'explained' | 'different' | 'lost', number>>>;
}

let counts = readCounts();
const runs = options.run.map((path): Written => JSON.parse(readFileSync(path, 'utf8')));
for (const helm of [3, 4] as const) {
  const own = runs.filter((run) => run.helm === helm);
  if (own.length > 0) counts = { ...counts, [`helm${helm}`]: joined(own) };
}
if (options.corpus) counts = { ...counts, corpus: await corpus() };
writeFileSync(countsFile, `${JSON.stringify(counts)}\n`);
writeFileSync(documentPath, withTable(readFileSync(documentPath, 'utf8'), counts));

/** Several runs as one. */
function joined(several: readonly Written[]): Run {
  const sums = new Map<string, { cases: number; errors: number }>();
  const all = { explained: 0, different: 0, lost: 0 };
  for (const [name, count] of several.flatMap((run) => Object.entries(run.counts))) {
    const sum = sums.get(name) ?? { cases: 0, errors: 0 };
    sums.set(name, { cases: sum.cases + count.cases, errors: sum.errors + count.errors });
    for (const kind of ['explained', 'different', 'lost'] as const) all[kind] += count[kind];
  }
  return { seeds: several.map((run) => run.seed), ...all, counts: Object.fromEntries(sums) };
}

/** How many charts of the oracle use each function and action, subcharts included. */
async function corpus(): Promise<Counts['corpus']> {
  const data = sharedData('oracle-dev');
  if (data === null) throw new Error(sharedMissing);
  const charts = new Set(oracleCases(join(data, '..'), 'index.tsv').map((one) => one.chart));
  const uses = new Map<string, number>();
  for (const path of charts) {
    const names = new Set<string>();
    collect(await loadChart(join(data, '..', path)), names);
    for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return { charts: charts.size, uses: Object.fromEntries(uses) };
}

function collect(chart: Chart, names: Set<string>): void {
  for (const file of chart.templates) for (const name of namesIn(goString(file.bytes))) names.add(name);
  for (const child of chart.dependencies) collect(child, names);
}
