import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.js';
import { actions } from './actions.js';
import { readFound } from './found.js';
import { targetsOf } from './generate.js';
import { OwnEngine } from './own-engine.js';

/** Where the numbers lie that the table is made of: `helm3` and `helm4` by the fuzzer's --out, `corpus` by uses.ts. */
const countsFile = inRoot('test', 'fuzz', 'testdata', 'counts.json');

/** What one run of the fuzzer counted for a function or action. */
export interface TargetCount {
  readonly cases: number;
  readonly errors: number;
}

export interface Run {
  readonly seeds: readonly number[];
  /** How many differed as explained.tsv says that they must, and differed otherwise. */
  readonly explained: number;
  readonly different: number;
  /** On how many the real engine ended itself. */
  readonly lost: number;
  readonly counts: Readonly<Record<string, TargetCount>>;
}

export interface Counts {
  readonly helm3: Run;
  readonly helm4: Run;
  /** Of so many charts of the corpus so many use the function or action. */
  readonly corpus: { readonly charts: number; readonly uses: Readonly<Record<string, number>> };
}

export function readCounts(): Counts {
  return JSON.parse(readFileSync(countsFile, 'utf8'));
}

/** The names of functions and actions as they stand in a template's actions. */
export function namesIn(template: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [action] of template.matchAll(
    /\{\{-?\s*(?:\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|`[^`]*`|[^}"`]|\}(?!\}))*\}\}/g,
  )) {
    const inner = action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, ' "" ');
    if (inner.includes('/*')) {
      found.add('comment');
      continue;
    }
    if (/^\{\{-|-\}\}$/.test(inner)) found.add('trim marker');
    if (/\$[\w]*\s*(?:,\s*\$\w+\s*)?:=/.test(inner)) found.add('variable');
    if (/\$[\w]+\s*=[^=]/.test(inner)) found.add('assignment');
    if (/\(/.test(inner)) found.add('parentheses');
    if (/\|/.test(inner)) found.add('pipeline');
    if (/""/.test(inner)) found.add('string');
    if (/[\s(|]-?\d/.test(inner)) found.add('number');
    if (/\.[A-Z]\w*\.[A-Za-z]/.test(inner)) found.add('field');
    if (/\.(?:Has|Get|GetBytes|Glob|Lines|AsConfig|AsSecrets)\b/.test(inner)) found.add('method');
    const elseWord = /\belse (if|with)\b/.exec(inner)?.[0];
    if (elseWord !== undefined) found.add(elseWord);
    for (const [name] of inner.matchAll(/(?<![.$\w])[A-Za-z_]\w*/g)) found.add(name);
  }
  if (template.replace(/\{\{[\s\S]*?\}\}/g, '').trim() !== '') found.add('text');
  if (found.size > 0) found.add('operand');
  return found;
}

/** How many fixed cases there are of each: answers of Go and Helm that are tested without them. */
function fixedCases(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const { case: one, answer } of readFound()) {
    const names = new Set(one.files.slice(0, 1).flatMap(({ text }) => [...namesIn(text)]));
    names.add(one.target);
    if (answer.failed && answer.text.startsWith('parse error')) names.add('syntax error');
    for (const name of names) add(name);
  }
  const folder = inRoot('src', 'template');
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/testdata.*\.jsonl$/.test(entry)) continue;
    for (const line of readFileSync(join(folder, entry), 'utf8').trim().split('\n')) {
      const { tpl, err, trees }: { tpl?: string; err?: string; trees?: unknown } = JSON.parse(line);
      if (tpl === undefined) continue;
      for (const name of namesIn(tpl.includes('{{') ? tpl : `{{ ${tpl} }}`)) add(name);
      if (err !== undefined && trees === undefined && entry.includes('parse')) add('syntax error');
    }
  }
  return counts;
}

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** The rows of the table: every function of the registry and every action, `-` where something has none. */
export function coverageTable(counts: Counts): string {
  const three = new OwnEngine(3);
  const four = new OwnEngine(4);
  const of3 = new Set(targetsOf(three.functions.keys()).targets);
  const names = targetsOf([...three.functions.keys(), ...four.functions.keys()]).targets;
  const fixed = fixedCases();
  const row = (name: string): string => {
    const cell = (run: Run): string => {
      const count = run.counts[name];
      return count === undefined
        ? '-'
        : `${thousands(count.cases)} (${Math.round((100 * count.errors) / count.cases)} %)`;
    };
    const uses = counts.corpus.uses[name];
    const cells = [
      `\`${name}\`${of3.has(name) ? '' : ' (Helm 4)'}`,
      uses === undefined ? '-' : thousands(uses),
      cell(counts.helm3),
      cell(counts.helm4),
      fixed.has(name) ? 'yes' : '-',
    ];
    return `| ${cells.join(' | ')} |`;
  };
  const head = (what: string): string =>
    `| ${what} | charts | fuzz, Helm 3 | fuzz, Helm 4 | unit |\n|---|---|---|---|---|`;
  const functions = names.filter((name) => !actions.has(name));
  return `${runText('Helm 3', counts.helm3)}\n${runText('Helm 4', counts.helm4)}\n\n${head('function')}\n${functions.map(row).join('\n')}\n\n${head('action')}\n${[...actions.keys()].map(row).join('\n')}\n`;
}

/** What was run, in a line. */
function runText(name: string, { seeds, explained, different, lost, counts }: Run): string {
  const cases = Object.values(counts).reduce((sum, count) => sum + count.cases, 0);
  const ended = lost === 0 ? '' : `, on ${lost} more Go filled its stack and ended`;
  return (
    `- ${name}: ${thousands(cases)} templates, seeds ${seeds.join(', ')}; ${thousands(different)} differed, ` +
    `${thousands(explained)} in what must differ (test/fuzz/explained.tsv)${ended}`
  );
}

const marks = ['<!-- table: begin -->\n', '<!-- table: end -->'] as const;

/** docs/template-engine.md with the table of these counts. */
export function withTable(document: string, counts: Counts): string {
  const begin = document.indexOf(marks[0]);
  const end = document.indexOf(marks[1]);
  if (begin < 0 || end < begin) throw new Error('the document has no place for the table');
  return document.slice(0, begin + marks[0].length) + coverageTable(counts) + document.slice(end);
}

export const documentPath = inRoot('docs', 'template-engine.md');
export { countsFile };
