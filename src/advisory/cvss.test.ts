import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cvssRating, levelOfScore } from './cvss.js';

/** FIRST's own examples: v2 guide 3.3; v3.1 examples document; v4.0 examples document. Levels by each scale. */
const examples: readonly (readonly [vector: string, score: number, level: string])[] = [
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8, 'high'], // CVE-2002-0392
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10, 'high'], // CVE-2003-0818
  ['(AV:L/AC:H/Au:N/C:C/I:C/A:C)', 6.2, 'medium'], // CVE-2003-0062
  ['AV:N/AC:L/Au:N/C:N/I:N/A:N', 0, 'low'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'], // CVE-2013-1937
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'], // CVE-2013-1937
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'medium'], // CVE-2013-0375
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'low'], // CVE-2014-3566
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9, 'critical'], // CVE-2012-1516
  ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2, 'medium'], // CVE-2009-0783
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 8.8, 'high'], // CVE-2012-0384
  ['CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H', 7.8, 'high'], // CVE-2015-1098
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'high'], // CVE-2014-0160
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'], // CVE-2014-6271
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N', 6.8, 'medium'], // CVE-2008-1447
  ['CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H', 9.3, 'critical'], // CVE-2013-6014
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H', 9.6, 'critical'], // CVE-2012-5376
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'none'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O', 9.8, 'critical'], // base metrics only
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3, 'high'], // CVE-2022-41741
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7, 'high'], // CVE-2020-3549
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N', 8.3, 'high'], // CVE-2023-3089
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0, 'none'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/AU:Y/U:Red', 9.3, 'critical'],
];

test("FIRST's examples", () => {
  for (const [vector, score, level] of examples) assert.deepEqual(cvssRating(vector), { score, level }, vector);
});

test('what is no vector has no rating', () => {
  const bad = [
    ...['', 'high', '7.5', 'CVSS:3.1/', 'CVSS:3.1/AV:N', 'CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:Z/C:H/I:H/A:H',
    'CVSS:3.1/AV:toString/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:S/SI:N/SA:N', // S only as a modified metric
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/ZZ:Q',
    `CVSS:3.1/${'AV:N/'.repeat(1000)}`,
  ];
  for (const vector of bad) assert.equal(cvssRating(vector), null, vector.slice(0, 80));
});

test('the scale of CVSS 3 and 4', () => {
  const table = [
    ...[
      [0, 'none'],
      [0.1, 'low'],
      [3.9, 'low'],
      [4, 'medium'],
      [6.9, 'medium'],
      [7, 'high'],
      [8.9, 'high'],
    ],
    ...[
      [9, 'critical'],
      [10, 'critical'],
    ],
  ] as const;
  for (const [score, level] of table) assert.equal(levelOfScore(score), level);
});

const metric = (name: string, values: string) => fc.constantFrom(...values).map((value) => `${name}:${value}`);
const v4 = fc
  .tuple(
    ...[metric('AV', 'NALP'), metric('AC', 'LH'), metric('AT', 'NP'), metric('PR', 'NLH'), metric('UI', 'NPA')],
    ...['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].map((name) => metric(name, 'HLN')),
  )
  .map((parts) => parts.join('/'));

test('CVSS 4.0: every vector has a score, and one without exploits is never worse', () => {
  fc.assert(
    fc.property(v4, (metrics) => {
      const attacked = cvssRating(`CVSS:4.0/${metrics}/E:A`);
      const unreported = cvssRating(`CVSS:4.0/${metrics}/E:U`);
      assert.ok(attacked !== null && unreported !== null);
      assert.ok(attacked.score >= unreported.score && attacked.score <= 10 && unreported.score >= 0);
      assert.equal(attacked.score, cvssRating(`CVSS:4.0/${metrics}`)?.score);
    }),
  );
});
