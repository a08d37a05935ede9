import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMs } from '../model/cpu.test.support.js';
import { mayHoldImage } from './may-hold.js';

const cases: readonly (readonly [string, boolean])[] = [
  ['image: a/b:1', true],
  ['{"spec":{"image":"a/b:1"}}', true],
  ['{"values":"{\\"image\\":\\"a/b:1\\"}"}', true],
  ['images:\n  operator: a/b:1', true],
  ['[{"name":"image.tag","value":"1"}]', true],
  ['- name: image.repository\n  value: a/b', true],
  ['repository = a/b\ntag = 1', true],
  ['exec op --runner-image a/b:1', true],
  ['exec op --runner-image=a/b:1', true],
  ['<image>a/b:1</image>', true],
  ['reloader: quay.io/p/r:v1', true],
  ['reloader: localhost:5000/p/r:v1', true],
  ['worker: acme/worker:1', true],
  ['url: docker://q.io/a/b', true],
  ['{"im\\u0061ge":"a/b:1"}', true],
  // What dashboards and rules have:
  ['{"expr":"sum(rate(x{container!=\\"\\",image!=\\"\\"}[5m])) by (pod)"}', false],
  ['{"expr":"x{image=~\\"a.*\\"}","url":"https://example.org/a/b"}', false],
  ['{"title":"Requests","targets":[{"expr":"a \\u003e 1"}]}', false],
  ['', false],
];

for (const [text, expected] of cases) {
  test(`${expected ? 'may' : 'cannot'} hold an image: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.equal(mayHoldImage(text), expected);
  });
}

test('takes time that is linear in the text', () => {
  const bad = [
    'a/',
    'a/a',
    'a',
    'image ',
    'a.',
    'a-',
    'a.b/',
    'image',
    'image.',
    'repo-',
    'image\t',
    '"image\\',
    '1:',
    '\\u00',
  ];
  const started = cpuMs();
  for (const piece of bad) mayHoldImage(`${piece.repeat(Math.ceil(1_000_000 / piece.length))}!`);
  mayHoldImage(`image${' '.repeat(1_000_000)}!`);
  assert.ok(cpuMs() - started < 30_000);
});
