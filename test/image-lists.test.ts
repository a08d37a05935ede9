import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ChartSummary, ImageUse } from '../src/model/index.js';
import { inScratch, trowel } from './run.js';

const files: Readonly<Record<string, string>> = {
  'Chart.yaml': `apiVersion: v2
name: lists
version: 1.0.0
annotations:
  artifacthub.io/images: |
    - name: web
      image: nginx:1.25
    - name: gone
      image: q.io/a/gone:1
`,
  'crds/things.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
spec:
  group: example.org
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              worker:
                type: string
                description: |-
                  Container image that runs the workers, for example
                  q.io/a/example:1
`,
  'templates/all.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx:1.25
---
apiVersion: example.org/v1
kind: Thing
metadata:
  name: thing
spec:
  worker: {{ .Values.worker }}
`,
  'templates/operator.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: operator
data:
  eck.yaml: |
    container-registry: mirror.example
`,
  'templates/search.yaml': `apiVersion: elasticsearch.k8s.elastic.co/v1
kind: Elasticsearch
metadata:
  name: search
spec:
  version: {{ .Values.version }}
`,
  'values.yaml': 'worker: q.io/a/worker:2\nversion: 8.15.0\n',
};

test("a chart's own definitions and annotations: one names a field, the other only claims", () =>
  inScratch(async (dir) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const run = await trowel(['images', dir, '-o', 'json']);
    assert.equal(run.code, 0, run.stderr);
    const found: { readonly uses: readonly ImageUse[]; readonly charts: readonly ChartSummary[] } = JSON.parse(
      run.stdout,
    );
    assert.deepEqual(
      [...found.uses]
        .sort((a, b) => (a.in.kind < b.in.kind ? -1 : 1))
        .map((use) => [use.in.kind, use.how, use.image, use.certainty]),
      [
        ['Elasticsearch', 'operator-default', 'mirror.example/elasticsearch/elasticsearch:8.15.0', 'likely'],
        ['Pod', 'workload', 'docker.io/library/nginx:1.25', 'certain'],
        ['Thing', 'custom-resource', 'q.io/a/worker:2', 'certain'],
      ],
    );
    assert.deepEqual(found.charts[0]?.imageClaims, [
      {
        annotation: 'artifacthub.io/images',
        claimed: ['docker.io/library/nginx:1.25', 'q.io/a/gone:1'],
        notFound: ['q.io/a/gone:1'],
        notClaimed: ['mirror.example/elasticsearch/elasticsearch:8.15.0', 'q.io/a/worker:2'],
      },
    ]);
    assert.match(run.stderr, /annotations of lists: artifacthub\.io\/images lists 2 images, .*q\.io\/a\/gone:1; /);
  }));
