import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from './index.js';

test('a stream of objects', () => {
  const text =
    '\uFEFF# all\n---\nkind: Pod\nmetadata: {name: a}\n--- # second\nkind: Secret\n...\n---\n\n---\n# nothing\n';
  const { manifests, problems } = readManifests(text, 'all.yaml');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    manifests.map(({ object, document, line, template, chart }) => [
      typeof object === 'object' && object !== null && 'kind' in object ? object.kind : null,
      document,
      line,
      template,
      chart,
    ]),
    [
      ['Pod', 1, 2, 'all.yaml', null],
      ['Secret', 2, 5, 'all.yaml', null],
    ],
  );
  assert.equal(manifests[0]?.lineOf?.(2), 4);
});

test('the items of a List are objects of their own', () => {
  const { manifests } = readManifests('kind: List\nitems:\n- kind: Pod\n- kind: Secret\n', 'list.yaml');
  assert.equal(manifests.length, 2);
});

test('what is no object is a problem with its line, and the rest is read', () => {
  const text = 'kind: Pod\n---\n- a\n---\na: b: c\n---\nkind: Secret\n---\nkind: List\nitems: [1]\n';
  const { manifests, problems } = readManifests(text, 'x.yaml');
  assert.equal(manifests.length, 2);
  assert.deepEqual(problems, [
    { document: 1, line: 2, message: 'the document is no Kubernetes object' },
    {
      document: 2,
      line: 5,
      message: 'error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context',
    },
    { document: 4, line: 8, message: 'an item of the list is no Kubernetes object' },
  ]);
});

test('nothing, and hostile things', () => {
  for (const text of ['', '\n\n', '---\n---\n', '# only\n']) {
    assert.deepEqual(readManifests(text, 'x'), { manifests: [], problems: [] });
  }
  assert.equal(readManifests(`a: ${'['.repeat(100_000)}`, 'x').problems.length, 1);
  assert.equal(readManifests('a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n', 'x').manifests.length, 1);
  assert.equal(readManifests('---\n'.repeat(200_000), 'x').manifests.length, 0);
});
