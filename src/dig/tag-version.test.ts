import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component, Image } from '../model/index.js';
import { withTagVersion } from './tag-version.js';

function main(more: Partial<Component> = {}): Component {
  return {
    purl: 'pkg:golang/github.com/team/node_agent',
    name: 'github.com/team/node_agent',
    version: null,
    ecosystem: 'Go',
    release: null,
    source: null,
    locations: [{ path: 'usr/bin/agent', layer: 0 }],
    foundBy: 'go',
    licenses: [],
    owns: [{ path: 'usr/bin/agent', digest: null, mayChange: false, listed: false }],
    grade: 'claimed',
    evidence: [],
    ...more,
  };
}

function image(reference: string, entrypoint: readonly string[] = ['/bin/agent'], cmd: readonly string[] = []) {
  const config: Image['config'] = { digest: null, labels: {}, user: null, entrypoint, cmd, env: [] };
  return { reference, config };
}

/** The image has `bin` linked to `usr/bin`. */
const resolve = (path: string): string | null => (path === 'bin/agent' ? 'usr/bin/agent' : path);

const versionOf = (from: ReturnType<typeof image>, one = main()): string | null | undefined =>
  withTagVersion(from, [one], resolve)[0]?.version;

test('a program without a version has that of the tag, inferred, where the image is it', () => {
  const [found] = withTagVersion(image('registry.example/team/node-agent:v1.2.3'), [main()], resolve);
  assert.deepEqual(
    [found?.version, found?.purl, found?.grade, found?.evidence],
    [
      'v1.2.3',
      'pkg:golang/github.com/team/node_agent@v1.2.3',
      'inferred',
      [
        {
          what: 'version from the tag of the image',
          where: 'registry.example/team/node-agent:v1.2.3',
          value: '1.2.3',
        },
      ],
    ],
  );
  assert.equal(versionOf(image('registry.example/team/agent:1.2.3-rc.1', [], ['/usr/bin/agent'])), 'v1.2.3-rc.1');
});

test('else it keeps none', () => {
  for (const from of [
    image('registry.example/team/other:1.2.3'),
    image('registry.example/team/agent:latest'),
    image('registry.example/team/agent:1.2.3-alpine'),
    image('registry.example/team/agent:20240101'),
    image(`registry.example/team/agent@sha256:${'0'.repeat(64)}`),
    image('registry.example/team/agent:1.2.3', ['/run.sh']),
    image('registry.example/team/agent:1.2.3', ['agent']),
    image('registry.example/team/agent:1.2.3', []),
    image('dir:/srv/agent'),
  ]) {
    assert.equal(versionOf(from), null, from.reference);
  }
  const right = image('registry.example/team/agent:1.2.3');
  assert.equal(versionOf(right, main({ version: 'v9.9.9' })), 'v9.9.9');
  assert.equal(versionOf(right, main({ owns: [] })), null);
  assert.equal(versionOf(right, main({ foundBy: 'rust' })), null);
  assert.equal(versionOf(right, main({ name: 'github.com/team/agent/v2' })), null);
  assert.equal(
    versionOf(image('registry.example/team/agent:2.2.3'), main({ name: 'github.com/team/agent/v2' })),
    'v2.2.3',
  );
});
