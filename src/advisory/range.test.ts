import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Affected, AffectedRange, RangeEvent } from '../model/index.js';
import { evaluate, fixedVersions } from './range.js';

function affected(ecosystem: string, ranges: readonly AffectedRange[], versions: readonly string[] = []): Affected {
  const rest = { release: null, name: 'x', severity: [], severityWord: null, imports: [] };
  return { ...rest, ecosystem, ranges, versions };
}

/** `0` introduced, `<2` fixed, `=3` last affected, `!4` limit: short enough for tables. */
function events(text: string): readonly RangeEvent[] {
  return text.split(' ').map((word) => {
    if (word.startsWith('<')) return { fixed: word.slice(1) };
    if (word.startsWith('=')) return { lastAffected: word.slice(1) };
    return word.startsWith('!') ? { limit: word.slice(1) } : { introduced: word };
  });
}

/** By the algorithm of the schema, https://ossf.github.io/osv-schema/#evaluation; null: unaffected. */
const table: readonly (readonly [events: string, version: string, state: string, next: string | null])[] = [
  ['0 <1.0.0', '0.9.0', 'affected', '1.0.0'],
  ['0 <1.0.0', '1.0.0', 'unaffected', null],
  ['0 <1.0.0', '1.0.0-rc.1', 'affected', '1.0.0'],
  ['0', '99.0.0', 'affected', null],
  ['1.0.0', '0.9.9', 'unaffected', null],
  ['1.0.0', '1.0.0', 'affected', null],
  ['0 =1.5.0', '1.5.0', 'affected', null],
  ['0 =1.5.0', '1.5.1', 'unaffected', null],
  // branches, in any order of events
  ['0 <1.2.3 2.0.0 <2.1.0', '1.1.0', 'affected', '1.2.3'],
  ['0 <1.2.3 2.0.0 <2.1.0', '1.9.0', 'unaffected', null],
  ['<2.1.0 2.0.0 <1.2.3 0', '2.0.5', 'affected', '2.1.0'],
  ['0 =1.2.3 2.0.0 <2.1.0', '1.0.0', 'affected', null],
  // one branch ends where the next begins
  ['0 <1.0.0 1.0.0 <2.0.0', '1.0.0', 'affected', '2.0.0'],
  ['0 !1.0.0', '0.5.0', 'affected', null],
  ['0 !1.0.0', '1.5.0', 'unaffected', null],
  ['0 !*', '1.5.0', 'affected', null],
  ['0 !1.0.0 !2.0.0', '1.5.0', 'affected', null],
  // no introduction: nothing is affected
  ['<1.0.0', '0.5.0', 'unaffected', null],
  // a version that nobody can order decides nothing
  ['0 <weekly', '0.5.0', 'undecided', null],
];

test('ranges', () => {
  for (const [text, version, state, next] of table) {
    const verdict = evaluate(affected('npm', [{ type: 'SEMVER', events: events(text) }]), version);
    assert.equal(verdict.state, state, `${version} in ${text}`);
    if (verdict.state === 'affected') assert.equal(verdict.next, next, `${version} in ${text}`);
  }
});

test('no range and no version affects nothing; GIT ranges are passed over', () => {
  assert.equal(evaluate(affected('npm', []), '1.0.0').state, 'unaffected');
  assert.equal(evaluate(affected('npm', [{ type: 'GIT', events: events('0') }]), '1.0.0').state, 'unaffected');
});

test('listed versions count as they are and as the ecosystem means them', () => {
  const entry = affected('PyPI', [{ type: 'ECOSYSTEM', events: events('5 <6') }], ['1.0', 'weird']);
  assert.deepEqual(evaluate(entry, '1.0.0'), { state: 'affected', next: '6' });
  assert.equal(evaluate(entry, 'weird').state, 'affected');
  assert.equal(evaluate(entry, '1.1').state, 'unaffected');
  assert.deepEqual(fixedVersions(entry, '1.0'), ['6']);
});

test('of several ranges the nearest fix is named', () => {
  const ranges = ['0 <3.0.0', '1.0.0 <2.0.0', '1.0.0'].map((text) => ({
    type: 'SEMVER' as const,
    events: events(text),
  }));
  assert.deepEqual(evaluate(affected('npm', ranges), '1.5.0'), { state: 'affected', next: '2.0.0' });
});

test('SEMVER is SemVer in every ecosystem, ECOSYSTEM its own', () => {
  const deb = affected('Debian', [{ type: 'ECOSYSTEM', events: events('0 <1.0') }]);
  assert.equal(evaluate(deb, '1.0~rc1').state, 'affected');
  assert.equal(evaluate(affected('Unheard', deb.ranges), '1.0').state, 'undecided');
});

test("Go: a project's own tags against Go's version space", () => {
  const all: AffectedRange = { type: 'SEMVER', events: events('0') };
  const custom: AffectedRange = { type: 'CUSTOM', events: events('0 <8.5.15 9.0.0 <9.2.4') };
  const grafana = { ...affected('Go', [all, custom]), name: 'github.com/grafana/grafana' };
  assert.deepEqual(evaluate(grafana, '7.2.1'), { state: 'affected', next: '8.5.15' });
  assert.equal(evaluate(grafana, 'v8.5.15').state, 'unaffected');
  assert.equal(evaluate(grafana, 'v9.1.0').state, 'affected');
  assert.equal(evaluate(grafana, 'v0.0.0-20201008120000-0123456789ab').state, 'affected');
  // With real module versions beside them, tags are judged by both and module versions by their own.
  const both = { ...grafana, ranges: [{ type: 'SEMVER' as const, events: events('0 <1.5.0') }, custom] };
  assert.equal(evaluate(both, '7.2.1').state, 'affected');
  assert.equal(evaluate(both, '1.6.0').state, 'unaffected');
});
