import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './measure.js';
import { factsText, tableOf, written } from './table.js';

test('ratios are of rounds, not of medians', () => {
  const run = (wall: number) => ({ wall, cpu: wall, peak: 2 ** 20, code: 0 });
  const runs = new Map([
    ['floor', [run(1), run(2), run(4)]],
    ['tool', [run(3), run(4), run(4)]],
  ]);
  // 3/1, 4/2, 4/4: the median is 2; that of the times would be 4/2 too, so the peak and spread are looked at as well.
  assert.deepEqual(tableOf(runs, 'floor').slice(2), [
    '| floor | 2.00 (1.00–4.00) | 2.00 (1.00–4.00) | 1 (1–1) | 1.00 | 1.00 |',
    '| tool | 4.00 (3.00–4.00) | 4.00 (3.00–4.00) | 1 (1–1) | 2.00 | 2.00 |',
  ]);
  const skewed = new Map([
    ['floor', [run(1), run(2), run(10)]],
    ['tool', [run(5), run(6), run(10)]],
  ]);
  assert.match(tableOf(skewed, 'floor')[3] ?? '', /\| 3\.00 \| 3\.00 \|$/);
});

test('only what stands between the markers of the document is written', () => {
  const document = readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8');
  const once = written(document, 'a table\n');
  assert.equal(written(once, 'a table\n'), once);
  assert.ok(once.includes('\n\na table\n\n<!-- '));
  const around = (text: string): string => text.replace(/begin -->.*<!--/s, 'begin --><!--');
  assert.equal(around(once), around(document));
  assert.throws(() => written('no markers', ''), /has no lines/);
});

test('what an image adds up to', () => {
  assert.equal(
    factsText({ layers: 7, storedBytes: 512_300_000, tarBytes: 1_912_000_000 }),
    '7 layers, 512 MB compressed, 1,912 MB of tar',
  );
});
