import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { readAdvisory } from './osv.js';

const minimal = { id: 'X-1', modified: '2024-01-01T00:00:00Z' };
const pack = { ecosystem: 'Debian:12', name: 'glibc' };

test('the smallest record', () => {
  assert.deepEqual(readAdvisory(minimal), {
    id: 'X-1',
    modified: '2024-01-01T00:00:00Z',
    published: null,
    withdrawn: null,
    aliases: [],
    related: [],
    upstream: [],
    summary: '',
    severity: [],
    affected: [],
  });
});

test('everything that is read', () => {
  const advisory = readAdvisory({
    ...minimal,
    published: '0001-01-01T00:00:00Z',
    aliases: ['CVE-1', 'CVE-1', 'CVE-2,'],
    details: 'First line.\nSecond line.',
    database_specific: { severity: 'MODERATE' },
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/…' }],
    affected: [
      {
        package: { ...pack, ecosystem: 'Ubuntu:22.04:LTS' },
        ranges: [
          { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1' }, { last_affected: '2' }, { limit: '3' }] },
          { type: 'GIT', repo: 'https://example.org/x.git', events: [{ introduced: 'abc' }] },
        ],
        versions: ['0.9'],
        ecosystem_specific: {
          imports: [{ path: 'x/y', symbols: ['F', 'T.M'], goos: ['windows'] }],
          custom_ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '8.5.15' }] }],
        },
      },
      { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
      { package: pack, database_specific: { severity: 'low' } },
    ],
  });
  assert.deepEqual(advisory.aliases, ['CVE-1']);
  assert.equal(advisory.summary, 'First line.');
  assert.deepEqual(advisory.affected, [
    {
      ecosystem: 'Ubuntu',
      release: '22.04:LTS',
      name: 'glibc',
      ranges: [
        { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1' }, { lastAffected: '2' }, { limit: '3' }] },
        { type: 'GIT', events: [{ introduced: 'abc' }] },
        { type: 'CUSTOM', events: [{ introduced: '0' }, { fixed: '8.5.15' }] },
      ],
      versions: ['0.9'],
      severity: [],
      severityWord: 'MODERATE',
      imports: [{ path: 'x/y', symbols: ['F', 'T.M'] }],
    },
    {
      ecosystem: 'Debian',
      release: '12',
      name: 'glibc',
      ranges: [],
      versions: [],
      severity: [],
      severityWord: 'low',
      imports: [],
    },
  ]);
});

test('a bad record says which field it is', () => {
  const range = (event: unknown) => ({
    ...minimal,
    affected: [{ package: pack, ranges: [{ type: 'SEMVER', events: [event] }] }],
  });
  const table: readonly (readonly [record: unknown, message: RegExp])[] = [
    [null, /the record is no object/],
    [[], /the record is no object/],
    ['x', /the record is no object/],
    [{}, /^id is missing/],
    [{ ...minimal, id: 7 }, /^id is no text/],
    [{ ...minimal, id: '\u001b[31m' }, /^id is missing or no identifier/],
    [{ ...minimal, id: 'x'.repeat(201) }, /^id is longer/],
    [{ id: 'X-1' }, /^modified is missing/],
    [{ ...minimal, modified: 'yesterday' }, /^modified is no RFC 3339 time/],
    [{ ...minimal, aliases: 'CVE-1' }, /^aliases is no list/],
    [{ ...minimal, aliases: [1] }, /^aliases\[0\] is no text/],
    [{ ...minimal, severity: [{ type: 'CVSS_V3' }] }, /^severity\[0\] lacks type or score/],
    [{ ...minimal, affected: {} }, /^affected is no list/],
    [{ ...minimal, affected: [7] }, /^affected\[0\] is no object/],
    [{ ...minimal, affected: [{ package: { name: 'x' } }] }, /^affected\[0\].package lacks ecosystem/],
    [{ ...minimal, affected: [{ package: pack, versions: [{}] }] }, /^affected\[0\].versions\[0\] is no text/],
    [{ ...minimal, affected: [{ package: pack, ranges: [{ type: 'NEW' }] }] }, /ranges\[0\].type is none of/],
    [range({}), /events\[0\] is none of/],
    [range({ introduced: null }), /events\[0\] is none of/],
    [range({ fixed: 'x'.repeat(1001) }), /fixed is longer/],
    [{ ...minimal, affected: Array(20_001).fill({ package: pack }) }, /^affected has more than 20000 items/],
  ];
  for (const [record, message] of table) {
    assert.throws(
      () => readAdvisory(record),
      (error) => isTrowelError(error, 'bad-bytes') && message.test(error.what),
      String(message),
    );
  }
});

test('names of JavaScript objects are names like others', () => {
  const record: unknown = JSON.parse(
    '{"id":"X-1","modified":"2024-01-01T00:00:00Z","__proto__":{"aliases":["EVIL"]},"affected":[{"package":{"ecosystem":"npm","name":"__proto__"},"versions":["constructor"]}]}',
  );
  const advisory = readAdvisory(record);
  assert.deepEqual(advisory.aliases, []);
  assert.equal(advisory.affected[0]?.name, '__proto__');
});

test('whatever JSON comes, it is a record or a typed error', () => {
  const known = [
    'id',
    'modified',
    'aliases',
    'affected',
    'package',
    'ranges',
    'events',
    'severity',
    'ecosystem_specific',
    'name',
  ];
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('X-1', '2024-01-01T00:00:00Z', 'npm', ''),
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...known), tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  fc.assert(
    fc.property(json, (value) => {
      const record =
        typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...minimal, ...value } : value;
      try {
        readAdvisory(record);
      } catch (error) {
        assert.ok(isTrowelError(error, 'bad-bytes'), String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
