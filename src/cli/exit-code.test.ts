import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Finding,
  type Gap,
  type GapKind,
  gapKinds,
  isTrowelError,
  type SeverityLevel,
  TrowelError,
} from '../model/index.js';
import { exitCode, exitCodeOfError, readAllowed, readFailOn, readSeverities } from './exit-code.js';

function finding(level: SeverityLevel, status: Finding['status'] = 'affected'): Finding {
  return {
    id: 'CVE-2020-1',
    aliases: [],
    component: 'c',
    image: 'i',
    status,
    justification: null,
    severity: { level, score: null, vector: null, source: null },
    advisories: [],
    fixedVersion: null,
    reachability: { verdict: 'unknown', symbols: [] },
    summary: '',
  };
}

function gap(kind: GapKind): Gap {
  return { kind, reason: 'unsupported', image: null, subject: '', detail: '', count: 1, bytes: 0 };
}

const high = [finding('high')];
const unrated = [finding('unknown')];

/** name, findings, kinds of gaps, --fail-on, --allow-incomplete, the code that CONTRACT's rules give */
const table: readonly [string, readonly Finding[], readonly GapKind[], string | null, string | null, number][] = [
  ['nothing at all', [], [], null, null, 0],
  ['findings never fail without --fail-on', [finding('critical')], [], null, null, 0],
  ['above the level', [finding('critical')], [], 'high', null, 1],
  ['at the level', high, [], 'high', null, 1],
  ['below the level', [finding('medium')], [], 'high', null, 0],
  ['none fails on everything that is rated', [finding('none')], [], 'none', null, 1],
  ['1 wins over 3', high, ['image'], 'high', null, 1],
  ['a gap', [], ['image'], null, null, 3],
  ['a gap and findings below', [finding('low')], ['layer'], 'high', null, 3],
  ['all gaps allowed', [], gapKinds, null, '', 0],
  ['its kind allowed', [], ['file'], null, 'file', 0],
  ['another kind allowed', [], ['file', 'image'], null, 'file', 3],
  ['allowing gaps does not allow findings', high, ['file'], 'high', '', 1],
  ['not affected', [finding('critical', 'not_affected')], [], 'low', null, 0],
  ['fixed', [finding('critical', 'fixed')], [], 'low', null, 0],
  ['nobody states how severe it is: not assessed with --fail-on', unrated, ['severity'], 'high', null, 3],
  ['the same in a stored dig without such a row', unrated, [], 'high', null, 3],
  ['the same, allowed', unrated, [], 'high', 'severity', 0],
  ['no severity without --fail-on', unrated, [], null, null, 0],
  ['unrated and not affected', [finding('unknown', 'not_affected')], [], 'high', null, 0],
];

for (const [name, findings, kinds, failOn, allowed, code] of table) {
  test(`exit ${code}: ${name}`, () => {
    const policy = { failOn: readFailOn(failOn), allowed: readAllowed(allowed) };
    assert.equal(exitCode({ findings, notAssessed: kinds.map(gap) }, policy), code);
  });
}

for (const kind of gapKinds) {
  test(`${kind}: 3, unless allowed`, () => {
    const dig = { findings: [], notAssessed: [gap(kind)] };
    assert.equal(exitCode(dig, { failOn: null, allowed: null }), 3);
    assert.equal(exitCode(dig, { failOn: null, allowed: [kind] }), 0);
  });
}

test('errors: 2 for the command line, 4 for the rest', () => {
  assert.equal(exitCodeOfError(new TrowelError('usage', { what: '' })), 2);
  assert.equal(exitCodeOfError(new TrowelError('not-found', { what: '' })), 4);
  assert.equal(exitCodeOfError(new Error('ours')), 4);
});

test('words that are no level or kind are refused with those that are', () => {
  const usage = (says: RegExp) => (error: unknown) => isTrowelError(error, 'usage') && says.test(error.message);
  assert.throws(() => readFailOn('severe'), usage(/--fail-on: does not know "severe"; critical, high/));
  assert.throws(() => readFailOn('unknown'), usage(/--fail-on/));
  assert.throws(() => readAllowed('image,files'), usage(/--allow-incomplete: does not know "files"; image, layer/));
  assert.throws(() => readSeverities(['high', 'x']), usage(/--severity/));
  assert.deepEqual(readSeverities(['high,LOW', ' unknown']), ['high', 'low', 'unknown']);
  assert.equal(readSeverities([]), undefined);
});
