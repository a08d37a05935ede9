import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenValues, noValues } from '../chart/index.js';
import { setArgument, valuesFile } from './override.js';
import { valueAt } from './values-path.js';

test('an argument gives the path exactly the value, a text as a text', () => {
  const cases: readonly (readonly [string, string | number, string, string])[] = [
    ['image.tag', '1.2.3', '--set', 'image.tag=1.2.3'],
    ['image.tag', '17', '--set-string', 'image.tag=17'],
    ['image.tag', 'true', '--set-string', 'image.tag=true'],
    ['image.tag', 17, '--set', 'image.tag=17'],
    ['a\\.b.c', 'x,y', '--set', 'a\\.b.c=x\\,y'],
    ['a', '{{ x }}', '--set', 'a=\\{{ x }}'],
    ['a', 'back\\slash', '--set', 'a=back\\\\slash'],
    ['list[0].image', 'x', '--set', 'list[0].image=x'],
  ];
  for (const [path, value, option, argument] of cases) {
    assert.deepEqual(setArgument(path, value), { option, argument });
    const given = option === '--set' ? { ...noValues, set: [argument] } : { ...noValues, setString: [argument] };
    assert.equal(valueAt(givenValues(given, 3), path), value);
  }
});

test('what the user gave later is given later', () => {
  assert.deepEqual(setArgument('a', '1.2', '--set-string'), { option: '--set-string', argument: 'a=1.2' });
  assert.deepEqual(setArgument('a', 'x,y', '--set-literal'), { option: '--set-literal', argument: 'a=x,y' });
});

test('a values file says the same', () => {
  const cases: readonly (readonly [Parameters<typeof valuesFile>[0], string | null])[] = [
    [[['image.tag', 'v1.2.3']], 'image:\n  tag: v1.2.3\n'],
    [[['image.tag', '17']], 'image:\n  tag: "17"\n'],
    [[['image.tag', 17]], 'image:\n  tag: 17\n'],
    [[['tag', 'no']], 'tag: "no"\n'],
    [[['a\\.b.c', 'x: y']], 'a.b:\n  c: "x: y"\n'],
    [
      [
        ['a.b', 'x'],
        ['a.c', true],
      ],
      'a:\n  b: x\n  c: true\n',
    ],
    [[['list[0].image', 'x']], null],
  ];
  for (const [settings, text] of cases) {
    assert.equal(valuesFile(settings), text);
    if (text === null) continue;
    const given = givenValues({ ...noValues, files: [{ path: 'v.yaml', text }] }, 3);
    for (const [path, value] of settings) assert.equal(valueAt(given, path), value);
  }
});
