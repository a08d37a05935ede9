import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareText } from '../model/index.js';
import { NameTree, none, root } from './name-tree.js';

const name = fc.oneof(
  fc.constantFrom('a', 'a-b', 'a.b', 'b', 'lib', 'lib64', '-', '~', 'é', '\u{1F600}', '\uE000', '\uFF00'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter((text) => !text.includes('/')),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

function add(tree: NameTree, text: string): number {
  let node = root;
  for (const part of text.split('/')) {
    const bytes = Buffer.from(part);
    node = tree.make(node, -1, bytes, 0, bytes.length);
  }
  return node;
}

test('paths come back, in the order of texts', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 60 }), (paths) => {
      const tree = new NameTree([]);
      const nodes = new Map(paths.map((one) => [add(tree, one), one]));
      for (const [node, text] of nodes) assert.equal(tree.path(node), text);
      const sorted = Array.from(
        tree.sorted((node) => nodes.has(node)),
        (node) => tree.path(node),
      );
      assert.deepEqual(sorted, [...new Set(paths)].sort(compareText));
    }),
    { numRuns: 500 },
  );
});

test('what was removed is gone until its name is made again', () => {
  const tree = new NameTree([]);
  const file = add(tree, 'a/b/c');
  const folder = tree.parent(file);
  for (const node of tree.below(folder)) tree.remove(node);
  tree.remove(folder);
  assert.deepEqual(
    [tree.isAlive(file), tree.isAlive(folder), tree.hasChildren(tree.parent(folder))],
    [false, false, false],
  );
  const bytes = Buffer.from('b');
  assert.equal(tree.child(tree.parent(folder), bytes, 0, 1), none);
  assert.equal(tree.make(tree.parent(folder), -1, bytes, 0, 1), folder);
  assert.deepEqual([...tree.children(folder)], []);
  assert.equal(add(tree, 'a/b/c'), file);
});
