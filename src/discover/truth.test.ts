import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { oracleManifests, oracleNames } from '../../test/oracle.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import type { ImageUse } from '../model/index.js';
import { findUses } from './find-uses.js';

/** The lists that people checked by hand beside the renders of Helm. */
const truth = sharedData('images-truth.md');
const oracle = sharedData('oracle-dev');
const here = truth !== null && oracle !== null;
const renders = oracle === null ? [] : oracleNames(oracle);

interface Row {
  readonly place: string;
  readonly kind: string;
  readonly written: string;
}

interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** The sections of the file with their rows: tables of `| place | object | path | reference |`, lists of `- a | b | c`. */
function readSections(): readonly Section[] {
  if (truth === null) return [];
  const sections: { heading: string; rows: Row[] }[] = [];
  for (const line of readFileSync(truth, 'utf8').split('\n')) {
    if (line.startsWith('### ')) sections.push({ heading: line.slice(4), rows: [] });
    if (line.startsWith('## ')) sections.push({ heading: '', rows: [] });
    const cells = line
      .replace(/^[|-]\s*/, '')
      .split(' | ')
      .map((cell) => cell.replace(/[`|]/g, '').trim());
    const [place = '', object = '', third = '', fourth] = cells;
    if (!/^(podspec\.|CR |args\/command|env$|ConfigMap data)/.test(place)) continue;
    sections.at(-1)?.rows.push({ place, kind: object.split('/')[0] ?? '', written: fourth ?? third });
  }
  return sections.filter((section) => section.heading !== '' && section.rows.length > 0);
}

/** How the file calls the place of a use. */
function placeOf(use: ImageUse): string {
  if (use.how === 'argument') return 'args/command';
  if (use.how === 'environment') return 'env';
  if (use.how === 'config') return 'ConfigMap data';
  if (use.how === 'custom-resource') return 'CR image field';
  const hook = use.hooks.length > 0 ? '(hook/test)' : '';
  return `${use.role === 'init' ? 'podspec.initContainer' : 'podspec.container'}${hook}`;
}

const distinct = (rows: readonly Row[]): readonly string[] =>
  [...new Set(rows.map((row) => `${row.place} ${row.kind} ${row.written}`))].sort();

function usesOf(render: string): readonly ImageUse[] {
  return oracle === null ? [] : findUses(oracleManifests(oracle, render)).uses;
}

/** A chart's render with its default values; where a password had to be given, that one. */
function renderOf(chart: string): string {
  const found = renders.find((name) => name === chart) ?? renders.find((name) => name === `${chart}.grafanapw`);
  assert.ok(found !== undefined, `no render of ${chart}`);
  return found;
}

for (const section of readSections()) {
  const isStack = /^\d/.test(section.heading);
  const charts = isStack
    ? section.heading.split(', ').map((version) => `kube-prometheus-stack-${version}`)
    : [section.heading.split(' ')[0] ?? ''];
  for (const chart of charts) {
    test(`finds exactly the images of ${chart}`, () => {
      const uses = usesOf(renderOf(chart))
        // The file says that istiod's proxy is in keys that its script does not join: the test below has them.
        .filter((use) => !chart.startsWith('istiod') || use.how !== 'config');
      const found = uses.map((use) => ({ place: placeOf(use), kind: use.in.kind, written: use.written }));
      assert.deepEqual(distinct(found), distinct(section.rows));
    });
  }
}

test('knows all sections of the file', { skip: !here && sharedMissing }, () => {
  assert.equal(readSections().length, 19);
});

test("joins istiod's proxy from hub, image and tag in the ConfigMap", { skip: !here && sharedMissing }, () => {
  const found = usesOf('istiod-1.24.0').filter((use) => use.how === 'config');
  assert.deepEqual(
    found.map((use) => [use.image, use.certainty]),
    [
      ['docker.io/library/busybox:1.28', 'certain'], // in an injection template for gRPC
      ['gcr.io/istio-testing/proxyv2:latest', 'likely'],
    ],
  );
});

test('finds every reference outside of pods that the corpus has', { skip: !here && sharedMissing }, () => {
  if (truth === null) return;
  const listing = readFileSync(truth, 'utf8').split('```')[1] ?? '';
  const missing: string[] = [];
  let rows = 0;
  for (const line of listing.trim().split('\n')) {
    const [chart = '', place = '', object = '', path = '', reference = ''] = line.split(' | ');
    rows++;
    const pointer = `/${path.replaceAll('[]', '').split('.').join('/')}`;
    const hit = usesOf(chart).find(
      (use) =>
        use.written === reference &&
        placeOf(use) === place.replace('CR other', 'CR image field') &&
        `${use.in.kind}/${use.in.name}` === object &&
        // The file writes neither positions in lists nor which dots are a key's own.
        use.in.field.replace(/\/\d+(?=\/|$)/g, '').replaceAll('.', '/') === pointer,
    );
    if (hit === undefined) missing.push(line);
  }
  assert.deepEqual(missing, []);
  assert.equal(rows, 58);
});

test('over the whole corpus: all references parse, and what was read by eye stays', {
  skip: !here && sharedMissing,
}, () => {
  const counts: Record<string, number> = {};
  const gaps: Record<string, number> = {};
  for (const render of renders) {
    if (oracle === null) return;
    const found = findUses(oracleManifests(oracle, render));
    for (const use of found.uses) counts[use.how] = (counts[use.how] ?? 0) + 1;
    for (const gap of found.gaps) gaps[gap.reason] = (gaps[gap.reason] ?? 0) + 1;
  }
  assert.deepEqual(Object.keys(counts).sort(), ['argument', 'config', 'custom-resource', 'environment', 'workload']);
  // Every hit outside of pods was read by eye once (348 uses): a change here is to be read, too.
  const { workload = 0, ...hidden } = counts;
  assert.deepEqual(hidden, { argument: 95, environment: 30, config: 70, 'custom-resource': 154 });
  assert.ok(workload > 2100, `${workload} uses in pods`);
  assert.deepEqual(gaps, { 'bad-reference': 31, undecided: 9 });
});
