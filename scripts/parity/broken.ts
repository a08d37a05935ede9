// Breaks real charts at random, a character or a line at a time, and asks both Helm and Trowel what they say of them:
// the message of what fails, the text of what still renders. Prints how many are identical and shows the others; ends
// with 1 where there are any.
//
//   node dist/scripts/parity/broken.js COUNT [SEED]
//
// TROWEL_HELM names the program (helm of the path), TROWEL_HELM_MAJOR is 4 where it is Helm 4; TROWEL_TEST_DATA names
// the data (see test/paths.ts). Charts that render differently each time are left out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helmOptions } from '../../test/helm-arguments.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { renderText } from '../../test/render-text.js';

const helm = process.env.TROWEL_HELM ?? 'helm';
const major = process.env.TROWEL_HELM_MAJOR === '4' ? 4 : 3;
const [count = '500', seed = '1'] = process.argv.slice(2);
/** Larger charts take Helm too long. */
const largestArchive = 60_000;
const breaksOfOne = 12;

let state = Number(seed);
/** Below `n`; the same for the same seed. */
function chance(n: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const pick = <T>(list: readonly T[]): T | undefined => list[chance(list.length)];

const pieces =
  '{{ }} " \' { } [ ] : # | . $ ( ) & * ! % @ ` \\ - 0 nil {{- -}} é a:\u00a0b {{end}} {{if}} {{.x.y.z}} {{$x}} /*'.split(
    ' ',
  );
const words = 'end if range with default nil true 3 xx define template include upper quote index'.split(' ');
const values = ['', ' 3', ' text', ' [1]', ' {a: b}', ' null', ' true', ' "x"', ' ~', ' 1.5', ' |', ' "", b: c'];

/** Replaces one match of a pattern. */
function replaceOne(text: string, pattern: RegExp, by: (found: string) => string): string {
  const found = pick([...text.matchAll(pattern)]);
  if (found === undefined) return text;
  return text.slice(0, found.index) + by(found[0]) + text.slice(found.index + found[0].length);
}

function inLines(text: string, change: (lines: string[], at: number) => void): string {
  const lines = text.split('\n');
  change(lines, chance(lines.length));
  return lines.join('\n');
}

const breaks: readonly ((text: string) => string)[] = [
  (text) => {
    const at = chance(text.length);
    return text.slice(0, at) + text.slice(at + 1 + chance(4));
  },
  (text) => {
    const at = chance(text.length);
    return text.slice(0, at) + (pick(pieces) ?? '') + text.slice(at);
  },
  (text) => replaceOne(text, /\b[A-Za-z]{2,}\b/g, () => pick(words) ?? ''),
  (text) => replaceOne(text, /^\s*[\w-]+:[^\n]*$/gm, (line) => line.replace(/:.*$/, `:${pick(values) ?? ''}`)),
  (text) => inLines(text, (lines, at) => lines.splice(at, 1)),
  (text) => inLines(text, (lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  (text) => inLines(text, (lines, at) => lines.splice(at, 1, ' '.repeat(1 + chance(3)) + (lines[at] ?? ''))),
  (text) => inLines(text, (lines, at) => lines.splice(at, 1, (lines[at] ?? '').replace(/^ {1,2}/, ''))),
  (text) => inLines(text, (lines, at) => lines.splice(at, 1, `\t${lines[at] ?? ''}`)),
];

const options = ['--kube-version', 'v1.30.0'];

/** What Helm prints, or its message behind `Error: `. */
function askHelm(dir: string, chart: string): string {
  const env = { PATH: process.env.PATH ?? '', HOME: dir };
  const args = ['template', 'rel', chart, ...options];
  const { status, stdout, stderr } = spawnSync(helm, args, { cwd: dir, env, maxBuffer: 2 ** 28, encoding: 'utf8' });
  if (status === 0) return stdout;
  const said = stderr.slice(Math.max(stderr.search(/^Error: /m), 0));
  return said.replace('\n\nUse --debug flag to render out invalid YAML', '').trimEnd();
}

/** Whether a chart renders to the same text again. */
function isSteady(dir: string, chart: string): boolean {
  const first = askHelm(dir, chart);
  return askHelm(dir, chart) === first;
}

function archivesIn(dir: string): string[] {
  const all = readdirSync(dir, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tgz'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < largestArchive)
    .sort();
}

/** Files of an unpacked chart that Helm reads. */
function filesIn(chart: string): string[] {
  const files = readdirSync(chart, { recursive: true, encoding: 'utf8' }).sort();
  return files.filter((path) => /^(?:charts\/[^/]+\/)?(?:templates\/.*\.\w+|values\.yaml|Chart\.yaml)$/.test(path));
}

async function main(): Promise<number> {
  const root = sharedData('charts');
  if (root === null) {
    console.error(sharedMissing);
    return 2;
  }
  const archives = archivesIn(root);
  const dir = mkdtempSync(join(tmpdir(), 'broken-'));
  let done = 0;
  let failed = 0;
  let wrong = 0;
  try {
    while (done < Number(count)) {
      rmSync(dir, { recursive: true });
      mkdirSync(dir);
      const archive = pick(archives) ?? '';
      if (spawnSync('tar', ['xzf', archive, '-C', dir]).status !== 0) continue;
      const [name = ''] = readdirSync(dir);
      if (!isSteady(dir, name)) continue;
      const files = filesIn(join(dir, name));
      for (let i = 0; i < breaksOfOne && done < Number(count); i++) {
        const path = join(dir, name, pick(chance(3) === 0 ? ['values.yaml', 'Chart.yaml'] : files) ?? '');
        const whole = files.some((file) => join(dir, name, file) === path) ? readFileSync(path, 'utf8') : '';
        const broken = whole.length < 2 ? whole : (pick(breaks)?.(whole) ?? whole);
        if (broken === whole) continue;
        writeFileSync(path, broken);
        const theirs = askHelm(dir, name);
        const ours = await renderText(join(dir, name), helmOptions(options, dir, major));
        done += 1;
        if (theirs.startsWith('Error: ')) failed += 1;
        if (theirs !== ours) {
          wrong += 1;
          console.log(`${archive.slice(root.length + 1)} ${path.slice(dir.length + 1)}, break ${done}`);
          console.log(`  Helm:   ${theirs.slice(0, 600)}`);
          console.log(`  Trowel: ${ours.slice(0, 600)}`);
        }
        writeFileSync(path, whole);
      }
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
  console.log(`${done - wrong} of ${done} identical; ${failed} of them fail with Helm ${major}`);
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
