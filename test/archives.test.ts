import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dig, Gap } from '../src/model/index.js';
import { sharedData, sharedMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const folder = sharedData('images');

/** The target for an archive of this shape, as STATE.tsv names shapes. */
function targetOf(name: string, shape: string): string {
  const kind = /\bOCI$|^OCI$/.test(shape) && !shape.includes('docker') ? 'oci-archive' : 'docker-archive';
  return `${kind}:${join(folder ?? '', name)}`;
}

/** What must stand in `notAssessed` for the words of STATE.tsv: reason and layer index. */
function expectedGaps(state: string): string[] {
  const gaps: string[] = [];
  for (const said of state.split('; ')) {
    const fewer = /(\d+) layers for (\d+) diff IDs/.exec(said);
    if (fewer !== null) gaps.push(`${Number(fewer[2]) - Number(fewer[1])} layers missing`);
    if (/layer 0 is not its digest/.test(said)) gaps.push('layer 0 bad');
    if (/layer 0 is not its diff ID/.test(said)) gaps.push('layer 0 bad');
  }
  return [...new Set(gaps)].sort();
}

function seenGaps(gaps: readonly Gap[]): string[] {
  const seen = new Set<string>();
  const layers = gaps.filter((gap) => gap.kind === 'layer');
  const missing = layers.filter((gap) => gap.reason === 'layer-missing').reduce((sum, gap) => sum + gap.count, 0);
  if (missing > 0) seen.add(`${missing} layers missing`);
  for (const gap of layers) {
    if (gap.reason !== 'layer-missing' && gap.subject.includes('layer 0')) seen.add('layer 0 bad');
  }
  return [...seen].sort();
}

const rows =
  folder === null
    ? []
    : readFileSync(join(folder, 'STATE.tsv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'));

test('image archives are there to be dug', (t) => {
  if (folder === null) t.skip(sharedMissing);
});

for (const [name = '', shape = '', platforms = '', state = ''] of rows) {
  test(`${name}: ${state.slice(0, 80)}`, async () => {
    await inScratch(async (dir) => {
      const platform = platforms.split(' ')[0] ?? '';
      const args = [
        'dig',
        targetOf(name, shape),
        '--offline',
        '-o',
        'json',
        '--db',
        `${dir}/db`,
        '--store',
        `${dir}/s`,
      ];
      const run = await trowel(platform === '' ? args : [...args, '--platform', platform]);
      assert.doesNotMatch(run.stderr, /internal error|\n\s+at /, run.stderr);
      if (shape.startsWith('no image')) {
        assert.equal(run.code, 4, run.stderr);
        return;
      }
      assert.ok(run.code === 0 || run.code === 3, `exit ${run.code}: ${run.stderr}`);
      const dig: Dig = JSON.parse(run.stdout);
      assert.equal(dig.images.length, 1);
      assert.deepEqual(seenGaps(dig.notAssessed), expectedGaps(state));
      const coverage = dig.images[0]?.coverage;
      const sum = (
        part: Readonly<Record<string, { files: number; bytes: number }>> | undefined,
        key: 'files' | 'bytes',
      ) => Object.values(part ?? {}).reduce((total, count) => total + count[key], 0);
      for (const key of ['files', 'bytes'] as const) {
        assert.equal(sum(coverage?.byBucket, key), coverage?.[key]);
        assert.equal(sum(coverage?.byGrade, key), coverage?.[key]);
      }
    });
  });
}
