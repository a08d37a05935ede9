import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { helmDefaults, loadFiles, noValues, type PreparedChart, prepareChart, renderRaw } from '../chart/index.js';
import { KeptTemplates, shrinkTemplates, templatesStatus } from './kept-templates.js';

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'kept-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return join(path, 'templates');
}

function chart(name: string, template = 'a: {{ .Chart.Name }}'): PreparedChart {
  const files = { 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`, 'templates/t.yaml': template };
  return prepareChart(loadFiles(Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))));
}

function render(prepared: PreparedChart): string {
  const still = { now: () => new Date(0), random: (bytes: number) => new Uint8Array(bytes) };
  const { raw } = renderRaw(prepared, { ...helmDefaults, name: 'rel', namespace: 'ns', values: noValues, ...still });
  return [...raw.values()].join('');
}

/** Renders a chart as one run of the program does; whether it had to parse. */
function run(kept: KeptTemplates, prepared: PreparedChart): { readonly text: string; readonly parsed: boolean } {
  kept.lend(prepared);
  const text = render(prepared);
  const parsed = prepared.keptTemplates(3) !== null;
  kept.keep(prepared);
  return { text, parsed };
}

test('a chart is parsed by the first run only', (t) => {
  const kept = new KeptTemplates(directory(t), 3);
  assert.deepEqual(run(kept, chart('one')), { text: 'a: one', parsed: true });
  assert.deepEqual(run(kept, chart('one')), { text: 'a: one', parsed: false });
  assert.deepEqual(run(kept, chart('one', 'b: 2')), { text: 'b: 2', parsed: true });
});

test('damaged files, and those that others can write, are not read', (t) => {
  const path = directory(t);
  const kept = new KeptTemplates(path, 3);
  run(kept, chart('one'));
  const [name = ''] = readdirSync(path);
  const file = join(path, name);
  assert.equal(statSync(file).mode & 0o077, 0);
  chmodSync(file, 0o666);
  assert.equal(run(kept, chart('one')).parsed, true);
  assert.equal(run(kept, chart('one')).parsed, false);
  const whole = readFileSync(file);
  for (const at of [0, 4, 9, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(file, damaged, { mode: 0o600 });
    assert.deepEqual(run(kept, chart('one')), { text: 'a: one', parsed: true }, `byte ${at}`);
  }
});

test('a chart cannot choose where its file lies', (t) => {
  const path = directory(t);
  const prepared = chart('one');
  const named = prepareChart({ ...prepared.chart, metadata: { ...prepared.chart.metadata, name: '../../x/y' } });
  run(new KeptTemplates(path, 3), named);
  assert.deepEqual(readdirSync(path), ['.._.._x_y-1.0.0-helm3']);
});

test('the oldest go first', (t) => {
  const path = directory(t);
  const kept = new KeptTemplates(path, 3);
  for (const name of ['one', 'two']) run(kept, chart(name));
  const before = templatesStatus(path);
  assert.equal(before.files, 2);
  assert.ok(shrinkTemplates(path, before.bytes - 1) > 0);
  assert.equal(templatesStatus(path).files, 1);
  assert.deepEqual(templatesStatus(join(path, 'none')), { files: 0, bytes: 0 });
});

test('nothing is kept where nothing is to be kept', () => {
  const kept = new KeptTemplates(null, 3);
  assert.equal(run(kept, chart('one')).parsed, true);
  assert.equal(run(kept, chart('one')).parsed, true);
});
