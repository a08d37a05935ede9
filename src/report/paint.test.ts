import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { branch, drawBranch } from './branch.js';
import { as, draw } from './paint.js';
import { widthOf } from './width.js';

test('columns of characters', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['データ', 6],
    ['e\u0301', 1], // combining acute
    ['é', 1],
    ['한글', 4],
    ['ｗｉｄｅ', 8],
    ['😀', 2],
    ['█▓░', 3],
    ['├─ ', 3],
    ['… ·', 3],
  ];
  for (const [text, width] of cases) assert.equal(widthOf(text), width, text);
});

test('lines break at spaces, and inside of long words after a part', () => {
  const lines = (text: string): readonly string[] => [...draw([text], '> ', '  ', { width: 30, color: false })];
  assert.deepEqual(lines('a b'), ['> a b\n']);
  assert.deepEqual(lines(''), ['> \n']);
  assert.deepEqual(lines('one two three four five six seven'), ['> one two three four five six\n', '  seven\n']);
  assert.deepEqual(lines('registry.example.com/team/application:1.2.3'), [
    '> registry.example.com/team/\n',
    '  application:1.2.3\n',
  ]);
  assert.deepEqual(lines('データデータデータデータデータ'), ['> データデータデータデータデー\n', '  タ\n']);
});

test('colour only where it is wanted, and never in the widths', () => {
  const text = [as('critical', 'critical 9.8'), ', ', as('quiet', 'and so on and on and on')];
  const plain = [...draw(text, '', '', { width: 30, color: false })];
  const painted = [...draw(text, '', '', { width: 30, color: true })];
  assert.ok(!plain.join('').includes('\u001b'));
  assert.deepEqual(
    painted.map((line) => stripVTControlCharacters(line)),
    plain,
  );
  assert.ok(painted[0]?.startsWith('\u001b[1;31mcritical 9.8\u001b[0m, \u001b[2mand so'));
});

test('no line of a tree is too wide, and nothing is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 6 }),
      fc.integer({ min: 30, max: 160 }),
      (texts, width) => {
        const tree = texts.reduceRight((below, text) => branch([text, as('value', 'x')], [below]), branch(['end']));
        const lines = [...drawBranch(tree, { width, color: false })];
        for (const line of lines) {
          assert.ok(widthOf(line.slice(0, -1)) <= width + 1, line);
          assert.ok(line.endsWith('\n') && line.indexOf('\n') === line.length - 1);
        }
        const drawn = lines.join('').replace(/[│├└─\s]/g, '');
        for (const text of texts) {
          if (/^[!-~]*$/.test(text)) assert.ok(drawn.includes(text), text);
        }
      },
    ),
  );
});
