import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { programMissing } from '../../test/paths.js';
import { isTrowelError } from '../model/index.js';
import { parseChallenges } from './auth.js';
import { askHelper } from './credential-helper.js';
import { loadRegistryConfig } from './docker-config.js';
import { inTemporary, withFinder } from './finder.test.support.js';
import { type TestAnswer, type TestHandler, withServer } from './registry.test.support.js';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('challenges are taken apart', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['', []],
    ['Basic', [['basic', {}]]],
    ['Basic realm="a, \\"b\\""', [['basic', { realm: 'a, "b"' }]]],
    [
      'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://auth.example/token', service: 'registry', scope: 'repository:a/b:pull,push' }]],
    ],
    [
      'Basic realm=x, Bearer realm = "y" , service=z',
      [
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y', service: 'z' }],
      ],
    ],
    ['BEARER Realm="unfinished', [['bearer', { realm: 'unfinished' }]]],
    ['"x" Bearer', []],
    ['Bearer ==', [['bearer', {}]]],
  ];
  for (const [header, expected] of cases) {
    const found = parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
    assert.deepEqual(found, expected, header);
  }
});

test('no header makes the parser hang', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (header) => {
      parseChallenges(header);
    }),
  );
  parseChallenges(`Bearer ${'a="\\'.repeat(100_000)}`);
});

/** A registry that serves nothing: every request with the right header is a 404, any other a 401. */
function guarded(challenge: string, right: string): TestHandler {
  return ({ authorization }) =>
    authorization === right ? { status: 404 } : { status: 401, headers: { 'www-authenticate': challenge } };
}

async function ask(registry: TestHandler, config: unknown, also: Readonly<Record<string, string>> = {}) {
  return withServer(registry, (server) =>
    inTemporary(async (dir) => {
      const registryConfig = join(dir, 'config.json');
      await writeFile(registryConfig, JSON.stringify(config).replaceAll('HOST', server.host));
      const options = { offline: false, plainHttp: [server.host], registryConfig, env: also };
      const error = await withFinder(options, (finder) =>
        finder.find({ kind: 'reference', reference: `${server.host}/team/app:1` }).then(
          () => null,
          (caught: unknown) => caught,
        ),
      );
      assert.ok(isTrowelError(error), String(error));
      return { error, requests: server.requests };
    }),
  );
}

test('basic credentials are sent when asked for, once', async () => {
  const registry = guarded('Basic realm="x"', basic('me', 'a:b'));
  const right = await ask(registry, { auths: { HOST: { auth: base64('me:a:b') } } });
  assert.equal(right.error.code, 'not-found');
  assert.deepEqual(
    right.requests.map((request) => request.authorization),
    [null, basic('me', 'a:b')],
  );
  const wrong = await ask(registry, { auths: { HOST: { username: 'me', password: 'secret-x' } } });
  assert.equal(wrong.error.code, 'denied');
  assert.equal(wrong.requests.length, 2);
  assert.match(wrong.error.message, /these credentials do not open: .*config\.json/);
  assert.doesNotMatch(JSON.stringify(wrong.error) + wrong.error.message, /secret-x/);
  const none = await ask(registry, {});
  assert.equal(none.error.code, 'denied');
  assert.match(none.error.message, /none are known for 127\.0\.0\.1/);
});

/** A token server beside a registry. */
async function withTokens(token: TestAnswer, config: unknown, right = 'Bearer good') {
  return withServer(
    () => token,
    async (tokens) => {
      const challenge = `Bearer realm="http://${tokens.host}/token?x=1",service="the registry",scope="repository:team/app:pull"`;
      return { ...(await ask(guarded(challenge, right), config)), tokens: tokens.requests };
    },
  );
}

test('a bearer token is fetched for anyone, for a user and for an identity token', async () => {
  const good = { body: JSON.stringify({ token: 'good' }) };
  const anyone = await withTokens(good, {});
  assert.equal(anyone.error.code, 'not-found');
  const query = '/token?x=1&service=the+registry&scope=repository%3Ateam%2Fapp%3Apull';
  assert.deepEqual([anyone.tokens[0]?.path, anyone.tokens[0]?.authorization], [query, null]);
  const user = await withTokens(
    { body: JSON.stringify({ access_token: 'good' }) },
    { auths: { HOST: { auth: base64('me:pw') } } },
  );
  assert.equal(user.error.code, 'not-found');
  assert.deepEqual([user.tokens[0]?.path, user.tokens[0]?.authorization], [`${query}&account=me`, basic('me', 'pw')]);
  const identity = await withTokens(good, { auths: { HOST: { auth: base64('x:'), identitytoken: 'id' } } });
  assert.equal(identity.error.code, 'not-found');
  assert.equal(identity.tokens[0]?.method, 'POST');
  assert.match(identity.tokens[0]?.body ?? '', /grant_type=refresh_token&refresh_token=id&/);
  const direct = await withTokens(good, { auths: { HOST: { registrytoken: 'good' } } });
  assert.deepEqual([direct.error.code, direct.tokens.length], ['not-found', 0]);
});

test('a token server that refuses, fails or talks nonsense', async () => {
  const cases: readonly (readonly [TestAnswer, string, RegExp])[] = [
    [{ status: 401 }, 'denied', /lets nobody in/],
    [{ status: 403 }, 'denied', /403/],
    [{ status: 500 }, 'unreachable', /500/],
    [{ status: 429, headers: { 'retry-after': '900' } }, 'rate-limited', /later/],
    [{ body: '{}' }, 'bad-bytes', /without a token/],
    [{ body: '{"token":"a\\r\\nX-Evil: 1"}' }, 'bad-bytes', /without a token/],
    [{ body: 'hello' }, 'bad-bytes', /no JSON/],
    [{ body: '{"token":"bad"}' }, 'denied', /401/],
  ];
  for (const [answer, code, message] of cases) {
    const { error, requests } = await withTokens(answer, {});
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.ok(requests.length <= 2, 'a second 401 is the end');
  }
  const odd = await ask(guarded('Bearer realm="ftp://x"', ''), {});
  assert.equal(odd.error.code, 'bad-bytes');
});

test('credentials stay with the host that they are for', () =>
  withServer(
    () => ({ status: 404 }),
    async (elsewhere) => {
      const registry: TestHandler = ({ authorization }) =>
        authorization === null
          ? { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
          : { status: 307, headers: { location: `http://${elsewhere.host}/stolen?token=1` } };
      const { error } = await ask(registry, { auths: { HOST: { auth: base64('me:pw') } } });
      assert.equal(error.code, 'not-found');
      assert.deepEqual(
        elsewhere.requests.map(({ path, authorization }) => [path, authorization]),
        [['/stolen?token=1', null]],
      );
    },
  ));

test('a 401 from where a redirect led is not answered', () =>
  withServer(
    () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="give"' } }),
    async (elsewhere) => {
      const registry: TestHandler = () => ({ status: 307, headers: { location: `http://${elsewhere.host}/` } });
      const { error } = await ask(registry, { auths: { HOST: { auth: base64('me:pw') } } });
      assert.equal(error.code, 'denied');
      assert.ok(elsewhere.requests.every(({ authorization }) => authorization === null));
    },
  ));

test('under which key credentials stand', () =>
  inTemporary(async (dir) => {
    const path = join(dir, 'config.json');
    const auth = (user: string) => ({ auth: base64(`${user}:pw`) });
    await writeFile(
      path,
      JSON.stringify({
        auths: {
          'https://index.docker.io/v1/': auth('hub'),
          'https://old.example/v2/': auth('old'),
          'quay.example': auth('quay'),
          'quay.example/team': auth('team'),
          'quay.example/team/app': auth('app'),
          'empty.example': {},
          'broken.example': { auth: '%%%' },
          'nul.example': { auth: base64('nul:pw\0\0') },
        },
      }),
    );
    const config = await loadRegistryConfig(path, {});
    const user = async (registry: string, repository: string): Promise<string | null> => {
      const { credential } = await config.find(registry, repository);
      return credential?.kind === 'password' ? `${credential.username}:${credential.password}` : null;
    };
    assert.equal(await user('docker.io', 'library/nginx'), 'hub:pw');
    assert.equal(await user('old.example', 'a'), 'old:pw');
    assert.equal(await user('quay.example', 'other'), 'quay:pw');
    assert.equal(await user('quay.example', 'team/tool'), 'team:pw');
    assert.equal(await user('quay.example', 'team/app'), 'app:pw');
    assert.equal(await user('quay.example', 'teamwork'), 'quay:pw');
    assert.equal(await user('nul.example', 'a'), 'nul:pw');
    for (const registry of ['empty.example', 'broken.example', 'nowhere.example', '__proto__']) {
      assert.equal(await user(registry, 'a'), null, registry);
    }
    await assert.rejects(loadRegistryConfig(join(dir, 'none'), {}), (error) => isTrowelError(error, 'not-found'));
    await writeFile(path, 'not json');
    await assert.rejects(loadRegistryConfig(path, {}), (error) => isTrowelError(error, 'bad-bytes'));
  }));

test('configurations are looked for where container tools keep them', () =>
  inTemporary(async (dir) => {
    const auths = (user: string) => JSON.stringify({ auths: { 'a.example': { auth: base64(`${user}:pw`) } } });
    await mkdir(join(dir, 'run', 'containers'), { recursive: true });
    await mkdir(join(dir, '.docker'));
    const places: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      [join(dir, 'run', 'containers', 'auth.json'), { XDG_RUNTIME_DIR: join(dir, 'run') }],
      [join(dir, '.docker', 'config.json'), { HOME: dir }],
      [join(dir, 'config.json'), { HOME: dir, DOCKER_CONFIG: dir }],
      [join(dir, 'named.json'), { HOME: dir, REGISTRY_AUTH_FILE: join(dir, 'named.json') }],
    ];
    for (const [path, env] of places) {
      await writeFile(path, auths(path));
      const { note } = await (await loadRegistryConfig(null, env)).find('a.example', 'x');
      assert.equal(note, path);
    }
    assert.equal((await (await loadRegistryConfig(null, {})).find('a.example', 'x')).credential, null);
  }));

/** Credential helpers as shell scripts in a folder of their own. */
async function withHelpers(
  scripts: Readonly<Record<string, string>>,
  action: (env: Record<string, string>, dir: string) => Promise<void>,
): Promise<void> {
  await inTemporary(async (dir) => {
    for (const [name, script] of Object.entries(scripts)) {
      const path = join(dir, `docker-credential-${name}`);
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
    }
    await action({ PATH: `${dir}${delimiter}${process.env.PATH ?? ''}` }, dir);
  });
}

test('credential helpers', { skip: programMissing('sh') || programMissing('sleep') }, () =>
  withHelpers(
    {
      good: 'read server; printf \'{"ServerURL":"%s","Username":"me","Secret":"%s"}\' "$server" "pw-$server"',
      token: 'echo \'{"Username":"<token>","Secret":"id"}\'',
      unknown: 'echo "credentials not found in native keychain"; exit 1',
      broken: 'echo pw-secret; exit 3',
      chatty: 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
      slow: 'sleep 60; echo',
      odd: 'echo "[]"',
    },
    async (env, dir) => {
      const server = 'a.example';
      const good = await askHelper('good', server, env);
      assert.deepEqual(good, { kind: 'password', username: 'me', password: 'pw-a.example' });
      assert.deepEqual(await askHelper('token', server, env), { kind: 'identity-token', token: 'id' });
      assert.equal(await askHelper('unknown', server, env), null);
      for (const [name, code] of [
        ['broken', 'denied'],
        ['chatty', 'denied'],
        ['odd', 'denied'],
        ['absent', 'denied'],
        ['slow', 'timeout'],
        ['../../bin/sh', 'usage'],
        ['a b', 'usage'],
        ['', 'usage'],
      ] as const) {
        await assert.rejects(askHelper(name, server, env, 2000), (error) => {
          assert.ok(isTrowelError(error, code), `${name}: ${String(error)}`);
          assert.doesNotMatch(error.message, /pw-secret/);
          return true;
        });
      }
      const path = join(dir, 'config.json');
      await writeFile(path, JSON.stringify({ credsStore: 'broken', credHelpers: { 'a.example': 'good' } }));
      const config = await loadRegistryConfig(path, env);
      assert.deepEqual((await config.find('a.example', 'x')).credential, good);
      const failed = await config.find('b.example', 'x');
      assert.equal(failed.credential, null);
      assert.match(failed.note, /docker-credential-broken failed \(exit 3\)/);
    },
  ),
);
