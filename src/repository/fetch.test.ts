import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  type Asked,
  archiveOf,
  helm,
  noHelm,
  plainAccess,
  privateEnv,
  type Reply,
  withHttp,
} from '../../test/chart-repository.js';
import { inScratch } from '../../test/run.js';
import { isTrowelError, type Reason, type TrowelError } from '../model/index.js';
import type { ChartAccess, FetchedChart } from './access.js';
import { openCharts } from './fetch.js';
import { parseChartReference } from './reference.js';
import { resolveUrl } from './server.js';

const appArchive = (version: string): Uint8Array =>
  archiveOf({ 'app/Chart.yaml': `apiVersion: v2\nname: app\nversion: ${version}\n` });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Entry {
  readonly version: string;
  readonly urls: readonly string[];
  readonly digest?: string;
}

const indexOf = (entries: Readonly<Record<string, readonly Entry[]>>): string =>
  `apiVersion: v1\nentries:\n${Object.entries(entries)
    .map(
      ([name, list]) =>
        `  ${name}:\n${list.map((one) => `  - ${JSON.stringify({ apiVersion: 'v2', name, ...one })}\n`).join('')}`,
    )
    .join('')}`;

/** Fetches one chart as a run of the command line would; waits between retries are not waited for. */
async function fetchOne(
  given: string,
  options: Partial<ChartAccess> & { readonly dir: string; readonly waits?: number[]; readonly warnings?: string[] },
): Promise<FetchedChart> {
  const { dir, waits = [], warnings = [], ...access } = options;
  const world = {
    env: privateEnv(dir),

    warn: (text: string) => void warnings.push(text),
    sleep: async (ms: number) => void waits.push(ms),
  };
  const fetcher = openCharts({ ...plainAccess, ...access }, world);
  try {
    return await fetcher.fetch(parseChartReference(given, access.repo ?? null));
  } finally {
    await fetcher.close();
  }
}

function failing(code: Reason, ...says: readonly RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isTrowelError(error), String(error));
    assert.equal(error.code, code, error.message);
    for (const pattern of says) assert.match(error.message, pattern);
    return true;
  };
}

function configure(dir: string, entries: readonly Readonly<Record<string, unknown>>[]): void {
  mkdirSync(join(dir, 'helm-config'), { recursive: true });
  writeFileSync(
    join(dir, 'helm-config', 'repositories.yaml'),
    JSON.stringify({ apiVersion: '', repositories: entries }),
  );
}

const userOf = ({ headers }: Asked): string | null => {
  const [, encoded = null] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? [];
  return encoded === null ? null : Buffer.from(encoded, 'base64').toString('utf8');
};

test('credentials go to the host of the repository alone, unless they are to be passed on; a redirect takes none along', () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const login = { username: 'me', password: 'p:w d' };
    await withHttp(
      () => ({ body: bytes }),
      (other) =>
        withHttp(
          ({ path }): Reply => {
            if (path === '/index.yaml') {
              return {
                body: indexOf({
                  app: [
                    { version: '2.0.0', urls: ['moved/app.tgz'] },
                    { version: '1.0.0', urls: [`${other.url}/app.tgz`] },
                  ],
                }),
              };
            }
            if (path.startsWith('/moved/')) return { status: 302, headers: { location: `${other.url}/final.tgz` } };
            return { body: bytes };
          },
          async ({ url, asked }) => {
            const users = (): (string | null)[] => [...asked.splice(0), ...other.asked.splice(0)].map(userOf);
            await fetchOne('app', { dir, repo: url, version: '1.0.0', ...login });
            assert.deepEqual(users(), ['me:p:w d', null], 'another host is sent nothing');
            await fetchOne('app', { dir, repo: url, version: '1.0.0', passCredentials: true, ...login });
            assert.deepEqual(users(), ['me:p:w d', 'me:p:w d'], '--pass-credentials');
            await fetchOne('app', { dir, repo: url, version: '2.0.0', passCredentials: true, ...login });
            assert.deepEqual(users(), ['me:p:w d', 'me:p:w d', null], 'not through a redirect');
            configure(dir, [{ name: 'mine', url, ...login }]);
            await fetchOne('mine/app', { dir, version: '1.0.0' });
            assert.deepEqual(users(), ['me:p:w d', null], 'those of repositories.yaml');
            configure(dir, [{ name: 'mine', url, ...login, pass_credentials_all: true }]);
            await fetchOne('mine/app', { dir, version: '1.0.0' });
            assert.deepEqual(users(), ['me:p:w d', 'me:p:w d'], 'pass_credentials_all');
            await fetchOne(`${url}/x/app.tgz`, { dir });
            assert.deepEqual(users(), ['me:p:w d'], 'a URL below a repository of the list');
            await fetchOne(`${other.url}/x/app.tgz`, { dir });
            assert.deepEqual(users(), [null], 'a URL that belongs to no repository');
            const inside = url.replace('http://', 'http://you:secret@');
            await fetchOne('app', { dir, repo: inside, version: '1.0.0' });
            assert.deepEqual(users(), ['you:secret', null], 'those of the URL itself');
          },
        ),
    );
  }));

test('no message holds a password, a user or a token', () =>
  inScratch((dir) =>
    withHttp(
      () => ({ status: 401, body: 'no' }),
      async ({ host }) => {
        const secret = /hunter2|tok3n/;
        const access = { dir, username: 'me', password: 'hunter2' };
        const tries = [
          () => fetchOne('app', { ...access, repo: `http://user:hunter2@${host}/charts?sig=tok3n` }),
          () => fetchOne(`http://user:hunter2@${host}/app-1.0.0.tgz?sig=tok3n`, access),
          () => fetchOne('mine/app', access),
          () => fetchOne(`oci://user:hunter2@${host}/app`, access),
          () => fetchOne('ftp://user:hunter2@host/app.tgz', access),
          () => fetchOne('app', { ...access, repo: 's3://user:hunter2@bucket' }),
        ];
        configure(dir, [
          { name: 'mine', url: `http://user:hunter2@${host}/?sig=tok3n`, username: 'u', password: 'hunter2' },
        ]);
        for (const go of tries) {
          await assert.rejects(go(), (error: TrowelError) => {
            assert.ok(isTrowelError(error));
            assert.doesNotMatch(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`, secret);
            return true;
          });
        }
        writeFileSync(join(dir, 'helm-config', 'repositories.yaml'), 'repositories:\n- password: hunter2\n  bad: [\n');
        await assert.rejects(fetchOne('mine/app', access), failing('bad-bytes', /it is no YAML/));
        await assert.rejects(fetchOne('mine/app', access), (error: Error) => !secret.test(error.message));
      },
    ),
  ));

test('an archive that is not what its index states is refused', () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const entries = (digest: string) => ({ body: indexOf({ app: [{ version: '1.0.0', urls: ['app.tgz'], digest }] }) });
    let digest = sha256(bytes);
    await withHttp(
      ({ path }) => (path === '/index.yaml' ? entries(digest) : { body: bytes }),
      async ({ url }) => {
        const fetched = await fetchOne('app', { dir, repo: url });
        assert.deepEqual(
          [fetched.digest, fetched.fileName, fetched.from],
          [`sha256:${digest}`, 'app.tgz', `${url}/app.tgz`],
        );
        digest = 'a'.repeat(64);
        await assert.rejects(
          fetchOne('app', { dir, repo: url }),
          failing('bad-digest', /^app 1\.0\.0: the archive should be sha256:a{64} and is sha256:/),
        );
        digest = 'what older programs wrote';
        await fetchOne('app', { dir, repo: url });
      },
    );
  }));

test('an index that did not change is not sent again; an archive that is known by its digest is not asked for', () =>
  inScratch(async (dir) => {
    const cache = join(dir, 'cache');
    const archives = { 'app-1': appArchive('1.0.0'), 'app-2': appArchive('2.0.0') };
    let versions = 1;
    await withHttp(
      ({ path, headers }) => {
        if (path.startsWith('/app-')) return { body: archives[path === '/app-1' ? 'app-1' : 'app-2'] };
        const tag = `"v${versions}"`;
        if (headers['if-none-match'] === tag) return { status: 304, headers: { etag: tag } };
        const all = [
          { version: '1.0.0', urls: ['app-1'], digest: sha256(archives['app-1']) },
          { version: '2.0.0', urls: ['app-2'], digest: sha256(archives['app-2']) },
        ];
        return { headers: { etag: tag }, body: indexOf({ app: all.slice(0, versions) }) };
      },
      async ({ url, asked }) => {
        const paths = (): string[] =>
          asked.splice(0).map(({ path, headers }) => `${path} ${headers['if-none-match'] ?? '-'}`);
        const options = { dir, repo: url, cache };
        assert.equal((await fetchOne('app', options)).fileName, 'app-1');
        assert.deepEqual(paths(), ['/index.yaml -', '/app-1 -']);
        assert.equal((await fetchOne('app', options)).fileName, 'app-1');
        assert.deepEqual(paths(), ['/index.yaml "v1"']);
        versions = 2;
        assert.equal((await fetchOne('app', options)).fileName, 'app-2');
        assert.deepEqual(paths(), ['/index.yaml "v1"', '/app-2 -']);
        const offline = { ...options, offline: true };
        assert.deepEqual((await fetchOne('app', { ...offline, version: '1.x' })).bytes, Buffer.from(archives['app-1']));
        assert.deepEqual(paths(), [], 'nobody is asked offline');
        await assert.rejects(
          fetchOne('other', offline),
          failing('not-found', /chart "other" not found in .* repository/),
        );
        await assert.rejects(
          fetchOne('app', { ...offline, repo: `${url}/elsewhere` }),
          failing('unreachable', /elsewhere.*offline, and the index is not in the cache; run once without --offline/),
        );
        for (const file of readdirSync(join(cache, 'sha256'))) writeFileSync(join(cache, 'sha256', file), 'damaged');
        assert.equal((await fetchOne('app', options)).fileName, 'app-2', 'what is damaged is fetched again');
        assert.equal(asked.length, 2);
      },
    );
  }));

test('an index that breaks off is read again from the server, not from what was known before', () =>
  inScratch(async (dir) => {
    const options = { dir, cache: join(dir, 'cache') };
    const entries = (...versions: readonly string[]): string =>
      indexOf({ app: versions.map((version) => ({ version, urls: [`app-${version}.tgz`] })) });
    let count = 0;
    await withHttp(
      ({ path }) => {
        if (path !== '/index.yaml') return { body: appArchive('1.0.0') };
        count += 1;
        if (count === 1) return { headers: { etag: '"1"' }, body: entries('1.0.0') };
        const packed = gzipSync(entries('1.0.0', '2.0.0'));
        const headers = { 'content-encoding': 'gzip', 'content-length': `${packed.length}` };
        return count === 2 ? { headers, body: packed.subarray(0, 40), cut: true } : { headers, body: packed };
      },
      async ({ url }) => {
        assert.equal((await fetchOne('app', { ...options, repo: url })).fileName, 'app-1.0.0.tgz');
        assert.equal((await fetchOne('app', { ...options, repo: url })).fileName, 'app-2.0.0.tgz');
        assert.equal(count, 3);
      },
    );
  }));

test('URLs that are none are told of', () =>
  inScratch(async (dir) => {
    const urls = ['//[x', 'file:///etc/passwd', 'http://[x/a.tgz', 'ftp://example.org/a.tgz', 'oci://UPPER', '%zz.tgz'];
    await withHttp(
      ({ path }) => {
        if (path !== '/index.yaml') return { body: appArchive('1.0.0') };
        return { body: indexOf({ app: urls.map((one, at) => ({ version: `${at}.0.0`, urls: [one] })) }) };
      },
      async ({ url }) => {
        const outcomes: string[] = [];
        for (const at of urls.keys()) {
          outcomes.push(
            await fetchOne('app', { dir, repo: url, version: `${at}.0.0` }).then(
              ({ fileName }) => fileName,
              (error: unknown) => (isTrowelError(error) ? error.code : String(error)),
            ),
          );
        }
        assert.deepEqual(outcomes, ['bad-bytes', 'usage', 'usage', 'usage', 'bad-reference', '%zz.tgz']);
      },
    );
  }));

test('offline, the last helm repo update is better than nothing, and said to be that', () =>
  inScratch(async (dir) => {
    configure(dir, [{ name: 'mine', url: 'http://127.0.0.1:1' }]);
    mkdirSync(join(dir, 'helm-cache', 'repository'), { recursive: true });
    const index = indexOf({ app: [{ version: '1.0.0', urls: ['app.tgz'], digest: 'a'.repeat(64) }] });
    writeFileSync(join(dir, 'helm-cache', 'repository', 'mine-index.yaml'), index);
    const warnings: string[] = [];
    const options = { dir, offline: true, cache: join(dir, 'cache'), warnings };
    await assert.rejects(
      fetchOne('mine/app', options),
      failing('unreachable', /^app 1\.0\.0: not asked: offline, and the archive/),
    );
    assert.deepEqual(warnings, ['offline: versions of mine are those of the last helm repo update']);
  }));

test('an index may come compressed, and as JSON', () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const index = JSON.stringify({
      apiVersion: 'v1',
      entries: { app: [{ name: 'app', version: '1.0.0', urls: ['app.tgz'] }] },
    });
    await withHttp(
      ({ path, headers }) => {
        if (path !== '/index.yaml') return { body: bytes };
        assert.equal(headers['accept-encoding'], 'gzip');
        return { headers: { 'content-encoding': 'gzip' }, body: gzipSync(index) };
      },
      async ({ url }) =>
        assert.equal((await fetchOne('app', { dir, repo: url, cache: join(dir, 'cache') })).fileName, 'app.tgz'),
    );
  }));

test('what may pass is tried again: a server in trouble as long as it asks, a broken connection at once', () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const waits: number[] = [];
    let count = 0;
    await withHttp(
      ({ path }) => {
        count += 1;
        if (count === 1) return { status: 503, headers: { 'retry-after': '7' } };
        if (count === 2) return { headers: { 'content-length': '5000' }, body: 'apiVersion: v1\n', cut: true };
        return path === '/index.yaml'
          ? { body: indexOf({ app: [{ version: '1.0.0', urls: ['app.tgz'] }] }) }
          : { body: bytes };
      },
      async ({ url }) => {
        await fetchOne('app', { dir, repo: url, waits, cache: join(dir, 'cache') });
        assert.deepEqual(waits, [7000]);
        assert.deepEqual(readdirSync(join(dir, 'cache')).sort(), ['answers', 'sha256'], 'nothing half is left');
      },
    );
    await withHttp(
      () => ({ status: 429, headers: { 'retry-after': '3600' } }),
      async ({ url }) =>
        assert.rejects(
          fetchOne('app', { dir, repo: url }),
          failing('rate-limited', /429 Too Many Requests; try again after 3600 seconds/),
        ),
    );
  }));

test('a server that never answers is given up on', () =>
  inScratch((dir) =>
    withHttp(
      () => ({ hang: true }),
      async ({ url }) =>
        assert.rejects(
          fetchOne('app', { dir, repo: url, timeoutMs: 100 }),
          failing('timeout', /did not answer in time; try again, or give it longer with --timeout/),
        ),
    ),
  ));

test('what is not there is said in the words of Helm, with what is near', () =>
  inScratch(async (dir) => {
    const names = { nginx: [{ version: '1.0.0-rc.1', urls: ['x.tgz'] }], redis: [{ version: '1.2.3', urls: [] }] };
    configure(dir, [
      { name: 'stable', url: 'http://127.0.0.1:1' },
      { name: 'empty', url: '' },
      { name: 'odd', url: 'gs://bucket' },
    ]);
    await withHttp(
      ({ path }) => {
        if (path === '/index.yaml') return { body: indexOf(names) };
        if (path === '/page/index.yaml') return { body: '<!DOCTYPE html>\n<html></html>\n' };
        if (path === '/locked/index.yaml') return { status: 403 };
        return { status: 404 };
      },
      async ({ url }) => {
        const repo = { dir, repo: url };
        const cases: readonly (readonly [() => Promise<unknown>, Reason, RegExp])[] = [
          [
            () => fetchOne('ngnix', repo),
            'not-found',
            /^chart "ngnix" not found in http.* repository; did you mean nginx\?$/,
          ],
          [() => fetchOne('kafka', repo), 'not-found', /; it has 2 charts, none of a name like this$/],
          [
            () => fetchOne('nginx', repo),
            'not-found',
            /; it has 1\.0\.0-rc\.1; all are development versions: add --devel$/,
          ],
          [
            () => fetchOne('nginx', { ...repo, version: '^2' }),
            'not-found',
            /^chart "nginx" version "\^2" not found in .*; it has 1\.0\.0-rc\.1$/,
          ],
          [
            () => fetchOne('nginx', { ...repo, version: 'latest' }),
            'usage',
            /^--version: chart "nginx" version "latest" not found/,
          ],
          [() => fetchOne('redis', repo), 'bad-bytes', /chart "redis" has no downloadable URLs/],
          [
            () => fetchOne('nginx', { ...repo, version: '>0.0.0-0' }),
            'not-found',
            /failed to fetch http.*\/x\.tgz : 404 Not Found/,
          ],
          [
            () => fetchOne('a', { dir, repo: `${url}/page` }),
            'bad-bytes',
            /looks like "http.*\/page" is not a valid chart repository or cannot be reached: no API version specified/,
          ],
          [
            () => fetchOne('a', { dir, repo: `${url}/none/` }),
            'not-found',
            /cannot be reached: failed to fetch http.*\/none\/index\.yaml : 404 Not Found/,
          ],
          [
            () => fetchOne('a', { dir, repo: `${url}/locked` }),
            'denied',
            /403 Forbidden; give --username and --password/,
          ],
          [() => fetchOne('a', { dir, repo: 'http://127.0.0.1:1' }), 'unreachable', /refuses the connection/],
          [() => fetchOne('stabel/nginx', { dir }), 'not-found', /^repo stabel not found; did you mean stable\?/],
          [() => fetchOne('empty/nginx', { dir }), 'not-found', /no URL found for repository empty/],
          [() => fetchOne('odd/nginx', { dir }), 'usage', /could not find protocol handler for: gs/],
        ];
        for (const [result, code, says] of cases) await assert.rejects(result(), failing(code, says));
        assert.throws(
          () => parseChartReference('nginx', null),
          failing('not-found', /non-absolute URLs should be in form of repo_name\/path_to_chart, got: nginx/),
        );
        assert.throws(() => parseChartReference('oci://host', null), failing('bad-reference', /write oci:/));
        assert.throws(() => parseChartReference('oci://host/UPPER', null), failing('bad-reference', /capital letters/));
      },
    );
  }));

test('a URL of an index leads where it leads for Helm', { skip: noHelm }, () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const references = [
      'a.tgz',
      './a.tgz',
      'sub/a b.tgz',
      '../a.tgz',
      '/a.tgz',
      'a.tgz?x=1',
      'a%20b.tgz',
      'x/../a.tgz',
      '%2Fa.tgz',
    ];
    let reference = '';
    await withHttp(
      ({ path }) =>
        /index\.yaml/.test(path)
          ? { body: indexOf({ app: [{ version: '1.0.0', urls: [reference] }] }) }
          : { body: bytes },
      async ({ url, asked }) => {
        for (const base of [url, `${url}/charts`, `${url}/charts/`, `${url}/deep/charts?token=a%2Fb`]) {
          for (reference of [...references, `${url}/whole/a.tgz?y=2`]) {
            const taken = (): string[] => asked.splice(0).map(({ path }) => path);
            const run = await helm(dir, 'pull', '--repo', base, 'app', '-d', dir);
            const expected = taken();
            assert.equal(run.code, 0, run.stderr);
            await fetchOne('app', { dir, repo: base });
            assert.deepEqual(taken(), expected, `${reference} of ${base}`);
          }
        }
      },
    );
  }),
);

test('neither user nor token of a repository go to another host that its index names', () => {
  const base = 'https://me:secret@charts.example/app?token=1';
  assert.equal(resolveUrl(base, '//other.example/a.tgz').href, 'https://other.example/a.tgz');
  assert.equal(resolveUrl(base, 'https://other.example/a.tgz').href, 'https://other.example/a.tgz');
  assert.equal(resolveUrl(base, 'a.tgz').href, 'https://me:secret@charts.example/app/a.tgz?token=1');
});

test('several runs may share a cache', () =>
  inScratch(async (dir) => {
    const bytes = appArchive('1.0.0');
    const index = indexOf({ app: [{ version: '1.0.0', urls: ['app.tgz'], digest: sha256(bytes) }] });
    await withHttp(
      ({ path }) => ({ body: path === '/index.yaml' ? index : bytes }),
      async ({ url }) => {
        const cache = join(dir, 'cache');
        const all = await Promise.all(Array.from({ length: 20 }, () => fetchOne('app', { dir, repo: url, cache })));
        assert.ok(all.every((one) => sha256(one.bytes) === sha256(bytes)));
        assert.deepEqual(readdirSync(cache).sort(), ['answers', 'sha256']);
        for (const name of readdirSync(join(cache, 'sha256'))) {
          assert.equal(sha256(readFileSync(join(cache, 'sha256', name))), name);
        }
      },
    );
  }));
