import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type EngineCase, engineCases } from '../../test/oracle-cases.js';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import { writeTar } from '../pack/index.js';
import {
  helmDefaults,
  isStackFull,
  loadArchive,
  noValues,
  prepareChart,
  type RenderChartOptions,
  renderDeep,
  renderRaw,
} from './index.js';

/** The harness of these cases handed the template over in memory; Helm's loader takes the mark off, and so do we. */
const notLoaded = new Set(['ctl.bom']);

for (const name of ['deps-dev', 'engine-dev']) {
  const path = sharedData('engine', `${name}.jsonl.gz`);
  test(`charts of ${name} render as Helm's engine does`, { skip: path === null ? sharedMissing : false }, async (t) => {
    const wrong: string[] = [];
    const cases = engineCases(path ?? '');
    for (const one of cases) if (!(await isRight(one))) wrong.push(one.id);
    t.diagnostic(`${cases.length - wrong.length} of ${cases.length} identical`);
    assert.deepEqual(
      wrong.filter((id) => !notLoaded.has(id)),
      [],
    );
  });
}

async function isRight(one: EngineCase): Promise<boolean> {
  try {
    const raw = await render(one);
    if (one.err !== undefined && one.err !== '') return false;
    const others = Object.entries(one.all ?? {});
    return raw.get('probe/templates/t.yaml') === one.out && others.every(([path, text]) => raw.get(path) === text);
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    // The harness put the step that failed in front.
    return one.err?.replace(/^(?:load|deps|values): /, '') === error.what;
  }
}

async function render(one: EngineCase): Promise<ReadonlyMap<string, string>> {
  const files = {
    'Chart.yaml': `apiVersion: v2\nname: probe\nversion: 1.2.3\nappVersion: "4.5.6"\n${one.chart_extra ?? ''}`,
    'templates/t.yaml': one.tpl,
    ...(one.values === undefined ? {} : { 'values.yaml': one.values }),
    ...one.files,
  };
  const entries = Object.entries(files).map(([path, text]) => ({
    path: `probe/${path}`,
    type: 'file' as const,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  const archive = gzipSync(Buffer.concat([...writeTar(entries)]), { level: 0 });
  const given = one.user_values === undefined ? [] : [{ path: 'user.yaml', text: one.user_values }];
  const chart = loadArchive(archive, 'probe.tgz');
  const options: RenderChartOptions = {
    ...helmDefaults,
    name: 'rel',
    namespace: 'ns',
    values: { ...noValues, files: given, set: one.set === undefined ? [] : [one.set].flat() },
    kubeVersion: 'v1.20.0',
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
  };
  try {
    return renderRaw(prepareChart(chart), options).raw;
  } catch (error) {
    if (!isStackFull(error)) throw error;
    return (await renderDeep(chart, options, true)).raw;
  }
}
