import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanPath } from './clean-path.js';

/** Expected values are Go's `path.Join("/", path.Clean(p))` without the slash, and null where Clean begins with `..`. */
const cases: [string, string | null][] = [
  ['a/b', 'a/b'],
  ['./a', 'a'],
  ['/etc/passwd', 'etc/passwd'],
  ['a//b/', 'a/b'],
  ['a/./b', 'a/b'],
  ['a/../b', 'b'],
  ['.hidden/.x', '.hidden/.x'],
  ['a/...', 'a/...'],
  ['', ''],
  ['./', ''],
  ['a/..', ''],
  ['..', null],
  ['../x', null],
  ['a/../../x', null],
];

test('paths are cleaned as runtimes clean them', () => {
  for (const [given, expected] of cases) assert.equal(cleanPath(given), expected, given);
});

test('an absolute path cannot climb: its .. stops at the root in Go, here it is left out', () => {
  assert.equal(cleanPath('/../x'), null);
});
