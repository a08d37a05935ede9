import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import {
  archiveOf,
  filesOf,
  helm,
  helmDo,
  noHelm,
  privateEnv,
  run as runProgram,
  withHttp,
  writeChart,
} from './chart-repository.js';
import { inRoot, programMissing } from './paths.js';
import { noRegistry, withRegistry } from './registry-process.js';
import { inScratch, type Run, trowel } from './run.js';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "{{ .Values.image }}:{{ .Chart.Version }}"}]}\n';

function podChart(dir: string, version: string): string {
  return writeChart(join(dir, 'sources'), 'app', version, {
    'templates/pod.yaml': pod,
    'values.yaml': 'word: x\nimage: registry.example/team/app\n',
  });
}

test('render, images and dig take charts from where Helm has them', { skip: noHelm, timeout: 240_000 }, (t) =>
  inScratch(async (dir) => {
    const repo = join(dir, 'repo');
    mkdirSync(repo);
    for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1'])
      await helmDo(dir, 'package', '-d', repo, podChart(dir, version));
    await helmDo(dir, 'repo', 'index', repo);
    await withHttp(filesOf(repo), async ({ url, asked }) => {
      await helmDo(dir, 'repo', 'add', 'mine', url);
      const env = { ...privateEnv(dir), SOURCE_DATE_EPOCH: '1607000000' };
      const store = ['--store', join(dir, 'store.db')];
      const go = (...args: readonly string[]): Promise<Run> => trowel([...args, ...store], { env });

      await t.test('what helm template prints, byte for byte', async () => {
        for (const args of [
          ['--repo', url, 'app'],
          ['name', 'app', '--repo', url, '--version', '^1.0'],
          ['mine/app', '--devel'],
          ['mine/app', '--version', '1.0.0', '--set', 'image=other'],
          [`${url}/app-1.1.0.tgz`],
        ]) {
          const theirs = await helm(dir, 'template', ...args);
          assert.equal(theirs.code, 0, theirs.stderr);
          const ours = await go('render', ...args);
          assert.deepEqual([ours.code, ours.stdout], [0, theirs.stdout], args.join(' '));
        }
      });

      await t.test('the document says which chart it was, and the output what it was taken for', async () => {
        const bytes = readFileSync(join(repo, 'app-1.1.0.tgz'));
        const { createHash } = await import('node:crypto');
        const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
        const target = (given: string) => ({
          kind: 'chart',
          given,
          name: 'app',
          version: '1.1.0',
          digest,
          from: `${url}/app-1.1.0.tgz`,
        });
        for (const [given, ...more] of [
          ['mine/app'],
          ['chart:mine/app'],
          ['app', '--repo', url],
          [`${url}/app-1.1.0.tgz`],
        ] as const) {
          const images = await go('images', given, ...more, '-o', 'json');
          assert.equal(images.code, 0, images.stderr);
          const document: Dig = JSON.parse(images.stdout);
          assert.deepEqual(document.target, target(given));
          assert.deepEqual(
            document.uses.map((use) => use.image),
            ['registry.example/team/app:1.1.0'],
          );
        }
        const dug = await go('dig', 'mine/app', '-o', 'json', '--offline', '--verbose', '--db', join(dir, 'db'));
        assert.equal(dug.code, 3, dug.stderr);
        assert.deepEqual((JSON.parse(dug.stdout) as Dig).target, target('mine/app'));
        assert.match(dug.stderr, /mine\/app is taken for a chart of the repository mine of helm repo list/);
        const image = await go('dig', 'other/app', '--offline', '--db', join(dir, 'db'));
        assert.equal(image.code, 4);
        assert.match(image.stderr, /taken for an image reference/);
      });

      await t.test('the cache lies beside the store; --no-store keeps nothing; --offline asks nobody', async () => {
        assert.ok(existsSync(join(dir, 'store.db.charts', 'sha256')));
        const before = asked.length;
        const offline = await go('render', 'mine/app', '--offline');
        assert.equal(offline.code, 0, offline.stderr);
        assert.equal(asked.length, before);
        const nothing = await trowel(['render', 'mine/app', '--no-store'], {
          env: { ...env, XDG_CACHE_HOME: join(dir, 'no') },
        });
        assert.equal(nothing.code, 0, nothing.stderr);
        assert.ok(!existsSync(join(dir, 'no')));
      });

      await t.test('an error is one line with Helm’s words, exit 4', async () => {
        const gone = await go('render', 'mine/app', '--version', '^7');
        assert.deepEqual([gone.code, gone.stdout], [4, '']);
        assert.match(
          gone.stderr,
          /^trowel: chart "app" matching \^7 not found in mine index\. [^\n]*; it has 2\.0\.0-rc\.1, 1\.1\.0, 1\.0\.0\n$/,
        );
        const pair = await go('render', 'mine/app', '--cert-file', 'x');
        assert.deepEqual(
          [pair.code, pair.stderr],
          [2, 'trowel: --cert-file: wants --cert-file and --key-file together\n'],
        );
        const local = await go('images', join(dir, 'sources', 'app'), '--verify');
        assert.equal(local.code, 2);
        assert.match(local.stderr, /unpacked charts cannot be verified/);
      });

      await t.test('a broken list of repositories is in nobody’s way who names a registry', async () => {
        const broken = { ...env, HELM_REPOSITORY_CONFIG: join(dir, 'broken.yaml') };
        writeFileSync(broken.HELM_REPOSITORY_CONFIG, 'repositories: [');
        const dig = (given: string): Promise<Run> => trowel(['dig', given, '--offline', '--no-store'], { env: broken });
        assert.match((await dig('registry.example/team/app')).stderr, /taken for an image reference/);
        const named = await dig('team/app');
        assert.equal(named.code, 4);
        assert.match(named.stderr, /broken\.yaml: couldn't load repositories file: it is no YAML/);
      });

      await t.test('a local chart wins over --repo, with a warning', async () => {
        const { code, stderr, stdout } = await go('render', join(dir, 'sources', 'app'), '--repo', url);
        assert.deepEqual([code, /version: 2\.0\.0-rc\.1|2\.0\.0-rc\.1/.test(stdout)], [0, true]);
        assert.match(stderr, /local chart found in current working directory\. repository url ignored/);
      });

      await t.test('--dependency-update', async () => {
        const list = JSON.stringify([{ name: 'app', version: '^1', repository: '@mine' }]);
        const path = writeChart(dir, 'parent', '1.0.0', {
          'Chart.yaml': `apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies: ${list}\n`,
        });
        const without = await go('render', path);
        assert.equal(without.code, 4);
        assert.match(without.stderr, /found in Chart\.yaml, but missing in charts\/ directory: app/);
        cpSync(path, `${path}-copy`, { recursive: true });
        const theirs = await helmDo(dir, 'template', `${path}-copy`, '--dependency-update');
        const ours = await go('render', path, '--dependency-update');
        assert.deepEqual([ours.code, ours.stdout], [0, theirs.slice(theirs.indexOf('---\n'))]);
        assert.deepEqual(readdirSync(path).sort(), ['Chart.yaml', 'templates', 'values.yaml']);
        const images = await go('images', path, '--dependency-update', '-o', 'json');
        const { charts, uses }: Dig = JSON.parse(images.stdout);
        assert.deepEqual(
          charts.map((chart) => [chart.id, chart.version]),
          [
            ['parent', '1.0.0'],
            ['parent/app', '1.1.0'],
          ],
        );
        assert.equal(uses[0]?.in.chart, 'parent/app');
      });
    });
  }),
);

test('render and dig take charts of a registry', { skip: noHelm || noRegistry, timeout: 120_000 }, () =>
  inScratch((dir) =>
    withRegistry(dir, async ({ host }) => {
      await helmDo(dir, 'registry', 'login', host, '-u', 'digger', '-p', 'spade: and # more', '--plain-http');
      await helmDo(dir, 'package', '-d', dir, podChart(dir, '1.2.0+b'));
      await helmDo(dir, 'push', join(dir, 'app-1.2.0+b.tgz'), `oci://${host}/charts`, '--plain-http');
      const chart = `oci://${host}/charts/app`;
      const env = privateEnv(dir);
      const more = ['--no-store'];
      for (const args of [
        [chart],
        ['--plain-http', 'rel', chart, '--version', '1.2.0+b'],
        [chart, '--version', '^1'],
      ]) {
        const theirs = await helm(dir, 'template', ...args, '--plain-http');
        const ours = await trowel(['render', ...args, '--plain-http', ...more], { env });
        assert.deepEqual([ours.code, ours.stdout], [0, theirs.stdout], ours.stderr);
      }
      const only = await trowel(['render', chart, '--plain-http', host, ...more], { env });
      assert.equal(only.code, 0, only.stderr);
      const other = await trowel(['render', chart, '--plain-http=other.example', ...more], { env });
      assert.match(
        other.stderr,
        new RegExp(`does not speak TLS; if it is meant to be plain HTTP, add --plain-http=${host}`),
      );
      // dig: with a host as its word for images too, and without one.
      for (const plain of [['--plain-http', host], ['--plain-http']]) {
        const dug = await trowel(
          ['dig', ...plain, chart, '-o', 'json', '--db', join(dir, 'db'), ...more, '--timeout', '2s'],
          { env },
        );
        const document: Dig = JSON.parse(dug.stdout);
        assert.deepEqual(
          [document.target.kind, document.target.given, document.target.version],
          ['chart', chart, '1.2.0+b'],
          dug.stderr,
        );
      }
    }),
  ),
);

test(
  'a repository behind TLS: its authority, a certificate of one’s own, or none of it checked',
  { skip: programMissing('openssl') },
  () =>
    inScratch(async (dir) => {
      const make = async (name: string): Promise<void> => {
        const args = [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          `/CN=${name}`,
          '-addext',
          'subjectAltName=IP:127.0.0.1',
        ];
        const made = await runProgram(
          'openssl',
          [...args, '-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.pem`)],
          privateEnv(dir),
        );
        assert.equal(made.code, 0, made.stderr);
      };
      await make('server');
      await make('client');
      const read = (name: string): Buffer => readFileSync(join(dir, name));
      const archive = archiveOf({ 'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n' });
      const tls = {
        cert: read('server.pem'),
        key: read('server.key'),
        ca: read('client.pem'),
        requestCert: true,
        rejectUnauthorized: false,
      };
      const server = createServer(tls, (request, response) => {
        const socket = request.socket as { authorized?: boolean };
        if (request.url?.startsWith('/private') === true && socket.authorized !== true) response.writeHead(403).end();
        else
          response.end(
            request.url?.endsWith('index.yaml') === true
              ? 'apiVersion: v1\nentries:\n  app:\n  - {name: app, version: 1.0.0, urls: [app.tgz]}\n'
              : archive,
          );
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      const go = (...args: readonly string[]): Promise<Run> =>
        trowel(['render', 'app', '--no-store', ...args], { env: privateEnv(dir) });
      const ca = ['--ca-file', join(dir, 'server.pem')];
      const own = ['--cert-file', join(dir, 'client.pem'), '--key-file', join(dir, 'client.key')];
      try {
        const unknown = await go('--repo', url);
        assert.equal(unknown.code, 4);
        assert.match(
          unknown.stderr,
          /has a certificate that is not trusted \(.*\); name its authority with --ca-file FILE/,
        );
        for (const args of [
          ['--repo', url, ...ca],
          ['--repo', url, '--insecure-skip-tls-verify'],
          ['--repo', `${url}/private`, ...ca, ...own],
        ]) {
          const { code, stderr } = await go(...args);
          assert.equal(code, 0, stderr);
        }
        assert.match((await go('--repo', `${url}/private`, ...ca)).stderr, /403 Forbidden/);
        assert.match(
          (await go('--repo', url, '--ca-file', join(dir, 'client.key'))).stderr,
          /--ca-file: holds no certificate|holds no certificate/,
        );
        // Started as a user starts it, the program reads these certificates late.
        for (const [file, code] of [
          ['server.pem', 0],
          ['client.pem', 4],
          ['none.pem', 4],
        ] as const) {
          const env = { ...privateEnv(dir), NODE_EXTRA_CA_CERTS: join(dir, file) };
          const run = await runProgram(inRoot('bin', 'trowel'), ['render', 'app', '--no-store', '--repo', url], env);
          assert.equal(run.code, code, `${file}: ${run.stderr}`);
        }
        mkdirSync(join(dir, 'helm-config'), { recursive: true });
        const entry = {
          name: 'mine',
          url: `${url}/private`,
          caFile: join(dir, 'server.pem'),
          certFile: join(dir, 'client.pem'),
          keyFile: join(dir, 'client.key'),
        };
        writeFileSync(join(dir, 'helm-config', 'repositories.yaml'), JSON.stringify({ repositories: [entry] }));
        const listed = await trowel(['render', 'mine/app', '--no-store'], { env: privateEnv(dir) });
        assert.equal(listed.code, 0, listed.stderr);
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }),
);

test('a chart of this machine is rendered without what fetches', () =>
  inScratch(async (dir) => {
    const path = podChart(dir, '1.0.0');
    // The compiled files one by one, not the joined one: the coverage that Node writes names those that were loaded.
    const main = new URL('../src/cli/main.js', import.meta.url).href;
    const script = `process.argv.splice(1, 0, 'trowel'); await (await import(${JSON.stringify(main)})).main();`;
    const args = ['--input-type=module', '-e', script, 'render', path, '--no-store'];
    const env = { ...privateEnv(dir), NODE_V8_COVERAGE: join(dir, 'coverage') };
    const { code, stdout, stderr } = await runProgram(process.execPath, args, env);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /registry\.example\/team\/app:1\.0\.0/);
    const loaded = readdirSync(join(dir, 'coverage')).flatMap((name) => {
      const report: { result: readonly { url: string }[] } = JSON.parse(
        readFileSync(join(dir, 'coverage', name), 'utf8'),
      );
      return report.result.map(({ url }) => url);
    });
    assert.ok(loaded.some((url) => url.includes('/src/chart/')));
    assert.deepEqual(
      loaded.filter((url) => /\/src\/(?:repository|oci)\/|\/undici\//.test(url)),
      [],
    );
  }));
