import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { inRoot } from '../../test/paths.js';
import { cpuMs } from '../model/cpu.test.support.js';
import { orderingFor, orderings } from './list.js';
import type { Ordering } from './ordering.js';

/** Versions of every scheme, good and bad: what each ordering may meet. */
const samples = [
  ...[
    '0',
    '1',
    '1.0',
    '1.0.0',
    '1.2.3',
    '1.10',
    '1.2.3-1',
    '1.2.3-alpha.1',
    '1.2.3-alpha',
    '1.2.3-rc.1+build',
    '1:0.1',
  ],
  ...[
    '1.0~rc1',
    '1.0~rc1-1',
    '1.0-1~deb10u1',
    '1.0-1+deb10u1',
    '2:1.0',
    '1.0^git1',
    '1.0a',
    '1.0a1',
    '1.0rc1',
    '1.0.post1',
  ],
  ...[
    '1.0.dev1',
    '1!1.0',
    '1.0+local.1',
    '1.2.3_alpha1-r0',
    '1.2.3_p1-r2',
    '1.2.3-r1',
    '1.02',
    '1.020',
    'v1.2.3',
    '1.0-SNAPSHOT',
  ],
  ...[
    '1.0-sp',
    '1.0.final',
    '1.0.beta',
    '1.0.b2',
    'dev-main',
    '1.0pl1',
    '1.0.0-20200101000000-abcdefabcdef',
    '1.0+incompatible',
  ],
  ...['', ' ', 'latest', '<script>', '1..2', '1-', '-1', '\u0000', '１.０', 'é'],
];

const version = fc.oneof(
  fc.constantFrom(...samples),
  fc.stringMatching(/^[0-9]{1,3}(\.[0-9]{1,2}){0,3}(-?(a|b|rc|alpha|r|p)[0-9]{0,2})?$/),
);

function signs(ordering: Ordering, list: readonly string[]): (number | undefined)[] {
  return list.map((text, i) => ordering.compare(text, list[(i + 1) % list.length] ?? ''));
}

for (const ordering of orderings) {
  test(`${ordering.name}: the other way round is the opposite, and a version equals itself`, () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const there = ordering.compare(a, b);
        const back = ordering.compare(b, a);
        assert.equal(back === undefined ? undefined : 0 - back, there === undefined ? undefined : there + 0);
        const self = ordering.compare(a, a);
        assert.ok(self === 0 || self === undefined);
      }),
      { numRuns: 500 },
    );
  });

  test(`${ordering.name}: no three versions go round in a circle`, () => {
    const valid = fc
      .stringMatching(/^[1-9][0-9]{0,1}(\.[0-9]{1,2}){2}$/)
      .chain((base) => fc.constantFrom(base, `${base}-1`, `${base}-2`));
    fc.assert(
      fc.property(valid, valid, valid, (a, b, c) => {
        const [ab, bc, ca] = signs(ordering, [a, b, c]);
        if (ab === undefined || bc === undefined || ca === undefined) return;
        assert.ok(!(ab > 0 && bc > 0 && ca > 0) && !(ab < 0 && bc < 0 && ca < 0));
        if (ab === 0 && bc === 0) assert.equal(ca, 0);
      }),
      { numRuns: 500 },
    );
  });

  test(`${ordering.name}: no version and no end of one cannot be ordered`, () => {
    for (const bad of ['', '   ', '1'.repeat(1001), '1.'.repeat(600), `1${' '.repeat(2000)}`]) {
      assert.equal(ordering.compare(bad, '1.0'), undefined);
      assert.equal(ordering.compare('1.0', bad), undefined);
    }
  });

  test(`${ordering.name}: the longest versions are compared at once`, () => {
    const parts = ['1', '1.', '-', '1a', 'a.', '~', '.-', '_p', '0', '+', '1-a.', ':', '^', 'post', '_alpha1'];
    const began = cpuMs();
    for (const part of parts) {
      const text = `1${part.repeat(1000)}`.slice(0, 999);
      for (const end of ['', '1', '!']) ordering.compare(text + end, `${text}2`.slice(-1000));
    }
    assert.ok(cpuMs() - began < 20_000);
  });
}

test('every ordering names its specification and ecosystems, none twice', () => {
  const names = orderings.flatMap((ordering) => ordering.ecosystems);
  assert.equal(new Set(names).size, names.length);
  for (const ordering of orderings) assert.match(ordering.spec, /^https:\/\/|^[a-z]/);
  assert.equal(orderingFor('Debian:12'), orderingFor('Debian'));
  assert.equal(orderingFor('Debian')?.name, 'deb');
  assert.equal(orderingFor('GIT'), undefined);
  assert.equal(orderingFor(''), undefined);
});

test('every ordering of this folder is in the list, under its own name', () => {
  const folder = inRoot('src', 'version');
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^export const (\w+) = defineOrdering/gm),
    ])
    .map((match) => match[1] ?? '');
  assert.deepEqual(found.sort(), orderings.map((ordering) => ordering.name).sort());
});
