import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../test/fuzz/random.js';
import { StructReader } from '../../chart/go-struct.js';
import { isTrowelError, type JsonValue } from '../../model/index.js';
import { areAlike } from './alike.js';
import { nothingKnown, readYamlDocument, skimYamlDocument } from './index.js';

/** What stands below a key of a document. */
const pairs: readonly (readonly [before: string, now: string, isAlike: boolean])[] = [
  ['b: one', 'b: two-2', true],
  ['b: 1', 'b: 23', true],
  ['b: 1', 'b: x', true],
  ['b: [x, k]', 'b: [z, w]', true],
  ['- b: x', '- b: z', true],
  ['- x', '- z', true],
  ['b: http://one.ns:80/x', 'b: http://other.space:8080/z', true],
  ['b: "one: x"', 'b: "one: z"', true],
  ['b: "one: x"', 'b: "two: x"', false], // it could be a key
  ['- {b: x, c: [k, z]}', '- {b: x, c: [w, z]}', true],
  ['annotations: {b: x, c: z}', 'annotations: {b: x, d: z}', false],
  ['- "one: x"', '- "two: x"', false], // it could be a key
  ['one: x', 'two: x', false],
  ['one:', 'annotations:', false],
  ['b: one', 'b: one two', false],
  ['b: one\n', 'b: one', false],
  ['b: x', 'b: no', false],
  ['b: x', 'b: NULL', false],
  ['b: .x', 'b: .inf', false],
  ['b: -.x', 'b: -.Inf', false],
  ['b: 1e5', 'b: 1e999', false],
  ['b: 0x1', 'b: 0y1', false],
  ['b: "\\none"', 'b: "\\tone"', false],
  ['b: "\\none"', 'b: "\\xone"', false],
  ['b: |2\n      x', 'b: |9\n      x', false],
  ['b: 1.5', 'b: 1.7', false],
  ['b: x', 'b: :', false],
  ['b: x', 'b: x:', false],
  ['b: x', 'b: - x', false],
  ['b: x', `b: ${'x'.repeat(2000)}`, false],
];

for (const [before, now, isAlike] of pairs) {
  test(`${JSON.stringify(before)} and ${JSON.stringify(now.slice(0, 50))} are ${isAlike ? '' : 'not '}alike`, () => {
    const below = (text: string): string => `a:\n${text.replace(/^/gm, '  ')}`;
    assert.equal(areAlike(below(before), below(now)), isAlike);
    // What is a key of the document, or its value, is not looked at.
    assert.equal(areAlike(before, now), false);
  });
}

test('long texts are compared to their ends', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `  a: ${'x '.repeat(i)}z`);
  const text = lines.join('\n');
  assert.equal(areAlike(text, text), true);
  assert.equal(areAlike('\n', ''), false);
  assert.equal(areAlike('', '\n'), false);
  for (let i = 0; i < lines.length; i++) {
    const changed = (line: string): string => [...lines.slice(0, i), line, ...lines.slice(i + 1)].join('\n');
    assert.equal(areAlike(text, changed(`${lines[i]}zz`)), true);
    assert.equal(areAlike(changed(`${lines[i]}zz`), text), true);
    assert.equal(areAlike(text, changed(`${lines[i]} zz`)), false);
    assert.equal(areAlike(text, changed(`${lines[i]}\n`)), false);
    assert.equal(areAlike(changed(`${lines[i]}\n`), text), false);
    assert.equal(areAlike(text, lines.slice(0, i).join('\n')), false);
    assert.equal(areAlike(lines.slice(0, i).join('\n'), text), false);
  }
});

test('only documents with one plain kind are told by another', () => {
  const isTold = (before: string, now: string): boolean => {
    const known = nothingKnown();
    skimYamlDocument(before, known);
    return known.isPlain && areAlike(before, now);
  };
  const rest = 'metadata:\n  name: one\n';
  const other = rest.replace('one', 'two');
  assert.equal(isTold(`kind: A\n${rest}`, `kind: A\n${other}`), true);
  assert.equal(isTold(`${rest}kind: A`, `${other}kind: A`), true);
  assert.equal(isTold(`kind: A\n${rest}`, `kind: B\n${other}`), false);
  assert.equal(isTold(rest, other), false);
  for (const kind of [
    'kind:\n  one\n',
    'kind: A\n  one\n',
    'kind: A # one\n',
    'Kind: A\n',
    'kind: A\nkind: A\n',
    '"kind": A\n',
  ]) {
    assert.equal(isTold(kind + rest, kind + other), false, kind);
  }
});

/** What Helm asks of a manifest, but for its name; or what is wrong with it. */
function headOf(read: () => JsonValue): unknown {
  try {
    const head = StructReader.of(read(), 'x.SimpleHead');
    if (typeof head === 'string') return head;
    const [version, kind] = [head.text('apiVersion'), head.text('kind')];
    const metadata = head.struct('metadata', '', 'struct');
    metadata.text('name');
    const hook = metadata.textMap('annotations').get('helm.sh/hook');
    return [version, kind, [...metadata.textMap('annotations').keys()], hook !== undefined, head.error()];
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return [error.what, error.where];
  }
}

const documents = [
  `apiVersion: v1
kind: Thing
metadata:
  name: release-one
  labels: {}
  annotations:
    "quoted/key": "a \\"b\\" \\n c"
    helm.sh/hook: pre-install,test
    number: 12
    text: |+
      some words

spec:
  replicas: 1
  half: 0.5
  large: 1e5
  hex: 0x1F
  none: ~
  yes: on
  date: 2020-01-02
  args:
  - --listen=0.0.0.0:8080
  - --name=release-one
  - 'it''s one'
  command: ["sh", '-c', run]
  block: |2-
      text: more
    less # none
  plain: of several
    lines here
  "folded": "one

    two"
# one comment
status:
- a: b
  c: # d
    e
- - f
`,
  'metadata:\n    name: a-b\nother: x\nkind: Thing\n',
  'data:\n  a.yaml: |\n    name: one\n      two:\nkind: ConfigMap\nmetadata: {}\napiVersion: v1',
  '  kind: A\n  metadata:\n    name: one\n',
  '- kind: A\n- name: one\n',
  '---\nkind: A\nmetadata:\n  name: one\nspec:\n  a: b\n',
];

const words = 'one x1 a-b- 12 7 0 e5 n NO true inf null NaN kind metadata name Kind y _z d-2 15 00 x_1 b é x.y'.split(
  ' ',
);
const signs = ['', ' ', '\t', ...': |: | #|-|- |"|\'|\\|&|*|!|[|,|{|.|+|%|>'.split('|'), '|'];

test('a document that is alike one that was read is known by what it would be known by', () => {
  const random = new Random(11, 1);
  let alike = 0;
  for (let i = 0; i < 30_000; i++) {
    const before = random.pick(documents);
    const known = nothingKnown();
    skimYamlDocument(before, known);
    let now = before;
    for (let edits = 1 + random.below(3); edits > 0; edits--) {
      const found = [...now.matchAll(random.chance(0.9) ? /[\w-]+/g : /[^\w\n]/g)];
      const at = random.pick(found);
      const put = random.chance(0.9) ? random.pick(words) : random.pick(signs);
      now = now.slice(0, at.index) + put + now.slice(at.index + at[0].length);
    }
    const isTold = known.isPlain && areAlike(before, now);
    const real = headOf(() => readYamlDocument(now));
    if (isTold) {
      alike += 1;
      assert.deepEqual(
        real,
        headOf(() => readYamlDocument(before)),
        `${before}\n=====\n${now}`,
      );
    } else
      assert.deepEqual(
        headOf(() => skimYamlDocument(now, known)),
        real,
      );
  }
  assert.ok(alike > 400, String(alike));
});
