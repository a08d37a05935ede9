import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { programMissing, sharedData, sharedMissing } from '../../test/paths.js';
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
