// Breaks files and holds every parser to its promises: see README.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeCase } from './case.js';
import { parsers, parsersByName } from './list.js';
import type { Done, Finding } from './messages.js';
import { runParsers } from './run.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: 'Infinity' },
    seconds: { type: 'string', default: '60' },
    parser: { type: 'string', multiple: true, default: [] },
    case: { type: 'string' },
    keep: { type: 'string' },
  },
});

const seed = Number(options.seed);
const chosen = options.parser.length === 0 ? parsers : parsers.filter(({ name }) => options.parser.includes(name));

if (options.case !== undefined) {
  const parser = parsersByName.get(options.parser[0] ?? '');
  if (parser === undefined) throw new Error('--case needs --parser NAME');
  const { bytes, from } = makeCase(parser, parser.seeds(), seed, Number(options.case));
  console.log(`${parser.name} ${options.case}: of ${from.label}, ${bytes.length} bytes`);
  if (options.keep !== undefined) writeFileSync(options.keep, bytes);
  const started = performance.now();
  try {
    console.log(await parser.parse(bytes, from));
  } finally {
    console.log(`${(performance.now() - started).toFixed(1)} ms`);
  }
} else {
  const plan = {
    parsers: chosen.map(({ name }) => name),
    seed,
    cases: Number(options.cases),
    milliseconds: (1000 * Number(options.seconds)) / chosen.length,
  };
  const { done, findings } = await runParsers(plan, (told) => {
    console.log('done' in told ? summary(told.done) : finding(told.finding));
  });
  const total = done.reduce((all, { cases }) => all + cases, 0);
  console.log(`\n${total} cases of ${done.length} parsers, ${findings.length} findings (seed ${seed})`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

function summary({ parser, cases, refused, milliseconds, slowest, largest }: Done): string {
  return [
    parser.padEnd(24),
    `${String(cases).padStart(8)} cases`,
    `${String(Math.round((1000 * cases) / milliseconds)).padStart(5)}/s`,
    `${String(Math.round((100 * refused) / cases)).padStart(3)} % refused`,
    `slowest ${slowest.milliseconds.toFixed(0).padStart(4)} ms (case ${slowest.number})`,
    `most ${largest.megabytes.toFixed(1)} MB (case ${largest.number})`,
  ].join('  ');
}

function finding({ parser, number, kind, detail }: Finding): string {
  return `FOUND ${kind}: --seed ${seed} --parser ${parser} --case ${number}\n  ${detail.slice(0, 1500)}`;
}
