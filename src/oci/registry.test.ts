import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type BlobLocation, type Image, isTrowelError, type Reason } from '../model/index.js';
import { type TarEntry, writeTar } from '../pack/index.js';
import { digestOf } from './digest.js';
import type { FindOptions, ImageFinder } from './find-images.js';
import { digestsOf, withFinder } from './finder.test.support.js';
import { mediaTypes } from './manifest.js';
import { type TestAnswer, type TestHandler, type TestServer, withServer } from './registry.test.support.js';

const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const entry: TarEntry = { path: 'a', type: 'file', mode: 0o644, content: Buffer.alloc(20_000, 'abc') };
const layer = Buffer.concat([...writeTar([entry])]);
const config = text({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [digestOf(layer)] } });
const describe = (mediaType: string, bytes: Uint8Array) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
const manifest = text({
  schemaVersion: 2,
  mediaType: mediaTypes.ociManifest,
  config: describe(mediaTypes.ociConfig, config),
  layers: [describe(mediaTypes.ociLayer, layer)],
});
const index = text({
  schemaVersion: 2,
  mediaType: mediaTypes.dockerIndex,
  manifests: [
    { ...describe(mediaTypes.ociManifest, manifest), platform: { os: 'linux', architecture: 'amd64' } },
    { ...describe(mediaTypes.ociManifest, text('gone')), platform: { os: 'linux', architecture: 'arm64' } },
    { ...describe(mediaTypes.ociManifest, config), platform: { os: 'unknown', architecture: 'unknown' } },
  ],
});

/** A registry that has one repository, `team/app`, with the tags `1` (a manifest) and `all` (an index). */
const healthy: TestHandler = ({ path }) => {
  const base = '/v2/team/app';
  const found: Readonly<Record<string, TestAnswer>> = {
    [`${base}/manifests/1`]: { body: manifest, headers: { 'content-type': mediaTypes.ociManifest } },
    [`${base}/manifests/${digestOf(manifest)}`]: { body: manifest },
    [`${base}/manifests/all`]: { body: index, headers: { 'docker-content-digest': digestOf(index) } },
    [`${base}/blobs/${digestOf(config)}`]: { body: config },
    [`${base}/blobs/${digestOf(layer)}`]: { body: layer },
  };
  return found[path] ?? { status: 404, body: text({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'not here' }] }) };
};

function online<T>(
  handler: TestHandler,
  options: Partial<FindOptions>,
  action: (finder: ImageFinder, server: TestServer) => Promise<T>,
): Promise<T> {
  return withServer(handler, (server) =>
    withFinder({ offline: false, plainHttp: [server.host], ...options }, (finder) => action(finder, server)),
  );
}

function find(finder: ImageFinder, server: TestServer, name = 'team/app:1'): Promise<readonly Image[]> {
  return finder.find({ kind: 'reference', reference: `${server.host}/${name}` });
}

const failsWith = (code: Reason, message: RegExp) => (error: unknown) => {
  assert.ok(isTrowelError(error), String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

function layerOf(image: Image | undefined): BlobLocation {
  const location = image?.layers[0]?.location;
  if (location === null || location === undefined) throw new Error('the test image has no layer');
  return location;
}

test('an image by tag, through an index and by digest', () =>
  online(healthy, {}, async (finder, server) => {
    const [byTag] = await find(finder, server);
    assert.deepEqual(
      [byTag?.digest, byTag?.indexDigest, byTag?.source, byTag?.config.digest],
      [digestOf(manifest), null, 'registry', digestOf(config)],
    );
    const [byIndex] = await find(finder, server, 'team/app:all');
    assert.deepEqual([byIndex?.digest, byIndex?.indexDigest], [digestOf(manifest), digestOf(index)]);
    const [byDigest] = await find(finder, server, `team/app:9@${digestOf(manifest)}`);
    assert.equal(byDigest?.digest, digestOf(manifest));
    assert.equal((await digestsOf(finder.openBlob, layerOf(byTag))).digest, digestOf(layer));
    assert.equal(server.requests.filter(({ path }) => path.endsWith('/manifests/1')).length, 1, 'asked once');
  }));

test('the platforms of an index are listed where none fits', () =>
  online(healthy, { platforms: ['linux/s390x'] }, (finder, server) =>
    assert.rejects(
      find(finder, server, 'team/app:all'),
      failsWith('no-such-platform', /linux\/s390x; there are linux\/amd64, linux\/arm64;/),
    ),
  ));

test('one bad platform of several costs its own answer', () =>
  online(healthy, { platforms: 'all' }, async (finder, server) => {
    const images = await find(finder, server, 'team/app:all');
    assert.deepEqual(
      images.map((image) => [image.id.split('|')[1], image.problems.map((problem) => problem.reason)]),
      [
        ['linux/amd64', []],
        ['linux/arm64', ['not-found']],
      ],
    );
  }));

const refusals: readonly (readonly [string, TestAnswer, Reason, RegExp])[] = [
  ['no such tag', { status: 404, body: text({ errors: [{ code: 'MANIFEST_UNKNOWN' }] }) }, 'not-found', /docker save/],
  [
    'no such name',
    { status: 404, body: text({ errors: [{ code: 'NAME_UNKNOWN' }] }) },
    'not-found',
    /no such repository/,
  ],
  ['HTML', { status: 404, body: '<html>' }, 'not-found', /no such image/],
  ['forbidden', { status: 403 }, 'denied', /status 403/],
  ['401 without a challenge', { status: 401 }, 'denied', /wants credentials/],
  ['a challenge of a strange scheme', { status: 401, headers: { 'www-authenticate': 'NTLM' } }, 'denied', /401/],
  ['rate limit', { status: 429, headers: { 'retry-after': '7200' } }, 'rate-limited', /Retry-After 7200/],
  ['broken server', { status: 503, body: 'x'.repeat(100_000) }, 'unreachable', /status 503/],
  ['a teapot', { status: 418 }, 'bad-bytes', /418/],
  ['no JSON', { body: '<html>welcome</html>' }, 'bad-bytes', /begins with "<html>/],
  ['empty', { body: '' }, 'bad-bytes', /empty/],
  ['huge', { body: Buffer.alloc(5 * 1024 * 1024, 32) }, 'too-large', /4194304/],
  [
    'another digest',
    { body: manifest, headers: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` } },
    'bad-digest',
    /is sha256/,
  ],
  ['redirect to nowhere', { status: 307, headers: { location: 'http://[' } }, 'bad-bytes', /no URL/],
  ['redirect to a file', { status: 307, headers: { location: 'file:///etc/passwd' } }, 'unreachable', /TLS/],
  [
    'redirect to itself',
    { status: 307, headers: { location: '/v2/team/app/manifests/1' } },
    'unreachable',
    /10 redirects/,
  ],
  [
    'cut off',
    { body: manifest.subarray(0, 50), headers: { 'content-length': '9000' }, cut: true },
    'truncated',
    /broke off/,
  ],
];

for (const [name, answer, code, message] of refusals) {
  test(`a registry that answers badly: ${name}`, () =>
    online(
      () => answer,
      {},
      async (finder, server) => {
        await assert.rejects(find(finder, server), failsWith(code, message));
        assert.ok(server.requests.length <= 11);
      },
    ));
}

test('a registry that never answers, or drop by drop, costs the time-out', async () => {
  for (const answer of [{ hang: true }, { body: manifest, dripMs: 40 }]) {
    await online(
      () => answer,
      { timeoutMs: 500 },
      (finder, server) => assert.rejects(find(finder, server), failsWith('timeout', /--timeout/)),
    );
  }
});

test('nothing is asked offline, and nobody answers where nobody listens', async () => {
  await online(healthy, { offline: true }, async (finder, server) => {
    await assert.rejects(find(finder, server), failsWith('unreachable', /not asked: offline/));
    assert.equal(server.requests.length, 0);
  });
  const closed = await withServer(healthy, async ({ host }) => host);
  await withFinder({ offline: false, plainHttp: [closed] }, (finder) =>
    assert.rejects(
      finder.find({ kind: 'reference', reference: `${closed}/a` }),
      failsWith('unreachable', /refuses the connection/),
    ),
  );
});

test('plain HTTP is spoken only where it was named', () =>
  online(healthy, { plainHttp: [] }, (finder, server) =>
    assert.rejects(find(finder, server), failsWith('unreachable', /--plain-http 127\.0\.0\.1/)),
  ));

test('what may pass is tried again, as long as the server asks', async () => {
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  let count = 0;
  const busy: TestHandler = (request) => {
    count += 1;
    if (count === 1) return { status: 429, headers: { 'retry-after': '2' } };
    if (count === 2) return { status: 502 };
    return healthy(request);
  };
  await online(busy, { sleep }, async (finder, server) => {
    assert.equal((await find(finder, server)).length, 1);
    assert.deepEqual(waits, [2000, 1000]);
  });
});

test('a layer whose connection breaks is taken up where it ended', async () => {
  for (const honours of [true, false]) {
    let breaks = 0;
    const flaky: TestHandler = (request) => {
      if (!request.path.endsWith(`/blobs/${digestOf(layer)}`)) return healthy(request);
      const from = Number(/^bytes=([0-9]+)-$/.exec(request.range ?? '')?.[1] ?? 0);
      const rest = honours ? layer.subarray(from) : layer;
      const partial = honours && from > 0;
      const head = {
        'content-length': String(rest.length),
        ...(partial ? { 'content-range': `bytes ${from}-${layer.length - 1}/${layer.length}` } : {}),
      };
      const status = partial ? 206 : 200;
      breaks += 1;
      return breaks < 3
        ? { status, headers: head, body: rest.subarray(0, breaks * 7000), cut: true }
        : { status, headers: head, body: rest };
    };
    await online(flaky, {}, async (finder, server) => {
      const [image] = await find(finder, server);
      assert.equal((await digestsOf(finder.openBlob, layerOf(image))).digest, digestOf(layer), `range: ${honours}`);
      assert.equal(breaks, 3);
    });
  }
});

test('a layer that only ever breaks off ends in an error', () =>
  online(
    (request) =>
      request.path.includes(digestOf(layer))
        ? { body: 'x', headers: { 'content-length': '9' }, cut: true }
        : healthy(request),
    {},
    async (finder, server) => {
      const [image] = await find(finder, server);
      await assert.rejects(digestsOf(finder.openBlob, layerOf(image)), (error) =>
        isTrowelError(error, 'truncated', 'bad-bytes'),
      );
    },
  ));

test('a configuration that is not its digest is refused, or read with a problem', async () => {
  const wrong: TestHandler = (request) =>
    request.path.includes(digestOf(config))
      ? { body: config.toString('utf8').replace('amd64', 'arm64') }
      : healthy(request);
  await online(wrong, {}, (finder, server) =>
    assert.rejects(find(finder, server), failsWith('bad-digest', /configuration should be/)),
  );
  await online(wrong, { allowBadDigest: true }, async (finder, server) => {
    const [image] = await find(finder, server);
    assert.deepEqual(
      image?.problems.map((problem) => problem.reason),
      ['bad-digest'],
    );
  });
});

test('a manifest asked by digest must be that digest', async () => {
  const wrong: TestHandler = () => ({ body: Buffer.concat([manifest, Buffer.from(' ')]) });
  const name = `team/app@${digestOf(manifest)}`;
  await online(wrong, {}, (finder, server) => assert.rejects(find(finder, server, name), failsWith('bad-digest', /./)));
});

test('a chart and a signature are named as what they are', async () => {
  const of = (type: string) => {
    const body = text({ config: { mediaType: type, digest: digestOf(config), size: config.length }, layers: [] });
    return online(
      () => ({ body }),
      {},
      (finder, server) => find(finder, server),
    );
  };
  await assert.rejects(of('application/vnd.cncf.helm.config.v1+json'), failsWith('unsupported', /Helm chart/));
  await assert.rejects(of('application/vnd.in-toto+json'), failsWith('unsupported', /an artifact/));
});

test('a proxy of the environment is used, and left out where it says so', () =>
  withServer(healthy, async (server) => {
    let tunnels = 0;
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels += 1;
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    try {
      for (const [env, used] of [
        [{ http_proxy: url }, true],
        [{ http_proxy: url, no_proxy: '127.0.0.1' }, false],
        [{ HTTPS_PROXY: url }, false],
      ] as const) {
        tunnels = 0;
        await withFinder({ offline: false, plainHttp: [server.host], env }, (finder) => find(finder, server));
        assert.equal(tunnels > 0, used, JSON.stringify(Object.keys(env)));
      }
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  }));
