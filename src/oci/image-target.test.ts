import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImageTarget, splitPathAndTag } from './image-target.js';

test('a path and its tag', () => {
  const there = ['out', 'a:b.tar', '/d/x', 'c:1'];
  const exists = (path: string): boolean => there.includes(path);
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['', '', null],
    ['out', 'out', null],
    ['out:1.0', 'out', '1.0'],
    ['out:', 'out', null],
    ['out:registry.example:5000/team/app:1', 'out', 'registry.example:5000/team/app:1'],
    ['a:b.tar', 'a:b.tar', null],
    ['a:b.tar:2', 'a:b.tar', '2'],
    ['c:1:2', 'c:1', '2'],
    ['/d/x:y/z:1', '/d/x', 'y/z:1'],
    ['-', '-', null],
    ['-:app:1', '-', 'app:1'],
    ['/none/y.tar:tag', '/none/y.tar', 'tag'],
    ['/no:ne/y.tar', '/no:ne/y.tar', null],
  ];
  for (const [text, path, tag] of cases) assert.deepEqual(splitPathAndTag(text, exists), { path, tag }, text);
});

test('prefixes of image targets', () => {
  assert.deepEqual(parseImageTarget('image:nginx:1'), { kind: 'reference', reference: 'nginx:1' });
  assert.deepEqual(parseImageTarget('docker-archive:-'), { kind: 'docker-archive', path: '-', tag: null });
  assert.deepEqual(parseImageTarget('oci-archive:/none/a.tar:1'), {
    kind: 'oci-archive',
    path: '/none/a.tar',
    tag: '1',
  });
  for (const text of ['nginx:1', 'chart', 'oci-dir', '']) assert.equal(parseImageTarget(text), null, text);
});
