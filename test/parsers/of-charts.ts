import { gzipSync } from 'node:zlib';
import { loadArchive, readManifests } from '../../src/chart/index.js';
import { readLock, readMetadata } from '../../src/chart/metadata.js';
import { StrvalsError, setInto } from '../../src/chart/strvals.js';
import { readValues } from '../../src/chart/values-file.js';
import { findUses } from '../../src/discover/index.js';
import { scanIndex } from '../../src/repository/index-scan.js';
import { readClearSigned } from '../../src/repository/openpgp/armor.js';
import { readKeyring } from '../../src/repository/openpgp/keyring.js';
import { readKey, readPackets, readSignature } from '../../src/repository/openpgp/packets.js';
import { verifyClearSigned } from '../../src/repository/openpgp/verify.js';
import { readToml } from '../../src/template/functions/toml-read.js';
import { GoError, GoMap, readJson, readYaml, skimYamlDocument } from '../../src/template/index.js';
import { tarOf } from '../packages.js';
import { streamed, withSums } from './of-pack.js';
import type { Parser, Seed } from './parser.js';
import { seedsOfParser } from './seeds.js';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const seed = (label: string, text: string): Seed => ({ label, bytes: Buffer.from(text) });

/** Runs what answers a text with Go's words: those are typed, too. */
function inGo(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof GoError) && !(error instanceof StrvalsError)) throw error;
  }
}

const chartYaml = `apiVersion: v2
name: app
version: 1.2.3
appVersion: "4.5"
dependencies:
- {name: a, version: ^1.0.0, repository: "https://charts.example", condition: a.enabled, tags: [x], import-values: [{child: a, parent: b}]}
annotations: &a
  k: |
    text
  l: "x"
keywords: [b, c]
`;

const pod = `apiVersion: apps/v1
kind: Deployment
metadata: {name: a, annotations: {helm.sh/hook: pre-install, images: "[{\\"image\\": \\"a:1\\"}]"}}
spec:
  template:
    spec:
      initContainers: [{name: i, image: "busybox:1", command: [sh, -c, "run --image=quay.io/a/b:2 && x"]}]
      containers:
      - {name: c, image: "registry.example/a:1@sha256:${'0'.repeat(64)}", env: [{name: SIDE_IMAGE, value: "a/b:1"}]}
      volumes: [{name: v, image: {reference: "a/v:1"}}]
---
apiVersion: v1
kind: List
items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {a: "image: c/d:1"}}]
`;

const index = `apiVersion: v1
entries:
  app:
  - name: app
    version: 1.2.3
    digest: ${'0'.repeat(64)}
    urls: [app-1.2.3.tgz]
  other:
  - {name: other, version: 0.1.0, urls: ["https://charts.example/other.tgz"]}
generated: "2020-12-01T00:00:00Z"
`;

export const chartParsers: readonly Parser[] = [
  {
    name: 'yaml',
    memoryMb: 32,
    seeds: () => [
      seed('chart', chartYaml),
      seed('pod', pod),
      seed('tags', '? !!str a\n: !!binary aGk=\n<<: {b: 0x1f}\nc: >-\n  d\n'),
    ],
    parse(bytes) {
      inGo(() => readYaml(textOf(bytes)));
      inGo(() => skimYamlDocument(textOf(bytes)));
    },
  },
  {
    name: 'json',
    memoryMb: 32,
    seeds: () => [seed('object', '{"a":[1,-2.5e3,true,null,"\\u00e4\\ud834\\udd1e"],"b":{"c":{}}}')],
    parse: (bytes) => inGo(() => readJson(textOf(bytes))),
  },
  {
    name: 'toml',
    memoryMb: 32,
    seeds: () => [
      seed(
        'all kinds',
        'a = 1_000\nb = """\nx\\u00e4"""\n[c.d]\ne = [1979-05-27T07:32:00Z, {f = 0x1f}]\n[[g]]\nh = inf\n',
      ),
    ],
    parse: (bytes) => inGo(() => readToml(textOf(bytes), () => 'UTC')),
  },
  {
    name: 'chart/metadata',
    memoryMb: 32,
    seeds: () => [seed('Chart.yaml', chartYaml)],
    parse(bytes) {
      inGo(() => readMetadata(textOf(bytes), 3));
      inGo(() => readMetadata(textOf(bytes), 4));
    },
  },
  {
    name: 'chart/lock',
    memoryMb: 32,
    seeds: () => [
      seed(
        'Chart.lock',
        'dependencies:\n- {name: a, repository: "", version: 1.0.0}\ndigest: sha256:0\ngenerated: "2020-12-01T00:00:00Z"\n',
      ),
    ],
    parse: (bytes) => inGo(() => readLock(textOf(bytes), 'Chart.lock', 3)),
  },
  {
    name: 'chart/values',
    memoryMb: 32,
    seeds: () => [
      seed('values', 'image: {repository: a, tag: 1.0}\nlist: [a, {b: c}]\n'),
      seed('two documents', 'a: 1\n---\na: {b: 2}\n'),
    ],
    parse(bytes) {
      inGo(() => readValues(textOf(bytes), 3));
      inGo(() => readValues(textOf(bytes), 4));
    },
  },
  {
    name: 'chart/set',
    memoryMb: 32,
    seeds: () => [
      seed('set', 'a.b[0].c=1,d={x,y},e\\.f=null'),
      seed('json', 'a={"b":[1]},c=2'),
      seed('literal', 'a.b=c,d'),
    ],
    parse(bytes) {
      for (const kind of ['set', 'string', 'json', 'literal'] as const) {
        inGo(() => setInto(textOf(bytes), new GoMap(), kind));
      }
    },
  },
  {
    name: 'chart/archive',
    memoryMb: 160,
    seeds: () => {
      const tar = tarOf([
        { path: 'app/Chart.yaml', content: 'apiVersion: v2\nname: app\nversion: 1.0.0\n' },
        { path: 'app/values.yaml', content: 'a: 1\n' },
        { path: 'app/.helmignore', content: '*.bak\n!a\n[a-\n' },
        { path: 'app/templates/a.yaml', content: 'a: {{ .Values.a }}\n' },
        { path: 'app/charts/b/Chart.yaml', content: 'apiVersion: v1\nname: b\nversion: 0.1.0\n' },
      ]);
      return [
        { label: 'archive', bytes: tar, wrap: (bytes) => gzipSync(bytes, { level: 1 }) },
        { label: 'archive, sums made right', bytes: tar, wrap: (bytes) => gzipSync(withSums(bytes), { level: 1 }) },
        { label: 'packed', bytes: gzipSync(tar) },
      ];
    },
    parse: (bytes) => loadArchive(bytes, 'app-1.0.0.tgz'),
  },
  {
    name: 'manifests',
    memoryMb: 32,
    seeds: () => [seed('pod', pod)],
    parse(bytes) {
      const { manifests } = readManifests(textOf(bytes), 'm.yaml');
      findUses(manifests);
    },
  },
  {
    name: 'repository/index',
    memoryMb: 64,
    seeds: () => [
      seed('YAML', index),
      seed(
        'JSON',
        JSON.stringify({ apiVersion: 'v1', entries: { app: [{ name: 'app', version: '1.2.3', urls: ['a'] }], b: [] } }),
      ),
    ],
    parse: (bytes) => scanIndex(streamed(bytes), 'app'),
  },
  {
    name: 'openpgp',
    memoryMb: 32,
    seeds: () => seedsOfParser('openpgp'),
    parse(bytes) {
      const signed = readClearSigned(bytes);
      if (signed !== null) {
        const keys = seedsOfParser('openpgp').slice(0, 1);
        verifyClearSigned(signed, readKeyring(keys[0]?.bytes ?? bytes), 1_900_000_000);
        return;
      }
      for (const { type, body } of readPackets(bytes)) {
        if (type === 2) readSignature(body);
        if (type === 6) readKey(body);
      }
      readKeyring(bytes);
    },
  },
];
