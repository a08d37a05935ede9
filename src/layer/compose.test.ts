import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isTrowelError, type LayerResult } from '../model/index.js';
import { type TarEntry, writeTar } from '../pack/index.js';
import { compose, type FinalImage } from './compose.js';
import { layerLimits } from './limits.js';
import { readLayer } from './read-layer.js';

const tarOf = (entries: readonly TarEntry[]): Buffer => Buffer.concat([...writeTar(entries)]);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const file = (path: string, content = path): TarEntry => ({
  path,
  type: 'file',
  mode: 0o644,
  content: Buffer.from(content),
});
const dir = (path: string): TarEntry => ({ path, type: 'directory', mode: 0o755 });
const link = (path: string, target: string): TarEntry => ({ path, type: 'symlink', mode: 0o777, link: target });
const hard = (path: string, target: string): TarEntry => ({ path, type: 'hardlink', mode: 0o644, link: target });
const gone = (path: string): TarEntry => file(path.replace(/([^/]*)$/, '.wh.$1'), '');
const opaque = (path: string): TarEntry => file(`${path}/.wh..wh..opq`, '');

async function layerOf(entries: readonly TarEntry[]): Promise<LayerResult> {
  const bytes = tarOf(entries);
  return readLayer(
    {
      location: { kind: 'file', path: 'layer.tar', offset: 0, sizeBytes: bytes.length },
      mediaType: '',
      digest: null,
      sizeBytes: null,
      diffID: null,
      cataloguers: [],
      digests: [],
      limits: layerLimits,
    },
    {
      async open() {
        return (async function* () {
          yield bytes;
        })();
      },
      cataloguers: [],
    },
  );
}

async function imageOf(layers: readonly (readonly TarEntry[])[]): Promise<FinalImage> {
  return compose(await Promise.all(layers.map(layerOf)));
}

/** What is visible, with what a reader of the file would see. */
function listing(image: FinalImage): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [path, { entry }] of image.files) {
    const content = entry.type === 'hardlink' ? hardContent(image, path) : entry;
    if (content === null) lines.set(path, 'dangling');
    else if (content.type === 'symlink') lines.set(path, `-> ${content.link}`);
    else lines.set(path, content.type === 'file' ? (content.sha256 ?? '') : content.type);
  }
  return lines;
}

function hardContent(
  image: FinalImage,
  path: string,
): { type: string; link: string | null; sha256: string | null } | null {
  const regular = image.contentOf(path);
  if (regular !== null && regular.entry.type === 'file') return regular.entry;
  return null;
}

const texts = (image: FinalImage): [string, string][] =>
  [...listing(image)].map(([path, what]) => [path, what.length === 64 ? 'file' : what]);

test('no layers, layers that could not be read', () => {
  assert.deepEqual([...compose([]).files], []);
  assert.deepEqual([...compose([null, null]).files], []);
  assert.equal(compose([]).resolve(''), '');
});

test('upper layers add, replace and merge', async () => {
  const image = await imageOf([
    [dir('d'), file('d/a', 'old'), file('d/b'), file('f')],
    [dir('d'), file('d/a', 'new'), file('d/c')],
  ]);
  assert.deepEqual([...image.files.keys()], ['d', 'd/a', 'd/b', 'd/c', 'f']);
  assert.equal(image.files.get('d/a')?.entry.sha256, sha256('new'));
  assert.deepEqual(
    [...image.files.values()].map((one) => one.layer),
    [1, 1, 0, 1, 0],
  );
  assert.deepEqual(
    image.hidden().map(({ path, by, how, file: one }) => [path, by, how, one.layer]),
    [['d/a', 1, 'replaced', 0]],
  );
});

test('a file over a directory hides its children, a directory over a file is just a directory', async () => {
  const image = await imageOf([
    [dir('d'), file('d/a'), file('e')],
    [file('d'), dir('e'), file('e/x')],
  ]);
  assert.deepEqual(texts(image), [
    ['d', 'file'],
    ['e', 'directory'],
    ['e/x', 'file'],
  ]);
  assert.deepEqual(
    image
      .hidden()
      .map((one) => one.path)
      .sort(),
    ['d', 'd/a', 'e'],
  );
});

test('whiteouts hide what is below, wherever they stand in their layer', async () => {
  const lower = [dir('d'), file('d/a'), file('d/b'), file('f')];
  assert.deepEqual([...(await imageOf([lower, [gone('d')]])).files.keys()], ['f']);
  assert.deepEqual([...(await imageOf([lower, [gone('d/a'), gone('nothing')]])).files.keys()], ['d', 'd/b', 'f']);
  for (const upper of [
    [gone('f'), file('f', 'new')],
    [file('f', 'new'), gone('f')],
  ]) {
    const image = await imageOf([lower, upper]);
    assert.equal(image.files.get('f')?.entry.sha256, sha256('new'));
    assert.deepEqual(
      image.hidden().map(({ path, how }) => [path, how]),
      [['f', 'whiteout']],
    );
  }
  assert.deepEqual([...(await imageOf([lower, [gone('f')], [file('f')]])).files.keys()], ['d', 'd/a', 'd/b', 'f']);
});

test('an opaque directory hides what lower layers have in it, not its own', async () => {
  const lower = [dir('d'), file('d/a'), dir('d/e'), file('d/e/x'), file('f')];
  for (const upper of [
    [dir('d'), opaque('d'), file('d/new')],
    [dir('d'), file('d/new'), opaque('d')],
  ]) {
    assert.deepEqual([...(await imageOf([lower, upper])).files.keys()], ['d', 'd/new', 'f']);
  }
  const root = await imageOf([lower, [file('.wh..wh..opq', ''), file('only')]]);
  assert.deepEqual([...root.files.keys()], ['only']);
});

test('an entry goes where the links of lower layers lead its directory, and its records find it there', async () => {
  const image = await imageOf([
    [dir('usr'), dir('usr/lib'), link('lib', 'usr/lib'), file('usr/lib/x', 'old')],
    [file('lib/x', 'new'), file('lib/y')],
  ]);
  assert.deepEqual([...image.files.keys()], ['lib', 'usr', 'usr/lib', 'usr/lib/x', 'usr/lib/y']);
  assert.equal(image.files.get('usr/lib/x')?.entry.sha256, sha256('new'));
  assert.equal(image.placed(1, 'lib/x'), 'usr/lib/x');
  assert.equal(image.placed(0, 'usr/lib/x'), null);
  assert.equal(image.contentOf('lib/y')?.entry.path, 'lib/y');
});

test('links: inside the image, in every part, never out of it, never round', async () => {
  const image = await imageOf([
    [
      dir('a'),
      file('a/f'),
      link('l', 'a'),
      link('abs', '/a/f'),
      link('up', '../../../a/f'),
      link('loop', 'loop2'),
      link('loop2', 'loop'),
      link('none', 'x/y'),
      link('a/self', '.'),
    ],
  ]);
  const cases: [string, string | null][] = [
    ['a/f', 'a/f'],
    ['l/f', 'a/f'],
    ['abs', 'a/f'],
    ['up', 'a/f'],
    ['loop', null],
    ['none', null],
    ['a/self/self/self/f', 'a/f'],
    ['../../l/../a/f', 'a/f'],
    ['/l/f', 'a/f'],
    ['a/none', null],
    ['l', 'a'],
    ['', ''],
    ['a/f/x', null],
  ];
  for (const [path, expected] of cases) assert.equal(image.resolve(path), expected, path);
});

test('forty links are followed, forty-one are not', async () => {
  const chain = Array.from({ length: 41 }, (_, index) => link(`l${index + 1}`, index === 0 ? 'f' : `l${index}`));
  const image = await imageOf([[file('f'), ...chain]]);
  assert.equal(image.resolve('l40'), 'f');
  assert.equal(image.resolve('l41'), null);
});

test('a hard-linked file counts once, under its first path, with the content that it was bound to', async () => {
  const image = await imageOf([
    [file('z', 'content'), hard('a', 'z'), hard('m', 'a')],
    [file('z', 'other')],
    [hard('zz', 'z')],
  ]);
  assert.deepEqual(
    [...image.regular].map(({ entry, layer }) => [entry.path, entry.type, entry.sha256, layer]),
    [
      ['a', 'file', sha256('content'), 0],
      ['z', 'file', sha256('other'), 1],
    ],
  );
  assert.equal(image.placed(0, 'z'), 'a');
  assert.equal(image.placed(1, 'z'), 'z');
  assert.equal(image.contentOf('m')?.entry.path, 'z');
  assert.equal(image.contentOf('zz')?.layer, 1);
});

test('hard links: to a lower layer, before their target, to nothing, to themselves', async () => {
  const image = await imageOf([
    [file('low')],
    [hard('a', 'low'), hard('b', 'late'), file('late'), hard('c', 'nowhere'), hard('low', 'low')],
  ]);
  assert.deepEqual(
    [...image.regular].map(({ entry }) => [entry.path, entry.sha256]),
    [
      ['a', sha256('low')],
      ['b', sha256('late')],
    ],
  );
  assert.deepEqual(
    image.danglingLinks().map((one) => one.entry.path),
    ['c'],
  );
  assert.equal(image.placed(0, 'low'), 'low');
});

test('links that lead through long ways cost an error, not hours', async () => {
  const long = `${'./'.repeat(2000)}d`;
  const links = Array.from({ length: 39 }, (_, index) =>
    link(`l${index}`, index === 0 ? long : `${'./'.repeat(2000)}l${index - 1}`),
  );
  const many = Array.from({ length: 8000 }, (_, index) => file(`l38/${index}`, ''));
  const layer = await layerOf([dir('d'), ...links, ...many]);
  assert.throws(
    () => compose([layer]),
    (error) => isTrowelError(error, 'too-large'),
  );
});

/** umoci is the image-spec's own unpacker. */
const noUmoci = spawnSync('umoci', ['--version']).status !== 0 && 'no umoci here';

function writeLayout(where: string, layers: readonly (readonly TarEntry[])[]): void {
  const blobs = join(where, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    writeFileSync(join(blobs, sha256(bytes)), bytes);
    return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  };
  const tars = layers.map(tarOf);
  const config = put(
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
      }),
    ),
    'application/vnd.oci.image.config.v1+json',
  );
  const descriptors = tars.map((tar) => put(gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip'));
  const manifest = put(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config,
        layers: descriptors,
      }),
    ),
    'application/vnd.oci.image.manifest.v1+json',
  );
  const named = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'x' } };
  writeFileSync(join(where, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
  writeFileSync(join(where, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

/** What umoci makes of the layers, or null where it will not unpack them. */
function unpacked(layers: readonly (readonly TarEntry[])[]): Map<string, string> | null {
  const where = mkdtempSync(join(tmpdir(), 'umoci-'));
  try {
    writeLayout(join(where, 'image'), layers);
    const run = spawnSync('umoci', [
      'unpack',
      '--rootless',
      '--image',
      `${join(where, 'image')}:x`,
      join(where, 'bundle'),
    ]);
    return run.status === 0 ? walked(join(where, 'bundle', 'rootfs')) : null;
  } finally {
    execFileSync('chmod', ['-R', 'u+rwX', where]);
    rmSync(where, { recursive: true });
  }
}

function walked(root: string, path = '', lines = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(join(root, path)).sort()) {
    const below = path === '' ? name : `${path}/${name}`;
    const stats = lstatSync(join(root, below));
    if (stats.isSymbolicLink()) lines.set(below, `-> ${readlinkSync(join(root, below))}`);
    else if (stats.isFile()) lines.set(below, sha256(readFileSync(join(root, below))));
    else lines.set(below, 'directory');
    if (stats.isDirectory()) walked(root, below, lines);
  }
  return lines;
}

/** Directories that no entry states are there on the disk and not in the listing: `resolve` knows them. */
function assertSame(image: FinalImage, truth: Map<string, string>, what: string): void {
  const mine = listing(image);
  for (const [path, is] of truth) {
    if (is === 'directory' && !mine.has(path) && image.resolve(path) === path) mine.set(path, is);
  }
  assert.deepEqual([...mine].sort(), [...truth].sort(), what);
}

const umociCases: [string, TarEntry[][]][] = [
  ['whiteout and file of one name', [[file('f', '1')], [gone('f'), file('f', '2')]]],
  ['file and whiteout of one name', [[file('f', '1')], [file('f', '2'), gone('f')]]],
  [
    'whiteout of a directory that comes again',
    [
      [dir('d'), file('d/a')],
      [gone('d'), dir('d'), file('d/b')],
    ],
  ],
  [
    'opaque first and last',
    [
      [dir('d'), file('d/a')],
      [dir('d'), opaque('d'), file('d/b')],
      [dir('d'), file('d/c'), opaque('d')],
    ],
  ],
  ['directory becomes file becomes directory', [[dir('d'), file('d/a')], [file('d')], [dir('d'), file('d/b')]]],
  ['through a link', [[dir('usr'), dir('usr/lib'), link('lib', 'usr/lib')], [file('lib/x')]]],
  ['through an absolute link', [[dir('usr'), dir('usr/lib'), link('lib', '/usr/lib')], [file('lib/x')]]],
  ['through a link that climbs', [[dir('usr'), link('out', '../../../usr')], [file('out/x')]]],
  ['whiteout through a link', [[dir('usr'), file('usr/x'), link('l', 'usr')], [gone('l/x')]]],
  [
    'a directory over a link',
    [
      [dir('usr'), file('usr/x'), link('l', 'usr')],
      [dir('l'), file('l/y')],
    ],
  ],
  ['hard links over layers', [[file('a', '1')], [hard('b', 'a')], [gone('a')], [hard('c', 'b')]]],
  ['a hard link to a symbolic link', [[link('c', 'a')], [hard('a', 'c')], [file('d'), hard('e', 'a')]]],
  ['a link replaced by a hard link', [[file('a', '1'), link('b', 'a')], [hard('b', 'a')]]],
  ['a file without its directories', [[file('x/y/z')]]],
];

test('agrees with umoci unpack', { skip: noUmoci }, async () => {
  for (const [name, layers] of umociCases) {
    const truth = unpacked(layers);
    assert.ok(truth !== null, `${name}: umoci refuses it`);
    assertSame(await imageOf(layers), truth, name);
  }
});

test('agrees with umoci unpack on any layers that umoci takes', { skip: noUmoci }, async () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const target = fc.constantFrom('a', '/b', '../c', 'b/c', '../../a/b', '.');
  const entry = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(path, fc.nat(9)).map(([at, n]) => file(at, String(n))) },
    { weight: 4, arbitrary: path.map(dir) },
    { weight: 2, arbitrary: fc.tuple(path, target).map(([at, to]) => link(at, to)) },
    { weight: 1, arbitrary: fc.tuple(path, path).map(([at, to]) => hard(at, to)) },
    { weight: 2, arbitrary: path.map(gone) },
    { weight: 1, arbitrary: path.map(opaque) },
  );
  const layer = fc.array(entry, { minLength: 1, maxLength: 6 }).map((entries) => {
    // Twice the same name in one tar is another question (the last wins); umoci has its own answer for each pair.
    const seen = new Set<string>();
    // So is a marker below a name that the same tar makes a link: it depends on which comes first.
    const links = entries.filter((one) => one.type !== 'directory').map((one) => `${one.path}/`);
    const below = (one: TarEntry): boolean =>
      one.path.includes('.wh.') && links.some((path) => one.path.startsWith(path));
    return entries.filter((one) => !below(one) && !seen.has(one.path) && seen.add(one.path));
  });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), async (layers) => {
      const truth = unpacked(layers);
      const image = await imageOf(layers);
      if (truth === null) return;
      compared += 1;
      assertSame(
        image,
        truth,
        JSON.stringify(layers.map((one) => one.map((x) => [x.path, x.type, x.link, x.content?.toString()]))),
      );
    }),
    { numRuns: 150, seed: 20_201_211, endOnFailure: true },
  );
  assert.ok(compared > 30, `umoci took only ${compared}`);
});
