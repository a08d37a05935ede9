import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sharedMissing } from '../paths.js';
import type { Made, TruthCase } from './case.js';
import { debian, distroless } from './debian.js';
import { go } from './go.js';
import { assemble } from './image.js';
import { java } from './java.js';
import { findAll, judge, ofPeers, type Score } from './judge.js';
import { node } from './node.js';
import { pacman } from './pacman.js';
import { python } from './python.js';
import { rpm } from './rpm.js';
import { rpmData } from './rpm-data.js';
import { rust } from './rust.js';
import { programAt } from './shell.js';

const help = `Assembles images with the tools that install packages, and holds what Trowel finds to what those tools list.

  --only A,B   these cases alone (debian, python, ...)
  --keep DIR   makes them there and leaves them
  --show N     how many missed and wrong ones are printed of each (default 10)
  --peers      also Syft and OSV-Scalibr, where they are on this machine
`;

const cases: readonly TruthCase[] = [debian, java, python, rust, node, go, rpm, ...rpmData, distroless, pacman];

/** What must be found, and how much of what is found must be there. */
const threshold = 0.999;
/** How much of what peers rightly find must be found. */
const peersThreshold = 0.995;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    keep: { type: 'string' },
    show: { type: 'string', default: '10' },
    peers: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A share in per cent, rounded down, so that 100 % means all. */
function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 10_000) / 100).toFixed(2)} %`;
}

async function runCase(one: TruthCase, work: string): Promise<readonly string[] | null> {
  const missing = one.needs.filter((name) => programAt(name) === null);
  if (missing.length > 0) {
    say(`skipped: ${one.name}, for lack of ${missing.join(', ')}`);
    return null;
  }
  const dir = join(work, one.name.replaceAll(' ', '-'));
  const layout = join(dir, 'layout');
  let made: Made;
  const started = Date.now();
  try {
    mkdirSync(dir);
    made = await one.make(dir);
    await assemble(layout, made);
  } catch (error) {
    // A registry that does not answer today says nothing about Trowel; it must be seen all the same.
    say(`skipped: ${one.name} could not be made: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const ready = Date.now();
  const found = await findAll(layout, join(dir, 'found'), options.peers);
  const bad: string[] = [];
  for (const { ecosystem, there, scores } of judge(made, found)) {
    for (const { tool, missed, wrong, right } of scores) {
      say(
        `| ${one.name} | ${ecosystem} | ${there} | ${tool} | ${percent(right, there)} | ${percent(right, right + wrong.length)} |`,
      );
      if (tool !== 'Trowel') continue;
      showSome('missed', missed);
      showSome('not there', wrong);
      const enough = there > 0 && right >= threshold * there && right >= threshold * (right + wrong.length);
      if (!enough) bad.push(`${one.name}: ${ecosystem}`);
    }
  }
  if (found.size > 1) {
    const { union, shared } = ofPeers(made, found);
    say(`| ${one.name} | of what peers rightly find | ${union} | Trowel | ${percent(shared, union)} | |`);
    if (shared < peersThreshold * union) bad.push(`${one.name}: less than its peers`);
  }
  const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
  process.stderr.write(`${one.name}: made in ${seconds(ready - started)}, judged in ${seconds(Date.now() - ready)}\n`);
  if (options.keep === undefined) rmSync(dir, { recursive: true, force: true });
  return bad;
}

function showSome(what: string, purls: Score['missed']): void {
  for (const purl of purls.slice(0, Number(options.show))) say(`  ${what}: ${purl}`);
  if (purls.length > Number(options.show)) say(`  ${what}: and ${purls.length - Number(options.show)} more`);
}

async function main(): Promise<number> {
  if (options.help) {
    say(help);
    return 0;
  }
  const wanted = options.only?.split(',') ?? cases.map(({ name }) => name);
  const work = options.keep ?? mkdtempSync(join(tmpdir(), 'trowel-truth-'));
  mkdirSync(work, { recursive: true });
  if (rpmData.length === 0) say(`skipped: rpm-data: ${sharedMissing}`);
  const queue = cases.filter(({ name }) => wanted.some((part) => name.startsWith(part)));
  const bad: string[] = [];
  let judged = 0;
  say('| image | ecosystem | there | tool | recall | precision |\n|---|---|---|---|---|---|');
  // Two at a time: while one fetches, another builds.
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const result = await runCase(one, work);
      if (result === null) continue;
      judged += 1;
      bad.push(...result);
    }
  };
  await Promise.all([worker(), worker()]);
  if (options.keep === undefined) rmSync(work, { recursive: true, force: true });
  for (const one of bad) say(`below the threshold: ${one}`);
  return bad.length === 0 && judged > 0 ? 0 : 1;
}

process.exitCode = await main();
