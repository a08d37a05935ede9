import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { helmOptions } from '../../test/helm-arguments.js';
import { inRoot } from '../../test/paths.js';
import { renderText } from '../../test/render-text.js';
import { inScratch } from '../../test/run.js';

/** A small chart, and what the two Helms print for it (testdata/rendered/record.mjs). */
interface RenderedCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly helm3: string;
  readonly helm4?: string;
}

const path = inRoot('src', 'chart', 'testdata', 'rendered', 'cases.json');
const cases: readonly RenderedCase[] = JSON.parse(readFileSync(path, 'utf8'));

for (const helm of [3, 4] as const) {
  test(`small charts render as with Helm ${helm}`, async (t) => {
    const wrong: { name: string; ours: string; helms: string }[] = [];
    for (const one of cases) {
      const ours = await inScratch((dir) => render(one, helm, dir));
      const helms = helm === 3 ? one.helm3 : (one.helm4 ?? one.helm3);
      if (ours !== helms) wrong.push({ name: one.name, ours, helms });
    }
    t.diagnostic(`${cases.length - wrong.length} of ${cases.length} identical`);
    assert.deepEqual(wrong, []);
  });
}

async function render({ args, files }: RenderedCase, helm: 3 | 4, dir: string): Promise<string> {
  const all = { 'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.2.3\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return (await renderText(join(dir, 'chart'), helmOptions(args, dir, helm))).replaceAll(dir, 'DIR');
}
