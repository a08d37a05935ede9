import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue, Manifest } from '../model/index.js';
import { describesImage } from './definitions.js';
import { findUses } from './find-uses.js';

function manifest(object: JsonValue): Manifest {
  return { object, text: '', template: 'c/templates/x.yaml', document: 0, line: null, chart: 'c', hooks: [] };
}

/** A definition of `example.org/v1 Thing` with these fields of `spec`. */
function definition(properties: Readonly<Record<string, JsonValue>>, old = false): JsonValue {
  const schema = { openAPIV3Schema: { properties: { spec: { properties } } } };
  const spec = { group: 'example.org', names: { kind: 'Thing' } };
  return {
    apiVersion: `apiextensions.k8s.io/${old ? 'v1beta1' : 'v1'}`,
    kind: 'CustomResourceDefinition',
    spec: old ? { ...spec, validation: schema } : { ...spec, versions: [{ name: 'v0' }, { name: 'v1', schema }] },
  };
}

const thing = (spec: JsonValue): JsonValue => ({ apiVersion: 'example.org/v1', kind: 'Thing', metadata: {}, spec });
const described = (description: string): JsonValue => ({ type: 'string', description });
const image = described('Container image that runs the workers. Defaults to the operator’s own.');

const cases: readonly (readonly [
  what: string,
  properties: Readonly<Record<string, JsonValue>>,
  spec: JsonValue,
  images: readonly string[],
])[] = [
  ['a field of another name', { worker: image }, { worker: 'acme/worker:1.2' }, ['docker.io/acme/worker:1.2']],
  ['a field without that description', { worker: described('Name of the queue') }, { worker: 'acme/worker:1.2' }, []],
  ['a field that is not described', { worker: { type: 'string' } }, { worker: 'acme/worker:1.2' }, []],
  [
    'in a list, and in a map',
    {
      pools: { items: { properties: { runs: image } } },
      by: { additionalProperties: { properties: { runs: image } } },
    },
    { pools: [{ runs: 'a/b:1' }], by: { zone: { runs: 'a/c:2' } } },
    ['docker.io/a/b:1', 'docker.io/a/c:2'],
  ],
  ['a value that is none', { worker: image }, { worker: '/usr/bin/worker' }, []],
  ['a value that is a URL', { worker: image }, { worker: 'https://example.org/a:1' }, []],
  ['a single word', { worker: image }, { worker: 'worker' }, []],
  [
    'a part of an image is left to be joined',
    { repository: image, tag: image },
    { repository: 'q.io/a/b', tag: '1' },
    ['q.io/a/b:1'],
  ],
];

for (const [what, properties, spec, images] of cases) {
  test(`images by the definitions that a chart carries: ${what}`, () => {
    for (const old of [false, true]) {
      const carried = (kind: string): readonly JsonValue[] => (kind === 'Thing' ? [definition(properties, old)] : []);
      const found = findUses([manifest(thing(spec))], { carried })
        .uses.map((use) => use.image)
        .sort();
      assert.deepEqual(found, images);
      // The same where a template wrote the definition.
      const rendered = findUses([manifest(definition(properties, old)), manifest(thing(spec))]).uses;
      assert.deepEqual(rendered.map((use) => use.image).sort(), images);
    }
  });
}

test('a definition of another group says nothing, and examples in definitions are no uses', () => {
  const other = { apiVersion: 'example.com/v1', kind: 'Thing', spec: { worker: 'acme/worker:1.2' } };
  const own = definition({ worker: { ...(image as object), default: 'acme/worker:9', example: 'q.io/a/b:1' } });
  assert.deepEqual(findUses([manifest(own), manifest(other)]).uses, []);
});

test('definitions are not asked for where nothing looks like an image', () => {
  const carried = (): never => assert.fail('asked');
  findUses([manifest(thing({ replicas: 3, name: 'x', expr: 'sum(a{b="c"}) > 1', path: '/metrics' }))], { carried });
});

// Descriptions as the definitions of the corpus have them.
const descriptions: readonly (readonly [string, boolean])[] = [
  ['Container image to use', true],
  ['Image is the docker image of the database.', true],
  ['The image name (repository and tag) of the sidecar.', true],
  ['Define the image to use Use "datadog/agent:latest" for Datadog Agent 6', true],
  [
    "Container's working directory. If not specified, the container runtime's default will be used, which might be configured in the container image.",
    false,
  ],
  ["Arguments to the entrypoint. The container image's CMD is used if this is not provided.", false],
  ['Image pull policy. One of Always, Never, IfNotPresent.', false],
  ['iconURL defines the URL to an image to use as the bot avatar.', false],
  ['Name of the secret for pulling the container image', false],
  ['The machine image of the nodes', false],
  ['Version of the program', false],
];

for (const [text, expected] of descriptions) {
  test(`${expected ? 'describes' : 'does not describe'} an image: ${text.slice(0, 60)}`, () => {
    assert.equal(describesImage(text), expected);
  });
}
