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
  /** `Kind/name`, the release's name left out; of the shorter lists the kind alone. */
  readonly object: string;
  /** `spec.template.spec.containers[].image`; '' in the shorter lists. */
  readonly path: string;
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
    const row = fourth === undefined ? { path: '', written: third } : { path: third, written: fourth };
    sections.at(-1)?.rows.push({ place, object, ...row });
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

/** A use as a row of the file; `short` for the lists that tell no more than the kind. */
function rowOf(use: ImageUse, short: boolean): Row {
  const { kind, name, field } = use.in;
  const object = short ? kind : `${kind}/${name.replace(/^rel-/, '')}`;
  const path = field
    .slice(1)
    .replaceAll(/\/\d+(?=\/|$)/g, '[]')
    .replaceAll('/', '.');
  return { place: placeOf(use), object, path: short ? '' : path, written: use.written };
}

const distinct = (rows: readonly Row[]): readonly string[] =>
  [...new Set(rows.map((row) => `${row.place} ${row.object} ${row.path} ${row.written}`))].sort();

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
      assert.deepEqual(distinct(uses.map((use) => rowOf(use, !isStack))), distinct(section.rows));
      if (isStack) assert.ok(uses.every((use) => use.in.name.startsWith('rel-')));
    });
  }
}

test('knows all sections of the file', { skip: !here && sharedMissing }, () => {
  assert.equal(readSections().length, 19);
  // Each row of a stack has an object, a path and a reference: none was lost in reading.
  const stacks = readSections().filter((section) => /^\d/.test(section.heading));
  assert.deepEqual(
    stacks.map((section) => [section.heading.split(',')[0], section.rows.length]),
    [
      ['9.3.4', 14],
      ['12.0.0', 12],
      ['12.4.0', 12],
      ['12.10.0', 12],
      ['35.6.2', 12],
      ['45.31.1', 12],
      ['55.11.0', 12],
      ['70.10.0', 12],
      ['79.12.0', 12],
      ['88.5.3', 11],
    ],
  );
  assert.ok(stacks.every((section) => section.rows.every((row) => row.path !== '' && row.object.includes('/'))));
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
  // Every hit outside of pods was read by eye once (361 uses): a change here is to be read, too.
  assert.deepEqual(counts, {
    workload: 2121,
    argument: 95,
    environment: 24,
    config: 70,
    'custom-resource': 154,
    'operator-default': 18,
  });
  assert.deepEqual(gaps, { 'bad-reference': 31, undecided: 9 });
});
