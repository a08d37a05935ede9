/**
 * `node dist/test/recall/main.js [--pairs N] [--seed S] [CHART…]`: N pairs of renderings in all, over the charts or all
 * real ones beside the project (pairs.ts). Prints what differs; the exit code is 1 if anything does.
 */
import { parseArgs } from 'node:util';
import { loadChart, prepareChart } from '../../src/chart/index.js';
import { isTrowelError } from '../../src/model/index.js';
import { sharedData, sharedMissing } from '../paths.js';
import { chartsBelow, comparePairs } from './pairs.js';

const { values: options, positionals } = parseArgs({
  options: { pairs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});

const folder = sharedData('charts');
const charts = positionals.length > 0 ? positionals : folder === null ? [] : chartsBelow(folder);
if (charts.length === 0) throw new Error(sharedMissing);
const each = Math.ceil(Number(options.pairs) / charts.length);
let pairs = 0;
let failed = 0;
let different = 0;
for (const [i, path] of charts.entries()) {
  try {
    const prepared = prepareChart(await loadChart(path));
    const result = comparePairs(prepared, each, Number(options.seed) * 1000 + i);
    pairs += result.pairs;
    failed += result.failed;
    different += result.differences.length;
    for (const { number, change, kept, fresh } of result.differences.slice(0, 2)) {
      let at = 0;
      while (kept[at] === fresh[at]) at += 1;
      const shown = (text: string): string => text.slice(Math.max(0, at - 200), at + 200);
      process.stdout.write(
        `${path} ${number} ${JSON.stringify(change)}\n  kept ${shown(kept)}\n  fresh ${shown(fresh)}\n`,
      );
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    process.stdout.write(`${path}: ${error.what}\n`);
  }
}
process.stdout.write(`${pairs} pairs of ${charts.length} charts, ${failed} of them failing: ${different} differ\n`);
process.exitCode = different === 0 ? 0 : 1;
