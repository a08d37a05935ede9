import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digest, exampleDig } from '../../test/example-dig.js';
import { why } from './why.js';

function ask(query: string): { readonly found: boolean; readonly text: string } {
  const answer = why(exampleDig(), query, { width: 400, color: false });
  return { found: answer.found, text: [...answer.text].join('') };
}

test('each kind of thing is found by its names', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      'quay.io/prometheus/node-exporter:v1.0.1',
      ['image quay.io/prometheus/node-exporter:v1.0.1', 'DaemonSet/rel-node-exporter'],
    ],
    ['prometheus/node-exporter', ['image quay.io/prometheus/node-exporter:v1.0.1', 'layer 2 of 3']],
    ['node-exporter', ['brought by COPY file:3e in /bin/node_exporter', 'base quay.io/prometheus/busybox:glibc']],
    [digest('exporter'), ['image quay.io/prometheus/node-exporter:v1.0.1']],
    ['docker.io/bats/bats:v1.1.0', ['a test', 'NOT ASSESSED 1 image, nobody has it']],
    ['glibc', ['package glibc 2.28', 'Debian GLIBC 2.28-10', '(inferred, by glibc)', 'layer 1 of 3', 'used by']],
    ['pkg:generic/glibc', ['package glibc 2.28']],
    ['pkg:generic/glibc@2.28', ['package glibc 2.28']],
    ['openssl', ['package libssl1.1 1.1.1g-r0', 'source package openssl', 'CVE-2021-3711 critical 9.8']],
    ['exporter_toolkit', ['package github.com/prometheus/exporter-toolkit v0.5.1']],
    ['github.com/grafana/grafana', ['NOT ASSESSED 1 component, no version is stated']],
    [
      '/lib/libm.so.6',
      ['file lib/libm.so.6', 'unknown: nothing explains it', 'brought by /bin/sh -c #(nop) COPY dir:2d in /'],
    ],
    ['lib/libc.so.6', ['glibc found glibc 2.28 in it', 'at byte 1676432']],
    ['etc/ssl/openssl.cnf', ['not as recorded: libssl1.1', 'recorded sha1:0000', 'is sha1:1111']],
    ['grafana.image.tag', ['value grafana.image.tag', '7.2.1 (the default), values.yaml:12, tried by rendering again']],
    ['nodeExporter.image', ['value nodeExporter.image.tag', 'also moves docker.io/bats/bats:v1.1.0']],
    ['CVE-2022-46146', ['reachability reachable: web.Serve', 'package github.com/prometheus/node_exporter v1.0.1']],
    ['go-2022-1130', ['vulnerability CVE-2022-46146', 'advisory GO-2022-1130 of OSV, high: fixed in v0.8.2']],
    [
      'ALPINE-CVE-2020-99999',
      ['severity unknown, stated by nobody', 'nothing newer is named', 'NOT ASSESSED 1 severity'],
    ],
  ];
  for (const [query, wanted] of cases) {
    const { found, text } = ask(query);
    assert.ok(found, query);
    for (const words of wanted) assert.ok(text.includes(words), `${query}: ${words}\n${text}`);
  }
});

test('all matches of all kinds are told', () => {
  const { text } = ask('grafana');
  assert.match(text, /^image docker\.io\/grafana\/grafana:7\.2\.1$/m);
  assert.match(text, /^package github\.com\/grafana\/grafana/m);
  assert.match(text, /^value grafana\.image\.repository$/m);
  assert.match(text, /^value grafana\.image\.tag$/m);
});

test('a question that nothing answers says what can be asked', () => {
  for (const query of ['nix', '', '   ', '\u001b[2J', 'x'.repeat(100_000)]) {
    const { found, text } = ask(query);
    assert.equal(found, false);
    for (const kind of ['an image', 'a package', 'a file', 'a values path', 'an advisory'])
      assert.ok(text.includes(kind));
    assert.ok(!text.includes('\u001b') && text.length < 2000);
  }
});
