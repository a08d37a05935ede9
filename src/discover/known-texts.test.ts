import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../model/index.js';
import { findUses, KnownTexts } from './index.js';

/** A ConfigMap whose data has a text that is long enough to be remembered. */
function configMap(image: string, name = 'a'): Manifest {
  const text = `# ${'-'.repeat(300)}\nimage: ${image}\n`;
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'config.yaml': text } };
  return { object, text, template: 'a.yaml', document: 0, line: null, chart: null, hooks: [] };
}

test('a text that was read before gives the same uses, another its own', () => {
  const texts = new KnownTexts();
  const of = (manifest: Manifest): readonly string[] =>
    findUses([manifest], { texts }).uses.map((use) => `${use.in.name} ${use.image}`);
  assert.deepEqual(of(configMap('quay.io/team/app:1.0')), ['a quay.io/team/app:1.0']);
  assert.deepEqual(of(configMap('quay.io/team/app:1.0', 'b')), ['b quay.io/team/app:1.0']);
  assert.deepEqual(of(configMap('quay.io/team/app:2.0')), ['a quay.io/team/app:2.0']);
});

test('a text is read once', () => {
  const texts = new KnownTexts();
  let reads = 0;
  const read = (whole: boolean) => () => {
    reads++;
    return { hits: [], whole };
  };
  const long = 'x'.repeat(300);
  texts.hitsIn(long, '/data/a', read(false));
  texts.hitsIn(long, '/data/a', read(true));
  texts.hitsIn(long, '/data/a', read(true));
  assert.equal(reads, 2);
  texts.hitsIn(long, '/data/b', read(true));
  assert.equal(reads, 3);
});
