import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { sharedData, sharedMissing } from '../../../test/paths.js';
import { readCommonStyle } from './common-style.js';
import { type Builder, decodeYaml } from './decode.js';
import { parseYaml } from './parser.js';

/** Values with the order of their keys, and without a difference between a map and what looks like one. */
const builder: Builder<unknown> = {
  scalar: (value) => value,
  list: (items) => items,
  map: (entries) => ({ map: [...entries] }),
};

const refused = Symbol('refused');

function whole(text: string): unknown {
  try {
    return decodeYaml(parseYaml(text), builder);
  } catch {
    return refused;
  }
}

/** What is read in one pass is what the whole reader reads; says whether it was. */
function holds(text: string): boolean {
  const found = readCommonStyle(text, builder);
  if (found !== undefined) assert.deepEqual(found, whole(text), JSON.stringify(text));
  const skimmed = readCommonStyle(text, builder, '');
  assert.equal(skimmed === undefined, found === undefined, JSON.stringify(text));
  return found !== undefined;
}

const common = [
  'a: 1',
  'a:\n  b: x\n  c:\n  - 1\n  - d: y\n    e: z\n  -   f: 1\n      g: 2\nh: null',
  'a: # why\n  b: x # because\n# alone\nc: d#e',
  '- a\n- - b\n  - c\n-\n  d: e\n-\n- {}\n- []',
  'a: "x \\"y\\" \\\\ \\n\\t/"\nb: \'it\'\'s\'\nc: ["get", \'list\', watch]\nd: []',
  'a: |\n  one\n   two\n\n  three\n\nb: |-\n  x\n\nc: |+\n  y\n\nd: |-\ne: |\n\n  z',
  'a: one\n  two\n\n\n  three: no',
  'a: one\n  two\n\n\n  three\nb: "one\n  two\n\n  three "\nc: \' one\n\n two\'',
  'a: yes\nb: 012\nc: 1e3\nd: 0x1F\ne: 12:30\nf: 2001-01-01\ng: 1_000\nh: ~\ni: .5\nj: -x\nk: :x',
  '"quoted key": 1\n\'other\': 2\nkey.with/slash: 3\na: b\na: c',
  '---\na: 1\n',
  'a:\n  {}\nb:\n  text below\nc:\n  - x\n',
  'a: x   \nb:    y  # z\nc: "q"   # r',
  'a: |2\n   x',
  'a:\n  b: |2-\n\n\n    x\n     y\n\n  c: |1+\n    z\n\n',
  '- |2\n   x\n- k: |3-\n\n      y\n   \n  l: |1\n\n\n- m',
  'a: {key: a.io/name, operator: In, values: [x, "y z", \'w\']}\nb:\n- {"k": \'v\', l: []}   # c\n- { m: n , o:  [ p ] }',
  'a:\n  {yes: no, b: c}\nd: [e]\nf: {g: y, g: z}',
  '{}',
  '{}\n',
  'a: {b: c, d: e}\nf: {g: y, g: z}',
  'a: b: c',
  'a: [b: c]',
];

test('the common style of YAML is read as all YAML is', () => {
  const read = common.filter(holds);
  assert.deepEqual(
    common.filter((text) => !read.includes(text)),
    ['a: one\n  two\n\n\n  three: no', 'a:\n  {yes: no, b: c}\nd: [e]\nf: {g: y, g: z}', 'a: b: c', 'a: [b: c]'],
  );
});

test('what is out of the ordinary is left to the whole reader', () => {
  const texts = [
    '',
    '# nothing',
    'just text',
    '{a: b}',
    'a: &x 1\nb: *x',
    'a: !!str 1',
    '<<: {a: b}',
    'a: >\n  folded',
    'a:\tb',
    'a: b\r\nc: d',
    '%YAML 1.1\n---\na: b',
    'a: b\n---\nc: d',
    'a: b\n...\n',
    '? a\n: b',
    'on: push',
    'a: .inf',
    'a: "\\x41"',
    'a: "open',
    'a: b\n c: d',
    '  a: b\n c: d',
    'a: \u{1f600}',
    'a: \u0085',
    '\ufeffa: b',
    'a: b\n- c',
    '- a\nb: c',
    'a: `b`',
    'a: @b',
    'a: {}x',
    'a: "b" c',
  ];
  for (const text of texts) assert.equal(readCommonStyle(text, builder), undefined, JSON.stringify(text));
});

test('a long text is left out where nobody asks for it', () => {
  const text = `a: |\n${'  line of text\n'.repeat(400)}b: |\n  short\n`;
  assert.deepEqual(readCommonStyle(text, builder, 'long'), {
    map: [
      ['a', 'long'],
      ['b', 'short\n'],
    ],
  });
});

/** More than a page of lines that are indented by two. */
const longText = '  a line of text: that # is long enough\n'.repeat(120);

const pieces = [
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n\n',
    ' ',
    '  ',
    ': ',
    ':',
    '- ',
    '-',
    '#',
    ' # c',
    '"',
    "'",
    '|\n',
    '|-\n',
    '|+\n',
    '|2-\n',
    '|1\n',
    '|3+\n',
  ],
  ...[
    'a',
    'b: c',
    'key:',
    '- x',
    '{}',
    '[]',
    '["a", b]',
    '{a: b}',
    '{a: [b], "c": \'d\'}',
    '{',
    '}',
    ', ',
    '~',
    'yes',
    '1e3',
    '0o7',
    '.inf',
    '<<: ',
    '&a ',
    '*a',
    '!t ',
  ],
  ...['\t', '---\n', '...\n', '>\n', '? ', '\\', '\\n', 'text of words', "it's", '%', '\u00e9', '2001-01-01', '0x1F'],
];

test('texts put together at random are read alike, or left to the whole reader', () => {
  const line = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const text = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, (sample) => {
      holds(sample);
    }),
    { numRuns: 20_000 },
  );
  // What is common is hit more often where something common is damaged.
  const damage = fc.tuple(fc.constantFrom(...common), fc.nat(), fc.nat({ max: 4 }), fc.constantFrom('', ...pieces));
  fc.assert(
    fc.property(damage, fc.nat({ max: 20 }), ([sample, at, cut, piece], long) => {
      if (long === 0) holds(`a: |\n${longText}${sample.slice(at % sample.length)}${piece}`);
      if (long === 2) holds(`a: |2-\n\n${longText}${piece}${sample.slice(at % sample.length)}`);
      if (long === 1) holds(`- |-\n${longText}${piece}${sample.slice(at % sample.length)}`);
      const place = at % (sample.length + 1);
      holds(sample.slice(0, place) + piece + sample.slice(place + cut));
    }),
    { numRuns: 20_000 },
  );
});

const renders = sharedData('oracle-dev');

test('every document that Helm made of real charts is read alike', { skip: renders === null && sharedMissing }, (t) => {
  const folder = renders ?? '';
  let documents = 0;
  let read = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.gz'))) {
    const text = gunzipSync(readFileSync(join(folder, file))).toString('utf8');
    for (const document of text.split(/^---\n/m)) {
      documents += 1;
      if (holds(document)) read += 1;
    }
  }
  t.diagnostic(`${read} of ${documents} in the common style`);
  assert.ok(read > documents * 0.9);
});
