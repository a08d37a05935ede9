import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { helmDo, noHelm, privateEnv, run } from '../../test/chart-repository.js';
import { inScratch } from '../../test/run.js';
import { helmPlaces, readRepositories, sameUrl } from './helm-config.js';

test('the places of Helm’s configuration are those of helm env', { skip: noHelm || process.platform !== 'linux' }, () =>
  inScratch(async (dir) => {
    const environments: readonly Readonly<Record<string, string>>[] = [
      {},
      { XDG_CONFIG_HOME: join(dir, 'xdg'), XDG_CACHE_HOME: join(dir, 'xdg-cache') },
      { HELM_CONFIG_HOME: join(dir, 'helm'), HELM_CACHE_HOME: join(dir, 'cache'), XDG_CONFIG_HOME: join(dir, 'xdg') },
      {
        HELM_REPOSITORY_CONFIG: join(dir, 'r.yaml'),
        HELM_REGISTRY_CONFIG: join(dir, 'r.json'),
        HELM_REPOSITORY_CACHE: join(dir, 'rc'),
      },
      { HELM_CONFIG_HOME: '', XDG_CONFIG_HOME: '', HELM_REPOSITORY_CONFIG: '' },
    ];
    for (const more of environments) {
      const env = { PATH: process.env.PATH ?? '', HOME: dir, ...more };
      const { stdout } = await run('helm', ['env'], env);
      const told = (name: string): string => new RegExp(`^${name}="(.*)"$`, 'm').exec(stdout)?.[1] ?? 'untold';
      const { repositories, registryLogins, repositoryCache } = helmPlaces(env);
      assert.deepEqual(
        { repositories, registryLogins, repositoryCache },
        {
          repositories: told('HELM_REPOSITORY_CONFIG'),
          registryLogins: told('HELM_REGISTRY_CONFIG'),
          repositoryCache: told('HELM_REPOSITORY_CACHE'),
        },
        JSON.stringify(more),
      );
    }
  }),
);

test('other systems keep it elsewhere', () => {
  const places = (platform: NodeJS.Platform, env: Record<string, string>): string =>
    helmPlaces(env, platform).repositories;
  assert.equal(places('darwin', { HOME: '/u' }), join('/u', 'Library', 'Preferences', 'helm', 'repositories.yaml'));
  assert.equal(places('win32', { HOME: '/u', APPDATA: '/roaming' }), join('/roaming', 'helm', 'repositories.yaml'));
  assert.equal(helmPlaces({ HOME: '/u', GNUPGHOME: '/keys' }).keyring, join('/keys', 'pubring.gpg'));
});

test('what helm repo add wrote is read', { skip: noHelm }, () =>
  inScratch(async (dir) => {
    const index = join(dir, 'index.yaml');
    writeFileSync(index, 'apiVersion: v1\nentries: {}\n');
    const { createServer } = await import('node:http');
    const server = createServer((_, response) => response.end('apiVersion: v1\nentries: {}\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/charts`;
    try {
      await helmDo(dir, 'repo', 'add', 'first', url, '--username', 'me', '--password', 'p: #"\'', '--pass-credentials');
      await helmDo(dir, 'repo', 'add', 'second', url, '--insecure-skip-tls-verify');
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    const none = {
      username: '',
      password: '',
      certFile: '',
      keyFile: '',
      caFile: '',
      insecureSkipTlsVerify: false,
      passCredentialsAll: false,
    };
    assert.deepEqual(await readRepositories(helmPlaces(privateEnv(dir)).repositories), [
      { ...none, name: 'first', url, username: 'me', password: 'p: #"\'', passCredentialsAll: true },
      { ...none, name: 'second', url, insecureSkipTlsVerify: true },
    ]);
  }),
);

test('a list that is not there is empty; one that is none says so', () =>
  inScratch(async (dir) => {
    assert.deepEqual(await readRepositories(join(dir, 'nothing.yaml')), []);
    assert.deepEqual(await readRepositories(''), []);
    const path = join(dir, 'r.yaml');
    for (const [text, expected] of [
      ['', 0],
      ['repositories: []', 0],
      ['repositories:\n- name: a\n- x\n', 1],
    ] as const) {
      writeFileSync(path, text);
      assert.equal((await readRepositories(path)).length, expected, text);
    }
    for (const text of ['- a', 'repositories: {a: b}', 'a: [']) {
      writeFileSync(path, text);
      await assert.rejects(readRepositories(path), /couldn't load repositories file: it (?:is no YAML|holds no list)/);
    }
    mkdirSync(join(dir, 'folder'));
    await assert.rejects(readRepositories(join(dir, 'folder')), /couldn't load repositories file/);
  }));

test('URLs of repositories are the same up to slashes', () => {
  assert.ok(sameUrl('https://example.org/charts', 'https://example.org/charts/'));
  assert.ok(sameUrl('https://example.org', 'https://example.org/'));
  assert.ok(sameUrl('https://example.org//charts', 'https://example.org/charts'));
  assert.ok(!sameUrl('https://example.org/charts', 'https://example.org/Charts'));
  assert.ok(!sameUrl('https://example.org/charts', 'http://example.org/charts'));
});
