import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldPlaces } from './written-at.js';

const text = `---
# a comment
kind: Pod
spec:
  containers:
  - name: a
    image: x/a:1
    args: ["-v", "x"]
  # between
  - image: "x/a:1"
    name: b
    env:
      - name: A
        value: |
          image: x/a:1
      -
        name: B
  "quoted": {image: flow}
  last: 1
`;

test('where the field of a pointer stands', () => {
  const places = new FieldPlaces(text);
  const cases: readonly (readonly [string, string | null])[] = [
    ['/kind', 'kind: Pod\n'],
    ['/spec/containers/0/image', 'image: x/a:1\n'],
    ['/spec/containers/1/image', 'image: "x/a:1"\n'],
    ['/spec/containers/1/name', 'name: b\n'],
    ['/spec/containers/0/args', 'args: ["-v", "x"]\n  # between\n'],
    ['/spec/containers/1/env/0/value', 'value: |\n          image: x/a:1\n'],
    ['/spec/containers/1/env/1/name', 'name: B\n'],
    ['/spec/quoted', '"quoted": {image: flow}\n'],
    ['/spec/last', 'last: 1\n'],
    ['/spec/quoted/image', null],
    ['/spec/containers/2', null],
    ['/spec/none', null],
    ['/spec/last/0', null],
  ];
  for (const [pointer, wanted] of cases) {
    const found = places.of(pointer);
    assert.equal(found === null ? null : text.slice(found.from, found.to), wanted, pointer);
  }
});

test('the line of a place', () => {
  const places = new FieldPlaces(text);
  const line = (pointer: string): number => places.lineAt(places.of(pointer)?.from ?? -1);
  assert.deepEqual([line('/kind'), line('/spec/containers/1/name'), line('/spec/last')], [3, 11, 19]);
});

test('hostile texts have no places, or some, and cost no more than their length', () => {
  for (const hostile of [
    '',
    '\n\n',
    '- '.repeat(50_000),
    '  a:\n'.repeat(50_000),
    `${'a: '.repeat(50_000)}`,
    '- \n-',
  ]) {
    const places = new FieldPlaces(hostile);
    assert.equal(places.of('/a/0/b'), null);
  }
});
