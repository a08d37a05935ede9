import { createHash } from 'node:crypto';
import {
  type Bucket,
  buckets,
  type Claim,
  type Coverage,
  type Dig,
  type DigComponent,
  type DigImage,
  type FileCount,
  type Finding,
  type Gap,
  type GapKind,
  type Grade,
  grades,
  type ImageUse,
  type SeverityLevel,
} from '../src/model/index.js';

/**
 * A dig by hand, as one of December 2020 would be read five years later: node-exporter on a base put together by hand,
 * Grafana on Alpine, an image that nobody has any more. Digests are of the words they stand for.
 */
export function exampleDig(): Dig {
  return {
    schema: 'trowel/dig/1',
    target: {
      kind: 'chart',
      given: 'monitoring-12.0.0.tgz',
      name: 'monitoring',
      version: '12.0.0',
      digest: digest('chart'),
      from: null,
    },
    charts: [
      {
        id: 'monitoring',
        name: 'monitoring',
        alias: null,
        version: '12.0.0',
        appVersion: '0.43.2',
        digest: digest('chart'),
        dependencies: [
          {
            name: 'grafana',
            alias: null,
            range: '5.8.*',
            repository: 'https://charts.example/',
            condition: 'grafana.enabled',
            tags: [],
            version: '5.8.16',
            enabled: true,
            chart: 'monitoring/grafana',
          },
          {
            name: 'thanos',
            alias: 'ruler',
            range: '~1.2',
            repository: 'https://charts.example/',
            condition: 'ruler.enabled',
            tags: ['long-term'],
            version: null,
            enabled: false,
            chart: null,
          },
        ],
      },
      {
        id: 'monitoring/grafana',
        name: 'grafana',
        alias: null,
        version: '5.8.16',
        appVersion: '7.2.1',
        digest: null,
        dependencies: [],
      },
    ],
    uses: uses(),
    images: [exporter(), grafana()],
    components: components(),
    claims: claims(),
    findings: findings(),
    remedies: [],
    notAssessed: gaps(),
    tally: {
      uses: 5,
      images: 5,
      components: 5,
      findings: 4,
      vulnerabilities: 3,
      bySeverity: counts({ critical: 1, high: 2, unknown: 1 }),
      fixable: 3,
      notAssessed: gapCounts({ image: 1, component: 1, file: 2, advisories: 61, use: 1, severity: 1 }),
      coverage: { provedBytes: 0, unknownBytes: 5_400_000, bytes: 223_700_000 },
    },
    tool: { name: 'trowel', version: '0.1.0' },
    database: {
      sources: [
        {
          name: 'Debian',
          releases: ['10', '12'],
          records: 8123,
          newest: '2025-11-20T04:05:06Z',
          digest: digest('debian'),
        },
        { name: 'Go', releases: [], records: 2101, newest: '2025-11-21T00:00:00Z', digest: digest('go') },
      ],
    },
    created: '2025-11-24T00:00:00Z',
  };
}

const exporterId = 'quay.io/prometheus/node-exporter:v1.0.1|linux/amd64';
const grafanaId = 'docker.io/grafana/grafana:7.2.1|linux/amd64';

export function digest(word: string): string {
  return `sha256:${createHash('sha256').update(word).digest('hex')}`;
}

function uses(): readonly ImageUse[] {
  const base = {
    how: 'workload',
    role: 'container',
    hooks: [],
    test: false,
    conditional: null,
    certainty: 'certain',
    against: [],
    causes: [],
  } as const;
  const value = (path: string, part: 'repository' | 'tag', text: string): ImageUse['causes'][number] => ({
    from: 'value',
    part,
    path,
    value: text,
    default: true,
    verified: true,
    alsoMoves: [],
    file: 'values.yaml',
    line: 12,
    override: null,
  });
  return [
    {
      ...base,
      image: 'docker.io/bats/bats:v1.1.0',
      written: 'bats/bats:v1.1.0',
      hooks: ['test'],
      test: true,
      in: place(
        'Pod',
        'rel-grafana-test',
        'rel-test',
        '/spec/containers/0/image',
        'monitoring/grafana',
        'tests/test.yaml',
      ),
    },
    {
      ...base,
      image: 'docker.io/grafana/grafana:7.2.1',
      written: 'grafana/grafana:7.2.1',
      in: place(
        'Deployment',
        'rel-grafana',
        'grafana',
        '/spec/template/spec/containers/0/image',
        'monitoring/grafana',
        'deployment.yaml',
      ),
      causes: [
        value('grafana.image.repository', 'repository', 'grafana/grafana'),
        value('grafana.image.tag', 'tag', '7.2.1'),
      ],
    },
    {
      ...base,
      image: 'quay.io/prometheus/prometheus:v2.22.1',
      written: 'quay.io/prometheus/prometheus',
      how: 'custom-resource',
      role: 'none',
      in: place('Prometheus', 'rel-prometheus', null, '/spec/baseImage', 'monitoring', 'prometheus.yaml'),
      causes: [value('prometheus.prometheusSpec.image.tag', 'tag', 'v2.22.1')],
    },
    {
      ...base,
      image: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.43.2',
      written: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.43.2',
      how: 'argument',
      role: 'none',
      certainty: 'likely',
      against: ['the name it stands under does not say image'],
      in: place(
        'Deployment',
        'rel-operator',
        'operator',
        '/spec/template/spec/containers/0/args/3',
        'monitoring',
        'operator.yaml',
      ),
    },
    {
      ...base,
      image: 'quay.io/prometheus/node-exporter:v1.0.1',
      written: 'quay.io/prometheus/node-exporter:v1.0.1',
      in: place(
        'DaemonSet',
        'rel-node-exporter',
        'node-exporter',
        '/spec/template/spec/containers/0/image',
        'monitoring',
        'node-exporter.yaml',
      ),
      causes: [
        {
          from: 'appVersion',
          part: 'tag',
          path: 'nodeExporter.image.tag',
          value: '1.0.1',
          default: true,
          verified: true,
          alsoMoves: ['docker.io/bats/bats:v1.1.0'],
          file: 'Chart.yaml',
          line: 3,
          override: null,
        },
      ],
    },
  ];
}

function place(
  kind: string,
  name: string,
  container: string | null,
  field: string,
  chart: string,
  file: string,
): ImageUse['in'] {
  const template = `${chart.replaceAll('/', '/charts/')}/templates/${file}`;
  return { kind, name, namespace: 'ns', container, field, template, line: 20, document: 0, chart };
}

function coverageOf(
  byBucket: Partial<Record<Bucket, FileCount>>,
  byGrade: Partial<Record<Grade, FileCount>>,
): Coverage {
  const none: FileCount = { files: 0, bytes: 0 };
  const all = Object.values(byBucket);
  return {
    files: all.reduce((sum, one) => sum + one.files, 0),
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
    byGrade: fill(grades, byGrade, none),
    byBucket: fill(buckets, byBucket, none),
  };
}

function fill<K extends string, V>(keys: readonly K[], given: Partial<Record<K, V>>, otherwise: V): Record<K, V> {
  const full: Partial<Record<K, V>> = {};
  for (const key of keys) full[key] = given[key] ?? otherwise;
  return full as Record<K, V>;
}

function counts(given: Partial<Record<SeverityLevel, number>>): Record<SeverityLevel, number> {
  return { critical: 0, high: 0, medium: 0, low: 0, none: 0, unknown: 0, ...given };
}

function gapCounts(given: Partial<Record<GapKind, number>>): Record<GapKind, number> {
  return { image: 0, layer: 0, component: 0, file: 0, advisories: 0, use: 0, severity: 0, ...given };
}

function layer(word: string, sizeBytes: number): DigImage['layers'][number] {
  return {
    digest: digest(word),
    diffID: digest(`${word} diff`),
    chainID: digest(`${word} chain`),
    sizeBytes,
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  };
}

function exporter(): DigImage {
  return {
    id: exporterId,
    reference: 'quay.io/prometheus/node-exporter:v1.0.1',
    source: 'registry',
    indexDigest: digest('exporter index'),
    digest: digest('exporter'),
    platform: 'linux/amd64',
    created: '2020-05-25T11:33:11.123456789Z',
    config: {
      digest: digest('exporter config'),
      labels: { maintainer: 'The Prometheus Authors <prometheus-developers@googlegroups.com>' },
      user: 'nobody',
      entrypoint: ['/bin/node_exporter'],
      cmd: [],
      env: ['PATH=/bin'],
    },
    annotations: {},
    layers: [layer('busybox', 758_000), layer('glibc', 1_400_000), layer('exporter', 9_800_000)],
    history: [
      { createdBy: '/bin/sh -c #(nop) ADD file:1c in / ', created: '2020-05-25T10:00:00Z', comment: '', layer: 0 },
      { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', created: '2020-05-25T10:00:01Z', comment: '', layer: null },
      { createdBy: '/bin/sh -c #(nop) COPY dir:2d in / ', created: '2020-05-25T11:00:00Z', comment: '', layer: 1 },
      { createdBy: 'COPY file:3e in /bin/node_exporter ', created: '2020-05-25T11:33:11Z', comment: '', layer: 2 },
    ],
    distro: null,
    base: [
      {
        reference: 'quay.io/prometheus/busybox:glibc',
        digest: digest('busybox glibc'),
        grade: 'inferred',
        because: 'the first two layers are those of that image',
      },
    ],
    coverage: coverageOf(
      {
        identified: { files: 3, bytes: 20_500_000 },
        generated: { files: 1, bytes: 200_000 },
        unknown: { files: 12, bytes: 2_900_000 },
      },
      {
        claimed: { files: 1, bytes: 18_000_000 },
        inferred: { files: 3, bytes: 2_700_000 },
        unknown: { files: 12, bytes: 2_900_000 },
      },
    ),
    unknownFiles: [
      'lib/libm.so.6',
      'lib/libpthread.so.0',
      'lib/librt.so.1',
      'lib/libnss_dns.so.2',
      'etc/services',
      'etc/protocols',
    ].map((path, index) => ({
      path,
      sizeBytes: 1_400_000 >> index,
      sha256: digest(path).slice(7),
      type: path.startsWith('lib') ? 'elf' : 'text',
      layer: 1,
    })),
    modifiedFiles: [],
  };
}

function grafana(): DigImage {
  return {
    id: grafanaId,
    reference: 'docker.io/grafana/grafana:7.2.1',
    source: 'store',
    indexDigest: null,
    digest: digest('grafana'),
    platform: 'linux/amd64',
    created: '1970-01-01T00:00:00Z',
    config: {
      digest: digest('grafana config'),
      labels: { 'org.opencontainers.image.source': 'https://github.com/grafana/grafana' },
      user: '472',
      entrypoint: ['/run.sh'],
      cmd: [],
      env: ['PATH=/usr/share/grafana/bin:/usr/bin'],
    },
    annotations: {},
    layers: [layer('alpine', 2_800_000), layer('grafana', 61_000_000)],
    history: [
      { createdBy: 'ADD file:f17f in /', created: null, comment: '', layer: 0 },
      {
        createdBy: 'RUN /bin/sh -c mkdir -p "$GF_PATHS_HOME" # buildkit',
        created: null,
        comment: 'buildkit',
        layer: 1,
      },
    ],
    distro: { id: 'alpine', versionId: '3.12.0', prettyName: 'Alpine Linux v3.12' },
    base: [],
    coverage: coverageOf(
      {
        owned: { files: 402, bytes: 12_000_000 },
        identified: { files: 5321, bytes: 185_000_000 },
        generated: { files: 3, bytes: 500_000 },
        modified: { files: 1, bytes: 100_000 },
        unknown: { files: 204, bytes: 2_500_000 },
      },
      {
        claimed: { files: 5724, bytes: 197_100_000 },
        inferred: { files: 3, bytes: 500_000 },
        unknown: { files: 204, bytes: 2_500_000 },
      },
    ),
    unknownFiles: [
      {
        path: 'usr/share/grafana/データ/板.bin',
        sizeBytes: 1_100_000,
        sha256: digest('x').slice(7),
        type: 'data',
        layer: 1,
      },
      { path: 'run.sh', sizeBytes: 2_500, sha256: digest('y').slice(7), type: 'script', layer: 1 },
    ],
    modifiedFiles: [
      {
        path: 'etc/ssl/openssl.cnf',
        component: 'c-libssl',
        recorded: 'sha1:'.padEnd(45, '0'),
        actual: 'sha1:'.padEnd(45, '1'),
      },
    ],
  };
}

function components(): readonly DigComponent[] {
  const base = {
    source: null,
    licenses: [],
    licenseExpression: null,
    supplier: null,
    downloadLocation: null,
    cpes: [],
    links: [],
    dependsOn: null,
    file: null,
    owns: { files: 1, bytes: 18_000_000 },
    grade: 'claimed',
  } as const;
  return [
    {
      ...base,
      id: 'c-libssl',
      image: grafanaId,
      purl: 'pkg:apk/alpine/libssl1.1@1.1.1g-r0?arch=x86_64&distro=alpine-3.12.0',
      name: 'libssl1.1',
      version: '1.1.1g-r0',
      ecosystem: 'Alpine:v3.12',
      source: { name: 'openssl', version: '1.1.1g-r0' },
      locations: [{ path: 'lib/apk/db/installed', layer: 0 }],
      foundBy: 'apk',
      licenses: ['OpenSSL'],
      licenseExpression: 'OpenSSL',
      supplier: 'Timo Teräs <timo.teras@example.org>',
    },
    {
      ...base,
      id: 'c-grafana',
      image: grafanaId,
      purl: 'pkg:golang/github.com/grafana/grafana',
      name: 'github.com/grafana/grafana',
      version: null,
      ecosystem: 'Go',
      locations: [{ path: 'usr/share/grafana/bin/grafana-server', layer: 1 }],
      foundBy: 'go',
    },
    {
      ...base,
      id: 'c-glibc',
      image: exporterId,
      purl: 'pkg:generic/glibc@2.28',
      name: 'glibc',
      version: '2.28',
      ecosystem: null,
      locations: [{ path: 'lib/libc.so.6', layer: 1 }],
      foundBy: 'glibc',
      grade: 'inferred',
    },
    {
      ...base,
      id: 'c-exporter',
      image: exporterId,
      purl: 'pkg:golang/github.com/prometheus/node_exporter@v1.0.1',
      name: 'github.com/prometheus/node_exporter',
      version: 'v1.0.1',
      ecosystem: 'Go',
      locations: [{ path: 'bin/node_exporter', layer: 2 }],
      foundBy: 'go',
    },
    {
      ...base,
      id: 'c-toolkit',
      image: exporterId,
      purl: 'pkg:golang/github.com/prometheus/exporter-toolkit@v0.5.1',
      name: 'github.com/prometheus/exporter-toolkit',
      version: 'v0.5.1',
      ecosystem: 'Go',
      locations: [
        { path: 'bin/node_exporter', layer: 2 },
        { path: 'bin/other_exporter', layer: 2 },
      ],
      foundBy: 'go',
    },
  ];
}

function claims(): readonly Claim[] {
  return [
    {
      id: 'claim-glibc',
      subject: 'c-glibc',
      predicate: 'is',
      value: 'pkg:generic/glibc@2.28',
      grade: 'inferred',
      by: 'glibc',
      evidence: [
        {
          what: 'text in the library',
          where: 'lib/libc.so.6 at byte 1676432',
          value: 'GNU C Library (Debian GLIBC 2.28-10) stable release version 2.28.',
        },
      ],
      contradicts: [],
    },
    {
      id: 'claim-source',
      subject: grafanaId,
      predicate: 'source',
      value: 'https://github.com/grafana/grafana',
      grade: 'claimed',
      by: 'image',
      evidence: [
        {
          what: 'config label',
          where: 'org.opencontainers.image.source',
          value: 'https://github.com/grafana/grafana',
        },
      ],
      contradicts: [],
    },
  ];
}

function findings(): readonly Finding[] {
  const unknown = { verdict: 'unknown', symbols: [] } as const;
  return [
    finding('CVE-2022-46146', 'c-toolkit', exporterId, 'high', 8.8, 'v0.8.2', ['GHSA-7rg2-cxvp-9p7p', 'GO-2022-1130'], {
      summary: 'Authentication bypass in github.com/prometheus/exporter-toolkit',
      reachability: { verdict: 'reachable', symbols: ['web.Serve'] },
    }),
    finding('CVE-2022-46146', 'c-exporter', exporterId, 'high', 8.8, 'v1.5.0', ['GHSA-7rg2-cxvp-9p7p'], {
      summary: 'Authentication bypass',
      reachability: unknown,
    }),
    finding('CVE-2021-3711', 'c-libssl', grafanaId, 'critical', 9.8, '1.1.1l-r0', ['ALPINE-CVE-2021-3711'], {
      summary: 'SM2 decryption buffer overflow',
      reachability: unknown,
    }),
    finding('CVE-2020-99999', 'c-libssl', grafanaId, 'unknown', null, null, ['ALPINE-CVE-2020-99999'], {
      summary: '',
      reachability: unknown,
    }),
  ];
}

function finding(
  id: string,
  component: string,
  image: string,
  level: SeverityLevel,
  score: number | null,
  fixedVersion: string | null,
  advisories: readonly string[],
  rest: Pick<Finding, 'summary' | 'reachability'>,
): Finding {
  return {
    id,
    aliases: advisories,
    component,
    image,
    status: 'affected',
    justification: null,
    severity: { level, score, vector: null, source: level === 'unknown' ? null : (advisories[0] ?? null) },
    advisories: advisories.map((name) => ({
      id: name,
      source: 'OSV',
      severity: level,
      fixed: fixedVersion === null ? [] : [fixedVersion],
    })),
    fixedVersion,
    ...rest,
  };
}

function gaps(): readonly Gap[] {
  const gap = (
    kind: GapKind,
    reason: Gap['reason'],
    image: string | null,
    subject: string,
    detail: string,
    count = 1,
    bytes = 0,
  ): Gap => ({ kind, reason, image, subject, detail, count, bytes });
  return [
    gap(
      'image',
      'not-found',
      'docker.io/bats/bats:v1.1.0|linux/amd64',
      'docker.io/bats/bats:v1.1.0',
      'the registry has no such tag; check the tag, or give the image with --image-store',
    ),
    gap(
      'component',
      'no-version',
      grafanaId,
      'github.com/grafana/grafana',
      'usr/share/grafana/bin/grafana-server says (devel)',
    ),
    gap(
      'file',
      'no-owner',
      exporterId,
      'lib/libm.so.6',
      'executables and libraries that no package owns',
      2,
      2_100_000,
    ),
    gap('advisories', 'no-advisories', grafanaId, 'Alpine v3.12', 'the database has no records of this release', 61),
    gap('use', 'undecided', null, 'auto', 'Deployment/gateway: filled in by an injector'),
    gap('severity', 'no-severity', grafanaId, 'CVE-2020-99999', 'no record states a severity'),
  ];
}
