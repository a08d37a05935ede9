import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { component } from './builders.test.support.js';
import { type AdvisoryDatabase, databaseStatus, openAdvisories } from './database.js';
import { importAdvisories } from './import.js';
import { match } from './match.js';

/** Answers that are known for 27,546 real records; they come from the records' authors and from reading them. */
const records = sharedData('advisories');

describe('real records', { skip: records === null && sharedMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'trowel-advisories-'));
  let database: AdvisoryDatabase;
  let seconds = 0;

  before(async () => {
    assert.ok(records !== null);
    const began = performance.now();
    const { skipped } = await importAdvisories(join(folder, 'advisories.db'), [records]);
    seconds = (performance.now() - began) / 1000;
    assert.deepEqual(skipped, []);
    const opened = openAdvisories(join(folder, 'advisories.db'));
    assert.ok(opened !== null);
    database = opened;
  });

  after(() => {
    database?.close();
    rmSync(folder, { recursive: true });
  });

  /** Ids of all advisories that matched. */
  function advisories(ecosystem: string, name: string, version: string, release: string | null = null): string[] {
    const { findings, gaps } = match([component({ ecosystem, name, version, release })], database);
    assert.deepEqual(gaps, []);
    return [...new Set(findings.flatMap((finding) => finding.advisories.map((advisory) => advisory.id)))].sort();
  }

  test('all are imported, in seconds', (t) => {
    t.diagnostic(`${seconds.toFixed(1)} s`);
    const { sources } = databaseStatus(database);
    assert.deepEqual(
      sources.map(({ name, records: count }) => `${name} ${count}`),
      [
        'Alpine 2438',
        'Bitnami 7444',
        'Debian 8293',
        'Go 4291',
        'PyPI 2661',
        'RubyGems 764',
        'crates.io 1206',
        'npm 449',
      ],
    );
    const releases = new Map(sources.map((source) => [source.name, source.releases]));
    assert.equal(releases.get('Debian')?.at(-1), '11');
    assert.equal(releases.get('Alpine')?.at(0), 'v3.3');
    assert.equal(releases.get('Alpine')?.at(-1), 'v3.11');
    assert.deepEqual(releases.get('Go'), []);
    for (const source of sources) assert.match(source.digest, /^sha256:[0-9a-f]{64}$/);
  });

  test('Python packages of December 2020', () => {
    const table: readonly (readonly [name: string, version: string, ids: readonly string[]])[] = [
      ['PyYAML', '5.3.1', ['PYSEC-2021-142']],
      ['rsa', '4.6', ['PYSEC-2020-100']],
      ['requests', '2.24.0', ['PYSEC-2023-74']],
      ['urllib3', '1.25.11', ['PYSEC-2021-108', 'PYSEC-2023-192', 'PYSEC-2023-212']],
      ['certifi', '2020.6.20', ['PYSEC-2022-42986', 'PYSEC-2023-135']],
      ['idna', '2.10', ['PYSEC-2024-60']],
      ['setuptools', '50.3.2', ['PYSEC-2022-43012']],
      ['kubernetes', '12.0.0', []],
    ];
    for (const [name, version, ids] of table) assert.deepEqual(advisories('PyPI', name, version), ids, name);
  });

  test('pyyaml 5.3.1 is CVE-2020-14343, mended in 5.4', () => {
    const { findings } = match([component({ ecosystem: 'PyPI', name: 'pyyaml', version: '5.3.1' })], database);
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.id, 'CVE-2020-14343');
    assert.deepEqual(findings[0]?.aliases, ['GHSA-8q59-q68h-6hv4', 'PYSEC-2021-142']);
    assert.equal(findings[0]?.fixedVersion, '5.4');
    assert.deepEqual(findings[0]?.advisories[0]?.fixed, ['5.4']);
  });

  test("glibc 2.28-10 of Debian 10, up to date in December 2020, has DLA-3152-1's 14 vulnerabilities", () => {
    const libc = component({
      ecosystem: 'Debian',
      release: '10',
      name: 'libc6',
      version: '2.28-10',
      source: { name: 'glibc', version: null },
    });
    const { findings } = match([libc], database);
    assert.deepEqual(
      findings.map((finding) => finding.id),
      [
        ...['CVE-2016-10228', 'CVE-2019-19126', 'CVE-2019-25013', 'CVE-2020-10029', 'CVE-2020-1752', 'CVE-2020-27618'],
        ...['CVE-2020-6096', 'CVE-2021-27645', 'CVE-2021-3326', 'CVE-2021-33574', 'CVE-2021-35942', 'CVE-2021-3999'],
        ...['CVE-2022-23218', 'CVE-2022-23219'],
      ],
    );
    for (const finding of findings) {
      assert.equal(finding.fixedVersion, '2.28-10+deb10u2');
      assert.deepEqual(finding.aliases, []);
      assert.deepEqual(
        finding.advisories.map((advisory) => [advisory.id, advisory.source, advisory.severity]),
        [['DLA-3152-1', 'Debian', 'unknown']],
      );
    }
    const fixed = match([{ ...libc, version: '2.28-10+deb10u2' }], database);
    assert.deepEqual(fixed, { findings: [], gaps: [] });
  });

  test('records of Debian 11 do not stand in for Debian 12', () => {
    const { findings, gaps } = match(
      ['glibc', 'zlib'].map((name) => component({ ecosystem: 'Debian', release: '12', name, version: '1.0' })),
      database,
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(
      gaps.map((gap) => [gap.kind, gap.reason, gap.subject, gap.count]),
      [['advisories', 'no-advisories', 'Debian 12', 2]],
    );
  });

  test('grafana 7.2.1 as a main module is judged by its own tags, not by "all of Go\'s versions"', () => {
    const found = new Set(advisories('Go', 'github.com/grafana/grafana', '7.2.1'));
    const affected = [2844, 2847, 2848, 2851, 2852, 2855, 2858, 2867].map((n) => `GO-2024-${n}`);
    for (const id of [...affected, 'GO-2025-3438']) assert.ok(found.has(id), id);
    const others = [2513, 2519, 2515, 2516, 2517, 2520, 2523, 2661, 2629, 2697, 2843, 2854, 2856, 2857, 3079, 3215];
    for (const n of others) assert.ok(!found.has(`GO-2024-${n}`), `GO-2024-${n}`);
    assert.deepEqual([...found], advisories('Go', 'github.com/grafana/grafana', 'v7.2.1'));
    // A commit lies in Go's version space, of which these records say that all of it is affected.
    const commit = advisories('Go', 'github.com/grafana/grafana', 'v0.0.0-20201008120000-0123456789ab');
    assert.ok(commit.includes('GO-2024-2513'));
  });

  test('modules of node_exporter 1.0.1', () => {
    const table: readonly (readonly [module: string, version: string, ids: readonly string[]])[] = [
      [
        'golang.org/x/crypto',
        'v0.0.0-20200510223506-06a226fb4e37',
        ['GO-2021-0227', 'GO-2021-0356', 'GO-2022-0968', 'GO-2023-2402'],
      ],
      ['golang.org/x/net', 'v0.0.0-20200513185701-a91f0712d120', ['GO-2021-0238', 'GO-2022-0236', 'GO-2022-0288']],
      ['golang.org/x/text', 'v0.3.2', ['GO-2020-0015', 'GO-2021-0113', 'GO-2022-1059']],
      ['github.com/prometheus/client_golang', 'v1.6.0', ['GO-2022-0322']],
      ['golang.org/x/sys', 'v0.0.0-20200602225109-6fdc65e7d980', ['GO-2022-0493']],
      ['google.golang.org/protobuf', 'v1.22.0', ['GO-2024-2611']],
    ];
    for (const [module, version, ids] of table) {
      const found = advisories('Go', module, version);
      for (const id of ids) assert.ok(found.includes(id), `${module}: ${id}`);
    }
  });

  test("Go's standard library by the release of its toolchain", () => {
    assert.ok(advisories('Go', 'stdlib', 'go1.14.4').includes('GO-2021-0226'));
    assert.ok(!advisories('Go', 'stdlib', '1.26.9').includes('GO-2021-0226'));
  });

  test('a withdrawn record matches nothing', () => {
    assert.deepEqual(database.named('GO-2024-2730'), []);
  });

  test('severity comes from a record called alike where the matching one has none', () => {
    const nginx = component({ ecosystem: 'Debian', release: '9', name: 'nginx', version: '1.10.3-1+deb9u5' });
    const finding = match([nginx], database).findings.find((row) => row.id === 'CVE-2021-23017');
    // Bitnami's record states the vector; the score is what NVD shows for it.
    assert.deepEqual(finding?.severity, {
      level: 'high',
      score: 7.7,
      vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:L',
      source: 'BIT-nginx-2021-23017',
    });
    assert.deepEqual(
      finding?.advisories.map((advisory) => [advisory.id, advisory.severity]),
      [['DLA-2670-1', 'unknown']],
    );
  });

  test('names of Python packages are compared as PEP 503 wants it', () => {
    assert.deepEqual(advisories('PyPI', 'Py.YAML', '5.3.1'), []);
    assert.deepEqual(advisories('PyPI', 'PYYAML', '5.3.1'), ['PYSEC-2021-142']);
    assert.deepEqual(advisories('PyPI', 'Products_CMFPlone', '4.3'), advisories('PyPI', 'products.cmfplone', '4.3'));
  });
});
