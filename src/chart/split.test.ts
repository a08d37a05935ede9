import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitManifests, splitManifests4 } from './split.js';

/** Helm's own expression; fit for short texts only. */
function reference(stream: string): readonly string[] {
  const space = '[\\t\\n\\f\\r ]';
  return stream
    .trim()
    .split(new RegExp(`(?:^|${space}*\\n)---${space}*`))
    .filter((text) => text !== '')
    .map((text) => text.trim());
}

test('documents come apart where the expression of Helm splits', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['---', []],
    ['a: 1', ['a: 1']],
    ['---\na: 1\n---\nb: 2\n', ['a: 1', 'b: 2']],
    ['---a: 1', ['a: 1']],
    ['a: |\n---\nb', ['a: |', 'b']],
    ['a: 1\n--- \n---\nb: 2', ['a: 1', '---\nb: 2']],
    ['a ---\nb', ['a ---\nb']],
    ['\n\n  \n--- # c\nx', ['# c\nx']],
  ];
  for (const [stream, texts] of cases) {
    assert.deepEqual(
      splitManifests(stream).map((document) => document.text),
      texts,
      JSON.stringify(stream),
    );
  }
});

test('any stream splits as the expression does, and offsets lead to the texts', () => {
  const piece = fc.constantFrom('---', '\n', ' ', '\t', 'a', '-', 'kind: X', '\r\n', '\n---\n', '#');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const stream = pieces.join('');
      const documents = splitManifests(stream);
      assert.deepEqual(
        documents.map((document) => document.text),
        reference(stream),
      );
      for (const { text, offset } of documents) assert.equal(stream.slice(offset, offset + text.length), text);
    }),
    { numRuns: 2000 },
  );
});

test('a long run of blanks costs no square', () => {
  const stream = `${' \n'.repeat(500_000)}x${' \n'.repeat(500_000)}x\n---\ny`;
  assert.equal(splitManifests(stream).length, 2);
});

test('Helm 4 keeps blanks at the end of a document', () => {
  assert.deepEqual(
    splitManifests4('\n---\na: 1\n\n---   \n\n---apiVersion: v1\n').map((document) => document.text),
    ['a: 1\n\n', 'apiVersion: v1\n'],
  );
});
