import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, listening } from '../../test/registry-process.js';
import { type Image, isTrowelError } from '../model/index.js';
import { digestsOf, inTemporary, withFinder } from './finder.test.support.js';
import { writeImage, writeIndex, writeLayer } from './write-layout.js';

const has = (program: string, flag = '--version'): boolean => spawnSync(program, [flag]).error === undefined;
const noRegistry = has('docker-registry') ? false : 'docker-registry is not on this machine';
const login = `Basic ${Buffer.from('me:secret').toString('base64')}`;
/** bcrypt of "secret" (htpasswd -B) */
const htpasswd = 'me:$2b$05$1fmuME1L3aLs3q5pfzG0Xu1sjf9UXPDAecuPo/Q9QGGOTzLDLE1uq\n';
const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture, variant: null }));

/** The distribution project's registry with basic auth, its storage below `dir`; TLS with a certificate made for it. */
async function withRegistry<T>(dir: string, tls: boolean, action: (host: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  await writeFile(join(dir, 'htpasswd'), htpasswd);
  const http = tls ? [`  tls:`, `    certificate: ${join(dir, 'cert.pem')}`, `    key: ${join(dir, 'key.pem')}`] : [];
  const lines = [
    'version: 0.1',
    'log: {level: error, accesslog: {disabled: true}}',
    `storage: {filesystem: {rootdirectory: ${join(dir, 'storage')}}}`,
    `auth: {htpasswd: {realm: test, path: ${join(dir, 'htpasswd')}}}`,
    'http:',
    `  addr: 127.0.0.1:${port}`,
    ...http,
  ];
  await writeFile(join(dir, 'registry.yml'), `${lines.join('\n')}\n`);
  const child = spawn('docker-registry', ['serve', join(dir, 'registry.yml')], { stdio: 'ignore' });
  try {
    await listening(port, child);
    return await action(`127.0.0.1:${port}`);
  } finally {
    child.kill();
  }
}

/** Pushes every blob and named manifest of a layout by plain requests (distribution-spec "Pushing"). */
async function push(layout: string, host: string, repository: string, blobs: readonly string[], tag: string) {
  const headers = { authorization: login };
  const base = `http://${host}/v2/${repository}`;
  for (const digest of blobs) {
    const body = await readFile(join(layout, 'blobs', digest.replace(':', '/')));
    const type = /"mediaType":"(application\/vnd\.oci\.image\.(?:index|manifest)[^"]*)"/.exec(
      body[0] === 0x7b ? body.toString('utf8') : '',
    )?.[1];
    if (type === undefined) {
      const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
      const url = new URL(begun.headers.get('location') ?? '', base);
      url.searchParams.set('digest', digest);
      const done = await fetch(url, { method: 'PUT', headers, body });
      assert.equal(done.status, 201);
      continue;
    }
    for (const name of [digest, tag]) {
      const put = await fetch(`${base}/manifests/${name}`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': type },
        body,
      });
      assert.equal(put.status, 201, await put.text());
    }
  }
}

/** An index of two platforms in a layout; the digests of its blobs, what is pointed to first. */
async function makeLayout(dir: string): Promise<readonly string[]> {
  const layer = await writeLayer(dir, [
    { path: 'etc/os-release', type: 'file', mode: 0o644, content: Buffer.from('ID=test\n'.repeat(50_000)) },
  ]);
  const images = [];
  const order = [layer.descriptor.digest];
  for (const platform of platforms) {
    const image = await writeImage(dir, { reference: null, platform, layers: [layer], history: [{ createdBy: 'x' }] });
    const manifest = await readFile(join(dir, 'blobs', image.descriptor.digest.replace(':', '/')), 'utf8');
    order.push(/"digest":"(sha256:[a-f0-9]{64})"/.exec(manifest)?.[1] ?? '', image.descriptor.digest);
    images.push(image);
  }
  const index = await writeIndex(dir, { reference: 'team/app:1', images });
  return [...order, index.digest];
}

test('a real registry with a password, plain and with TLS', { skip: noRegistry }, () =>
  inTemporary(async (dir) => {
    const layout = join(dir, 'layout');
    const blobs = await makeLayout(layout);
    const registryConfig = join(dir, 'config.json');
    const find = (host: string, name: string, options: object): Promise<readonly Image[]> =>
      withFinder({ offline: false, platforms: 'all', ...options }, async (finder) => {
        const images = await finder.find({ kind: 'reference', reference: `${host}/${name}` });
        for (const { location, digest, diffID } of images.flatMap((image) => image.layers)) {
          assert.ok(location !== null);
          const actual = await digestsOf(finder.openBlob, location);
          assert.deepEqual([actual.digest, actual.diffID], [digest, diffID]);
        }
        return images;
      });
    const logIn = (host: string) =>
      writeFile(registryConfig, JSON.stringify({ auths: { [host]: { auth: login.slice(6) } } }));

    await withRegistry(dir, false, async (host) => {
      await push(layout, host, 'team/app', blobs, '1');
      const plainHttp = [host];
      const code = (wanted: string) => (error: unknown) => isTrowelError(error) && error.code === wanted;
      await writeFile(registryConfig, '{}');
      await assert.rejects(find(host, 'team/app:1', { plainHttp, registryConfig }), code('denied'));
      await logIn(host);
      const images = await find(host, 'team/app:1', { plainHttp, registryConfig });
      assert.deepEqual(
        images.map(({ id, problems }) => [id, problems]),
        [
          [`${host}/team/app:1|linux/amd64`, []],
          [`${host}/team/app:1|linux/arm64`, []],
        ],
      );
      assert.equal(images[0]?.indexDigest, blobs.at(-1));
      const byDigest = await find(host, `team/app@${images[1]?.digest}`, { plainHttp, registryConfig });
      assert.equal(byDigest[0]?.digest, images[1]?.digest);
      await assert.rejects(find(host, 'team/app:2', { plainHttp, registryConfig }), code('not-found'));
      await assert.rejects(find(host, 'team/none:1', { plainHttp, registryConfig }), code('not-found'));
      await assert.rejects(find(host, 'team/app:1', { registryConfig }), code('unreachable'));
    });

    if (!has('openssl', 'version')) return;
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    await withRegistry(dir, true, async (host) => {
      await logIn(host);
      const untrusted = find(host, 'team/app:1', { registryConfig });
      await assert.rejects(
        untrusted,
        (error) => isTrowelError(error, 'unreachable') && /--ca FILE/.test(error.message),
      );
      const images = await find(host, 'team/app:1', { registryConfig, ca: join(dir, 'cert.pem') });
      assert.equal(images.length, 2);
      const missing = find(host, 'team/app:1', { registryConfig, ca: join(dir, 'none.pem') });
      await assert.rejects(missing, (error) => isTrowelError(error, 'not-found') && /--ca/.test(error.message));
    });
  }),
);

test(
  'archives that crane pulls',
  { skip: noRegistry || (has('crane', 'version') ? false : 'crane is not on this machine') },
  () =>
    inTemporary(async (dir) => {
      const layout = join(dir, 'layout');
      const blobs = await makeLayout(layout);
      await withRegistry(dir, false, async (host) => {
        await push(layout, host, 'team/app', blobs, '1');
        const env = { ...process.env, DOCKER_CONFIG: dir };
        await writeFile(join(dir, 'config.json'), JSON.stringify({ auths: { [host]: { auth: login.slice(6) } } }));
        for (const [format, kind, all] of [
          ['tarball', 'docker-archive', false],
          ['legacy', 'docker-archive', false],
          ['oci', 'oci-dir', true],
        ] as const) {
          const path = join(dir, `pulled-${format}`);
          const args = ['pull', '--insecure', `--format=${format}`, ...(all ? [] : ['--platform=linux/arm64'])];
          // Not spawnSync: the registry of this test must be able to answer meanwhile.
          const status = await new Promise((resolve) => {
            const child = spawn('crane', [...args, `${host}/team/app:1`, path], { env, stdio: 'ignore' });
            child.on('close', resolve);
          });
          assert.equal(status, 0, format);
          await withFinder({ platforms: ['linux/arm64'] }, async (finder) => {
            const [image, ...others] = await finder.find({ kind, path, tag: null });
            assert.equal(others.length, 0);
            assert.equal(image?.platform.architecture, 'arm64', format);
            assert.deepEqual(image?.problems, [], format);
            const [layer] = image?.layers ?? [];
            assert.ok(layer?.location);
            assert.equal((await digestsOf(finder.openBlob, layer.location)).diffID, layer.diffID, format);
          });
        }
      });
    }),
);
