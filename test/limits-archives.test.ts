import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadChart } from '../src/chart/index.js';
import { isTrowelError, type TrowelError } from '../src/model/index.js';
import { type TarEntry, writeTar } from '../src/pack/index.js';
import { inScratch, trowel } from './run.js';

const chartYaml = file('probe/Chart.yaml', 'apiVersion: v2\nname: probe\nversion: 1.2.3\n');
const mebibyte = 1024 * 1024;

function file(path: string, content: string): TarEntry {
  return { path, type: 'file', mode: 0o644, content: Buffer.from(content) };
}

function tgz(entries: readonly TarEntry[]): Uint8Array {
  return gzipSync(Buffer.concat([...writeTar(entries)]), { level: 1 });
}

/** A header of a file, without its content. */
function headerOf(path: string, sizeBytes: number): Uint8Array {
  const [header = new Uint8Array()] = [...writeTar([file(path, '')])];
  const block = Buffer.from(header.subarray(0, 512));
  block.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** An archive with one file of so many MiB of zeros, as members of gzip that are made once. */
function zeros(path: string, mebibytes: number): Uint8Array {
  const some = gzipSync(new Uint8Array(16 * mebibyte));
  const first = Buffer.concat([...writeTar([chartYaml])]).subarray(0, 1024);
  const begin = gzipSync(Buffer.concat([first, headerOf(path, mebibytes * mebibyte)]));
  return Buffer.concat([begin, ...new Array<Uint8Array>(mebibytes / 16).fill(some), gzipSync(new Uint8Array(1024))]);
}

async function refused(archive: Uint8Array): Promise<TrowelError> {
  return await inScratch(async (dir) => {
    const path = join(dir, 'probe-1.2.3.tgz');
    writeFileSync(path, archive);
    try {
      await loadChart(path);
    } catch (error) {
      if (isTrowelError(error)) return error;
      throw error;
    }
    throw new Error('was not refused');
  });
}

const names = (from: number, to: number): TarEntry[] =>
  Array.from({ length: to - from }, (_, i) => file(`probe/files/${from + i}.txt`, ''));

test('what leads out of a chart is refused with the name of the entry', async () => {
  const link = (path: string, type: 'symlink' | 'hardlink', target: string): TarEntry => ({
    path,
    type,
    mode: 0o644,
    link: target,
  });
  const cases: readonly (readonly [TarEntry, string])[] = [
    [file('probe/../../evil.yaml', ''), 'chart illegally references parent directory'],
    [file('probe/templates/../../evil.yaml', ''), 'chart illegally references parent directory'],
    [file('probe//etc/passwd', ''), 'chart illegally contains absolute paths'],
    [file('evil.yaml', ''), 'chart illegally contains content outside the base directory: "evil.yaml"'],
    [file('probe\\..\\..\\evil.yaml', ''), 'chart illegally references parent directory'],
    [file('probe\\c:\\evil.yaml', ''), 'chart contains illegally named files'],
    [
      link('probe/values.yaml', 'symlink', '/etc/passwd'),
      'the archive holds a link, which could lead out of the chart',
    ],
    [
      link('probe/values.yaml', 'hardlink', 'Chart.yaml'),
      'the archive holds a link, which could lead out of the chart',
    ],
  ];
  for (const [entry, what] of cases) {
    const error = await refused(tgz([chartYaml, entry]));
    assert.deepEqual([error.code, error.what, error.where.entry], ['unsafe-path', what, entry.path]);
  }
});

test('a whole run names the archive and the entry, and ends in 4', () =>
  inScratch(async (dir) => {
    const path = join(dir, 'probe-1.2.3.tgz');
    writeFileSync(path, tgz([chartYaml, file('probe/../../evil.yaml', '')]));
    const { code, stdout, stderr } = await trowel(['render', path]);
    assert.deepEqual([code, stdout], [4, '']);
    assert.equal(stderr, `trowel: ${path}: probe/../../evil.yaml: chart illegally references parent directory\n`);
  }));

test('more files than a chart may have are refused with the name of the first that is too many', async () => {
  const error = await refused(tgz([chartYaml, ...names(0, 100_000)]));
  assert.deepEqual(
    [error.code, error.what, error.where.entry],
    ['too-large', 'the chart has more than 50000 files', 'probe/files/49999.txt'],
  );
});

test('a file of a gigabyte is refused at its header, without its bytes', async () => {
  const before = process.resourceUsage().maxRSS;
  const huge = await refused(zeros('probe/files/huge.bin', 1024));
  assert.deepEqual(
    [huge.code, huge.what, huge.where.entry],
    ['too-large', 'decompressed chart is larger than the maximum file size 104857600', 'probe/files/huge.bin'],
  );
  const large = await refused(zeros('probe/files/large.bin', 96));
  assert.deepEqual(
    [large.code, large.what, large.where.entry],
    [
      'too-large',
      'decompressed chart file "probe/files/large.bin" is larger than the maximum file size 5242880',
      'probe/files/large.bin',
    ],
  );
  const grown = (process.resourceUsage().maxRSS - before) / 1024;
  assert.ok(grown < 200, `${grown} MiB more`);
});

test('many files that are too much together are refused with the name of the one that is too much', async () => {
  const content = Buffer.alloc(4 * mebibyte);
  const many = Array.from({ length: 30 }, (_, i) => ({ ...file(`probe/files/${i}.bin`, ''), content }));
  const error = await refused(tgz([chartYaml, ...many]));
  assert.deepEqual(
    [error.code, error.what, error.where.entry],
    ['too-large', 'decompressed chart is larger than the maximum file size 104857600', 'probe/files/24.bin'],
  );
});

test('an archive in charts/ has the same limits, and is named with its parent', async () => {
  const inner = zeros('sub/files/huge.bin', 1024);
  const error = await refused(tgz([chartYaml, { ...file('probe/charts/sub-0.1.0.tgz', ''), content: inner }]));
  assert.deepEqual(
    [error.code, error.what, error.where.file, error.where.entry],
    [
      'too-large',
      'error unpacking subchart sub-0.1.0.tgz in probe: ' +
        'decompressed chart is larger than the maximum file size 104857600',
      'sub-0.1.0.tgz',
      'sub/files/huge.bin',
    ],
  );
});
