import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inRoot, programMissing, sharedData, sharedMissing } from '../../test/paths.js';
import { cpuMs } from '../model/cpu.test.support.js';
import {
  type FileEntry,
  isTrowelError,
  type LayerLimits,
  type LayerResult,
  type LayerTask,
  type Reason,
  TrowelError,
} from '../model/index.js';
import { type TarEntry, tarEntries, writeTar } from '../pack/index.js';
import { layerLimits } from './limits.js';
import { readLayer } from './read-layer.js';
import type { LayerReader } from './readers.js';
import { reread } from './reread.js';

const tarOf = (entries: readonly TarEntry[]): Buffer => Buffer.concat([...writeTar(entries)]);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const file = (path: string, content: string | Buffer = '', more: Partial<TarEntry> = {}): TarEntry => ({
  path,
  type: 'file',
  mode: 0o644,
  content: Buffer.from(content),
  ...more,
});

function taskOf(bytes: Uint8Array, more: Partial<LayerTask> = {}): LayerTask {
  return {
    location: { kind: 'file', path: 'layer', offset: 0, sizeBytes: bytes.length },
    mediaType: '',
    digest: null,
    sizeBytes: null,
    diffID: null,
    cataloguers: [],
    digests: [],
    limits: layerLimits,
    ...more,
  };
}

/** Reads a layer from memory, in pieces. */
function read(
  bytes: Uint8Array,
  more: Partial<LayerTask> = {},
  cataloguers: readonly LayerReader[] = [],
  step = 65536,
): Promise<LayerResult> {
  const task = taskOf(bytes, { cataloguers: cataloguers.map((one) => one.name), ...more });
  return readLayer(task, { cataloguers, open: async () => pieces(bytes, step) });
}

async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function failure(action: Promise<unknown>): Promise<Reason | 'none'> {
  try {
    await action;
    return 'none';
  } catch (error) {
    if (isTrowelError(error)) return error.code;
    throw error;
  }
}

/** Takes files by a suffix and records what it saw of them. */
function suffix(name: string, end: string): LayerReader {
  return {
    name,
    version: 1,
    wants: (head) => head.path.endsWith(end),
    read: (one) => ({
      records: [
        {
          size: one.sizeBytes,
          digest: sha256(one.bytes()),
          first: Buffer.from(one.slice(0, 4)).toString('latin1'),
          past: one.slice(one.sizeBytes - 1, 10).length,
        },
      ],
      gaps: [],
    }),
  };
}

const some = [
  { path: './', type: 'directory', mode: 0o755 },
  { path: './etc/', type: 'directory', mode: 0o755 },
  file('./etc/passwd', 'root:x:0:0::/root:/bin/sh\n', { uid: 1, gid: 2 }),
  file('/bin/app', Buffer.from('7f454c46020101', 'hex'), { mode: 0o4755 }),
  { path: 'bin/sh', type: 'symlink', mode: 0o777, link: '/bin/app' },
  { path: 'bin/also', type: 'hardlink', mode: 0o755, link: './bin/app' },
  { path: 'dev/null', type: 'character', mode: 0o666 },
  file('etc/.wh.shadow'),
  file('var/.wh..wh..opq'),
  file('.wh..wh.plnk/1.2'),
] as const satisfies readonly TarEntry[];

test('an empty layer: no bytes at all, and a tar with nothing in it', async () => {
  assert.equal((await read(Buffer.alloc(0))).entries.length, 0);
  assert.equal((await read(gzipSync(tarOf([])))).entries.length, 0);
});

test('entries, whiteouts and digests, stored and compressed alike', async () => {
  const tar = tarOf(some);
  const gz = gzipSync(tar);
  const plain = await read(tar, {}, [], 100);
  const packed = await read(gz, { digests: ['md5', 'sha1'] });
  assert.deepEqual(
    [...plain.entries].map((entry) => [entry.path, entry.type, entry.mode, entry.link, entry.content]),
    [
      ['etc', 'directory', 0o755, null, 'none'],
      ['etc/passwd', 'file', 0o644, null, 'text'],
      ['bin/app', 'file', 0o4755, null, 'elf'],
      ['bin/sh', 'symlink', 0o777, '/bin/app', 'none'],
      ['bin/also', 'hardlink', 0o755, 'bin/app', 'none'],
      ['dev/null', 'character', 0o666, null, 'none'],
    ],
  );
  assert.deepEqual(plain.whiteouts, [
    { path: 'etc/shadow', opaque: false },
    { path: 'var', opaque: true },
  ]);
  assert.equal([...plain.entries][1]?.sha256, sha256('root:x:0:0::/root:/bin/sh\n'));
  assert.deepEqual(
    [plain.digest, plain.diffID, plain.sizeBytes],
    [`sha256:${sha256(tar)}`, `sha256:${sha256(tar)}`, tar.length],
  );
  assert.deepEqual(
    [packed.digest, packed.diffID, packed.sizeBytes, packed.uncompressedBytes],
    [`sha256:${sha256(gz)}`, `sha256:${sha256(tar)}`, gz.length, tar.length],
  );
  assert.equal([...packed.entries][1]?.md5, createHash('md5').update('root:x:0:0::/root:/bin/sh\n').digest('hex'));
  assert.equal([...packed.entries][1]?.sha1, createHash('sha1').update('root:x:0:0::/root:/bin/sh\n').digest('hex'));
});

test('what is not as promised is a problem of the result, not an error', async () => {
  const gz = gzipSync(tarOf(some));
  const diffID = `sha256:${sha256(tarOf(some))}`;
  const good = await read(gz, { digest: `sha256:${sha256(gz)}`, sizeBytes: gz.length, diffID });
  assert.deepEqual(good.problems, []);
  const wrong = `sha256:${'0'.repeat(64)}`;
  const bad = await read(gz, { digest: wrong, sizeBytes: 3, diffID: wrong });
  assert.deepEqual(
    bad.problems.map((problem) => problem.reason),
    ['bad-size', 'bad-digest', 'bad-diff-id'],
  );
  assert.equal(bad.entries.length, good.entries.length);
  const long = await read(gz, { digest: `sha512:${createHash('sha512').update(gz).digest('hex')}` });
  assert.deepEqual(long.problems, []);
  assert.deepEqual(
    (await read(gz, { digest: 'blake3:00' })).problems.map((problem) => problem.reason),
    ['unsupported'],
  );
});

test('paths that lead out are left out and told of; absolute ones are inside', async () => {
  const hostile: TarEntry[] = [
    file('../../etc/cron.d/x', 'x'),
    file('a/../../b', 'x'),
    file('/abs', 'x'),
    file('a/../in', 'x'),
    { path: 'h', type: 'hardlink', mode: 0o644, link: '../../etc/passwd' },
    file('d/.wh...'),
    file('d/.wh..'),
    file('.wh.'),
    file('deep/'.repeat(300), 'x'),
  ];
  const result = await read(tarOf(hostile));
  assert.deepEqual(
    [...result.entries].map((entry) => entry.path),
    ['abs', 'in'],
  );
  assert.deepEqual(
    result.gaps.map((gap) => [gap.by, gap.reason]),
    [...Array.from({ length: 6 }, () => ['layer', 'unsafe-path']), ['layer', 'too-large']],
  );
  assert.deepEqual(result.whiteouts, []);
});

test('a path that comes twice counts once: the last entry, and only its records', async () => {
  const tar = tarOf([file('a.x', 'first'), file('b.x', 'b'), file('a.x', 'second')]);
  const result = await read(tar, {}, [suffix('x', '.x')]);
  assert.deepEqual(
    [...result.entries].map((entry) => [entry.path, entry.sha256]),
    [
      ['b.x', sha256('b')],
      ['a.x', sha256('second')],
    ],
  );
  assert.deepEqual(
    result.records.map((record) => record.path),
    ['b.x', 'a.x'],
  );
});

test('readers see heads and files, whatever the pieces', async () => {
  const big = Buffer.alloc(300_000, 'abcdefg');
  const tar = tarOf([
    file('small.x', 'tiny'),
    file('empty.x'),
    file('big.x', big),
    file('other', big),
    file('head.x', Buffer.alloc(4096, 'h')),
  ]);
  const heads: [string, number][] = [];
  const watching: LayerReader = {
    ...suffix('watch', '.none'),
    wants: (head, first) => heads.push([head.path, first.length]) === 0,
  };
  const first = await read(tar, {}, [suffix('x', '.x'), watching], 65536);
  assert.deepEqual(heads, [
    ['small.x', 4],
    ['empty.x', 0],
    ['big.x', 4096],
    ['other', 4096],
    ['head.x', 4096],
  ]);
  assert.deepEqual(
    first.records.map(({ by, path, data }) => [by, path, data]),
    [
      ['x', 'small.x', { size: 4, digest: sha256('tiny'), first: 'tiny', past: 1 }],
      ['x', 'empty.x', { size: 0, digest: sha256(''), first: '', past: 0 }],
      ['x', 'big.x', { size: 300_000, digest: sha256(big), first: 'abcd', past: 1 }],
      ['x', 'head.x', { size: 4096, digest: sha256(Buffer.alloc(4096, 'h')), first: 'hhhh', past: 1 }],
    ],
  );
  for (const step of [1, 511, 4095, 4097]) {
    assert.deepEqual((await read(tar, {}, [suffix('x', '.x')], step)).records, first.records, `step ${step}`);
  }
});

test('files too large for readers, and readers that fail, are gaps of the file', async () => {
  const tar = tarOf([file('large.x', 'x'.repeat(2000)), file('bad.y', 'x'), file('typed.z', 'x'), file('fine.x', 'x')]);
  const limits: LayerLimits = { ...layerLimits, wholeFileBytes: 1000 };
  const failing: LayerReader = {
    ...suffix('y', '.y'),
    read: () => {
      throw new TypeError('a bug');
    },
  };
  const typed: LayerReader = {
    ...suffix('z', '.z'),
    read: () => {
      throw new TrowelError('bad-database', { what: 'no header' });
    },
  };
  const asking: LayerReader = {
    ...suffix('w', ''),
    wants: (head) => {
      if (head.path === 'bad.y') throw new Error('cannot say');
      return false;
    },
  };
  const result = await read(tar, { limits }, [suffix('x', '.x'), failing, typed, asking]);
  assert.deepEqual(
    result.gaps.map((gap) => [gap.by, gap.path, gap.reason]),
    [
      ['x', 'large.x', 'too-large'],
      ['w', 'bad.y', 'internal'],
      ['y', 'bad.y', 'internal'],
      ['z', 'typed.z', 'bad-database'],
    ],
  );
  assert.deepEqual(
    result.records.map((record) => record.path),
    ['fine.x'],
  );
});

test('a hard link is read under its own name where a reader missed its content under the first', async () => {
  const tar = tarOf([
    file('store/ab/cd', '{"name":"x"}'),
    { path: 'node_modules/x/p.json', type: 'hardlink', mode: 0o644, link: 'store/ab/cd' },
    file('a.json', '{}'),
    { path: 'b.json', type: 'hardlink', mode: 0o644, link: 'a.json' },
  ]);
  const result = await read(gzipSync(tar), {}, [suffix('json', '.json')]);
  assert.deepEqual(
    result.records.map((record) => record.path),
    ['a.json', 'node_modules/x/p.json'],
  );
});

test('bytes that are no layer, or end too early, cost this layer', async () => {
  const gz = gzipSync(tarOf([file('a', 'x'.repeat(100_000))]));
  assert.equal(await failure(read(gz.subarray(0, 100))), 'truncated');
  assert.equal(await failure(read(tarOf(some).subarray(0, 2400))), 'truncated');
  assert.equal(await failure(read(Buffer.from('this is no tar archive at all'.repeat(100)))), 'bad-bytes');
  assert.equal(await failure(read(Buffer.from('425a6839314159265359', 'hex'))), 'unsupported');
  const short = readLayer(taskOf(gz, { sizeBytes: gz.length }), {
    cataloguers: [],
    open: async () => pieces(gz.subarray(0, 100), 50),
  });
  await assert.rejects(short, /of \d+ promised bytes 100 were read/);
});

test('bombs are stopped soon: zeros, a hole of 10 GiB, entries, names', async () => {
  async function* bomb(): AsyncGenerator<Uint8Array> {
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    yield gzipSync(tarOf([file('zeros', 'x')]).subarray(0, 512));
    for (;;) yield member;
  }
  const started = cpuMs();
  const task = taskOf(Buffer.alloc(0));
  assert.equal(await failure(readLayer(task, { cataloguers: [], open: async () => bomb() })), 'too-large');
  const record = (key: string, value: string): string => {
    for (let length = 5; ; length++) {
      const text = `${length} ${key}=${value}\n`;
      if (text.length === length) return text;
    }
  };
  const pax =
    record('GNU.sparse.major', '1') +
    record('GNU.sparse.minor', '0') +
    record('GNU.sparse.realsize', String(10 * 2 ** 30));
  const header = Buffer.from(tarOf([file('pax', pax)]).subarray(0, 1024));
  header.write('x', 156);
  header.fill(32, 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0`, 148);
  const hole = Buffer.concat([header, tarOf([file('hole', '0\n'.padEnd(512, '\0'))])]);
  assert.equal(await failure(read(hole)), 'too-large');
  assert.ok(cpuMs() - started < 40_000);
  const many = tarOf(Array.from({ length: 20 }, (_, index) => file(String(index))));
  assert.equal(await failure(read(many, { limits: { ...layerLimits, entries: 10 } })), 'too-large');
  assert.equal(await failure(read(many, { limits: { ...layerLimits, layerBytes: 5000 } })), 'too-large');
  assert.equal(
    await failure(read(tarOf([file('n'.repeat(500))]), { limits: { ...layerLimits, pathBytes: 400 } })),
    'too-large',
  );
});

test('reread gives just the wanted files, with the digests asked for', async () => {
  const bytes = gzipSync(
    tarOf([
      file('./a', 'first'),
      file('b', 'other'),
      file('large', 'x'.repeat(5000)),
      { path: 'l', type: 'symlink', mode: 0o777, link: 'a' },
    ]),
  );
  const seen: [string, string, FileEntry][] = [];
  const tools = {
    open: async () => pieces(bytes, 100),
    limits: { ...layerLimits, wholeFileBytes: 4500 },
    digests: ['md5'] as const,
    onFile: (path: string, one: { slice(a: number, b: number): Uint8Array }, entry: FileEntry) =>
      seen.push([path, Buffer.from(one.slice(0, 5)).toString(), entry]),
  };
  const layer = { location: taskOf(bytes).location, mediaType: '' };
  await reread(layer, new Set(['a', 'large', 'l', 'not there']), tools);
  assert.deepEqual(
    seen.map(([path, start, entry]) => [path, start, entry.md5]),
    [
      ['a', 'first', createHash('md5').update('first').digest('hex')],
      ['large', 'xxxxx', createHash('md5').update('x'.repeat(5000)).digest('hex')],
    ],
  );
  await assert.rejects(reread({ ...layer, digest: `sha256:${'0'.repeat(64)}` }, new Set(['a']), tools), (error) =>
    isTrowelError(error, 'bad-digest'),
  );
  await assert.rejects(reread({ ...layer, location: null }, new Set(['a']), tools), (error) =>
    isTrowelError(error, 'source-gone'),
  );
  const offline = {
    ...tools,
    open: async () => {
      throw new TrowelError('unreachable', { what: 'offline' });
    },
  };
  await assert.rejects(reread(layer, new Set(['a']), offline), (error) => isTrowelError(error, 'source-gone'));
});

const noFifo = programMissing('mkfifo');

test('a directory as one layer: links kept, nothing followed out, devices not opened', { skip: noFifo }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tree-'));
  t.after(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'etc'));
  writeFileSync(join(dir, 'etc', 'a.x'), 'content');
  writeFileSync(join(dir, 'etc', '.wh.a'), '');
  linkSync(join(dir, 'etc', 'a.x'), join(dir, 'second'));
  symlinkSync('/etc', join(dir, 'out'));
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  const location = { kind: 'tree', path: dir } as const;
  const open = async (): Promise<never> => assert.fail('a directory is not opened as a blob');
  const result = await readLayer(
    { ...taskOf(Buffer.alloc(0)), location, cataloguers: ['x'] },
    { cataloguers: [suffix('x', '.x')], open },
  );
  assert.deepEqual(
    [...result.entries].map((entry) => [entry.path, entry.type, entry.link]),
    [
      ['etc', 'directory', null],
      ['etc/.wh.a', 'file', null],
      ['etc/a.x', 'file', null],
      ['out', 'symlink', '/etc'],
      ['pipe', 'fifo', null],
      ['second', 'hardlink', 'etc/a.x'],
    ],
  );
  assert.deepEqual([result.records.length, result.gaps, result.whiteouts], [1, [], []]);
  const seen: string[] = [];
  await reread({ location, mediaType: '' }, new Set(['etc/a.x', 'out/passwd']), {
    open,
    limits: layerLimits,
    onFile: (path) => seen.push(path),
  });
  assert.deepEqual(seen, ['etc/a.x']);
  const missing = { ...taskOf(Buffer.alloc(0)), location: { kind: 'tree', path: join(dir, 'none') } as const };
  assert.equal(await failure(readLayer(missing, { cataloguers: [], open })), 'not-found');
});

test('agrees with GNU tar and sha256sum on a real tree of files', async (t) => {
  const tree = inRoot('node_modules', 'fast-check');
  const made = spawnSync('tar', ['-czf', '-', '-C', tree, '.'], { maxBuffer: 2 ** 28 });
  if (made.status !== 0) return t.skip('no tar here');
  const result = await read(made.stdout);
  const files = [...result.entries].filter((entry) => entry.type === 'file');
  assert.ok(files.length > 5);
  for (const entry of files) assert.equal(entry.sha256, sha256(readFileSync(join(tree, entry.path))), entry.path);
  return undefined;
});

test('real images: every layer of an archive that is sound is what its name says', {
  skip: sharedData('images') === null && sharedMissing,
}, async () => {
  const archive = sharedData('images', 'containerd-archives__alpine.tar') ?? '';
  let layers = 0;
  for (const { header, content } of tarEntries(readFileSync(archive), {
    entries: 1000,
    pathBytes: 4096,
    totalBytes: 2 ** 30,
  })) {
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(header.path)?.[1];
    if (digest === undefined || content[0] !== 0x1f) continue;
    const location = { kind: 'file', path: archive, offset: header.offset, sizeBytes: header.sizeBytes } as const;
    const open = async (where: LayerTask['location']): Promise<AsyncIterable<Uint8Array>> => {
      assert.ok(where.kind === 'file');
      return createReadStream(where.path, { start: where.offset, end: where.offset + where.sizeBytes - 1 });
    };
    const result = await readLayer(
      { ...taskOf(content), location, digest: `sha256:${digest}`, sizeBytes: header.sizeBytes },
      { cataloguers: [], open },
    );
    assert.deepEqual([result.problems, result.gaps], [[], []]);
    assert.ok(
      [...result.entries].some(
        (entry) => entry.path === 'lib/apk/db/installed' || entry.path === 'usr/lib/apk/db/installed',
      ),
    );
    layers += 1;
  }
  assert.equal(layers, 1);
});
