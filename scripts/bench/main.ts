/**
 * `npm run bench -- [--rounds N] [--image NAME]… [--layout DIR] [--write]`: reads images with Trowel, with the peers on
 * this machine (Syft, Trivy), with the floor of inflate and SHA-256 and with Node alone, whole processes in turn in one
 * run, so many rounds after one to warm up; prints medians, spread and the rounds' own ratios as Markdown.
 *
 * The images are made from packages of the registries, and kept in BENCH_CACHE (scripts/bench/images/images.ts): base,
 * mixed and hundred, and where they are named large, files and tenfold. `--layout` takes another OCI layout with one
 * image. `--write` puts the tables into docs/benchmarks.md. Needs python3, which asks the kernel for time and memory.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders, floorName } from './contenders.js';
import { factsOf, images, layoutOf } from './images/images.js';
import { inTurn, root } from './measure.js';
import { factsText, tableOf, written } from './table.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    image: { type: 'string', multiple: true },
    layout: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds wants a whole number from 1 on');

interface Input {
  readonly name: string;
  readonly about: string;
  readonly layout: string;
}

async function inputs(): Promise<readonly Input[]> {
  if (options.layout !== undefined) return [{ name: options.layout, about: '', layout: options.layout }];
  const unknown = options.image?.find((name) => !images.some((image) => image.name === name));
  if (unknown !== undefined)
    throw new Error(`no image ${unknown}: there are ${images.map(({ name }) => name).join(', ')}`);
  const chosen = images.filter(({ name, usual }) => options.image?.includes(name) ?? usual);
  const made: Input[] = [];
  for (const image of chosen) made.push({ name: image.name, about: image.about, layout: await layoutOf(image) });
  return made;
}

function measured({ name, about, layout }: Input): string {
  const scratch = mkdtempSync(join(tmpdir(), 'trowel-bench-'));
  try {
    const facts = factsOf(layout);
    const title = [about, facts === null ? '' : factsText(facts)].filter((text) => text !== '').join('; ');
    const runs = inTurn(contenders(layout, scratch), rounds);
    return [`### ${name}`, '', ...(title === '' ? [] : [title, '']), ...tableOf(runs, floorName), ''].join('\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const tables: string[] = [
  `${rounds} rounds in turn after one to warm up; medians (min–max); Node ${process.version}, ` +
    `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'})\n`,
];
process.stdout.write(`${tables[0]}\n`);
for (const input of await inputs()) {
  const table = measured(input);
  process.stdout.write(`${table}\n`);
  tables.push(table);
}
if (options.write) {
  const path = join(root, 'docs', 'benchmarks.md');
  writeFileSync(path, written(readFileSync(path, 'utf8'), tables.join('\n')));
}
