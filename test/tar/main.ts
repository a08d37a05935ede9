import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readExplained } from './explained.js';
import { gnuMissing } from './gnu.js';
import { goMissing } from './go.js';
import { runCases } from './run.js';

const help = `Compares Trowel's tar reader with GNU tar and Go's archive/tar on generated archives.

  --cases N   how many (default 2000)
  --seed S    another seed, other archives (default 1)
  --case N    one alone, printed in full
  --keep FILE with --case: writes the archive there
  --show N    how many findings are printed (default 20)
`;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    keep: { type: 'string' },
    show: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  if (gnuMissing !== false && goMissing !== false) throw new Error('neither GNU tar nor Go is on this machine');
  const numbers =
    options.case === undefined ? Array.from({ length: Number(options.cases) }, (_, i) => i) : [Number(options.case)];
  let shown = 0;
  const tally = await runCases(numbers, Number(options.seed), ({ number, made, verdict, answers, opinions }) => {
    if (options.case !== undefined) {
      if (options.keep !== undefined) writeFileSync(options.keep, made.bytes);
      const whole = { tags: made.tags, ...verdict, answers: Object.fromEntries(answers), opinions: [...opinions] };
      process.stdout.write(`${JSON.stringify(whole, null, 1)}\n`);
    } else if (verdict.kind === 'wrong' && shown++ < Number(options.show)) {
      process.stdout.write(`case ${number} (${made.tags.join(' ')})\n  ${verdict.findings.join('\n  ')}\n`);
    }
  });
  if (options.case !== undefined) return tally.wrong;
  for (const why of tally.missing) process.stdout.write(`left out: ${why}\n`);
  for (const row of readExplained()) {
    const count = tally.explained.get(row.line);
    if (count !== undefined) process.stdout.write(`explained ${count} times: ${row.why} (${row.where})\n`);
  }
  for (const [reader, counted] of tally.opinions) {
    const text = [...counted].sort().map(([opinion, count]) => `${opinion} on ${count}`);
    process.stdout.write(`of what Trowel reads, ${reader} ${text.join(', ')}\n`);
  }
  const { archives, equal, refused, wrong } = tally;
  process.stdout.write(`${archives} archives, ${equal} equal, ${refused} typed errors, ${wrong} wrong\n`);
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
