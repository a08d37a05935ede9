import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { noRegistry, pushImage, withRegistry, writeLogin } from './registry-process.js';
import { inScratch, type Run, trowel } from './run.js';

/** One line of standard error, and what it says. */
function oneLine(run: Run, code: number, ...says: readonly RegExp[]): void {
  assert.equal(run.code, code, run.stderr);
  assert.equal(run.stdout, '');
  assert.match(run.stderr, /^trowel: [^\n]*\n$/);
  for (const pattern of says) assert.match(run.stderr, pattern);
}

const installed = 'P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\n\n';

test('an image and a chart from a registry that asks for a password', { skip: noRegistry }, (t) =>
  inScratch((dir) =>
    withRegistry(dir, async ({ host, storage }) => {
      const layout = join(dir, 'layout');
      const [digest = ''] = await buildImage(layout, 'team/app:1', [
        [
          file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n'),
          file('lib/apk/db/installed', installed),
          file('lib/ld-musl-x86_64.so.1', 'a library of that package\n'.repeat(1000)),
          file('srv/data', 'nobody owns this\n'),
        ],
      ]);
      await pushImage(layout, host, 'team/app', '1');
      const config = writeLogin(join(dir, 'config.json'), host);
      const reference = `${host}/team/app:1`;
      const dig = (target: string, ...more: readonly string[]) =>
        trowel(
          [
            ...['dig', target, '--plain-http', host, '--registry-config', config, '-o', 'json'],
            ...['--platform', 'linux/amd64', '--db', join(dir, 'db'), '--store', join(dir, 'store'), ...more],
          ],
          { env: { SOURCE_DATE_EPOCH: '1607000000', NO_PROXY: '*' } },
        );
      const wrong = (password: string) => ['--registry-config', writeLogin(join(dir, 'wrong.json'), host, password)];

      await t.test('refused: a wrong password, no password, TLS', async () => {
        oneLine(
          await dig(`image:${reference}`, ...wrong('guessed')),
          4,
          /these credentials do not open/,
          /UNAUTHORIZED/,
        );
        writeFileSync(join(dir, 'empty.json'), '{}');
        const nobody = await dig(`image:${reference}`, '--registry-config', join(dir, 'empty.json'));
        oneLine(nobody, 4, new RegExp(`log in to ${host}`));
        const tls = await trowel(['dig', `image:${reference}`, '--no-store', '--db', join(dir, 'db')], {
          env: { NO_PROXY: '*' },
        });
        oneLine(tls, 4, new RegExp(`--plain-http ${host}`));
      });

      await t.test('a tag that is not there: what to try, with and without the prefix', async () => {
        const save = new RegExp(`docker save ${host}/team/app:2 \\| trowel dig docker-archive:-`);
        oneLine(await dig(`image:${host}/team/app:2`), 4, save);
        oneLine(await dig(`${host}/team/app:2`), 4, save, /image reference/);
      });

      await t.test('cold, then from the store while the registry has no layers any more', async () => {
        const cold = await dig(`image:${reference}`);
        assert.equal(cold.code, 3, cold.stderr);
        const first: Dig = JSON.parse(cold.stdout);
        assert.deepEqual(
          first.images.map((image) => [image.reference, image.source, image.platform, image.layers[0]?.digest]),
          [[reference, 'registry', 'linux/amd64', digest]],
        );
        assert.deepEqual(
          first.components.map((row) => [row.name, row.version, row.owns.files]),
          [['musl', '1.2.4-r2', 1]],
        );
        assert.equal(first.images[0]?.coverage.files, 4);
        assert.deepEqual([...new Set(first.notAssessed.map((gap) => gap.kind))], ['advisories']);

        rmSync(join(storage, 'docker/registry/v2/blobs/sha256', digest.slice(7, 9), digest.slice(7)), {
          recursive: true,
        });
        const warm = await dig(`image:${reference}`);
        assert.equal(warm.stdout, cold.stdout);
        const without = await dig(`image:${reference}`, '--no-store');
        assert.equal(without.code, 3, without.stderr);
        const torn: Dig = JSON.parse(without.stdout);
        assert.ok(
          torn.notAssessed.some((gap) => gap.kind === 'layer' && gap.subject.includes(digest)),
          without.stdout,
        );
      });

      await t.test('a chart with one image that is there and one that is not', async () => {
        const chart = join(dir, 'chart');
        mkdirSync(join(chart, 'templates'), { recursive: true });
        writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: two\nversion: 1.0.0\n');
        writeFileSync(join(chart, 'values.yaml'), `registry: ${host}\n`);
        const container = (name: string, image: string): string =>
          `  - name: ${name}\n    image: "{{ .Values.registry }}/${image}"\n`;
        const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n`;
        writeFileSync(
          join(chart, 'templates', 'pod.yaml'),
          pod + container('here', 'team/app:1') + container('gone', 'team/gone:9'),
        );
        const run = await dig(chart);
        assert.equal(run.code, 3, run.stderr);
        const dug: Dig = JSON.parse(run.stdout);
        assert.deepEqual(
          dug.images.map((image) => image.reference),
          [reference],
        );
        assert.deepEqual(
          dug.notAssessed.filter((gap) => gap.kind === 'image').map((gap) => [gap.subject, gap.reason]),
          [[`${host}/team/gone:9`, 'not-found']],
        );
        const allowed = await dig(chart, '--allow-incomplete=image,advisories');
        assert.equal(allowed.code, 0, allowed.stderr);
      });
    }),
  ),
);
