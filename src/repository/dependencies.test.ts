import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Asked,
  archiveOf,
  filesOf,
  helm,
  helmDo,
  noHelm,
  plainAccess,
  privateEnv,
  withHttp,
  writeChart,
} from '../../test/chart-repository.js';
import { noRegistry, withRegistry } from '../../test/registry-process.js';
import { inScratch } from '../../test/run.js';
import {
  type Chart,
  helmDefaults,
  loadChart,
  prepareChart,
  type RenderChartOptions,
  renderChart,
} from '../chart/index.js';
import { isTrowelError } from '../model/index.js';
import type { ChartAccess } from './access.js';
import { loadWantedChart } from './load.js';
import { lockDigest } from './lock-digest.js';

interface Loaded {
  readonly chart: Chart;
  readonly warnings: readonly string[];
}

/** Loads a chart as `--dependency-update` does. */
async function update(dir: string, path: string, access: Partial<ChartAccess> = {}): Promise<Loaded> {
  const warnings: string[] = [];
  const world = { env: privateEnv(dir), warn: (text: string) => void warnings.push(text) };
  const options = { ...plainAccess, dependencyUpdate: true, ...access };
  return { chart: (await loadWantedChart({ kind: 'path', path }, options, 3, world)).chart, warnings };
}

function render(chart: Chart): string {
  const options: RenderChartOptions = {
    ...helmDefaults,
    name: 'probe',
    namespace: 'default',
    now: () => new Date(),

    random: () => new Uint8Array(),
  };
  return renderChart(prepareChart(chart), options).text;
}

/** What `helm template --dependency-update` prints of a copy, without what it says of its downloads. */
async function helmUpdated(dir: string, path: string, ...more: readonly string[]): Promise<string> {
  const copy = `${path}-copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(path, copy, { recursive: true });
  const text = await helmDo(dir, 'template', 'probe', copy, '--dependency-update', ...more);
  return text.slice(text.indexOf('---\n'));
}

const dependsOn = (list: readonly object[]): string =>
  `apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies: ${JSON.stringify(list)}\n`;

/** Every file below a directory with its content. */
function snapshot(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      try {
        return `${file}: ${readFileSync(file, 'base64')}`;
      } catch {
        return file;
      }
    });
}

/** A repository of two charts in several versions, made by Helm. */
async function makeRepository(dir: string): Promise<string> {
  const repo = join(dir, 'repo');
  mkdirSync(repo);
  for (const [name, version] of [
    ['one', '1.0.0'],
    ['one', '1.1.0'],
    ['one', '2.0.0-rc.1'],
    ['two', '0.1.0'],
    ['two', '0.2.0+b'],
  ] as const) {
    await helmDo(dir, 'package', '-d', repo, writeChart(join(dir, 'sources'), name, version));
  }
  await helmDo(dir, 'repo', 'index', repo);
  return repo;
}

test(
  'a chart with missing dependencies renders as helm template --dependency-update does',
  { skip: noHelm, timeout: 240_000 },
  (t) =>
    inScratch(async (dir) => {
      const repo = await makeRepository(dir);
      const local = writeChart(join(dir, 'beside'), 'local', '3.1.0');
      const log: Asked[] = [];
      await withHttp(
        (asked) => {
          log.push(asked);
          return filesOf(repo)(asked);
        },
        async ({ url }) => {
          await helmDo(dir, 'repo', 'add', 'known', url);
          let number = 0;
          const parent = (list: readonly object[], more: Readonly<Record<string, string>> = {}): string => {
            number += 1;
            return writeChart(join(dir, `parents-${number}`), 'parent', '1.0.0', {
              'Chart.yaml': dependsOn(list),
              ...more,
            });
          };
          const cases: Readonly<Record<string, () => string>> = {
            'a range': () => parent([{ name: 'one', version: '^1', repository: url }]),
            'a URL that nobody configured': () =>
              parent([{ name: 'one', version: '>=1.0.0', repository: `${url}/./` }]),
            'development versions': () => parent([{ name: 'one', version: '>=1.0.0-0', repository: url }]),
            'metadata of a version': () => parent([{ name: 'two', version: '0.2.x', repository: url }]),
            'names of repositories': () =>
              parent([
                { name: 'one', version: '1.0.0', repository: '@known' },
                { name: 'two', version: '*', repository: 'alias:known' },
              ]),
            'one chart under two names': () =>
              parent(
                [
                  { name: 'one', version: '^1', repository: url, alias: 'first' },
                  { name: 'one', version: '^1', repository: url, alias: 'second' },
                ],
                { 'values.yaml': 'word: p\nfirst: {word: a}\nsecond: {word: b}\n' },
              ),
            'two versions of one chart': () =>
              parent([
                { name: 'one', version: '1.0.0', repository: url, alias: 'older' },
                { name: 'one', version: '1.1.0', repository: url },
              ]),
            conditions: () =>
              parent(
                [
                  { name: 'one', version: '1', repository: url, condition: 'one.on' },
                  { name: 'two', version: '*', repository: url },
                ],
                { 'values.yaml': 'word: p\none: {on: false}\n' },
              ),
            'a directory beside it': () =>
              parent([
                { name: 'local', version: '3.x', repository: 'file://../../beside/local' },
                { name: 'two', version: '*', repository: url },
              ]),
            'a directory by its whole path': () =>
              parent([{ name: 'local', version: '>0', repository: `file://${local}` }]),
            'one that lies in charts/ beside one that does not': () => {
              const chart = parent([
                { name: 'mine', version: '1.x', repository: '' },
                { name: 'one', version: '1', repository: url },
              ]);
              writeChart(join(chart, 'charts'), 'mine', '1.2.3');
              return chart;
            },
            'an outdated archive in charts/': () => {
              const chart = parent([
                { name: 'one', version: '1.1.x', repository: url },
                { name: 'two', version: '*', repository: url },
              ]);
              mkdirSync(join(chart, 'charts'));
              cpSync(join(repo, 'one-1.0.0.tgz'), join(chart, 'charts', 'one-1.0.0.tgz'));
              return chart;
            },
            'nothing missing, so nothing fetched': () => {
              const chart = parent([{ name: 'one', version: '1.x', repository: url }]);
              mkdirSync(join(chart, 'charts'));
              cpSync(join(repo, 'one-1.0.0.tgz'), join(chart, 'charts', 'one-1.0.0.tgz'));
              return chart;
            },
            'requirements.yaml': () => {
              const list = JSON.stringify([{ name: 'one', version: '~1.0', repository: url }]);
              return parent([], {
                'Chart.yaml': 'apiVersion: v1\nname: parent\nversion: 1.0.0\n',
                'requirements.yaml': `dependencies: ${list}\n`,
              });
            },
          };
          for (const [name, make] of Object.entries(cases)) {
            await t.test(name, async () => {
              const path = make();
              const before = snapshot(path);
              const expected = await helmUpdated(dir, path);
              const { chart, warnings } = await update(dir, path);
              assert.equal(render(chart), expected);
              assert.deepEqual(warnings, []);
              assert.deepEqual(snapshot(path), before, 'nothing is written into the chart');
            });
          }

          await t.test('what cannot be had is said in the words of Helm', async () => {
            const failing: Readonly<Record<string, readonly object[]>> = {
              'no such chart': [{ name: 'three', version: '1', repository: url }],
              'no such version': [
                { name: 'one', version: '^9', repository: url },
                { name: 'two', version: '9', repository: '@known' },
              ],
              'no range': [{ name: 'one', version: 'newest', repository: url }],
              'no such name': [{ name: 'one', version: '1', repository: '@unknown' }],
              'no such directory': [{ name: 'local', version: '1', repository: 'file://../nowhere' }],
              'a directory of another version': [{ name: 'local', version: '9', repository: `file://${local}` }],
              'not in charts/': [{ name: 'mine', version: '1', repository: '' }],
            };
            for (const [name, list] of Object.entries(failing)) {
              const path = parent(list);
              const theirs = await helm(dir, 'template', 'probe', path, '--dependency-update');
              assert.notEqual(theirs.code, 0);
              const said = (/^Error: ([^\n]*)/m.exec(theirs.stderr)?.[1] ?? '').replaceAll(`${path}/`, '');
              await assert.rejects(update(dir, path), (error: unknown) => {
                assert.ok(isTrowelError(error), String(error));
                assert.equal(error.what.replaceAll(`${path}/`, ''), said, name);
                return true;
              });
            }
            const word = parent([{ name: 'one', version: '1', repository: 'known' }]);
            await assert.rejects(update(dir, word), /no repository definition for known.*write "@known", not "known"/);
          });

          await t.test('a lock that is in step decides, one that is not is said to be that', async () => {
            const path = parent([{ name: 'one', version: '>=1.0.0', repository: url }]);
            await helmDo(dir, 'dependency', 'update', path);
            rmSync(join(path, 'charts'), { recursive: true });
            const versionOf = async (): Promise<readonly [string | undefined, number]> => {
              const { chart, warnings } = await update(dir, path);
              return [chart.dependencies[0]?.metadata.version, warnings.length];
            };
            assert.deepEqual(await versionOf(), ['1.1.0', 0]);
            await helmDo(dir, 'package', '-d', repo, writeChart(join(dir, 'sources'), 'one', '1.5.0'));
            await helmDo(dir, 'repo', 'index', repo);
            assert.deepEqual(await versionOf(), ['1.1.0', 0], 'newer ones are not taken');
            writeFileSync(join(path, 'Chart.yaml'), dependsOn([{ name: 'one', version: '>=1.0.1', repository: url }]));
            assert.deepEqual(await versionOf(), ['1.5.0', 1], 'out of step');
            rmSync(join(path, 'Chart.lock'));
            assert.deepEqual(await versionOf(), ['1.5.0', 0]);
          });

          await t.test('the digest of a lock is what Helm writes there', async () => {
            const shapes: readonly (readonly object[])[] = [
              [{ name: 'one', version: '>=1.0.0 <2.0.0', repository: url }],
              [
                {
                  name: 'one',
                  version: '^1 || ~2',
                  repository: '@known',
                  condition: 'one.on,global.on',
                  tags: ['a', 'b<c>&'],
                  alias: 'other',
                },
              ],
              [
                {
                  name: 'one',
                  repository: url,
                  version: '1.x',
                  'import-values': ['data', { child: 'a.b', parent: 'c' }],
                },
              ],
              [
                { name: 'local', version: '*', repository: `file://${local}` },
                { name: 'two', version: '*', repository: url },
              ],
            ];
            for (const shape of shapes) {
              const path = parent(shape);
              await helmDo(dir, 'dependency', 'update', path);
              const { lock, metadata } = await loadChart(path);
              const stated = (metadata.dependencies ?? []).map((one) => ({
                ...one,
                repository: one.repository === '@known' ? url : one.repository,
              }));
              assert.equal(lockDigest(stated, lock?.dependencies ?? []), lock?.digest, JSON.stringify(shape));
            }
          });

          await t.test('a packed chart is completed too, but reads no directory of this machine', async () => {
            const pack = (repository: string): string => {
              const path = join(dir, 'packed.tgz');
              const list = [{ name: 'one', version: '1.0.0', repository }];
              writeFileSync(path, archiveOf({ 'parent/Chart.yaml': dependsOn(list) }));
              return path;
            };
            const { chart } = await update(dir, pack(url));
            assert.deepEqual(
              chart.dependencies.map((child) => child.id),
              ['parent/one'],
            );
            await assert.rejects(update(dir, pack(`file://${local}`)), /only unpacked charts can be updated/);
          });

          await t.test('what was typed for the chart is not sent to the repositories of its dependencies', async () => {
            const path = parent([
              { name: 'one', version: '1.0.0', repository: '@known' },
              { name: 'two', version: '*', repository: `${url}//` },
            ]);
            log.length = 0;
            await update(dir, path, { username: 'me', password: 'secret', passCredentials: true });
            assert.ok(log.length >= 3);
            assert.deepEqual(
              log.filter(({ headers }) => headers.authorization !== undefined),
              [],
            );
          });

          await t.test('offline, out of the cache; one fetch of an index serves all its charts', async () => {
            const cache = join(dir, 'cache');
            const path = parent([
              { name: 'one', version: '1.0.0', repository: url },
              { name: 'two', version: '*', repository: url },
            ]);
            log.length = 0;
            const online = await update(dir, path, { cache });
            assert.equal(log.filter((asked) => asked.path === '/index.yaml').length, 1);
            log.length = 0;
            assert.equal(render((await update(dir, path, { cache, offline: true })).chart), render(online.chart));
            assert.equal(log.length, 0);
            const other = parent([{ name: 'one', version: '1.1.0', repository: url }]);
            await assert.rejects(
              update(dir, other, { cache, offline: true }),
              /^TrowelError: one 1\.1\.0: not asked: offline, and the archive is not in the cache/,
            );
          });
        },
      );
    }),
);

test('dependencies of a registry', { skip: noHelm || noRegistry, timeout: 120_000 }, () =>
  inScratch((dir) =>
    withRegistry(dir, async ({ host }) => {
      await helmDo(dir, 'registry', 'login', host, '-u', 'digger', '-p', 'spade: and # more', '--plain-http');
      for (const version of ['1.0.0', '1.1.0+b', '2.0.0-rc.1']) {
        await helmDo(dir, 'package', '-d', dir, writeChart(join(dir, 'sources'), 'one', version));
        await helmDo(dir, 'push', join(dir, `one-${version}.tgz`), `oci://${host}/charts`, '--plain-http');
      }
      for (const version of ['1.0.0', '^1', '>=1.0.0-0', '1.1.0+b']) {
        const list = [{ name: 'one', version, repository: `oci://${host}/charts` }];
        const path = writeChart(join(dir, `parent ${version}`), 'parent', '1.0.0', { 'Chart.yaml': dependsOn(list) });
        const expected = await helmUpdated(dir, path, '--plain-http');
        assert.equal(render((await update(dir, path, { plainHttp: [host] })).chart), expected, version);
      }
    }),
  ),
);
