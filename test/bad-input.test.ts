import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeZip } from '../scripts/demo/write-zip.js';
import type { Dig, Gap } from '../src/model/index.js';
import { buildImage, buildImageOf, file, spoil } from './image-builder.js';
import { inScratch, type Run, trowel } from './run.js';

const reference = 'registry.example/team/app:1';

/** Writes files below a directory. */
function lay(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** One clear line, no stack, no crash. */
function oneLine(run: Run): void {
  assert.equal(run.stderr.trimEnd().split('\n').length, 1, run.stderr);
  assert.match(run.stderr, /^trowel: /);
  assert.doesNotMatch(run.stderr, /internal error|\n\s+at /);
}

async function digJson(dir: string, target: string, more: readonly string[] = []): Promise<{ run: Run; dig: Dig }> {
  const args = ['dig', target, '--offline', '-o', 'json', '--db', `${dir}/db`, '--store', `${dir}/store`, ...more];
  const run = await trowel(args, { timeoutMs: 60_000 });
  assert.doesNotMatch(run.stderr, /internal error|\n\s+at /, run.stderr);
  assert.ok(run.code === 0 || run.code === 3, `exit ${run.code}: ${run.stderr}`);
  return { run, dig: JSON.parse(run.stdout) };
}

const gapsOf = (dig: Dig, kind: Gap['kind']): readonly Gap[] => dig.notAssessed.filter((gap) => gap.kind === kind);

const chartYaml = 'apiVersion: v2\nname: app\nversion: 1.0.0\n';

const brokenCharts: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
  [
    'a broken template',
    { 'Chart.yaml': chartYaml, 'templates/a.yaml': 'kind: A\n{{ if }}\n' },
    /parse error at \(app\/templates\/a\.yaml:2\): missing value for if/,
  ],
  [
    'a template that fails',
    { 'Chart.yaml': chartYaml, 'templates/a.yaml': '{{ required "give a name" .Values.name }}' },
    /execution error at \(app\/templates\/a\.yaml:1:3\): give a name/,
  ],
  [
    'a chart without its dependencies',
    {
      'Chart.yaml': `${chartYaml}dependencies:\n- name: common\n  version: 1.x.x\n  repository: https://charts.example\n`,
    },
    /found in Chart\.yaml, but missing in charts\/ directory: common/,
  ],
  ['values that are no YAML', { 'Chart.yaml': chartYaml, 'values.yaml': 'a: [1\n' }, /values\.yaml/],
];

for (const [name, files, says] of brokenCharts) {
  test(`${name}: one line, exit 4`, async () => {
    await inScratch(async (dir) => {
      lay(`${dir}/chart`, files);
      const run = await trowel(['dig', `${dir}/chart`, '--offline', '--no-store', '--db', `${dir}/db`]);
      assert.equal(run.code, 4, run.stderr);
      oneLine(run);
      assert.match(run.stderr, says);
    });
  });
}

test('an image that nobody has: one line that says what to try, exit 4', async () => {
  await inScratch(async (dir) => {
    const run = await trowel(['dig', `image:${reference}`, '--offline', '--no-store', '--db', `${dir}/db`]);
    assert.equal(run.code, 4);
    oneLine(run);
    assert.match(run.stderr, /registry\.example\/team\/app:1/);
    assert.match(run.stderr, /offline/);
  });
});

test('a single target of which nothing can be read: one line, exit 4', async () => {
  await inScratch(async (dir) => {
    lay(dir, { plain: 'text' });
    const layout = `${dir}/layout`;
    const [, digest = ''] = /"digest":"(sha256:[0-9a-f]+)"/.exec(await manifestOf(layout)) ?? [];
    spoil(layout, digest, () => Buffer.from('{"schemaVersion":2,"layers":{"a":1}}'));
    for (const target of [`dir:${dir}/plain`, `oci-dir:${layout}`]) {
      const run = await trowel(['dig', target, '--offline', '--no-store', '--db', `${dir}/db`, '--allow-bad-digest']);
      assert.equal(run.code, 4, `${target}: ${run.stderr}`);
      oneLine(run);
    }
  });
});

test('a wrong digest: the layer is named and not assessed; with --allow-bad-digest it is read and only inferred', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    const lines = 'P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\n';
    const [digest = ''] = await buildImage(layout, reference, [
      [file('lib/apk/db/installed', lines), file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.4\n')],
    ]);
    spoil(layout, digest, (bytes) => gzipSync(gunzipSync(bytes), { level: 1 }));
    const strict = await digJson(dir, `oci-dir:${layout}`);
    assert.equal(strict.run.code, 3);
    const [gap] = gapsOf(strict.dig, 'layer').filter((row) => row.reason === 'bad-digest');
    assert.ok(gap?.subject.includes(digest), JSON.stringify(strict.dig.notAssessed));
    assert.equal(strict.dig.components.length, 0);

    const allowed = await digJson(dir, `oci-dir:${layout}`, ['--allow-bad-digest']);
    assert.equal(allowed.run.code, 3);
    assert.deepEqual(
      allowed.dig.components.map((component) => [component.name, component.grade]),
      [['musl', 'inferred']],
    );
  });
});

test('a truncated layer: the layer is named, the other one is read', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 3) * 104729) & 255));
    const [, second = ''] = await buildImage(layout, reference, [[file('a', 'a')], [file('b', noise)]]);
    spoil(layout, second, (bytes) => bytes.subarray(0, bytes.length >> 1));
    const { run, dig } = await digJson(dir, `oci-dir:${layout}`);
    assert.equal(run.code, 3);
    const reasons = gapsOf(dig, 'layer').map((gap) => [gap.subject.includes(second), gap.reason]);
    assert.ok(reasons.length > 0 && reasons.every(([named]) => named === true), JSON.stringify(dig.notAssessed));
    assert.equal(dig.images[0]?.coverage.files, 1);
  });
});

test('a tar with ../ and device nodes: nothing is written, the entry is named, devices are no files', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    await buildImage(layout, reference, [
      [
        file('../../escaped', 'x'),
        { path: 'dev/sda', type: 'block', mode: 0o660 },
        { path: 'etc/link', type: 'symlink', mode: 0o777, link: '../../../../etc/passwd' },
        file('fine', 'fine'),
      ],
    ]);
    const { dig } = await digJson(dir, `oci-dir:${layout}`);
    assert.ok(gapsOf(dig, 'file').some((gap) => gap.reason === 'unsafe-path' && gap.subject.includes('escaped')));
    assert.equal(dig.images[0]?.coverage.files, 1);
    assert.equal(dig.images[0]?.coverage.bytes, 4);
  });
});

test('a 10 GiB hole: over the limit, the layer is named', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    const tar = sparseTar(10 * 1024 ** 3);
    const rewritten = await buildImageOf(layout, reference, [tar]);
    const { dig } = await digJson(dir, `oci-dir:${layout}`);
    assert.deepEqual(
      gapsOf(dig, 'layer').map((gap) => [gap.reason, gap.subject.includes(rewritten[0] ?? '?')]),
      [['too-large', true]],
    );
  });
});

test('a corrupt dpkg status: the good packages stay, the bad place is named', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    const good = 'Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\nArchitecture: amd64\n';
    await buildImage(layout, reference, [
      [
        file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
        file('var/lib/dpkg/status', `${good}\nStatus: install ok installed\nVersion 3\n\0\u0001garbage\n\n`),
      ],
    ]);
    const { dig } = await digJson(dir, `oci-dir:${layout}`);
    assert.deepEqual(
      dig.components.map((component) => component.name),
      ['zlib1g'],
    );
    assert.ok(
      gapsOf(dig, 'file').some((gap) => gap.subject === 'var/lib/dpkg/status'),
      JSON.stringify(dig.notAssessed),
    );
  });
});

test('a jar that is a zip bomb: the jar is named, nothing is inflated without end', async () => {
  await inScratch(async (dir) => {
    const layout = `${dir}/layout`;
    let bomb: Uint8Array = new Uint8Array(64 << 20);
    bomb = writeZip([{ path: 'zeros', content: bomb }], 'deflated');
    bomb = writeZip(
      Array.from({ length: 400 }, (_, i) => ({ path: `lib/${i}.jar`, content: bomb })),
      'deflated',
    );
    bomb = writeZip(
      Array.from({ length: 40 }, (_, i) => ({ path: `lib/${i}.jar`, content: bomb })),
      'deflated',
    );
    await buildImage(layout, reference, [[file('app/bomb.jar', bomb), file('app/ok.txt', 'ok')]]);
    const { dig } = await digJson(dir, `oci-dir:${layout}`);
    assert.ok(
      gapsOf(dig, 'file').some((gap) => gap.reason === 'too-large' && gap.subject.includes('app/bomb.jar')),
      JSON.stringify(dig.notAssessed).slice(0, 2000),
    );
    assert.equal(dig.images[0]?.coverage.files, 2);
  });
});

test('an OSV file that is no JSON: named and left out, the others imported, exit 3', async () => {
  await inScratch(async (dir) => {
    const record = {
      id: 'X-1',
      modified: '2024-01-01T00:00:00Z',
      affected: [
        { package: { ecosystem: 'PyPI', name: 'a' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] },
      ],
    };
    lay(`${dir}/osv`, { 'good.json': JSON.stringify(record), 'bad.json': '{"id": ' });
    const run = await trowel(['db', 'import', `${dir}/osv`, '--db', `${dir}/db`]);
    assert.equal(run.code, 3, run.stderr);
    assert.match(run.stderr, /bad\.json/);
    assert.match(run.stdout, /1 records/);
    const none = await trowel(['db', 'import', `${dir}/osv/bad.json`, '--db', `${dir}/db2`]);
    assert.equal(none.code, 4);
    assert.match(none.stderr, /bad\.json/);
  });
});

/** Builds a small image; answers the text of its layout's index. */
async function manifestOf(layout: string): Promise<string> {
  await buildImage(layout, reference, [[file('a', 'a')]]);
  return readFileSync(join(layout, 'index.json'), 'utf8').replaceAll(/\s/g, '');
}

/** A tar with one file that is nothing but a hole (PAX, GNU.sparse 1.0: tar(1), "Storing Sparse Files"). */
function sparseTar(sizeBytes: number): Buffer {
  const record = (key: string, value: string): string => {
    const body = ` ${key}=${value}\n`;
    let length = body.length + 1;
    while (String(length).length + body.length !== length) length++;
    return `${length}${body}`;
  };
  const pax = Buffer.from(
    record('GNU.sparse.major', '1') +
      record('GNU.sparse.minor', '0') +
      record('GNU.sparse.name', 'hole') +
      record('GNU.sparse.realsize', String(sizeBytes)),
  );
  const map = Buffer.alloc(512);
  map.write(`1\n${sizeBytes}\n0\n`);
  return Buffer.concat([
    header('PaxHeaders/hole', 'x', pax.length),
    padded(pax),
    header('hole', '0', 512),
    map,
    Buffer.alloc(1024),
  ]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

function header(name: string, flag: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(flag, 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
