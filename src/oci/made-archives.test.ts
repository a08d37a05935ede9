import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Image, isTrowelError, platformName, type Reason } from '../model/index.js';
import { type TarEntry, writeTar } from '../pack/index.js';
import { digestOf } from './digest.js';
import type { FindOptions } from './find-images.js';
import { digestsOf, inTemporary, withFinder } from './finder.test.support.js';
import type { ImageTarget } from './image-target.js';
import { writeImage, writeIndex, writeLayer } from './write-layout.js';

const amd64 = { os: 'linux', architecture: 'amd64', variant: null };
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const text = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const file = (path: string, content: Uint8Array): TarEntry => ({ path, type: 'file', mode: 0o644, content });
const tarOf = (entries: readonly TarEntry[]): Buffer => Buffer.concat([...writeTar(entries)]);

const layerA = tarOf([file('etc/a', Buffer.from('a'.repeat(2000)))]);
const layerB = tarOf([file('etc/b', Buffer.from('b'))]);
const config = text({
  os: 'linux',
  architecture: 'amd64',
  created: '2020-12-01T00:00:00Z',
  config: { Env: ['A=1'], Labels: { x: 'y' }, User: 'nobody', Entrypoint: ['/a'], Cmd: null },
  rootfs: { type: 'layers', diff_ids: [digestOf(layerA), digestOf(layerB)] },
  history: [{ created_by: 'A' }, { created_by: 'ENV', empty_layer: true }, { created_by: 'B', comment: 'c' }],
});
const configName = `${digestOf(config).slice(7)}.json`;

/** docker save in its old shape, layers at the names given. */
function saved(about: { tags?: unknown; layers?: readonly string[]; also?: readonly TarEntry[] } = {}): TarEntry[] {
  const layers = about.layers ?? ['1/layer.tar', '2/layer.tar'];
  return [
    file('1/layer.tar', layerA),
    file('2/layer.tar', layerB),
    file(configName, config),
    file(
      'manifest.json',
      text([{ Config: configName, RepoTags: about.tags === undefined ? ['app:1'] : about.tags, Layers: layers }]),
    ),
    ...(about.also ?? []),
  ];
}

async function findIn(
  bytes: Uint8Array,
  options: Partial<FindOptions> & { tag?: string; kind?: 'oci-archive' | 'docker-archive' } = {},
): Promise<{ images: readonly Image[]; digests: readonly (string | null)[] }> {
  return inTemporary(async (dir) => {
    const path = join(dir, 'image.tar');
    await writeFile(path, bytes);
    const target: ImageTarget = { kind: options.kind ?? 'docker-archive', path, tag: options.tag ?? null };
    return withFinder(options, async (finder) => {
      const images = await finder.find(target);
      const digests: (string | null)[] = [];
      for (const { location } of images.flatMap((image) => image.layers)) {
        digests.push(location === null ? null : (await digestsOf(finder.openBlob, location)).diffID);
      }
      return { images, digests };
    });
  });
}

const failsWith = (code: Reason, message: RegExp) => (error: unknown) =>
  isTrowelError(error, code) && message.test(error.message);

for (const [name, pack] of [
  ['plain', (bytes: Uint8Array) => bytes],
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
] as const) {
  test(`docker save, ${name}: configuration, layers, history`, async () => {
    const { images, digests } = await findIn(pack(tarOf(saved())));
    const [image] = images;
    assert.equal(image?.id, 'docker.io/library/app:1|linux/amd64');
    assert.deepEqual(image?.config, {
      digest: digestOf(config),
      labels: { x: 'y' },
      user: 'nobody',
      entrypoint: ['/a'],
      cmd: [],
      env: ['A=1'],
    });
    assert.deepEqual(digests, [digestOf(layerA), digestOf(layerB)]);
    assert.deepEqual(
      image?.history.map((line) => line.layer),
      [0, null, 1],
    );
    assert.equal(image?.layers[0]?.chainID, digestOf(layerA));
    // image-spec config.md: ChainID(L0|L1) = Digest(ChainID(L0) + " " + DiffID(L1))
    const chain = digestOf(Buffer.from(`${digestOf(layerA)} ${digestOf(layerB)}`));
    assert.equal(image?.layers[1]?.chainID, chain);
    assert.equal(image?.layers[0]?.location?.kind, name === 'plain' ? 'file' : 'member');
    assert.deepEqual(image?.problems, []);
  });
}

test('a layer that is a link to another is that one, a loop of links is a missing layer', async () => {
  const link: TarEntry = { path: '3/layer.tar', type: 'symlink', mode: 0o777, link: '../2/layer.tar' };
  const linked = await findIn(tarOf(saved({ layers: ['./1/layer.tar', '3/layer.tar'], also: [link] })));
  assert.deepEqual(linked.digests, [digestOf(layerA), digestOf(layerB)]);
  const loop: TarEntry = { path: '3/layer.tar', type: 'symlink', mode: 0o777, link: 'layer.tar' };
  const looped = await findIn(tarOf(saved({ layers: ['1/layer.tar', '3/layer.tar'], also: [loop] })));
  assert.deepEqual(looped.digests, [digestOf(layerA), null]);
  assert.deepEqual(
    looped.images[0]?.problems.map(({ layer, reason }) => ({ layer, reason })),
    [{ layer: 1, reason: 'layer-missing' }],
  );
});

test('a path that leads out of the archive finds nothing', async () => {
  const { images } = await findIn(tarOf(saved({ layers: ['../../etc/passwd', '/etc/hostname'] })));
  assert.deepEqual(
    images[0]?.layers.map((layer) => layer.location),
    [null, null],
  );
});

test('a missing configuration costs what it says, not the layers', async () => {
  const entries = saved().filter((entry) => entry.path !== configName);
  const { images, digests } = await findIn(tarOf(entries));
  assert.deepEqual(digests, [digestOf(layerA), digestOf(layerB)]);
  assert.equal(platformName(images[0]?.platform ?? amd64), 'unknown/unknown');
  assert.deepEqual(
    images[0]?.problems.map((problem) => problem.reason),
    ['not-found'],
  );
});

test('a configuration that is not what its file is named after is a problem', async () => {
  const odd = saved().map((entry) =>
    entry.path === configName ? { ...entry, content: Buffer.concat([config, Buffer.from(' ')]) } : entry,
  );
  const { images } = await findIn(tarOf(odd));
  assert.deepEqual(
    images[0]?.problems.map((problem) => problem.reason),
    ['bad-digest'],
  );
});

test('of several images one must be named', async () => {
  const two = [
    { Config: configName, RepoTags: ['app:1', 'app:stable'], Layers: ['1/layer.tar', '2/layer.tar'] },
    { Config: configName, RepoTags: ['other/app:2'], Layers: ['2/layer.tar'] },
  ];
  const bytes = tarOf([...saved().filter(({ path }) => path !== 'manifest.json'), file('manifest.json', text(two))]);
  await assert.rejects(findIn(bytes), failsWith('usage', /2 images: app:1, app:stable, other\/app:2/));
  await assert.rejects(findIn(bytes, { tag: '3' }), failsWith('not-found', /no image "3"; there are app:1/));
  for (const tag of ['1', 'app:1', 'docker.io/library/app:1']) {
    assert.equal((await findIn(bytes, { tag })).images[0]?.reference, 'docker.io/library/app:1', tag);
  }
  assert.equal((await findIn(bytes, { tag: 'stable' })).images.length, 1);
  assert.equal((await findIn(bytes, { tag: 'other/app:2' })).images[0]?.layers.length, 2);
});

test('what is no image archive is told by name', async () => {
  const cases: readonly (readonly [string, Uint8Array, Reason, RegExp])[] = [
    ['empty', Buffer.alloc(0), 'truncated', /empty/],
    ['text', Buffer.from('hello\n'.repeat(200)), 'bad-bytes', /./],
    ['zeros', Buffer.alloc(1024), 'bad-bytes', /neither index.json/],
    ['layer', tarOf([file('etc/passwd', Buffer.from('x'))]), 'bad-bytes', /begins with etc\/passwd/],
    ['chart', gzipSync(tarOf([file('app/Chart.yaml', Buffer.from('x'))])), 'bad-bytes', /Helm chart/],
    ['old docker', tarOf([file('repositories', Buffer.from('{}'))]), 'unsupported', /1\.10/],
    ['bzip2', Buffer.from('BZh91AY&SY........'), 'unsupported', /bzip2/],
    ['no JSON', tarOf([file('manifest.json', Buffer.from('<html>'))]), 'bad-bytes', /no JSON/],
    ['nothing in it', tarOf([file('manifest.json', Buffer.from('[]'))]), 'not-found', /no image/],
    ['not a list', tarOf([file('manifest.json', Buffer.from('{"a":1}'))]), 'not-found', /no image/],
    ['deep', tarOf([file('manifest.json', Buffer.from('['.repeat(200_000)))]), 'bad-bytes', /no JSON/],
    ['deep and whole', tarOf([file('manifest.json', Buffer.from(nested(100_000)))]), 'not-found', /no image/],
  ];
  for (const [name, bytes, code, message] of cases) await assert.rejects(findIn(bytes), failsWith(code, message), name);
});

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

test('an archive cut anywhere gives an error or an image that names what is missing', async () => {
  const whole = tarOf(saved({ also: [] }).reverse());
  for (let end = 0; end < whole.length; end += 700) {
    for (const bytes of [whole.subarray(0, end), gzipSync(whole.subarray(0, end))]) {
      try {
        const { images } = await findIn(bytes);
        const lacks = images[0]?.layers.filter((layer) => layer.location === null).length ?? 0;
        const said = images[0]?.problems.filter((problem) => problem.reason === 'layer-missing').length ?? 0;
        assert.equal(said, lacks);
        if (end < whole.length - 1024 - 512) assert.ok((images[0]?.problems.length ?? 0) > 0, `cut at ${end}`);
      } catch (error) {
        assert.ok(isTrowelError(error, 'truncated', 'bad-bytes', 'not-found'), String(error));
      }
    }
  }
});

test('an archive with flipped bytes never crashes', async () => {
  const whole = tarOf(saved());
  let seed = 7;
  for (let round = 0; round < 150; round++) {
    const bytes = Buffer.from(whole);
    for (let flips = 0; flips < 4; flips++) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      bytes[seed % bytes.length] = (seed >> 8) & 255;
    }
    await findIn(bytes).catch((error: unknown) => assert.ok(isTrowelError(error), String(error)));
  }
});

/** A layout with an index of two platforms and an image of its own, written as a tar. */
async function madeLayout(dir: string): Promise<Buffer> {
  const layer = await writeLayer(dir, [file('etc/a', Buffer.from('a'))]);
  const images = [];
  for (const platform of [amd64, arm64]) {
    images.push(
      await writeImage(dir, {
        reference: null,
        platform,
        layers: [layer],
        annotations: { title: platform.architecture },
      }),
    );
  }
  await writeIndex(dir, { reference: 'registry.example/team/app:1.0', images, annotations: { vendor: 'me' } });
  await writeImage(dir, { reference: 'registry.example/team/tool:2', platform: amd64, layers: [layer, layer] });
  const entries: TarEntry[] = [];
  for (const item of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue;
    const path = join(item.parentPath, item.name);
    entries.push(file(path.slice(dir.length + 1), await readFile(path)));
  }
  return tarOf(entries);
}

test('a layout in a directory, in an archive and as a store gives the same images', () =>
  inTemporary(async (dir) => {
    const bytes = await madeLayout(dir);
    const tag = 'registry.example/team/app:1.0';
    const inArchive = await findIn(bytes, { kind: 'oci-archive', tag, platforms: 'all' });
    const inStdin = await withFinder({ platforms: 'all', stdin: chunksOf(bytes), scratchDir: dir }, async (finder) => {
      const images = await finder.find({ kind: 'oci-archive', path: '-', tag });
      const again = await finder.find({ kind: 'oci-archive', path: '-', tag });
      assert.deepEqual(images, again, 'standard input is kept for a second look');
      return images;
    });
    assert.deepEqual(
      (await readdir(dir)).filter((name) => name.startsWith('trowel-')),
      [],
      'the scratch file is removed',
    );
    const inDir = await withFinder({ platforms: 'all' }, (finder) => finder.find({ kind: 'oci-dir', path: dir, tag }));
    const inStore = await withFinder({ platforms: 'all', stores: [dir] }, (finder) =>
      finder.find({ kind: 'reference', reference: tag }),
    );
    const bare = (images: readonly Image[]) =>
      images.map((image) => ({
        ...image,
        source: null,
        layers: image.layers.map((layer) => ({ ...layer, location: null })),
      }));
    for (const other of [inArchive.images, inStdin, inStore]) assert.deepEqual(bare(other), bare(inDir));
    assert.deepEqual(
      inDir.map((image) => image.id),
      [`${tag}|linux/amd64`, `${tag}|linux/arm64`],
    );
    assert.deepEqual(inDir[1]?.annotations, { title: 'arm64', vendor: 'me' });
    assert.deepEqual(
      [inDir, inStore].map((images) => images[0]?.source),
      ['archive', 'store'],
    );
  }));

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

test('a layout: tags, platforms, what is not there', () =>
  inTemporary(async (dir) => {
    await madeLayout(dir);
    const find = (tag: string | null, platforms: FindOptions['platforms']) =>
      withFinder({ platforms }, (finder) => finder.find({ kind: 'oci-dir', path: dir, tag }));
    await assert.rejects(find(null, []), failsWith('usage', /2 images: registry.example\/team\/app:1.0, .*tool:2/));
    await assert.rejects(find('9', []), failsWith('not-found', /no image "9"; there are registry/));
    const noSuch = failsWith('no-such-platform', /linux\/s390x; there are linux\/amd64, linux\/arm64/);
    await assert.rejects(find('1.0', ['linux/s390x']), noSuch);
    await assert.rejects(find('1.0', ['s390x']), failsWith('usage', /no platform/));
    const taken = await find('2', ['linux/s390x']);
    assert.deepEqual([taken.length, taken[0]?.platformTaken], [1, true]);
    const asked = await find('1.0', ['linux/aarch64/v8']);
    assert.deepEqual([asked[0]?.id, asked[0]?.platformTaken], ['registry.example/team/app:1.0|linux/arm64', false]);
    const partly = await find('1.0', ['linux/amd64', 'linux/s390x']);
    assert.deepEqual(
      partly.map((image) => [platformName(image.platform), image.problems.map((problem) => problem.reason)]),
      [
        ['linux/amd64', []],
        ['linux/s390x', ['no-such-platform']],
      ],
    );
  }));

test('a store finds by digest, also below an index, and otherwise by the whole name', () =>
  inTemporary(async (dir) => {
    await madeLayout(dir);
    await withFinder({ stores: [dir] }, async (finder) => {
      const find = (reference: string) => finder.find({ kind: 'reference', reference });
      const [image] = await find('registry.example/team/app:1.0');
      const byDigest = await find(`registry.example/team/app@${image?.digest}`);
      assert.equal(byDigest[0]?.digest, image?.digest);
      const both = await find(`registry.example/team/app:1.0@${image?.indexDigest}`);
      assert.equal(both[0]?.reference, `registry.example/team/app:1.0@${image?.indexDigest}`);
      const missing = failsWith('unreachable', /not in the image store; not asked: offline/);
      await assert.rejects(find('team/app:1.0'), missing);
      await assert.rejects(find(`registry.example/team/app:1.0@sha256:${'0'.repeat(64)}`), missing);
    });
    await withFinder({ stores: [join(dir, 'nowhere')] }, async (finder) => {
      const find = finder.find({ kind: 'reference', reference: 'a' });
      await assert.rejects(find, failsWith('not-found', /--image-store/));
    });
  }));

test('documents that are not their digest are refused, or read with a problem', () =>
  inTemporary(async (dir) => {
    await madeLayout(dir);
    const target: ImageTarget = { kind: 'oci-dir', path: dir, tag: '2' };
    const [image] = await withFinder({}, (finder) => finder.find(target));
    const manifest = join(dir, 'blobs', (image?.digest ?? '').replace(':', '/'));
    const bytes = await readFile(manifest);
    await writeFile(manifest, bytes.toString('utf8').replace('"schemaVersion":2', '"schemaVersion":3'));
    await withFinder({}, (finder) => assert.rejects(finder.find(target), failsWith('bad-digest', /should be sha256:/)));
    const [read] = await withFinder({ allowBadDigest: true }, (finder) => finder.find(target));
    assert.deepEqual(
      read?.problems.map((problem) => problem.reason),
      ['bad-digest'],
    );
    await writeFile(manifest, bytes.subarray(1));
    await withFinder({}, (finder) => assert.rejects(finder.find(target), failsWith('bad-size', /bytes/)));
  }));

test('archives that skopeo writes', (t) => {
  if (spawnSync('skopeo', ['--version']).error !== undefined) {
    t.skip('skopeo is not on this machine');
    return;
  }
  return inTemporary(async (dir) => {
    await madeLayout(join(dir, 'layout'));
    const from = `oci:${join(dir, 'layout')}:registry.example/team/tool:2`;
    const made = [
      ['docker-archive', `docker-archive:${join(dir, 'docker.tar')}:registry.example/team/tool:2`, 'docker.tar'],
      ['oci-archive', `oci-archive:${join(dir, 'oci.tar')}:two`, 'oci.tar'],
    ] as const;
    for (const [kind, to, name] of made) {
      const copied = spawnSync('skopeo', ['--override-os', 'linux', '--override-arch', 'amd64', 'copy', from, to], {
        encoding: 'utf8',
      });
      assert.equal(copied.status, 0, copied.stderr);
      const { images, digests } = await findIn(await readFile(join(dir, name)), { kind });
      assert.equal(images.length, 1);
      assert.deepEqual(images[0]?.problems, []);
      assert.deepEqual(
        digests,
        images[0]?.layers.map((layer) => layer.diffID),
        kind,
      );
    }
  });
});
