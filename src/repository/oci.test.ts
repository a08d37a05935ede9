import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { helm, helmDo, noHelm, plainAccess, privateEnv, withHttp, writeChart } from '../../test/chart-repository.js';
import { noRegistry, withRegistry } from '../../test/registry-process.js';
import { inScratch } from '../../test/run.js';
import { isTrowelError } from '../model/index.js';
import type { ChartAccess, FetchedChart } from './access.js';
import { openCharts } from './fetch.js';
import { parseChartReference } from './reference.js';

/** The login of `withRegistry`. */
const login = { username: 'digger', password: 'spade: and # more' };

async function fetchOne(
  given: string,
  options: Partial<ChartAccess> & { readonly dir: string; readonly warnings?: string[] },
): Promise<FetchedChart> {
  const { dir, warnings = [], ...access } = options;
  const world = { env: privateEnv(dir), warn: (text: string) => void warnings.push(text) };
  const fetcher = openCharts({ ...plainAccess, plainHttp: ['*'], ...access }, world);
  try {
    return await fetcher.fetch(parseChartReference(given, null));
  } finally {
    await fetcher.close();
  }
}

const outcome = (work: Promise<FetchedChart>): Promise<string> =>
  work.then(
    (fetched) => fetched.fileName,
    (error: unknown) => {
      if (!isTrowelError(error)) throw error;
      return `fails: ${error.what}`;
    },
  );

const versions = [
  '0.1.0',
  '0.2.0-rc.1',
  '0.2.0',
  '1.0.0',
  '1.1.0+up1',
  '1.1.0+up2',
  '1.2.0',
  '2.0.0-beta.1',
  '2.0.0-beta.10',
  '2.0.0-beta.9',
];
const ranges = [
  '',
  '*',
  '1',
  '1.0.0',
  '1.0',
  '^1',
  '~1.1',
  '>=1.1 <1.2',
  '1.1.0+up1',
  '1.1.0+up2',
  '1.1.x',
  '>0.0.0-0',
  '2.0.0-beta.9',
  '^2.0.0-0',
  '0.2.x',
  '<1',
  '3',
  '3.x',
  'latest',
  '>>1',
  '1.0.0 - 1.1.0',
];

test('charts of a registry that asks for a password', { skip: noHelm || noRegistry, timeout: 240_000 }, (t) =>
  inScratch((dir) =>
    withRegistry(dir, async ({ host }) => {
      await helmDo(dir, 'registry', 'login', host, '-u', login.username, '-p', login.password, '--plain-http');
      const archives = new Map<string, Buffer>();
      for (const version of versions) {
        await helmDo(dir, 'package', '-d', dir, '--version', version, writeChart(dir, 'app', version));
        archives.set(version, readFileSync(join(dir, `app-${version}.tgz`)));
        await helmDo(dir, 'push', join(dir, `app-${version}.tgz`), `oci://${host}/team/charts`, '--plain-http');
      }
      const chart = `oci://${host}/team/charts/app`;

      await t.test('the version that is taken is the one that helm pull takes', async () => {
        for (const range of ranges) {
          const to = join(dir, 'to');
          rmSync(to, { recursive: true, force: true });
          mkdirSync(to);
          const theirs = await helm(
            dir,
            'pull',
            chart,
            '-d',
            to,
            '--plain-http',
            ...(range === '' ? [] : ['--version', range]),
          );
          const ours = await outcome(fetchOne(chart, { dir, version: range }));
          if (theirs.code === 0) {
            assert.deepEqual([ours], readdirSync(to), `--version '${range}'`);
          } else {
            const said = /^Error: (.*)$/m.exec(theirs.stderr)?.[1] ?? '';
            // A tag that is not there is told in the words of the library that asks, theirs and ours.
            if (said.endsWith(': not found')) assert.match(ours, /^fails: the registry has no such chart/, range);
            else assert.equal(ours, `fails: ${said}`, `--version '${range}'`);
          }
        }
      });

      await t.test('by tag, by digest, by both; what contradicts itself is refused', async () => {
        const whole = await fetchOne(chart, { dir, version: '1.0.0' });
        assert.equal(
          whole.digest,
          `sha256:${createHash('sha256')
            .update(archives.get('1.0.0') ?? '')
            .digest('hex')}`,
        );
        const [, digest = ''] = /^oci:\/\/.*\/app:1\.0\.0@(sha256:[0-9a-f]{64})$/.exec(whole.from) ?? [];
        assert.notEqual(digest, '');
        for (const given of [`${chart}:1.0.0`, `${chart}@${digest}`, `${chart}:1.0.0@${digest}`]) {
          assert.deepEqual((await fetchOne(given, { dir })).bytes, archives.get('1.0.0'), given);
        }
        assert.deepEqual((await fetchOne(`${chart}:1.1.0+up1`, { dir })).bytes, archives.get('1.1.0+up1'));
        assert.deepEqual(
          (await fetchOne(`${chart}@${digest}`, { dir, version: '1.0.0' })).bytes,
          archives.get('1.0.0'),
        );
        assert.equal(
          await outcome(fetchOne(`${chart}:1.0.0`, { dir, version: '1.2.0' })),
          'fails: chart reference and version mismatch: 1.2.0 is not 1.0.0',
        );
        assert.match(
          await outcome(fetchOne(`${chart}@${digest}`, { dir, version: '1.2.0' })),
          /^fails: chart reference digest mismatch: sha256:[0-9a-f]{64} is not sha256:/,
        );
        assert.match(
          await outcome(fetchOne(`${chart}@sha256:${'a'.repeat(64)}`, { dir })),
          /^fails: the registry has no such chart/,
        );
      });

      await t.test('whose login: the option, Helm’s own, Docker’s; none is sent elsewhere', async () => {
        const other = join(dir, 'other');
        mkdirSync(other);
        assert.match(await outcome(fetchOne(chart, { dir: other })), /wants credentials; none are known/);
        assert.match(
          await outcome(fetchOne(chart, { dir: other, ...login, password: 'guessed' })),
          /do not open: --username and --password/,
        );
        assert.equal(await outcome(fetchOne(chart, { dir: other, ...login, version: '1.0.0' })), 'app-1.0.0.tgz');
        const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
        writeFileSync(join(other, 'docker.json'), JSON.stringify({ auths: { [host]: { auth } } }));
        assert.equal(
          await outcome(fetchOne(chart, { dir: other, registryConfig: join(other, 'docker.json'), version: '1.0.0' })),
          'app-1.0.0.tgz',
        );
        mkdirSync(join(other, '.docker'));
        writeFileSync(join(other, '.docker', 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
        mkdirSync(join(other, 'helm-config', 'registry'), { recursive: true });
        writeFileSync(join(other, 'helm-config', 'registry', 'config.json'), '');
        assert.equal(
          await outcome(fetchOne(chart, { dir: other, version: '1.0.0' })),
          'app-1.0.0.tgz',
          'Docker’s, where Helm’s is empty',
        );
      });

      await t.test('offline, out of the cache', async () => {
        const cache = join(dir, 'cache');
        const before = await fetchOne(chart, { dir, version: '^1', cache });
        const offline = { dir, cache, offline: true };
        assert.deepEqual(await fetchOne(chart, { ...offline, version: '^1' }), before);
        assert.deepEqual((await fetchOne(chart, { ...offline, version: '1.2.0' })).bytes, before.bytes);
        assert.match(
          await outcome(fetchOne(chart, { ...offline, version: '1.0.0' })),
          /^fails: not asked: offline, and its manifest is not in the cache/,
        );
        assert.match(
          await outcome(fetchOne(`${chart}2`, offline)),
          /^fails: not asked: offline, and the list of its versions/,
        );
      });

      await t.test('an entry of a repository’s index may lie in a registry', async () => {
        const digest = createHash('sha256')
          .update(archives.get('1.2.0') ?? '')
          .digest('hex');
        const entry = { apiVersion: 'v2', name: 'app', version: '1.2.0', urls: [`${chart}:1.2.0`], digest };
        const bad = { ...entry, version: '1.0.0', urls: [`${chart}:1.0.0`] };
        const index = `apiVersion: v1\nentries: \n  app:\n  - ${JSON.stringify(entry)}\n  - ${JSON.stringify(bad)}\n`;
        await withHttp(
          () => ({ body: index }),
          async ({ url }) => {
            const world = { env: privateEnv(dir), warn: () => undefined };
            for (const [version, expected] of [
              ['^1', /^app-1\.2\.0\.tgz$/],
              ['1.0.0', /the archive should be sha256:/],
            ] as const) {
              const fetcher = openCharts({ ...plainAccess, repo: url, version, plainHttp: [host] }, world);
              assert.match(await outcome(fetcher.fetch(parseChartReference('app', url))), expected);
              await fetcher.close();
            }
          },
        );
      });

      await t.test('TLS is not left unasked', async () =>
        assert.match(await outcome(fetchOne(chart, { dir, plainHttp: [] })), /does not speak TLS/),
      );
    }),
  ),
);

test('an image is no chart, a manifest without a chart neither; an old media type is taken with a warning', () =>
  inScratch(async (dir) => {
    const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const blob = (mediaType: string, text: string) => ({ mediaType, digest: digest(text), size: text.length });
    const config = blob('application/vnd.cncf.helm.config.v1+json', '{}');
    const manifests: Readonly<Record<string, unknown>> = {
      image: { schemaVersion: 2, config: blob('application/vnd.oci.image.config.v1+json', '{}'), layers: [] },
      bare: { schemaVersion: 2, config, layers: [] },
      old: { schemaVersion: 2, config, layers: [blob('application/tar+gzip', 'an archive')] },
      long: { schemaVersion: 2, config, layers: [{ ...blob('application/tar+gzip', 'an archive'), size: 4 }] },
      huge: { schemaVersion: 2, config, layers: [{ ...blob('application/tar+gzip', 'an archive'), size: 2 ** 40 }] },
      wrong: { schemaVersion: 2, config, layers: [{ ...blob('application/tar+gzip', 'an archivE') }] },
    };
    await withHttp(
      ({ path }) => {
        const [, name = ''] = /\/manifests\/(.*)$/.exec(path) ?? [];
        if (path.includes('/blobs/')) return { body: 'an archive' };
        const manifest = manifests[name];
        return manifest === undefined
          ? { status: 404 }
          : {
              headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
              body: JSON.stringify(manifest),
            };
      },
      async ({ host }) => {
        const warnings: string[] = [];
        const of = (tag: string): Promise<string> => outcome(fetchOne(`oci://${host}/app:${tag}`, { dir, warnings }));
        assert.match(
          await of('image'),
          /could not load config with mediatype application\/vnd\.cncf\.helm\.config\.v1\+json: it is an image/,
        );
        assert.match(await of('bare'), /manifest does not contain a layer with mediatype/);
        assert.equal(await of('old'), 'app-old.tgz');
        assert.deepEqual(warnings, ['Warning: chart media type application/tar+gzip is deprecated']);
        assert.match(await of('long'), /should have 4 bytes and has more/);
        assert.match(await of('huge'), /the limit is/);
        assert.match(await of('wrong'), /the archive should be sha256:/);
      },
    );
  }));
