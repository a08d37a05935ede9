import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { plainOptions } from '../../test/small-chart.js';
import { loadChart, prepareChart, renderChart } from '../chart/index.js';
import { findUses } from '../discover/index.js';
import type { Cause, ImageUse } from '../model/index.js';
import { withCauses } from './causes.js';

const skip = sharedData('charts') === null && sharedMissing;

async function usesOf(name: string): Promise<readonly ImageUse[]> {
  const folder = sharedData('charts') ?? '';
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}.tgz`));
  assert.ok(file !== undefined, name);
  const prepared = prepareChart(await loadChart(join(folder, file)));
  const { manifests, raw } = renderChart(prepared, plainOptions);
  return await withCauses(findUses(manifests).uses, {
    prepared,
    options: plainOptions,
    raw,
    surroundings: { others: manifests },
  });
}

/** What is in the image, without what could take its place. */
const inUse = (causes: readonly Cause[]): readonly Cause[] => causes.filter((cause) => cause.value !== null);

test('a chart whose tags come from its appVersion', { skip }, async () => {
  const uses = await usesOf('keda-2.12.1');
  assert.deepEqual(
    uses.flatMap((use) => inUse(use.causes).map((cause) => `${cause.part} ${cause.from} ${cause.path}`)),
    ['keda', 'metricsApiServer', 'webhooks'].flatMap((name) => [
      `repository value image.${name}.repository`,
      `tag appVersion image.${name}.tag`,
    ]),
  );
});

test('registry, repository, tag and digest of ingress-nginx', { skip }, async () => {
  const uses = await usesOf('ingress-nginx-4.15.1');
  const controller = uses.find((use) => use.in.kind === 'Deployment');
  assert.deepEqual(
    inUse(controller?.causes ?? []).map((cause) => [cause.part, cause.path, cause.verified]),
    [
      ['digest', 'controller.image.digest', true],
      ['registry', 'global.image.registry', true],
      ['repository', 'controller.image.image', true],
      ['tag', 'controller.image.tag', true],
    ],
  );
});

test('the values paths of kube-prometheus-stack 12 are those of the list', { skip }, async () => {
  const truth = readFileSync(sharedData('images-truth.md') ?? '', 'utf8');
  const sections = truth.split(/^### /m).filter((section) => section.includes('| values path |'));
  let rows = 0;
  for (const section of sections) {
    const [version = ''] = section.split(/[,\n]/, 1);
    const uses = await usesOf(`kube-prometheus-stack-${version}`);
    for (const line of section.split('\n').filter((text) => /^\| (CR|args|podspec)/.test(text))) {
      const [, , , , reference = '', path = ''] = line.split('|').map((cell) => cell.replaceAll('`', '').trim());
      // `a.image.*` is a map, `a.image/tag` and `a.repository/tag` are two leaves of one.
      const parent = path.replace(/\.\*$/, '').replace(/\.[^.]*\/[^.]*$/, '');
      const matching = uses.filter((use) => use.written === reference);
      assert.ok(matching.length > 0, reference);
      for (const use of matching) {
        assert.deepEqual(
          inUse(use.causes).map((cause) => [cause.part, cause.path?.startsWith(`${parent}.`), cause.verified]),
          [
            ['repository', true, true],
            ['tag', true, true],
          ],
          reference,
        );
      }
      rows++;
    }
  }
  assert.equal(rows, 12 * sections.length);
  assert.equal(sections.length, 3);
});
