import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileGlob } from './glob.js';
import { BadPattern, pathMatcher } from './path-match.js';

const names = ['a.txt', 'conf/b.ini', 'conf/c.ini', 'conf/sub/d.ini', 'x,y', '[z]'];

test('.Files.Glob takes the files that gobwas/glob takes', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['*', ['a.txt', 'x,y', '[z]']],
    ['**', names],
    ['**.ini', ['conf/b.ini', 'conf/c.ini', 'conf/sub/d.ini']],
    ['conf/*', ['conf/b.ini', 'conf/c.ini']],
    ['conf/**', ['conf/b.ini', 'conf/c.ini', 'conf/sub/d.ini']],
    ['conf/?.ini', ['conf/b.ini', 'conf/c.ini']],
    ['conf/[bc].ini', ['conf/b.ini', 'conf/c.ini']],
    ['conf/[!b].ini', ['conf/c.ini']],
    ['conf/[a-b].ini', ['conf/b.ini']],
    ['{a.txt,conf/b*}', ['a.txt', 'conf/b.ini']],
    ['{a,{x,conf/c}*}*', ['a.txt', 'conf/c.ini', 'x,y']],
    ['x,y', ['x,y']],
    ['\\[z\\]', ['[z]']],
    ['a.tx', []],
    ['.*', []],
    ['', []],
    // What gobwas cannot read is `**` to Helm.
    ['[', names],
    ['[]', names],
  ];
  for (const [pattern, found] of cases) assert.deepEqual(names.filter(fileGlob(pattern)), found, pattern);
});

test('paths match as filepath.Match matches', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*c', 'abc', true],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
    ['ab[c]', 'abc', true],
    ['ab[^e-g]', 'abf', false],
    ['a\\*b', 'a*b', true],
    ['a?b', 'a/b', false],
    ['[\\]a]', ']', true],
    ['*x', 'xxx', true],
    ['', '', true],
    ['', 'x', false],
  ];
  for (const [pattern, name, fits] of cases) assert.equal(pathMatcher(pattern)(name), fits, `${pattern} ${name}`);
  for (const pattern of ['[', '[]', 'a\\', '[a-]', '[-x]']) assert.throws(() => pathMatcher(pattern), BadPattern);
});

test('a hostile pattern costs no more than pattern times name', () => {
  assert.equal(pathMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(20_000)), false);
  assert.equal(fileGlob(`${'*a'.repeat(200)}b`)('a'.repeat(5000)), false);
});
