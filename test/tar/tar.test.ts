import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExplained } from './explained.js';
import { gnuMissing } from './gnu.js';
import { goMissing } from './go.js';
import { judge } from './judge.js';
import { opinionOf } from './opinion.js';
import { runCases } from './run.js';

const count = 300;

test('generated archives are read as GNU tar and archive/tar read them, or refused by name', {
  skip: gnuMissing !== false && goMissing !== false && `${gnuMissing}; ${goMissing}`,
}, async (t) => {
  const wrong: string[] = [];
  const numbers = Array.from({ length: count }, (_, i) => i);
  const tally = await runCases(numbers, 1, ({ number, verdict }) => {
    if (verdict.kind === 'wrong') wrong.push(`case ${number}: ${verdict.findings.join('; ')}`);
  });
  for (const why of tally.missing) t.diagnostic(`left out: ${why}`);
  t.diagnostic(`${tally.archives} archives, ${tally.equal} equal, ${tally.refused} typed errors, ${tally.wrong} wrong`);
  assert.deepEqual(wrong, []);
  // Neither may a reader that refuses everything pass, nor archives of which none is broken.
  assert.ok(tally.equal > count / 3, `${tally.equal} equal`);
  assert.ok(tally.refused > count / 10, `${tally.refused} refused`);
});

const entry = {
  path: 'a',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 1,
  mtime: 0,
  link: '',
  sum: 'x',
} as const;
const whole = (...entries: (typeof entry)[]) => ({ entries, error: null });
const refused = (...entries: (typeof entry)[]) => ({ entries, error: 'bad-bytes: no' });
const two = (gnu: ReturnType<typeof whole>, go: ReturnType<typeof whole>) => new Map(Object.entries({ gnu, go }));

test('a verdict: equal, refused, and each way to be wrong', () => {
  const other = { ...entry, path: 'b' as 'a' };
  const verdict = (own: Parameters<typeof judge>[0], referees: Parameters<typeof judge>[1]) =>
    judge(own, referees, [], []).kind;
  assert.equal(verdict(whole(entry), two(whole(entry), whole(entry))), 'equal');
  assert.equal(verdict(whole(entry), two(whole(entry), whole(other))), 'wrong', 'one referee differs unexplained');
  assert.equal(verdict(whole(entry), two(whole(), whole())), 'wrong', 'an entry too many');
  assert.equal(verdict(whole(), two(whole(entry), whole(entry))), 'wrong', 'an entry too few');
  assert.equal(verdict(refused(), two(whole(entry), whole(other))), 'refused', 'referees differ');
  assert.equal(verdict(refused(), two(whole(entry), whole(entry))), 'wrong', 'all read it alike');
  assert.equal(verdict(refused(other), two(whole(entry), whole(entry))), 'wrong', 'a wrong entry before the error');
  const [row] = readExplained().filter((one) => one.referee === 'gnu' && one.what.test('path') && !one.alone);
  assert.ok(row !== undefined);
  const explained = { ...row, when: /^some-tag$/ };
  const differing = two(whole(other), whole(entry));
  assert.equal(judge(whole(entry), differing, ['some-tag'], [explained]).kind, 'equal');
  assert.equal(judge(whole(entry), differing, ['other-tag'], [explained]).kind, 'wrong');
  assert.equal(judge(whole(entry), two(whole(other), whole(other)), ['some-tag'], [explained]).kind, 'wrong');
});

test('an opinion: agrees, differs, refuses', () => {
  assert.equal(opinionOf(whole(entry), whole({ ...entry })), 'agrees');
  assert.equal(opinionOf(whole(entry), whole({ ...entry, size: 2 as 1 })), 'differs');
  assert.equal(opinionOf(whole(entry), whole()), 'differs');
  assert.equal(opinionOf(whole(entry), refused(entry)), 'refuses');
});
