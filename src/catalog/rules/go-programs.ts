import { anywhere, near, type Rule, rule, type TextPattern } from './rule.js';

/*
 * Programs of Go whose build information names no version, or that were cut off from it. A version given with -X is
 * a text of its own in the writable data, ended by zero bytes; a constant stands between others of the same length,
 * with nothing between them, so that only its neighbours tell where it begins.
 */

/** A version that the linker was given, between zero bytes: `v` where the program writes it with one. */
function linked(version: string): readonly TextPattern[] {
  return [
    anywhere(new RegExp(String.raw`(?<![\w.+-])v?(?<v>${version})\0\0`)),
    anywhere(new RegExp(String.raw`(?<=[^\d.])v(?<v>${version})\0`)),
    anywhere(new RegExp(String.raw`(?<![\w.+-])(?<v>${version})\0`)),
    // What lies before a text may look like a letter.
    anywhere(new RegExp(String.raw`(?<=[^\x20-\x7e][^\d.])(?<v>${version})\0`)),
  ];
}

const pre = String.raw`(?:-(?:alpha|beta|rc|ea|dev|snapshot)\.?\d{0,3})?`;
const three = String.raw`\d{1,2}\.\d{1,3}\.\d{1,3}`;
const istioVersion = String.raw`\d\.\d{1,2}\.\d{1,2}(?:-(?:alpha|beta|rc|snapshot)\.\d{1,3}|-dev)?`;
const istioTexts = [
  anywhere(new RegExp(String.raw`(?<![\w.])${istioVersion}\0{1,16}(?<v>${istioVersion})\0`)),
  near('Clean\0', new RegExp(String.raw`Clean\0{1,16}(?<v>${istioVersion})\0`)),
  near('Modified\0', /Modified\0{1,16}(?<v>\d\.\d{1,2}-dev)\0/),
  anywhere(new RegExp(String.raw`\0(?<v>${istioVersion})\0`)),
];
const istio = {
  purl: 'generic/istio',
  cpes: ['istio:istio'],
  source: 'istio pkg/version/version.go (buildVersion)',
  go: true,
};

const beatTexts = [
  near('Test ', /Test (?<v>[789]\.\d{1,2}\.\d{1,2})[a-z%]/),
  near('plugin', /plugin(?:output)?(?<v>[789]\.\d{1,2}\.\d{1,2})[-a-z]/),
  near('5m.rate', /5m\.rate(?<v>[789]\.\d{1,2}\.\d{1,2})-/),
];
const beat = (name: string): Rule =>
  rule(name, [name], beatTexts, { cpes: [`elastic:${name}`], source: 'beats libbeat/version/version.go', go: true });

const grafanaVersion = String.raw`\d{1,2}\.\d{1,2}\.\d{1,2}(?:-(?:beta\d{0,2}|test|preview|\d{6,12}(?:pre)?))?`;
const grafanaEnd = String.raw`(?:\+security-\d{1,2})?\0`;

export const goPrograms: readonly Rule[] = [
  rule('helm', ['helm', 'tiller'], linked(String.raw`[234]\.\d{1,2}\.\d{1,2}${pre}`), {
    purl: 'golang/helm.sh/helm',
    cpes: ['helm:helm'],
    source: 'helm internal/version/version.go, Makefile (-X)',
    go: true,
  }),
  rule('traefik', ['traefik'], linked(`${three}${pre}`), {
    cpes: ['traefik:traefik'],
    source: 'traefik pkg/version/version.go, script/binary (-X)',
    go: true,
  }),
  rule(
    'consul',
    ['consul'],
    [
      near('CONSUL_VERSION: ', /CONSUL_VERSION: (?<v>\d\.\d{1,2}\.\d{1,2})/),
      near('GitDescribe=', /GitDescribe=v?(?<v>\d\.\d{1,2}\.\d{1,2}(?:-\w{1,8})?)"/),
      ...linked(String.raw`1\.\d{1,2}\.\d{1,2}`),
    ],
    {
      purl: 'golang/github.com/hashicorp/consul',
      cpes: ['hashicorp:consul'],
      source: 'consul version/version.go, version/VERSION',
      go: true,
    },
  ),
  rule(
    'vault',
    ['vault'],
    [
      near('revoke', /revoke(?<v>1\.\d{2}\.\d{1,2})[^\d.]/),
      near('state', /state(?<v>1\.\d{2}\.\d{1,2}-rc\d)/),
      near('016x', /016x(?<v>1\.\d{2}\.\d{1,2}?)(?=\d\.\d{2}\.\d|\d{3}-abc|[^\d.])/),
      ...linked(String.raw`1\.\d{1,2}\.\d{1,2}`),
    ],
    {
      purl: 'golang/github.com/hashicorp/vault',
      cpes: ['hashicorp:vault'],
      source: 'vault version/version_base.go, version/VERSION',
      go: true,
    },
  ),
  rule('pilot-discovery', ['pilot-discovery'], istioTexts, istio),
  rule('pilot-agent', ['pilot-agent'], istioTexts, istio),
  rule(
    'grafana',
    ['grafana', 'grafana-server', 'grafana-cli'],
    [
      near('\0release-', new RegExp(String.raw`\0release-(?<v>${grafanaVersion})${grafanaEnd}`)),
      near('+security-', /(?<![\w.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,2})\+security-\d{1,2}\0/, { before: 12 }),
      anywhere(/\0(?<v>\d{1,2}\.\d{1,2}\.\d{1,2}-(?:beta\d{0,2}|test|preview|\d{6,12}(?:pre)?))\0/),
      anywhere(new RegExp(String.raw`(?<![\w.])(?<v>${grafanaVersion})${grafanaEnd}\0{0,8}v\d{1,2}\.\d{1,2}\.x\0`)),
      near('HEAD\0', new RegExp(String.raw`HEAD\0{1,16}(?:[^\0]{1,4}\0{1,16})?(?<v>${grafanaVersion})${grafanaEnd}`)),
      anywhere(new RegExp(String.raw`\0go1\.\d{1,2}(?:\.\d{1,2})?\0{1,16}(?<v>${grafanaVersion})${grafanaEnd}`)),
      ...linked(String.raw`(?:[4-9]|1\d)\.\d{1,2}\.\d{1,2}`),
    ],
    { cpes: ['grafana:grafana'], source: 'grafana pkg/cmd/grafana/main.go, pkg/build (-X main.version)', go: true },
  ),
  rule(
    'nginx-ingress-controller',
    ['nginx-ingress-controller'],
    [
      anywhere(new RegExp(String.raw`\0go1\.\d{1,2}(?:\.\d{1,2})?\0{1,16}v(?<v>[01]\.\d{1,2}\.\d{1,2}${pre})\0`)),
      anywhere(/(?<=[^\d.])v(?<v>[01]\.\d{1,2}\.\d{1,2}-(?:alpha|beta)\.\d{1,2})\0/),
      ...linked(String.raw`[01]\.\d{1,2}\.\d{1,2}${pre}`),
    ],
    {
      cpes: ['kubernetes:ingress-nginx'],
      source: 'ingress-nginx version/version.go (RELEASE), build/build.sh (-X)',
      go: true,
    },
  ),
  ...['filebeat', 'metricbeat', 'heartbeat', 'packetbeat', 'auditbeat', 'winlogbeat'].map(beat),
  rule(
    'elastic-agent',
    ['elastic-agent'],
    [
      near('enroll', /enroll(?:: true)?(?<v>[789]\.\d{1,2}\.\d{1,2})-?header/),
      near('PM', /PM(?<v>[789]\.\d{1,2}\.\d{1,2}):https/),
    ],
    { cpes: ['elastic:elastic_agent'], source: 'elastic-agent version/version.go', go: true },
  ),
  rule('etcd', ['etcd', 'etcdctl'], linked(String.raw`3\.\d{1,2}\.\d{1,2}${pre}`), {
    purl: 'golang/go.etcd.io/etcd/v3',
    cpes: ['etcd:etcd'],
    source: 'etcd api/version/version.go',
    go: true,
  }),
  rule('minio', ['minio', 'mc'], [anywhere(/(?<v>RELEASE\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)/)], {
    purl: 'golang/github.com/minio/minio',
    cpes: ['minio:minio'],
    source: 'minio cmd/build-constants.go, buildscripts/gen-ldflags.go',
    go: true,
  }),
  rule('influxdb', ['influxd', 'influx'], linked(String.raw`v?[12]\.\d{1,2}\.\d{1,2}`), {
    purl: 'golang/github.com/influxdata/influxdb',
    cpes: ['influxdata:influxdb'],
    source: 'influxdb cmd/influxd/main.go (-X main.version)',
    go: true,
  }),
  rule('nats-server', ['nats-server', 'gnatsd'], [...linked(String.raw`[12]\.\d{1,2}\.\d{1,2}`)], {
    purl: 'golang/github.com/nats-io/nats-server/v2',
    cpes: ['linuxfoundation:nats-server'],
    source: 'nats-server server/const.go (VERSION)',
    go: true,
  }),
];
