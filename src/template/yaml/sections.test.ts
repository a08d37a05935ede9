import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../test/fuzz/random.js';
import { isTrowelError, type JsonValue } from '../../model/index.js';
import { nothingKnown, readYamlDocument, skimYamlDocument } from './index.js';

/** What a manifest is known by, or what is wrong with it. */
function head(read: () => JsonValue): unknown {
  let object: JsonValue;
  try {
    object = read();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return [error.what, error.where];
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return object;
  const { apiVersion, kind, metadata } = object as { [key: string]: JsonValue };
  return [apiVersion, kind, metadata];
}

const document = `apiVersion: v1
kind: Thing
metadata:
  name: one
  annotations:
    helm.sh/hook: test
spec:
  list:
  - a: 1
    b: |
      text
        more
  - "quoted

    text"
  plain: of
    two lines
data:
- x
- y
# a comment
status:
  text: |-
    last

extra:
  - z
`;

const lines = [
  '',
  '  ',
  '# comment',
  'more: 1',
  'spec:',
  '  x: [',
  '- item',
  'Kind: Other',
  '---',
  '...',
  '"k": v',
  '\tx',
  'x',
];

test('a document with parts that were read before is known by what it would be known by', () => {
  const random = new Random(7, 1);
  const known = nothingKnown();
  let skipped = 0;
  for (let i = 0; i < 20_000; i++) {
    const changed = random.chance(0.1) ? [] : document.split('\n');
    if (changed.length === 0) changed.push(...random.shuffled(document.split('\n')));
    for (let edits = random.below(3); edits > 0; edits--) {
      const at = random.below(changed.length + 1);
      const kind = random.below(4);
      if (kind === 0) changed.splice(at, 1);
      else if (kind === 1) changed.splice(at, 0, random.pick(lines));
      else if (kind === 2) changed.splice(at, 0, changed[random.below(changed.length)] ?? '');
      else changed[at] = `${changed[at] ?? ''}${random.pick([' ', ':', 'x', '  #', '"'])}`;
    }
    const text = changed.join('\n').slice(0, random.chance(0.2) ? random.below(document.length) : undefined);
    const before = new Map(known.sections);
    assert.deepEqual(
      head(() => skimYamlDocument(text, known)),
      head(() => readYamlDocument(text)),
      text,
    );
    if ([...before].some(([key, one]) => text.includes(`${key}:${one.text}`))) skipped += 1;
  }
  assert.ok(skipped > 1000);
});

test('what a manifest is known by is read again, what is below other keys is not', () => {
  const known = nothingKnown();
  const text = 'kind: A\nspec:\n  a: 1\n  b: 2\nmetadata:\n  name: x\n';
  skimYamlDocument(text, known);
  assert.deepEqual([...known.sections.keys()], ['spec']);
  const again = skimYamlDocument(text.replace('name: x', 'name: z\n  more: x'), known);
  assert.equal(JSON.stringify(again), '{"kind":"A","spec":"","metadata":{"name":"z","more":"x"}}');
});

test('what is wrong behind a key is wrong each time', () => {
  const known = nothingKnown();
  const text = 'kind: A\nlist:\n  - name: more\n  value: x\n';
  for (let i = 0; i < 3; i++) assert.throws(() => skimYamlDocument(text, known), /did not find expected '-' indicator/);
});
