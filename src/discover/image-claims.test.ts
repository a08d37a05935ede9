import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageUse } from '../model/index.js';
import { findUses } from './find-uses.js';
import { compareClaims } from './image-claims.js';

const uses: readonly ImageUse[] = findUses([
  {
    object: { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ image: 'nginx:1.25' }, { image: 'q.io/a/b:1' }] } },
    ...{ text: '', template: 'c/templates/x.yaml', document: 0, line: null, chart: 'c', hooks: [] },
  },
]).uses;

const listed = '- name: web\n  image: nginx:1.25\n- name: job\n  image: q.io/a/job:2\n  platforms:\n  - linux/amd64\n';

test('a list of images is compared with what was found, both ways, in normal form', () => {
  assert.deepEqual(compareClaims(new Map([['artifacthub.io/images', listed]]), uses), [
    {
      annotation: 'artifacthub.io/images',
      claimed: ['docker.io/library/nginx:1.25', 'q.io/a/job:2'],
      notFound: ['q.io/a/job:2'],
      notClaimed: ['q.io/a/b:1'],
    },
  ]);
});

test('a list of plain references, as JSON or YAML', () => {
  for (const text of ['- nginx:1.25\n- q.io/a/b:1\n', '["nginx:1.25","q.io/a/b:1"]']) {
    const [claim] = compareClaims(new Map([['helm.sh/images', text]]), uses);
    assert.deepEqual([claim?.notFound, claim?.notClaimed], [[], []]);
  }
});

test('no list, an empty one, and text that is none, say nothing', () => {
  for (const text of ['', '[]', 'none', '{"image":"a/b:1"}', '- : :\n']) {
    assert.deepEqual(compareClaims(new Map([['images', text]]), uses), []);
  }
  assert.deepEqual(compareClaims(new Map([['category', listed]]), uses), []);
});
