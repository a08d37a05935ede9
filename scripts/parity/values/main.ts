// Small trees of charts with random values, dependencies, aliases, conditions, tags and imports, rendered by Helm 3 and
// 4 and by us: which values each chart's templates see must be the same.
//
//   node dist/scripts/parity/values/main.js [CASES [SEED]]
//
// Needs Go; Helm's modules come through its proxy. Prints how many are identical, and the first differences.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadArchive, prepareChart, renderRaw } from '../../../src/chart/index.js';
import { isTrowelError } from '../../../src/model/index.js';
import { writeTar } from '../../../src/pack/index.js';
import { helmOptions } from '../../../test/helm-arguments.js';
import { inRoot } from '../../../test/paths.js';
import { type ValuesCase, valuesCase } from './generate.js';

const count = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 1);
const batch = 500;
/** How often Helm is asked again: it goes through subcharts in an order that differs from run to run. */
const tries = 12;
const shown = 5;
const noAnswer = 'no answer';

const scratch = mkdtempSync(join(tmpdir(), 'values-'));
try {
  process.exitCode = [3 as const, 4 as const].map(compare).includes(false) ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true });
}

function compare(helm: 3 | 4): boolean {
  const program = build(helm);
  let identical = 0;
  let failing = 0;
  const different: string[] = [];
  for (let from = 0; from < count; from += batch) {
    const cases = Array.from({ length: Math.min(batch, count - from) }, (_, i) => valuesCase(seed, from + i));
    for (const [i, helms] of ask(program, cases).entries()) {
      const one = cases[i];
      if (one === undefined) continue;
      const mine = ours(one, helm);
      if (mine.startsWith('Error: ')) failing++;
      if (isSame(helms, mine) || ask(program, Array<ValuesCase>(tries).fill(one)).includes(mine)) identical++;
      else different.push(`case ${from + i}\n${JSON.stringify(one, null, 1)}\n${differing(helms, mine)}`);
    }
  }
  console.log(`Helm ${helm}: ${identical} of ${count} identical, ${failing} of them messages`);
  for (const text of different.slice(0, shown)) console.log(text);
  if (different.length > shown)
    console.log(`further ones: ${different.slice(shown).map((text) => text.split('\n', 1)[0])}`);
  return different.length === 0;
}

/** Where Helm fills its memory we say that values nest without end. */
function isSame(helms: string, mine: string): boolean {
  return mine === helms || (helms === noAnswer && mine.includes('values nest more than '));
}

/** The lines of both that are not the same. */
function differing(helms: string, mine: string): string {
  const theirs = helms.split('\n');
  const own = mine.split('\n');
  return theirs.flatMap((line, i) => (line === own[i] ? [] : [`Helm: ${line}\nours: ${own[i]}`])).join('\n');
}

function build(helm: 3 | 4): string {
  const program = join(scratch, `helm${helm}`);
  const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: inRoot('scripts', 'parity', 'values', `helm${helm}`),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`go build failed: ${stderr}`);
  return program;
}

/** The answers of a program, where it ended: imports can make tables that hold themselves. */
function ask(program: string, cases: readonly ValuesCase[]): readonly string[] {
  const input = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const timeout = 2000 + 20 * cases.length;
  const { stdout, status } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28, timeout });
  if (status !== 0) {
    if (cases.length === 1) return [noAnswer];
    const half = cases.length >> 1;
    return [...ask(program, cases.slice(0, half)), ...ask(program, cases.slice(half))];
  }
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line));
}

function ours(one: ValuesCase, helm: 3 | 4): string {
  const entries = Object.entries(one.files).map(([path, text]) => ({
    path: `root/${path}`,
    type: 'file' as const,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  const archive = gzipSync(Buffer.concat([...writeTar(entries)]), { level: 0 });
  const { values, set, setString, setJson, setLiteral } = one;
  const files = values.map((text) => ({ path: 'u.yaml', text }));
  const given = { files, set, setString, setJson, setLiteral, setFile: [] };
  try {
    const options = { ...helmOptions(['--namespace', 'ns'], '.', helm), values: given };
    const { raw } = renderRaw(prepareChart(loadArchive(archive, 'root.tgz', { helm })), options);
    return [...raw]
      .map(([path, text]) => `${path}: ${text}`)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .join('\n');
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return `Error: ${error.what}`;
  }
}
