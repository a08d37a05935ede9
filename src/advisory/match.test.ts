import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Advisory } from '../model/index.js';
import { component, recordOf } from './builders.test.support.js';
import type { AdvisoryDatabase, StoredAdvisory } from './database.js';
import { type MatchedComponent, match } from './match.js';
import { packageKey, releaseKey, sharedReleaseKey } from './names.js';
import { readAdvisory } from './osv.js';
import { headText, readHead } from './stored.js';

/** A database in memory, with the same keys as the real one. */
function databaseOf(...records: readonly string[]): AdvisoryDatabase {
  const all: Advisory[] = records.map((text) => readAdvisory(JSON.parse(text)));
  const head = (advisory: Advisory) => readHead(headText(advisory), 'Test');
  const entries = all.flatMap((advisory) => advisory.affected);
  const releases = (ecosystem: string) =>
    new Set(entries.filter((item) => item.ecosystem === ecosystem).map((item) => releaseKey(ecosystem, item.release)));
  return {
    path: ':memory:',
    sources: () => [],
    covers: (ecosystem, release) => releases(ecosystem).has(releaseKey(ecosystem, release)),
    releases: (ecosystem) => [...releases(ecosystem)].filter((name) => name !== ''),
    recordsFor: (ecosystem, release, name) =>
      all.flatMap((advisory): StoredAdvisory[] => {
        const affected = advisory.affected.filter(
          (item) =>
            item.ecosystem === ecosystem &&
            [releaseKey(ecosystem, release), sharedReleaseKey(ecosystem, release)].includes(
              releaseKey(ecosystem, item.release),
            ) &&
            packageKey(ecosystem, item.name) === packageKey(ecosystem, name),
        );
        return affected.length === 0 ? [] : [{ head: head(advisory), affected }];
      }),
    named: (name) => all.filter((advisory) => [advisory.id, ...advisory.aliases].includes(name)).map(head),
    close: () => undefined,
  };
}

const libc = component({
  ecosystem: 'Debian',
  release: '12',
  name: 'libc6',
  version: '2.36-9',
  source: { name: 'glibc', version: null },
});
const yaml = component({ ecosystem: 'PyPI', name: 'PyYAML', version: '5.3' });

test('records that name each other are one vulnerability: CVE, else GHSA, else the first', () => {
  const record = (id: string, aliases: readonly string[], fixed = '5.4') =>
    recordOf(id, 'PyPI', 'pyyaml', fixed, { aliases });
  const ids = (...records: string[]) =>
    match([yaml], databaseOf(...records)).findings.map(({ id, aliases }) => [id, ...aliases].join(' '));
  assert.deepEqual(ids(record('PYSEC-1', ['CVE-1']), record('GHSA-1', ['CVE-1'])), ['CVE-1 GHSA-1 PYSEC-1']);
  assert.deepEqual(ids(record('PYSEC-1', ['GHSA-1']), record('GHSA-1', [])), ['GHSA-1 PYSEC-1']);
  assert.deepEqual(ids(record('PYSEC-1', []), record('PYSEC-0', [])), ['PYSEC-0', 'PYSEC-1']);
  // by way of a third that is no record here
  assert.deepEqual(ids(record('PYSEC-1', ['CVE-1']), record('B-1', ['CVE-1', 'A-1'])), ['CVE-1 A-1 B-1 PYSEC-1']);
});

test("a distribution's advisory is evidence for each CVE, joined with what else is known of it", () => {
  const dsa = recordOf('DSA-1', 'Debian:12', 'glibc', '2.36-9+deb12u3', { upstream: ['CVE-2', 'CVE-1'] });
  const dla = recordOf('DLA-1', 'Debian:12', 'glibc', '2.36-9+deb12u1', {
    related: ['CVE-1'],
    summary: 'glibc update',
  });
  const own = recordOf('DEBIAN-CVE-3', 'Debian:12', 'glibc', '2.36-9+deb12u2', { upstream: ['CVE-3'] });
  const none = recordOf('DSA-2', 'Debian:12', 'glibc', '2.36-9+deb12u4');
  const findings = match([libc], databaseOf(dsa, dla, own, none)).findings;
  assert.deepEqual(
    findings.map((row) => [row.id, row.aliases, row.advisories.map((item) => item.id), row.fixedVersion]),
    [
      ['CVE-1', [], ['DLA-1', 'DSA-1'], '2.36-9+deb12u1'],
      ['CVE-2', [], ['DSA-1'], '2.36-9+deb12u3'],
      ['CVE-3', [], ['DEBIAN-CVE-3'], '2.36-9+deb12u2'],
      ['DSA-2', [], ['DSA-2'], '2.36-9+deb12u4'],
    ],
  );
  assert.equal(findings[0]?.summary, 'glibc update');
});

test('severity: own vector, else word, else of a record called alike, else unknown', () => {
  const vector = (score: string) => ({ severity: [{ type: 'CVSS_V3', score }] });
  const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
  const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const word = { database_specific: { severity: 'MODERATE' } };
  const severity = (...records: string[]) => match([yaml], databaseOf(...records)).findings[0]?.severity;
  const record = (id: string, more: object, name = 'pyyaml') =>
    recordOf(id, 'PyPI', name, '5.4', { aliases: ['CVE-1'], ...more });
  assert.deepEqual(severity(record('A', { ...vector(high), ...word })), {
    level: 'high',
    score: 7.5,
    vector: high,
    source: 'A',
  });
  assert.deepEqual(severity(record('A', vector(high)), record('B', vector(critical))), {
    level: 'critical',
    score: 9.8,
    vector: critical,
    source: 'B',
  });
  assert.deepEqual(severity(record('A', word)), { level: 'medium', score: null, vector: null, source: 'A' });
  // a record of another package with the same CVE speaks only where the matching one is silent
  assert.equal(severity(record('A', word), record('C', vector(critical), 'other'))?.source, 'A');
  assert.equal(severity(record('A', {}), record('C', vector(critical), 'other'))?.source, 'C');
  assert.deepEqual(severity(record('A', {})), { level: 'unknown', score: null, vector: null, source: null });
  assert.deepEqual(severity(record('A', vector('CVSS:5.0/AV:N'))), {
    level: 'unknown',
    score: null,
    vector: 'CVSS:5.0/AV:N',
    source: 'A',
  });
});

test('what covers several vulnerabilities lends its severity last', () => {
  const word = { database_specific: { severity: 'important' } };
  const rhsa = recordOf('RHSA-1', 'Red Hat:enterprise_linux:9::baseos', 'glibc', '9', {
    upstream: ['CVE-1', 'CVE-2'],
    ...word,
  });
  const alike = recordOf('PYSEC-1', 'PyPI', 'x', '1', { aliases: ['CVE-1'], database_specific: { severity: 'low' } });
  const glibc = component({
    ecosystem: 'Red Hat',
    release: '9',
    name: 'glibc',
    version: '2.34-1',
    source: { name: 'src', version: null },
  });
  assert.deepEqual(
    match([glibc], databaseOf(rhsa, alike)).findings.map((row) => [row.id, row.severity.level, row.severity.source]),
    [
      ['CVE-1', 'low', 'PYSEC-1'],
      ['CVE-2', 'high', 'RHSA-1'],
    ],
  );
});

test('every component is assessed or in a gap', () => {
  const database = databaseOf(recordOf('X', 'Debian:12', 'glibc', '9'), recordOf('Y', 'PyPI', 'pyyaml', '9'));
  const table: readonly (readonly [about: Partial<MatchedComponent>, kind: string, reason: string, subject: string])[] =
    [
      [{ ecosystem: 'PyPI' }, 'component', 'no-version', 'x'],
      [{ ecosystem: 'PyPI', version: ' ' }, 'component', 'no-version', 'x'],
      [{ ecosystem: 'npm', version: 'latest' }, 'component', 'no-ordering', 'x'],
      [{ ecosystem: 'Go', version: '(devel)' }, 'component', 'no-ordering', 'x'],
      [{ ecosystem: 'Unheard', version: '1' }, 'component', 'no-ordering', 'x'],
      [{ purl: 'pkg:generic/x@1', version: '1' }, 'component', 'no-ordering', 'x'],
      [{ purl: 'pkg:deb/x@1', version: '1' }, 'component', 'no-distribution', 'x'],
      [{ ecosystem: 'Debian', release: '11', version: '1' }, 'advisories', 'no-advisories', 'Debian 11'],
      [{ ecosystem: 'Debian', release: null, version: '1' }, 'advisories', 'no-advisories', 'Debian'],
      [{ ecosystem: 'Alpine', release: 'v3.18', version: '1' }, 'advisories', 'no-advisories', 'Alpine v3.18'],
      [{ ecosystem: 'Maven', version: '1' }, 'advisories', 'no-advisories', 'Maven'],
    ];
  for (const [about, kind, reason, subject] of table) {
    const { findings, gaps } = match([component({ name: 'x', ...about })], database);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      gaps.map((gap) => [gap.kind, gap.reason, gap.subject, gap.count, gap.image]),
      [[kind, reason, subject, 1, 'image']],
    );
  }
  const without = match([yaml, libc, { ...libc, name: 'libc-bin' }, { ...libc, image: 'other' }], null);
  assert.deepEqual(
    without.gaps.map((gap) => [gap.image, gap.kind, gap.reason, gap.subject, gap.count]),
    [
      ['image', 'advisories', 'no-database', 'Debian 12', 2],
      ['image', 'advisories', 'no-database', 'PyPI', 1],
      ['other', 'advisories', 'no-database', 'Debian 12', 1],
    ],
  );
});

test('one row a reason and image, with a few names', () => {
  const many = Array.from({ length: 9 }, (_, i) => component({ ecosystem: 'PyPI', name: `p${i}` }));
  const { gaps } = match(many, databaseOf());
  assert.equal(gaps.length, 1);
  assert.equal(gaps[0]?.subject, 'p0, p1, p2, p3, p4 and 4 more');
  assert.equal(gaps[0]?.count, 9);
});

test('a record whose versions cannot be ordered is a gap, not a clean bill', () => {
  const { findings, gaps } = match([{ ...libc }], databaseOf(recordOf('X', 'Debian:12', 'glibc', 'e:1')));
  assert.deepEqual(findings, []);
  assert.deepEqual(
    gaps.map((gap) => [gap.kind, gap.reason, gap.subject]),
    [['component', 'no-ordering', 'libc6']],
  );
});

test('a jar is found by group and artifact, given or from its purl', () => {
  const database = databaseOf(recordOf('GHSA-1', 'Maven', 'org.apache.logging.log4j:log4j-core', '2.15.0'));
  const purl = 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1';
  const jars = [
    component({ ecosystem: 'Maven', name: 'org.apache.logging.log4j:log4j-core', version: '2.14.1' }),
    component({ ecosystem: 'Maven', name: 'log4j-core', version: '2.14.1', purl }),
    component({ ecosystem: 'Maven', name: 'log4j-core', version: '2.15.0', purl }),
    component({ ecosystem: 'Maven', name: 'log4j-core', version: '2.14.1', purl: 'pkg:maven/%zz' }),
  ];
  assert.deepEqual(
    jars.map((jar) => match([jar], database).findings.length),
    [1, 1, 0, 0],
  );
});

test('the same whatever the order of components', () => {
  const database = databaseOf(
    recordOf('X', 'Debian:12', 'glibc', '9', { upstream: ['CVE-2', 'CVE-1'] }),
    recordOf('Y', 'PyPI', 'pyyaml', '9'),
  );
  const list = [yaml, libc, { ...libc, id: 'a' }, { ...yaml, image: 'z' }, component({ name: 'q' })];
  const expected = match(list, database);
  fc.assert(
    fc.property(fc.shuffledSubarray(list, { minLength: list.length }), (shuffled) => {
      assert.deepEqual(match(shuffled, database), expected);
    }),
  );
});

test('a main module that only a commit names is not judged by the time of that commit; a dependency is', () => {
  const database = databaseOf(recordOf('GO-1', 'Go', 'example.org/app', '0.16.3'));
  const version = 'v0.0.0-20221207035400-6c8d15d40487';
  const dependency = component({ name: 'example.org/app', ecosystem: 'Go', version });
  const stamped = {
    ...dependency,
    evidence: [
      { what: 'version from vcs.revision', where: 'usr/bin/app', value: '6c8d15d404874fd939d7f4062cc6a660dffdabcb' },
    ],
  };
  assert.equal(match([dependency], database).findings.length, 1);
  const { findings, gaps } = match([stamped], database);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    gaps.map((gap) => [gap.kind, gap.reason]),
    [['component', 'no-ordering']],
  );
});

test('SUSE: records of modules, and of longer support, are about the service pack of the image', () => {
  const openssl = component({
    ecosystem: 'SUSE',
    release: 'Linux Enterprise Server 15 SP5',
    name: 'libopenssl1_1',
    version: '1.1.1l-150500.17.1',
    source: { name: 'openssl-1_1', version: null },
  });
  // The other record says that the release itself is covered.
  const finds = (product: string, image = openssl): boolean =>
    match(
      [image],
      databaseOf(
        recordOf('SUSE-SU-1', `SUSE:${product}`, 'openssl-1_1', '1.1.1l-150500.17.9', {}),
        recordOf('SUSE-SU-2', `SUSE:${image.release}`, 'other', '1', {}),
      ),
    ).findings.length === 1;
  const ofThis = [
    'Linux Enterprise Server 15 SP5',
    'Linux Enterprise Module for Basesystem 15 SP5',
    'Linux Enterprise Module for Python 3 15 SP5',
    'Linux Enterprise Server for SAP Applications 15 SP5',
    'Linux Enterprise High Performance Computing 15 SP5-LTSS',
    'Linux Enterprise Server 15 SP5-LTSS',
  ];
  assert.deepEqual(
    ofThis.map((product) => finds(product)),
    ofThis.map(() => true),
  );
  const ofOthers = [
    'Linux Enterprise Module for Basesystem 15 SP4',
    'Linux Enterprise Server 12 SP5',
    'Linux Enterprise Micro 5.5',
    'Manager Server 4.3',
  ];
  assert.deepEqual(
    ofOthers.map((product) => finds(product)),
    ofOthers.map(() => false),
  );
  // Modules of 12 are of no service pack.
  const twelve = { ...openssl, release: 'Linux Enterprise Server 12 SP5' };
  assert.ok(finds('Linux Enterprise Module for Public Cloud 12', twelve));
  assert.ok(!finds('Linux Enterprise Module for Public Cloud 12'));
  const micro = { ...openssl, release: 'Linux Enterprise Micro 5.5' };
  assert.ok(finds('Linux Enterprise Micro 5.5', micro));
});
