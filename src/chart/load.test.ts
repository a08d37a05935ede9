import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { isTrowelError, type Reason, TrowelError } from '../model/index.js';
import { type TarEntry, writeTar } from '../pack/index.js';
import { toJsonValue } from '../template/index.js';
import { type Chart, chartLimits, loadArchive, loadChart } from './index.js';

const chartYaml = 'apiVersion: v2\nname: probe\nversion: 1.2.3\n';

function tgz(entries: readonly TarEntry[]): Uint8Array {
  return gzipSync(Buffer.concat([...writeTar(entries)]));
}

function file(path: string, content: string | Uint8Array): TarEntry {
  return { path, type: 'file', mode: 0o644, content: typeof content === 'string' ? Buffer.from(content) : content };
}

function archive(files: Readonly<Record<string, string | Uint8Array>>, top = 'probe'): Uint8Array {
  return tgz(Object.entries(files).map(([path, content]) => file(`${top}/${path}`, content)));
}

function load(files: Readonly<Record<string, string | Uint8Array>>): Chart {
  return loadArchive(archive(files), 'probe.tgz');
}

function refused(work: () => unknown): readonly [Reason, string] {
  try {
    work();
  } catch (error) {
    if (error instanceof TrowelError) return [error.code, error.what];
    throw error;
  }
  throw new Error('was not refused');
}

test('a chart of one file', () => {
  const chart = load({ 'Chart.yaml': 'name: probe\nversion: 1.2.3\nappVersion: 4.50\n' });
  assert.equal(chart.metadata.apiVersion, 'v1', 'a missing apiVersion means v1');
  assert.equal(chart.metadata.appVersion, '4.5', 'a number is written as Go writes it');
  assert.equal(chart.metadata.dependencies, null);
  assert.equal(chart.values, null);
  assert.match(chart.digest ?? '', /^sha256:[0-9a-f]{64}$/);
});

test('each file is what its path says', () => {
  const chart = load({
    'Chart.yaml': chartYaml,
    'Chart.lock': 'dependencies: [{name: s, version: 0.1.0, repository: r}]\n',
    'values.yaml': '\uFEFFa: 1\n',
    'values.schema.json': '{}',
    'requirements.yaml': 'dependencies: []\n',
    'templates/x.yaml': 'x',
    'templates/deep/y.txt': 'y',
    'crds/c.yaml': 'c',
    'crds/README.md': '',
    'README.md': '',
    'charts/s.tgz': archive(
      { 'Chart.yaml': 'name: s\nversion: 0.1.0\n', 'charts/t/Chart.yaml': 'name: t\nversion: 1.0.0\n' },
      's',
    ),
    'charts/u/Chart.yaml': 'name: u\nversion: 1.0.0\n',
    'charts/_v/Chart.yaml': 'not: a chart',
    'charts/.w/Chart.yaml': 'not: a chart',
    'charts/s.tgz.prov': 'signed',
  });
  assert.deepEqual(
    chart.templates.map((one) => one.path),
    ['templates/x.yaml', 'templates/deep/y.txt'],
  );
  assert.deepEqual(
    chart.files.map((one) => one.path),
    ['crds/c.yaml', 'crds/README.md', 'README.md', 'charts/s.tgz.prov'],
  );
  assert.deepEqual(
    chart.crds.map((one) => one.path),
    ['crds/c.yaml'],
  );
  assert.deepEqual(chart.values === null ? null : { ...Object(toJsonValue(chart.values)) }, { a: 1 });
  assert.deepEqual(chart.lock, { digest: '', dependencies: [{ name: 's', version: '0.1.0', repository: 'r' }] });
  assert.deepEqual(
    chart.dependencies.map((one) => one.id),
    ['probe/s', 'probe/u'],
  );
  assert.deepEqual(
    chart.dependencies[0]?.dependencies.map((one) => one.id),
    ['probe/s/t'],
  );
  assert.equal(chart.warnings.length, 1, 'requirements.yaml in a v2 chart');
});

test('what Helm refuses is refused in its words', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ 'values.yaml': 'a: 1' }, 'Chart.yaml file is missing'],
    [{ 'Chart.yaml': 'version: 1.0.0' }, 'validation: chart.metadata.name is required'],
    [{ 'Chart.yaml': 'name: a/b\nversion: 1.0.0' }, 'validation: chart.metadata.name "a/b" is invalid'],
    [{ 'Chart.yaml': 'name: a' }, 'validation: chart.metadata.version is required'],
    [{ 'Chart.yaml': 'name: a\nversion: one' }, 'validation: chart.metadata.version "one" is invalid'],
    [
      { 'Chart.yaml': 'name: a\nversion: 1.0.0\ntype: other' },
      'validation: chart.metadata.type must be application or library',
    ],
    [
      { 'Chart.yaml': `${chartYaml}dependencies: [{name: s, version: 1}, {name: t, alias: s}]` },
      'validation: more than one dependency with name or alias "s"',
    ],
    [
      { 'Chart.yaml': `${chartYaml}dependencies: [{name: s, alias: a.b}]` },
      'validation: dependency "s" has disallowed characters in the alias',
    ],
    [
      { 'Chart.yaml': 'name: [a]\nversion: 1.0.0' },
      'cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field Metadata.name of type string',
    ],
    [
      { 'Chart.yaml': chartYaml, 'values.yaml': '- a' },
      'cannot load values.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      { 'Chart.yaml': chartYaml, 'charts/s/values.yaml': 'a: 1' },
      'error unpacking subchart s in probe: Chart.yaml file is missing',
    ],
  ];
  for (const [files, what] of cases)
    assert.deepEqual(
      refused(() => load(files)),
      ['bad-chart', what],
    );
});

test('hostile archives are refused by name', () => {
  const own = file('probe/Chart.yaml', chartYaml);
  const cases: readonly (readonly [string, readonly TarEntry[], Reason])[] = [
    ['parent', [own, file('probe/../../etc/passwd', 'x')], 'unsafe-path'],
    ['absolute', [own, file('probe//etc/passwd', 'x')], 'unsafe-path'],
    ['drive', [own, file('probe/c:/x', 'x')], 'unsafe-path'],
    ['backslash', [own, file('probe\\..\\..\\x', 'x')], 'unsafe-path'],
    ['top only', [own, file('x', 'x')], 'unsafe-path'],
    [
      'symbolic link',
      [own, { path: 'probe/values.yaml', type: 'symlink', mode: 0o777, link: '/etc/passwd' }],
      'unsafe-path',
    ],
    ['hard link', [own, { path: 'probe/x', type: 'hardlink', mode: 0o644, link: 'probe/Chart.yaml' }], 'unsafe-path'],
    ['device', [own, { path: 'probe/x', type: 'character', mode: 0o644 }], 'unsafe-path'],
    ['large file', [own, file('probe/x', new Uint8Array(6 * 1024 * 1024))], 'too-large'],
    ['empty', [], 'bad-chart'],
  ];
  for (const [name, entries, code] of cases) {
    assert.equal(refused(() => loadArchive(tgz(entries), 'probe.tgz'))[0], code, name);
  }
  assert.equal(refused(() => loadArchive(Buffer.from('apiVersion: v2'), 'x.yaml'))[0], 'bad-chart');
  assert.equal(refused(() => loadArchive(new Uint8Array(), 'x.tgz'))[0], 'bad-chart');
  const whole = archive({ 'Chart.yaml': chartYaml });
  assert.equal(refused(() => loadArchive(whole.subarray(0, whole.length - 12), 'x.tgz'))[0], 'truncated');
});

test('limits hold for a chart with everything in it', () => {
  const limits = { ...chartLimits, entries: 20, totalBytes: 100_000 };
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`templates/${index}.yaml`, 'x']));
  assert.equal(
    refused(() => loadArchive(archive({ 'Chart.yaml': chartYaml, ...many }), 'x', { limits }))[0],
    'too-large',
  );
  const zeros = { 'Chart.yaml': chartYaml, a: new Uint8Array(60_000), b: new Uint8Array(60_000) };
  assert.equal(refused(() => loadArchive(archive(zeros), 'x', { limits }))[0], 'too-large');
  // A bomb: a gigabyte of zeros in a megabyte.
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
  assert.equal(refused(() => loadArchive(bomb, 'x', { limits }))[0], 'too-large');
  // Archives within archives share the limit.
  let nested = archive({ 'Chart.yaml': 'name: s\nversion: 1.0.0\n' }, 's');
  for (let depth = 0; depth < 40; depth++)
    nested = archive({ 'Chart.yaml': 'name: s\nversion: 1.0.0\n', 'charts/s.tgz': nested }, 's');
  assert.equal(refused(() => loadArchive(nested, 'x'))[0], 'too-large');
});

test('a directory is read by its .helmignore, and links stay inside', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chart-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  try {
    put('Chart.yaml', chartYaml);
    put('.helmignore', '# comment\n*.bak\n/top.txt\nsecret/\n!keep*\n');
    put('templates/a.yaml', 'a');
    put('keep.bak', '');
    await assert.rejects(loadChart(dir), /Chart\.yaml file is missing/, 'a negated rule ignores all else');
    put('.helmignore', '\uFEFF*.bak\n/top.txt\nsecret/\n');
    for (const path of ['x.bak', 'sub/y.bak', 'top.txt', 'sub/top.txt', 'secret/z', 'templates/.hidden']) put(path, '');
    symlinkSync('templates/a.yaml', join(dir, 'link.yaml'));
    const chart = await loadChart(dir);
    assert.deepEqual(
      chart.files.map((one) => one.path),
      ['.helmignore', 'link.yaml', 'sub/top.txt'],
    );
    assert.equal(chart.digest, null);
    symlinkSync('/etc', join(dir, 'out'));
    await assert.rejects(loadChart(dir), (error) => isTrowelError(error, 'unsafe-path') && error.where.entry === 'out');
    rmSync(join(dir, 'out'));
    symlinkSync('..', join(dir, 'sub', 'loop'));
    await assert.rejects(loadChart(dir), (error) => isTrowelError(error, 'unsafe-path'));
    put('.helmignore', 'a/**\n');
    await assert.rejects(loadChart(dir), /double-star/);
    await assert.rejects(loadChart(join(dir, 'nowhere')), (error) => isTrowelError(error, 'not-found'));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('every real chart loads', { skip: sharedData('charts') === null ? sharedMissing : false }, async (t) => {
  const root = sharedData('charts') ?? '';
  let count = 0;
  for (const owner of readdirSync(root)) {
    for (const name of readdirSync(join(root, owner)).filter((one) => one.endsWith('.tgz'))) {
      const chart = await loadChart(join(root, owner, name));
      assert.equal(
        `${chart.metadata.name}-${chart.metadata.version}.tgz`.replaceAll('+', '_'),
        name.replaceAll('+', '_'),
      );
      count++;
    }
  }
  t.diagnostic(`${count} charts`);
});
