// Holds causes to real Helm: every override that is reported as tried is given to `helm template`, and exactly the uses
// that name it must move, each to the image that is foretold. Prints how many were tried, right and wrong, and for how
// many uses a cause (or the line of the template that fixes them) is known. Ends with 1 where anything is wrong.
//
//   node dist/scripts/parity/causes.js [--no-helm] [--defaults] [--each N] [--every N [--from K]] [WORD…]
//
// TROWEL_TEST_DATA names the data (see test/paths.ts), HELM the program of Helm 3. --no-helm counts causes alone;
// --defaults leaves out the cases with values of a user; --each tries at most N overrides of a case; --every takes each
// Nth case, from the Kth on. WORD takes the cases whose name holds it.
import { parseArgs } from 'node:util';
import { oracleCases } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { type CaseReport, checkCase } from './causes-case.js';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values: flags, positionals: words } = parseArgs({
    options: {
      'no-helm': { type: 'boolean', default: false },
      defaults: { type: 'boolean', default: false },
      each: { type: 'string', default: '100000' },
      every: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      verbose: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const root = sharedData();
  if (root === null) {
    console.error(sharedMissing);
    return 2;
  }
  const helm = process.env.HELM ?? 'helm';
  const cases = oracleCases(root, 'index.tsv')
    .filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)))
    .filter(({ args }) => !flags.defaults || (args.length === 2 && args[0] === '--namespace'))
    .filter((_, index) => index % Number(flags.every) === Number(flags.from));
  const total = { cases: 0, uses: 0, moved: 0, fixed: 0, open: 0, tried: 0, right: 0, wrong: 0, renders: 0 };
  for (const one of cases) {
    const report: CaseReport = await checkCase(one, root, flags['no-helm'] ? null : helm, Number(flags.each));
    total.cases++;
    for (const key of ['uses', 'moved', 'fixed', 'tried', 'right', 'renders'] as const) total[key] += report[key];
    total.open += report.open.length;
    total.wrong += report.wrong.length;
    for (const text of report.open) console.log(`open   ${one.id}: ${text}`);
    for (const text of report.wrong) console.log(`wrong  ${one.id}: ${text}`);
    if (flags.verbose) console.log(JSON.stringify({ id: one.id, ...report }));
  }
  const share = (count: number): string => `${((100 * count) / Math.max(total.uses, 1)).toFixed(2)} %`;
  console.log(`${total.cases} renders, ${total.uses} uses, ${total.renders} renders for causes`);
  console.log(`  a value or version moves it: ${total.moved} (${share(total.moved)})`);
  console.log(`  fixed in the template: ${total.fixed} (${share(total.fixed)})`);
  console.log(`  not determined: ${total.open} (${share(total.open)})`);
  if (!flags['no-helm']) {
    console.log(`overrides given to Helm: ${total.tried}, right ${total.right}, wrong ${total.wrong}`);
  }
  return total.wrong === 0 ? 0 : 1;
}
