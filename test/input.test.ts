import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { sharedData, sharedMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const saved = sharedData('images', 'docker-archives__docker-save__3-level-jar.tar');

test('an image archive on standard input is the one in the file', { skip: saved === null && sharedMissing }, () =>
  inScratch(async (dir) => {
    if (saved === null) return;
    const places = ['--offline', '--no-store', '--db', join(dir, 'db'), '-o', 'json'];
    const [piped, named] = [
      await trowel(['dig', 'docker-archive:-', ...places], { input: readFileSync(saved) }),
      await trowel(['dig', `docker-archive:${saved}`, ...places]),
    ];
    assert.equal(piped.code, named.code, piped.stderr);
    const digs: readonly Dig[] = [JSON.parse(piped.stdout), JSON.parse(named.stdout)];
    const [a, b] = digs.map((dig) => [
      dig.images.map((image) => image.layers),
      dig.images.map((image) => image.coverage),
    ]);
    assert.deepEqual(a, b);
    assert.equal(digs[0]?.images.length, 1);
    const nothing = await trowel(['dig', 'docker-archive:-', ...places]);
    assert.equal(nothing.code, 4);
    assert.match(nothing.stderr, /^trowel: [^\n]*\n$/);
  }),
);

test('the images of manifests, from a file and standard input, out of an image store', () =>
  inScratch(async (dir) => {
    const store = join(dir, 'images');
    const reference = 'registry.example/team/app:1';
    await buildImage(store, reference, [
      [
        file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.4\n'),
        file('lib/apk/db/installed', 'P:musl\nV:1.2.4-r2\n\n'),
      ],
    ]);
    const containers = ['team/app:1', 'team/gone:2'].map(
      (name, i) => `  - {name: c${i}, image: "registry.example/${name}"}\n`,
    );
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n${containers.join('')}`;
    writeFileSync(join(dir, 'pod.yaml'), text);
    const places = ['--image-store', store, '--offline', '--no-store', '--db', join(dir, 'db'), '-o', 'json'];
    for (const [target, input] of [
      [`manifests:${dir}/pod.yaml`, ''],
      [`${dir}/pod.yaml`, ''],
      ['manifests:-', text],
    ] as const) {
      const run = await trowel(['dig', target, ...places, '--platform', 'linux/amd64'], { input: Buffer.from(input) });
      assert.equal(run.code, 3, run.stderr);
      const dig: Dig = JSON.parse(run.stdout);
      assert.equal(dig.target.kind, 'manifests');
      assert.deepEqual(
        dig.images.map((image) => [image.reference, image.source]),
        [[reference, 'store']],
      );
      assert.deepEqual(
        dig.components.map((row) => [row.name, row.version]),
        [['musl', '1.2.4-r2']],
      );
      assert.deepEqual(
        dig.notAssessed.filter((gap) => gap.kind === 'image').map((gap) => gap.subject),
        ['registry.example/team/gone:2'],
      );
    }
  }));

test('the tree says what an argument without a prefix was taken for', () =>
  inScratch(async (dir) => {
    const layout = join(dir, 'layout');
    await buildImage(layout, 'registry.example/team/app:1', [[file('a', 'a')]]);
    writeFileSync(join(dir, 'pod.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
    const chart = join(dir, 'chart');
    mkdirSync(chart);
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
    const places = ['--offline', '--no-store', '--db', join(dir, 'db'), '-o', 'tree'];
    const head = async (target: string): Promise<string> => {
      const run = await trowel(['dig', target, '--image-store', layout, '--platform', 'linux/amd64', ...places]);
      return (run.stdout.split('\n\n')[0] ?? '').replaceAll(/\s+/g, ' ');
    };
    for (const [target, taken] of [
      [chart, 'a chart'],
      [layout, 'an OCI layout'],
      [`${dir}/pod.yaml`, 'Kubernetes objects'],
      ['registry.example/team/app:1', 'an image reference'],
    ] as const) {
      assert.ok((await head(target)).endsWith(` taken for ${taken}`), await head(target));
    }
    assert.doesNotMatch(await head(`oci-dir:${layout}`), /taken for/);
  }));

test('a container without an image is a use that names none: it is no image', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'a' }, { image: 'b' }] },
  };
  const run = await trowel(['dig', 'manifests:-', '--offline', '--no-store', '-o', 'json'], {
    input: Buffer.from(JSON.stringify(pod)),
  });
  assert.equal(run.code, 3, run.stderr);
  const { tally } = JSON.parse(run.stdout);
  assert.deepEqual([tally.uses, tally.images, tally.notAssessed.use], [2, 1, 1]);
});
