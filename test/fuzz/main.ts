import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Case } from './case.js';
import { again, type Difference, verdictOn } from './compare.js';
import { readExplained } from './explained.js';
import { foundLine } from './found.js';
import { makeCase, targetsOf } from './generate.js';
import { OwnEngine } from './own-engine.js';
import { type Answer, buildRealEngine, RealEngine } from './real-engine.js';
import { shrink } from './shrink.js';
import { Tally } from './tally.js';

const help = `Compares Trowel's template engine with Helm's on generated templates.

  --cases N     how many (default 20000), the same number for each function and action
  --seed S      another seed, other cases (default 1)
  --helm 3|4    whose engine (default 3)
  --only NAME   only this function or action; may be repeated
  --case N      one case alone, printed in full
  --program P   the built program that links Helm, instead of building it
  --show N      how many kinds of differences are shrunk and printed (default 20)
  --table       print the count for each function and action
  --out FILE    write the counts as JSON
  --record FILE append what differs, shrunk, as lines of found.jsonl
`;

const batch = 2000;

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      cases: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      helm: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true },
      case: { type: 'string' },
      program: { type: 'string' },
      show: { type: 'string', default: '20' },
      table: { type: 'boolean', default: false },
      out: { type: 'string' },
      record: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const helm = options.helm === '4' ? 4 : 3;
  const seed = Number(options.seed);
  const explained = readExplained();
  const engine = new OwnEngine(helm);
  const { targets: all, unknown } = targetsOf(engine.functions.keys());
  if (unknown.length > 0) {
    console.error(`no cases are made of: ${unknown.join(', ')}`);
    return 1;
  }
  const { only } = options;
  const targets = only === undefined ? all : all.filter((name) => only.includes(name));
  const { program, remove } =
    options.program === undefined ? buildRealEngine(helm) : { program: options.program, remove: () => {} };
  const real = new RealEngine(program);
  const caseAt = (number: number): Case => makeCase(seed, number, all[number % all.length] ?? '');
  try {
    if (options.case !== undefined) return await showOne(Number(options.case), caseAt, real, engine, helm);
    const tally = new Tally();
    const differences: Difference[] = [];
    const began = performance.now();
    const numbers = caseNumbers(Number(options.cases), all, targets);
    let asked: Promise<readonly (Answer | null)[]> | null = null;
    let waiting: { number: number; one: Case }[] = [];
    const settle = async (next: { number: number; one: Case }[]): Promise<void> => {
      const answers = await asked;
      const current = waiting;
      waiting = next;
      // The real engine works on the next cases while ours works on these.
      asked = next.length === 0 ? null : real.ask(next.map(({ one }) => one));
      for (const [i, { number, one }] of current.entries()) {
        const answer = answers?.[i] ?? null;
        if (answer === null) {
          tally.lost(one.target, number);
          continue;
        }
        const verdict = verdictOn(engine, one, answer, explained, helm);
        tally.add(one.target, answer.failed, verdict);
        if (verdict.kind === 'different') differences.push({ number, case: one, real: answer, own: verdict.own });
      }
    };
    let next: { number: number; one: Case }[] = [];
    for (const number of numbers) {
      next.push({ number, one: caseAt(number) });
      if (next.length === batch) {
        await settle(next);
        next = [];
      }
    }
    await settle(next);
    await settle([]);
    const seconds = (performance.now() - began) / 1000;
    const lasting = await report(
      differences,
      tally,
      Number(options.show),
      real,
      engine,
      explained,
      helm,
      options.record,
    );
    if (options.table) process.stdout.write(tally.table());
    if (options.out !== undefined) writeFileSync(options.out, tally.json(seed, helm));
    process.stdout.write(tally.summary(seconds, lasting));
    return lasting === 0 ? 0 : 1;
  } finally {
    real.stop();
    remove();
  }
}

/** The numbers of the cases that are about these targets: number N is about target N modulo their count. */
function* caseNumbers(count: number, all: readonly string[], targets: readonly string[]): Iterable<number> {
  const wanted = new Set(targets);
  for (let number = 0, made = 0; made < count; number++) {
    if (!wanted.has(all[number % all.length] ?? '')) continue;
    made++;
    yield number;
  }
}

/** Shrinks and prints one difference of each kind. Gives how many last when asked again. */
async function report(
  differences: readonly Difference[],
  tally: Tally,
  most: number,
  real: RealEngine,
  engine: OwnEngine,
  explained: ReturnType<typeof readExplained>,
  helm: 3 | 4,
  record: string | undefined,
): Promise<number> {
  const kinds = new Map<string, Difference[]>();
  let lasting = 0;
  for (const one of differences) {
    const outcome = await again(real, engine, one.case, explained, helm);
    if (outcome === null) {
      tally.passed(one.case.target);
      continue;
    }
    lasting++;
    const kind = kindOf({ ...one, ...outcome });
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  const sorted = [...kinds.values()].sort((a, b) => b.length - a.length);
  for (const group of sorted.slice(0, most)) {
    const [first] = group;
    if (first === undefined) continue;
    const small = await shrink(first, real, engine, explained, helm);
    const names = [...new Set(group.map((one) => one.case.target))];
    console.log(
      `\n== ${group.length} like this (${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}), case ${first.number}`,
    );
    print(small);
    if (record !== undefined) {
      appendFileSync(
        record,
        `${foundLine({ case: small.case, helm, answer: { failed: small.real.failed, text: small.real.text } })}\n`,
      );
    }
  }
  if (sorted.length > most) console.log(`\n… and ${sorted.length - most} other kinds`);
  return lasting;
}

/** What is alike in differences of one cause: the target's name, and messages without what is quoted in them. */
function kindOf({ case: one, real, own }: Difference): string {
  const outline = (text: string): string =>
    text
      .replace(/^.*>: (?=error calling)/s, '')
      .replace(/"(?:[^"\\]|\\.)*"|[\d.]+|<[^>]*>/g, '')
      .slice(-60);
  if (!real.failed && !own.failed) return `${one.target} text`;
  const of = (outcome: Answer): string => (outcome.failed ? outline(outcome.text) : 'text');
  return `${one.target} ${of(real)} / ${of(own)}`;
}

function print({ case: one, real, own }: Difference): void {
  console.log(`template: ${JSON.stringify(one.files[0]?.text)}`);
  if (one.files.length > 1) console.log('   beside: the helpers');
  if (Object.keys(one.values).length > 0) {
    console.log(
      `  values: ${JSON.stringify(one.values, (_, value) => (typeof value === 'bigint' ? `int64 ${value}` : value))}`,
    );
  }
  for (const [name, outcome, other] of [
    ['    Helm', real, own],
    ['  Trowel', own, real],
  ] as const) {
    console.log(`${name}: ${outcome.failed ? 'error ' : ''}${JSON.stringify(around(outcome.text, other.text))}`);
  }
}

const shownText = 600;

/** A text, or of a long one what stands around the first place where it differs. */
function around(text: string, other: string): string {
  if (text.length <= shownText) return text;
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  const from = Math.max(0, at - 100);
  return `${from === 0 ? '' : '…'}${text.slice(from, from + shownText)}…`;
}

async function showOne(
  number: number,
  caseAt: (number: number) => Case,
  real: RealEngine,
  engine: OwnEngine,
  helm: 3 | 4,
): Promise<number> {
  const one = caseAt(number);
  const [answer] = await real.ask([one]);
  if (answer === null || answer === undefined) throw new Error('the case ended the real engine');
  print({ number, case: one, real: answer, own: { ...engine.answer(one, answer.at), at: answer.at } });
  const verdict = verdictOn(engine, one, answer, readExplained(), helm);
  console.log(verdict.kind);
  return verdict.kind === 'different' ? 1 : 0;
}

process.exitCode = await main();
