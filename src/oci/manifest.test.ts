import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError, platformName, type Reason } from '../model/index.js';
import { chainIDs, parseConfig } from './config.js';
import { mediaTypes, parseManifest } from './manifest.js';
import { choosePlatforms, hostPlatform, normalisePlatform, parsePlatform } from './platform.js';

const digest = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: mediaTypes.ociManifest, digest, size: 10 };
const layer = { mediaType: `${mediaTypes.ociLayer}+gzip`, digest, size: 20 };
const bytesOf = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const parse = (value: unknown, stated: string | null = null) => parseManifest(bytesOf(value), stated, {});

test('indexes and manifests of both families', () => {
  for (const mediaType of [mediaTypes.ociIndex, mediaTypes.dockerIndex]) {
    const index = parse({ schemaVersion: 2, mediaType, manifests: [descriptor] });
    assert.equal(index.kind === 'index' && index.entries[0]?.role, 'image');
  }
  for (const mediaType of [mediaTypes.ociManifest, mediaTypes.dockerManifest]) {
    const manifest = parse({ schemaVersion: 2, config: descriptor, layers: [layer, layer] }, mediaType);
    assert.equal(manifest.mediaType, mediaType);
    assert.equal(manifest.kind === 'manifest' && manifest.layers.length, 2);
  }
  const empty = parse({ schemaVersion: 2, manifests: [] });
  assert.equal(empty.kind === 'index' && empty.entries.length, 0);
});

test('what an entry of an index is', () => {
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [descriptor, 'image'],
    [{ ...descriptor, mediaType: mediaTypes.ociIndex }, 'index'],
    [{ ...descriptor, mediaType: '' }, 'image'],
    [{ ...descriptor, platform: { os: 'linux', architecture: 'arm64' } }, 'image'],
    [{ ...descriptor, platform: { os: 'unknown', architecture: 'unknown' } }, 'other'],
    [{ ...descriptor, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }, 'other'],
    [{ ...descriptor, artifactType: 'application/spdx+json' }, 'other'],
    [{ ...descriptor, mediaType: 'text/plain' }, 'other'],
  ];
  for (const [entry, role] of cases) {
    const index = parse({ manifests: [entry] });
    assert.equal(index.kind === 'index' && index.entries[0]?.role, role, JSON.stringify(entry));
  }
});

test('documents that are refused, with the reason', () => {
  const many = Array.from({ length: 1001 }, () => layer);
  const cases: readonly (readonly [unknown, Reason, RegExp])[] = [
    ['', 'bad-bytes', /empty/],
    ['<html>', 'bad-bytes', /begins with/],
    ['[]', 'bad-bytes', /a list/],
    ['null', 'bad-bytes', /null/],
    ['{"manifests":[', 'bad-bytes', /no JSON/],
    [{}, 'bad-bytes', /fields are none/],
    [{ schemaVersion: 1, fsLayers: [] }, 'unsupported', /schema 1/],
    [{ mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws', layers: [] }, 'unsupported', /schema 1/],
    [{ manifests: [], layers: [], config: descriptor }, 'bad-bytes', /two things/],
    [{ layers: [] }, 'bad-bytes', /config is no descriptor/],
    [{ config: descriptor, layers: [1] }, 'bad-bytes', /layers\[0\] is no descriptor/],
    [{ config: { ...descriptor, digest: 'sha256:../../x' }, layers: [] }, 'bad-bytes', /config\.digest/],
    [{ config: { ...descriptor, size: -1 }, layers: [] }, 'bad-bytes', /config\.size/],
    [{ config: { ...descriptor, size: 1.5 }, layers: [] }, 'bad-bytes', /config\.size/],
    [{ config: { ...descriptor, size: 1e300 }, layers: [] }, 'bad-bytes', /config\.size/],
    [{ config: descriptor, layers: many }, 'too-large', /1001 layers/],
    [`{"a":${'['.repeat(500_000)}`, 'bad-bytes', /no JSON/],
  ];
  for (const [document, code, message] of cases) {
    assert.throws(
      () => parse(document),
      (error) => isTrowelError(error, code) && message.test(error.message),
      JSON.stringify(document)?.slice(0, 80),
    );
  }
});

test('a configuration with fields of wrong types keeps the others', () => {
  const config = parseConfig(
    bytesOf({
      architecture: 'aarch64',
      variant: 'v8',
      created: 5,
      config: { Env: ['A=1', 2], Labels: { a: 'b', c: 1, __proto__: 'x' }, Cmd: 'sh', Entrypoint: null, User: 0 },
      rootfs: { diff_ids: [digest, 'no digest'] },
      history: [null, { created_by: 'x', empty_layer: 'yes' }],
    }),
    {},
  );
  assert.equal(platformName(config.platform), 'linux/arm64');
  assert.equal(config.created, null);
  assert.deepEqual(config.config, { labels: { a: 'b' }, user: null, entrypoint: [], cmd: ['sh'], env: ['A=1'] });
  assert.deepEqual(config.diffIDs, [digest, null]);
  assert.deepEqual(
    config.history.map((line) => line.layer),
    [0, 1],
  );
  assert.equal(platformName(parseConfig(bytesOf({}), {}).platform), 'linux/unknown');
});

test('a label named __proto__ is a label', () => {
  const { config } = parseConfig(bytesOf('{"config":{"Labels":{"__proto__":"x"}}}'), {});
  assert.deepEqual(Object.entries(config.labels), [['__proto__', 'x']]);
});

// The second by: printf '%s %s' sha256:aaa… sha256:bbb… | sha256sum
test('chain IDs are those of the image-spec', () => {
  const ids = ['a', 'b', 'c'].map((letter) => `sha256:${letter.repeat(64)}`);
  const chains = chainIDs([ids[0] ?? '', ids[1] ?? '', null, ids[2] ?? '']);
  assert.equal(chains[0], ids[0]);
  assert.equal(chains[1], 'sha256:ccd722928bd92476ba1745586fed6e45a102504185ad88cd89e01ff116fd146c');
  assert.deepEqual(chains.slice(2), [null, null]);
  assert.deepEqual(chainIDs([]), []);
});

// containerd/platforms database.go, platforms_test.go
test('platforms have one spelling', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['linux/amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['Linux/AArch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm64/v9.0', 'linux/arm64/v9'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/6', 'linux/arm/v6'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/i386', 'linux/386'],
    ['macos/arm64', 'darwin/arm64'],
    ['linux/s390x', 'linux/s390x'],
  ];
  for (const [text, expected] of cases) assert.equal(platformName(parsePlatform(text)), expected, text);
  for (const text of ['', 'linux', 'a/b/c/d', 'linux/', 'linux/am d', '/amd64', 'all']) {
    assert.throws(() => parsePlatform(text), /is no platform/, text);
  }
  assert.equal(platformName(hostPlatform('x64')), 'linux/amd64');
  assert.equal(platformName(hostPlatform('arm')), 'linux/arm/v7');
});

test('choosing among platforms', () => {
  const offer = (...names: readonly string[]) =>
    names.map((name) => {
      const [os = '', architecture = '', variant = null] = name.split('/');
      return { platform: normalisePlatform({ os, architecture, variant }), name };
    });
  const choose = (there: readonly string[], ...wish: readonly string[]) =>
    choosePlatforms(offer(...there), wish.map(parsePlatform), 'x').chosen.map((item) => item.name);
  const busybox = ['linux/amd64', 'linux/arm/v5', 'linux/arm/v6', 'linux/arm/v7', 'linux/arm64/v8', 'linux/386'];
  assert.deepEqual(choose(busybox, 'linux/arm'), ['linux/arm/v7']);
  assert.deepEqual(choose(busybox, 'linux/arm/v6'), ['linux/arm/v6']);
  assert.deepEqual(choose(busybox, 'linux/arm/v8'), ['linux/arm/v7'], 'a newer machine runs the older variant');
  assert.deepEqual(choose(busybox, 'linux/arm64'), ['linux/arm64/v8']);
  assert.deepEqual(choose(busybox, 'linux/amd64/v3', 'linux/arm64/v9.2'), ['linux/amd64', 'linux/arm64/v8']);
  assert.deepEqual(choose(['linux/arm/v7', 'linux/amd64/v3'], 'linux/arm/v7'), ['linux/arm/v7']);
  assert.throws(
    () => choose(['linux/arm/v7', 'linux/amd64/v3'], 'linux/amd64', 'linux/arm/v6'),
    /there are linux\/amd64\/v3, /,
  );
  assert.throws(() => choose(['linux/386', 'linux/arm64'], 'linux/amd64'), /no image for linux\/amd64/);
  assert.deepEqual(choosePlatforms(offer('windows/amd64'), [], 'x').taken, true);
  assert.deepEqual(choosePlatforms(offer('windows/amd64'), 'all', 'x').taken, false);
  assert.deepEqual(choose(['linux/amd64', 'linux/amd64/v1'], 'linux/amd64'), ['linux/amd64'], 'the first of two wins');
});

test('any JSON is read or refused by name', () => {
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom<unknown>(null, true, 0, -1, 1e21, '', digest, mediaTypes.ociIndex, 'linux'),
      fc.string(),
    ),
    node: fc.oneof({ depthSize: 'small' }, tie('leaf'), fc.array(tie('node'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(
      fc.constantFrom(
        ...[
          'manifests',
          'layers',
          'config',
          'mediaType',
          'digest',
          'size',
          'platform',
          'os',
          'architecture',
          'variant',
        ],
        ...['annotations', 'rootfs', 'diff_ids', 'history', 'Labels', 'Env', 'schemaVersion', 'urls', 'artifactType'],
      ),
      tie('node'),
      { maxKeys: 6 },
    ),
  })).object;
  fc.assert(
    fc.property(value, (document) => {
      const bytes = bytesOf(document);
      for (const read of [() => parseManifest(bytes, null, {}), () => parseConfig(bytes, {})]) {
        try {
          read();
        } catch (error) {
          assert.ok(isTrowelError(error), String(error));
        }
      }
    }),
    { numRuns: 1000 },
  );
});
