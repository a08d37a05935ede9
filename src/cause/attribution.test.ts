import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainUse } from '../../test/plain-use.js';
import { attributed, isRepeated } from './attribution.js';
import { foreseenFor, foreseenOf } from './foreseen.js';
import type { Suspect } from './suspect.js';

/** One image, changed by a registry that was not set before and by another name. */
function sharesOf(before: string, name: string, after: string): readonly (string | null | undefined)[] {
  const suspect = (path: string, text: string | null, probe: string): Suspect => ({
    trial: { kind: 'value', path, value: probe, option: '--set', argument: `${path}=${probe}` },
    text,
    probe,
    uses: new Map([[0, text === null ? foreseenOf('registry', probe, before) : foreseenFor(before, text, probe)]]),
    holdsMore: false,
    list: null,
    otherwise: [],
  });
  const round = [suspect('registry', null, 'r.example'), suspect('name', name, `${name}x`)];
  const result = attributed(round, [plainUse(before)], { moved: new Map([[0, after]]), appeared: [] });
  assert.deepEqual([...(result.doubtful ?? [])], []);
  return round.map((one) => result.shares.get(one)?.moved.get(0));
}

test('a registry takes its place', () => {
  assert.deepEqual(sharesOf('q.io/a/b:1', 'a/b', 'r.example/a/bx:1'), ['r.example/a/b:1', 'q.io/a/bx:1']);
});

test('a registry is put before the one that is there', () => {
  assert.deepEqual(sharesOf('q.io/a/b:1', 'a/b', 'r.example/q.io/a/bx:1'), ['r.example/q.io/a/b:1', 'q.io/a/bx:1']);
});

test('an official image has a library in Docker Hub, and elsewhere where the chart says so', () => {
  const before = 'docker.io/library/b:1';
  assert.deepEqual(sharesOf(before, 'b', 'r.example/bx:1'), ['r.example/b:1', 'docker.io/library/bx:1']);
  assert.deepEqual(sharesOf(before, 'library/b', 'r.example/library/bx:1'), [
    'r.example/library/b:1',
    'docker.io/library/bx:1',
  ]);
  assert.deepEqual(sharesOf(before, 'docker.io/b', 'r.example/docker.io/bx:1'), [
    'r.example/docker.io/b:1',
    'docker.io/library/bx:1',
  ]);
});

test('what is no reference has no library', () => {
  assert.deepEqual(sharesOf('docker.io/b:%!s(int64=1)', 'b', 'r.example/bx:%!s(int64=1)'), [
    'r.example/b:%!s(int64=1)',
    'docker.io/bx:%!s(int64=1)',
  ]);
});

test('what several did to one image is what each did alone', () => {
  const uses = [plainUse('q.io/a:1')];
  const open = { moved: new Map([[0, 'q.io/b:2']]), appeared: [] };
  const alone = ['q.io/b:1', 'q.io/a:2'].map((image) => ({ moved: new Map([[0, image]]), appeared: [] }));
  assert.equal(isRepeated(open, alone, uses), true);
  assert.equal(isRepeated(open, alone.slice(1), uses), false);
  const gone = { moved: new Map([[0, null]]), appeared: [] };
  assert.equal(isRepeated(gone, alone, uses), false);
  assert.equal(isRepeated(gone, [gone], uses), true);
  assert.equal(isRepeated({ moved: new Map(), appeared: ['q.io/c:1'] }, alone, uses), false);
});
