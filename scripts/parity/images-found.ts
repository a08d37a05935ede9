// Which images of the charts of the corpus Trowel finds, and which others do: the tables of docs/discovery.md.
//
//   node dist/scripts/parity/images-found.js [--all]
//
// What real Helm rendered is read from TROWEL_TEST_DATA (see test/paths.ts): each chart version once, with its default
// values where it renders with them. References are compared in normal form, each once a chart. With --all the second
// table has a row for each chart version, else for the last of each chart in which the numbers differ.
import { loadChart, readManifests } from '../../src/chart/index.js';
import { carriedDefinitions } from '../../src/dig/chart-claims.js';
import { findUses } from '../../src/discover/index.js';
import { formatReference, tryReference } from '../../src/oci/index.js';
import { oracleManifests } from '../../test/oracle.js';
import { type OracleCase, oracleCases, oracleText } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { artifactHubRule, grepRule, helmImagesRule } from './image-rules.js';

const tools = ['Trowel', 'grep image:', 'Artifact Hub', 'helm-images'] as const;
type Tool = (typeof tools)[number];

interface Row {
  readonly chart: string;
  readonly found: Readonly<Record<Tool, ReadonlySet<string>>>;
  /** Texts that a tool lists and that are no references. */
  readonly unread: Readonly<Record<Tool, number>>;
}

const root = sharedData();
if (root === null) {
  console.error(sharedMissing);
  process.exit(1);
}

/** Each chart version once, as it renders with the fewest settings. */
function chosenCases(from: string): readonly OracleCase[] {
  const chosen = new Map<string, OracleCase>();
  for (const one of oracleCases(from, 'index.tsv')) {
    const known = chosen.get(one.chart);
    if (known === undefined || one.args.length < known.args.length) chosen.set(one.chart, one);
  }
  return [...chosen.values()];
}

async function rowOf(from: string, one: OracleCase): Promise<Row> {
  const text = oracleText(from, one);
  const chart = await loadChart(`${from}/${one.chart}`, { helm: 3 });
  const manifests = oracleManifests(`${from}/oracle-dev`, one.file.replace(/^.*\//, '').replace(/\.yaml\.gz$/, ''));
  const uses = findUses(manifests, { carried: carriedDefinitions(chart, readManifests) }).uses;
  const crds = chart.crds.map((file) => Buffer.from(file.bytes).toString('utf8'));
  const annotation = chart.metadata.annotations.get('artifacthub.io/images');
  const lists: Readonly<Record<Tool, readonly string[]>> = {
    Trowel: uses.map((use) => use.image),
    'grep image:': grepRule(text),
    'Artifact Hub': artifactHubRule(text, crds, annotation, (image) => tryReference(image) !== null),
    'helm-images': helmImagesRule(text),
  };
  const found = perTool((tool) => new Set(lists[tool].flatMap((image) => normal(image) ?? [])));
  const unread = perTool((tool) => new Set(lists[tool].filter((image) => normal(image) === null)).size);
  return { chart: one.chart.replace(/^.*\//, '').replace(/\.tgz$/, ''), found, unread };
}

function perTool<T>(of: (tool: Tool) => T): Record<Tool, T> {
  return {
    Trowel: of('Trowel'),
    'grep image:': of('grep image:'),
    'Artifact Hub': of('Artifact Hub'),
    'helm-images': of('helm-images'),
  };
}

function normal(text: string): string | null {
  const reference = tryReference(text.trim());
  return reference === null ? null : formatReference(reference);
}

const rows: Row[] = [];
for (const one of chosenCases(root)) rows.push(await rowOf(root, one));
rows.sort((a, b) => (a.chart < b.chart ? -1 : 1));

const missing = (row: Row, tool: Tool): number =>
  [...row.found.Trowel].filter((image) => !row.found[tool].has(image)).length;
const beyond = (row: Row, tool: Tool): number =>
  [...row.found[tool]].filter((image) => !row.found.Trowel.has(image)).length;
const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);

console.log('| | images found | not found | charts in which all are found | listed beyond | no references |');
console.log('|---|---|---|---|---|---|');
const total = sum((row) => row.found.Trowel.size);
for (const tool of tools) {
  const missed = sum((row) => missing(row, tool));
  const whole = rows.filter((row) => missing(row, tool) === 0).length;
  const cells = [total - missed, missed, whole, sum((row) => beyond(row, tool)), sum((row) => row.unread[tool])];
  console.log(`| ${[tool, ...cells].join(' | ')} |`);
}

const isEqual = (row: Row): boolean => tools.every((tool) => missing(row, tool) === 0 && beyond(row, tool) === 0);
const all = process.argv.includes('--all');
const nameOf = (chart: string): string => chart.replace(/-v?\d[^-]*(?:-[A-Z]+)?$/, '');
const last = new Map(
  rows.filter((row) => all || !isEqual(row)).map((row) => [all ? row.chart : nameOf(row.chart), row]),
);
console.log(`\n${rows.length} chart versions; in ${rows.filter(isEqual).length} all four list the same.\n`);
console.log(`| chart | ${tools.join(' | ')} |`);
console.log(`|---|${tools.map(() => '---').join('|')}|`);
for (const row of last.values()) {
  const cells = tools.map((tool) => {
    const more = beyond(row, tool);
    return `${row.found.Trowel.size - missing(row, tool)}${more === 0 ? '' : ` + ${more} others`}`;
  });
  console.log(`| ${[row.chart, ...cells].join(' | ')} |`);
}
