import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { inRoot, programMissing, sharedData, sharedMissing } from '../../test/paths.js';
import { tarEntries } from '../pack/index.js';
import { dpkg } from './dpkg.js';
import { catalogued, readWith, type TestLayer } from './image.test.support.js';

const images = sharedData('images');
const skipImages = images === null ? sharedMissing : false;
const limits = { entries: 100_000, pathBytes: 4096, totalBytes: 2 ** 31 };

/** The layers of a `docker save` archive, regular files only, as the archive's manifest orders them. */
function layersOf(name: string): TestLayer[] {
  const whole = readFileSync(join(images ?? '', name));
  const files = new Map(
    [...tarEntries(whole[0] === 0x1f ? gunzipSync(whole) : whole, limits)].map(({ header, content }) => [
      header.path,
      content,
    ]),
  );
  const text = (path: string): string => Buffer.from(files.get(path) ?? '').toString('utf8');
  const layers: readonly string[] = JSON.parse(text('manifest.json'))[0].Layers;
  return layers.map((path) => {
    const bytes = files.get(path) ?? new Uint8Array();
    const entries = [...tarEntries(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes, limits)];
    return Object.fromEntries(
      entries.filter(({ header }) => header.type === 'file').map(({ header, content }) => [header.path, content]),
    );
  });
}

/** Expected purls: what the jars' own pom.properties and names say, as `unzip -p` shows them. */
const jars: readonly (readonly [string, readonly string[]])[] = [
  [
    'docker-archives__docker-save__java-uberjar.tar',
    [
      'pkg:maven/com.google.guava/guava@30.1-jre',
      'pkg:maven/com.google.j2objc/j2objc-annotations@1.3',
      'pkg:maven/org.slf4j/jul-to-slf4j@1.7.30',
    ],
  ],
  [
    'docker-archives__docker-save__war-with-3-level-jar.tar',
    [
      'pkg:maven/com.example/demo@0.0.1-SNAPSHOT',
      'pkg:maven/com.google.guava/listenablefuture@9999.0-empty-to-avoid-conflict-with-guava',
      'pkg:maven/level-2-jar',
      'pkg:maven/level-3-jar',
      'pkg:maven/org.apache.tomcat.embed/tomcat-embed-core@9.0.63',
      'pkg:maven/org.apache.tomcat.embed/tomcat-embed-el@9.0.63',
      'pkg:maven/org.apache.tomcat.embed/tomcat-embed-websocket@9.0.63',
    ],
  ],
];

for (const [image, expected] of jars) {
  test(`real archives in archives: ${image}`, { skip: skipImages }, () => {
    const { components } = catalogued(...layersOf(image));
    assert.deepEqual(
      components.map((one) => one.purl),
      expected,
    );
  });
}

test('a real image of Debian 10', { skip: skipImages }, () => {
  const [layer = {}] = layersOf('docker-archives__skopeo-copy__nginx-compressed-layers.tar');
  const { components, distro, gaps } = catalogued(layer);
  const status = Buffer.from(
    layer['var/lib/dpkg/status'] instanceof Uint8Array ? layer['var/lib/dpkg/status'] : '',
  ).toString('utf8');
  assert.equal(distro?.versionId, '10');
  assert.equal(components.length, status.match(/^Status: install ok installed$/gm)?.length);
  assert.deepEqual(gaps, []);
});

const statusPath = '/var/lib/dpkg/status';
const dpkgMissing = existsSync(statusPath) && existsSync('/usr/bin/dpkg-query') ? false : 'no dpkg on this machine';

test('the packages of this machine are those that dpkg-query lists', {
  skip: dpkgMissing || programMissing('dpkg-query'),
}, () => {
  const format = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'db:Status-Status'];
  const listed = execFileSync('dpkg-query', ['-W', '-f', `${format.map((name) => `$\{${name}}`).join('\\t')}\\n`], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const expected = listed
    .trim()
    .split('\n')
    .filter((row) => !/\t(?:config-files|not-installed)$/.test(row))
    .map((row) => row.split('\t').slice(0, 5).join(' '))
    .sort();
  const result = readWith(dpkg, 'var/lib/dpkg/status', readFileSync(statusPath));
  assert.deepEqual(result?.gaps, []);
  const { components } = catalogued({ 'var/lib/dpkg/status': readFileSync(statusPath) });
  const ours = components.map((one) => {
    const architecture = /Architecture: (.*)$/.exec(one.evidence[0]?.value ?? '')?.[1];
    return `${one.name} ${one.version} ${architecture} ${one.source?.name} ${one.source?.version}`;
  });
  assert.deepEqual(ours.sort(), expected);
});

const installedList = inRoot('node_modules', '.package-lock.json');

test('the packages of this project are those that npm says it installed', {
  skip: existsSync(installedList) ? false : 'npm installed nothing here',
}, () => {
  const listed: { readonly packages: Readonly<Record<string, { readonly version: string; readonly link?: boolean }>> } =
    JSON.parse(readFileSync(installedList, 'utf8'));
  // What is for other systems is in the list and not there.
  const expected = Object.entries(listed.packages)
    .filter(([path, { link }]) => link !== true && existsSync(inRoot(path, 'package.json')))
    .map(([path, { version }]) => `${path} ${version}`);
  const files = Object.keys(listed.packages).map((path) => `${path}/package.json`);
  const layer = Object.fromEntries(
    files.flatMap((path) => (existsSync(inRoot(path)) ? [[path, readFileSync(inRoot(path))] as const] : [])),
  );
  const found = catalogued(layer).components.flatMap((one) =>
    one.locations.map(({ path }) => `${path.slice(0, -'/package.json'.length)} ${one.version}`),
  );
  assert.ok(found.length > 0);
  assert.deepEqual(found.sort(), expected.sort());
});

/** What a program prints, or null where it is not there or fails. */
function output(program: string, args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}

/** Files below a folder whose paths fit, as a layer. */
function layerBelow(folder: string, fits: RegExp): TestLayer {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => fits.test(`/${name}`));
  return Object.fromEntries(names.map((name) => [join(folder, name).slice(1), readFileSync(join(folder, name))]));
}

const pythonPaths = output('python3', ['-c', 'import site;print(site.getsitepackages()[0])'])?.trim() ?? null;
const pipList =
  pythonPaths === null ? null : output('python3', ['-m', 'pip', 'list', '--format=json', '--path', pythonPaths]);

test('the Python distributions of this machine are those that pip lists', {
  skip: pipList === null ? 'no pip on this machine' : false,
}, () => {
  const listed: readonly { readonly name: string; readonly version: string }[] = JSON.parse(pipList ?? '[]');
  const expected = listed.map(({ name, version }) => `${name.toLowerCase().replace(/[-_.]+/g, '-')} ${version}`);
  const layer = layerBelow(pythonPaths ?? '', /^\/[^/]+\.(?:dist|egg)-info\/(?:METADATA|PKG-INFO)$/);
  const found = catalogued(layer).components.map((one) => `${one.name} ${one.version}`);
  assert.deepEqual([...new Set(found)].sort(), expected.sort());
});

const gemFolders = existsSync('/usr/bin/gem')
  ? output('/usr/bin/gem', ['environment', 'path'])?.trim().split(':')
  : undefined;

test('the gems of this machine are those that gem lists', {
  skip: gemFolders === undefined ? 'no gem on this machine' : false,
}, () => {
  const listed = output('/usr/bin/gem', ['list', '--local', '--quiet']) ?? '';
  // `json (default: 2.6.1, 2.5.0)`: every version counts.
  const expected = listed.split('\n').flatMap((line) => {
    const [, name, versions = ''] = /^(\S+) \((.*)\)$/.exec(line) ?? [];
    return name === undefined
      ? []
      : versions.split(', ').map((one) => `${name} ${one.replace(/^default: /, '').split(' ')[0]}`);
  });
  const layers = (gemFolders ?? [])
    .filter((folder) => existsSync(join(folder, 'specifications')))
    .map((folder) => layerBelow(folder, /^\/specifications\/.*\.gemspec$/));
  const found = catalogued(Object.assign({}, ...layers)).components.map((one) => `${one.name} ${one.version}`);
  assert.deepEqual([...new Set(found)].sort(), [...new Set(expected)].sort());
});
