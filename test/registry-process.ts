import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';

/** The distribution project's registry, running below a directory with one user. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Where it keeps blobs and manifests. */
  readonly storage: string;
}

const login = { user: 'digger', password: 'spade: and # more' };

/** Why a registry cannot be started here, or false. */
export const noRegistry: string | false =
  spawnSync('docker-registry', ['--version']).error === undefined ? false : 'docker-registry is not on this machine';

/** Runs a registry that asks for a password (basic auth, a file of bcrypt lines) on a free port of this machine. */
export async function withRegistry<T>(dir: string, action: (registry: Registry) => Promise<T>): Promise<T> {
  const port = await freePort();
  const storage = join(dir, 'storage');
  writeFileSync(join(dir, 'htpasswd'), `${login.user}:${bcrypt.hashSync(login.password, 4)}\n`);
  const lines = [
    'version: 0.1',
    'log: {level: error, accesslog: {disabled: true}}',
    `storage: {filesystem: {rootdirectory: ${storage}}}`,
    `auth: {htpasswd: {realm: test, path: ${join(dir, 'htpasswd')}}}`,
    `http: {addr: "127.0.0.1:${port}"}`,
  ];
  writeFileSync(join(dir, 'registry.yml'), `${lines.join('\n')}\n`);
  const child = spawn('docker-registry', ['serve', join(dir, 'registry.yml')], { stdio: 'ignore' });
  try {
    await listening(port, child);
    return await action({ host: `127.0.0.1:${port}`, storage });
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.kill()) await ended;
  }
}

/** Writes a Docker `config.json` with a login for this host; answers its path. */
export function writeLogin(path: string, host: string, password = login.password): string {
  const auth = Buffer.from(`${login.user}:${password}`).toString('base64');
  writeFileSync(path, JSON.stringify({ auths: { [host]: { auth } } }));
  return path;
}

/** Pushes the only image of a layout by plain requests (OCI distribution-spec 1.1, "Pushing"). */
export async function pushImage(layout: string, host: string, repository: string, tag: string): Promise<void> {
  const blob = (digest: string): Buffer => readFileSync(join(layout, 'blobs', ...digest.split(':')));
  const index: { manifests: readonly { digest: string; mediaType: string }[] } = JSON.parse(
    readFileSync(join(layout, 'index.json'), 'utf8'),
  );
  const [descriptor] = index.manifests;
  assert.ok(descriptor !== undefined && index.manifests.length === 1, 'a layout of one image');
  const manifest: { config: { digest: string }; layers: readonly { digest: string }[] } = JSON.parse(
    blob(descriptor.digest).toString('utf8'),
  );
  const base = `http://${host}/v2/${repository}`;
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  for (const { digest } of [manifest.config, ...manifest.layers]) {
    const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers: { authorization } });
    assert.equal(begun.status, 202, await begun.text());
    const url = new URL(begun.headers.get('location') ?? '', base);
    url.searchParams.set('digest', digest);
    const done = await fetch(url, { method: 'PUT', headers: { authorization }, body: new Uint8Array(blob(digest)) });
    assert.equal(done.status, 201, await done.text());
  }
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': descriptor.mediaType },
    body: new Uint8Array(blob(descriptor.digest)),
  });
  assert.equal(put.status, 201, await put.text());
}

/** A port of the loopback interface that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Waits until the process listens on the port; fails when it ends first. */
export async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    assert.equal(child.exitCode, null, 'the registry ended');
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the registry does not listen');
}
