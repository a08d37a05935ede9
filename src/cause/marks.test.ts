import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainUse } from '../../test/plain-use.js';
import { Marks } from './marks.js';
import { probeOf } from './probe.js';

const markable = (text: string): { text: string; probes: (variant: number) => readonly string[] } => ({
  text,
  probes: (variant) => [probeOf(text, variant)],
});

test('values that say the same are changed to different texts, and to none that an image has', () => {
  const marks = new Marks([plainUse('q.io/a:1.0'), plainUse('q.io/a:1.1')]);
  const probes = [1, 2, 3].flatMap(() => marks.probesOf(markable('1.0')));
  assert.equal(new Set(probes).size, 3);
  assert.equal(
    probes.some((probe) => probe === '1.0' || probe === '1.1'),
    false,
  );
});

test('where no other text is left the search ends', () => {
  const marks = new Marks([]);
  const stubborn = { text: null, probes: () => ['same'] };
  assert.deepEqual([marks.probesOf(stubborn), marks.probesOf(stubborn)], [['same'], ['same']]);
});
