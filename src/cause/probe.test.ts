import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partOf, probeOf } from './probe.js';

test('a probe keeps the shape of the value', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['7.2.1', '7.2.2'],
    ['v2.22.9', 'v2.22.8'],
    ['16', '17'],
    ['latest', 'latestx'],
    ['3.1.0-debian-12-r9', '3.1.0-debian-12-r8'],
    ['quay.io', 'quayx.io'],
    // Under kubernetes' own domain most names are labels, no registries.
    ['registry.k8s.io', 'registry.k8sx.io'],
    ['registry.example.com:5000', 'registry.examplex.com:5000'],
    ['grafana/grafana', 'grafana/grafanax'],
    ['grafana/grafana:7.2.1', 'grafana/grafana:7.2.2'],
    ['a'.repeat(64), `${'a'.repeat(56)}00000000`],
    [`sha256:${'0'.repeat(64)}`, `sha256:${'0'.repeat(56)}11111111`],
    [`x/y@sha256:${'0'.repeat(64)}`, `x/y@sha256:${'0'.repeat(56)}11111111`],
  ];
  for (const [text, probe] of cases) assert.equal(probeOf(text), probe);
});

test('each variant of a probe is another text', () => {
  for (const text of ['1.2.3', 'v1.9', 'latest', 'quay.io', 'a/b', 'a/b:1', `sha256:${'ab'.repeat(32)}`]) {
    const probes = Array.from({ length: 20 }, (_, variant) => probeOf(text, variant));
    assert.equal(new Set([text, ...probes]).size, 21, text);
  }
});

test('the part of a reference in which a text stands', () => {
  const cases: readonly (readonly [string, ReturnType<typeof partOf>])[] = [
    ['quay.io/team/app:v1.2.3', 'whole'],
    ['quay.io', 'registry'],
    ['team/app', 'repository'],
    ['quay.io/team/app', 'repository'],
    ['team', 'repository'],
    ['v1.2.3', 'tag'],
    ['1.2.3', 'tag'],
    ['2.3', 'tag'],
    ['.2.', null],
    ['1.2', 'tag'],
    ['eam/ap', null],
    ['tea', null],
    ['1', null],
    ['other', null],
  ];
  for (const [text, part] of cases) {
    assert.equal(partOf(text, 'quay.io/team/app:v1.2.3', 'quay.io/team/app:v1.2.3'), part, text);
  }
});
