import { anywhere, bare, near, type Rule, rule } from './rule.js';

const envoyVersion = String.raw`\0(?<v>1\.\d{1,2}\.\d{1,2}(?:-dev)?)\0`;
const openresty = [
  near('openresty/', /nginx version: openresty\/(?<v>\d{1,2}\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/, { before: 16 }),
];

/** Servers of the web, of names and of mail, proxies, and what watches over the network. */
export const servers: readonly Rule[] = [
  rule('openresty', ['nginx', 'openresty'], openresty, {
    cpes: ['openresty:openresty'],
    source: 'openresty patches/nginx-*-server_header (NGINX_VER)',
    family: 'nginx',
  }),
  rule(
    'tengine',
    ['nginx', 'tengine'],
    [near('Tengine/', /(?:version: |\0)Tengine\/(?<v>\d\.\d{1,2}\.\d{1,2})/, { before: 16 })],
    {
      cpes: ['alibaba:tengine'],
      source: 'tengine src/core/nginx.h (TENGINE_VERSION)',
      family: 'nginx',
    },
  ),
  rule(
    'angie',
    ['nginx', 'angie'],
    [near('Angie/', /(?:version: |\0)Angie\/(?<v>\d\.\d{1,2}\.\d{1,2})/, { before: 16 })],
    {
      source: 'angie src/core/angie.h (ANGIE_VER)',
      family: 'nginx',
    },
  ),
  rule('freenginx', ['nginx'], [near('freenginx/', /version: freenginx\/(?<v>\d\.\d{1,2}\.\d{1,2})/, { before: 16 })], {
    source: 'freenginx src/core/nginx.h',
    family: 'nginx',
  }),
  rule(
    'nginx',
    ['nginx', 'nginx-debug'],
    [
      near('nginx version: ', /nginx version: nginx\/(?<v>\d\.\d{1,2}\.\d{1,2}(?:\+\d{1,3})?(?:-\d{1,3})?)/),
      near('nginx/', /\0nginx\/(?<v>\d\.\d{1,2}\.\d{1,2})/, { before: 1 }),
    ],
    {
      cpes: ['f5:nginx', 'nginx:nginx'],
      source: 'nginx src/core/nginx.h (NGINX_VER), src/core/nginx.c',
      family: 'nginx',
    },
  ),
  rule('httpd', ['httpd', 'apache2'], [near('Apache/', /Apache\/(?<v>[12]\.\d{1,2}\.\d{1,3}(?:-dev)?)/)], {
    cpes: ['apache:http_server'],
    source: 'httpd include/ap_release.h (AP_SERVER_BASEVERSION)',
  }),
  rule('lighttpd', ['lighttpd'], [near('lighttpd/', /\0lighttpd\/(?<v>1\.\d{1,2}\.\d{1,3})/, { before: 1 })], {
    cpes: ['lighttpd:lighttpd'],
    source: 'lighttpd1.4 src/first.h (PACKAGE_DESC)',
  }),
  rule(
    'haproxy',
    ['haproxy'],
    [
      near(', released 20', /version (?<v>\d\.\d{1,2}(?:\.|-dev|-rc)\d{1,3})(?:-[\w.+~-]{1,40})?, released 20/, {
        before: 70,
      }),
      near('HA-Proxy version ', /HA-Proxy version (?<v>\d\.\d{1,2}(?:\.|-dev|-rc)\d{1,3})/),
      near('HAProxy version ', /HAProxy version (?<v>\d\.\d{1,2}(?:\.|-dev|-rc)\d{1,3})/),
      near('HAProxy version', /(?<![\d.])(?<v>\d\.\d{1,2}(?:\.|-dev|-rc)\d{1,3})-[0-9a-f]{6,12}[\0\x20-\x7e]{1,90}$/, {
        before: 110,
        after: -15,
      }),
      bare(/(?<v>[123]\.\d{1,2}(?:\.|-dev|-rc)\d{1,3})(?:-[0-9a-f]{6,12})?(?:-\d{1,4})?/, 'HAProxy'),
    ],
    { cpes: ['haproxy:haproxy'], source: 'haproxy src/version.c, src/haproxy.c (display_version)' },
  ),
  rule(
    'varnish',
    ['varnishd', 'libvarnishapi.so*', 'varnishadm', 'varnishlog'],
    [
      near('varnish-', /varnish-(?<v>\d\.\d{1,2}\.\d{1,2})/),
      near('varnish (', /varnish \((?<v>\d\.\d{1,2}\.\d{1,2})\)/),
    ],
    {
      cpes: ['varnish-software:varnish_cache', 'varnish_cache_project:varnish_cache'],
      source: 'varnish-cache lib/libvarnish/version.c',
    },
  ),
  rule(
    'squid',
    ['squid', 'squid-openssl', 'squid-gnutls'],
    [
      near('squid/', /[Ss]quid\/(?<v>\d\.\d{1,2}(?:\.\d{1,2})?)/),
      near('Squid Cache: Version ', /Squid Cache: Version (?<v>\d\.\d{1,2}(?:\.\d{1,2})?)/),
      bare(/(?<v>[3-9]\.\d{1,2}(?:\.\d{1,2})?(?:-VCS)?)/, 'Squid Cache: Version'),
    ],
    { cpes: ['squid-cache:squid'], source: 'squid src/main.cc, include/version.h' },
  ),
  rule(
    'envoy',
    ['envoy', 'envoy-static'],
    [
      anywhere(new RegExp(String.raw`${envoyVersion}(?:envoy|[^\0]{0,80}nvoy|Unable to convert YAML|TLS client send)`)),
      anywhere(new RegExp(String.raw`\[source\/[^\0]{1,160}Envoy[^\0]{0,80}${envoyVersion}`)),
      anywhere(new RegExp(String.raw`DeltaDiscoveryResponse\.removed_resources${envoyVersion}`)),
      anywhere(new RegExp(`(?:ValidationError|ResourceErrors|ShutdownAdmin)${envoyVersion}`)),
      anywhere(
        new RegExp(String.raw`${envoyVersion}[\0-\xff]{0,1000}?(?:envoy[._:/]|ValidationError|Unable to|RELEASE)`),
      ),
      anywhere(new RegExp(String.raw`(?:envoy[._/]|ValidationError|\[source\/)[\0-\xff]{0,1000}?${envoyVersion}`)),
      anywhere(new RegExp(`${envoyVersion}RELEASE`)),
    ],
    { cpes: ['envoyproxy:envoy'], source: 'envoy source/common/version/version.cc (BUILD_VERSION_NUMBER)' },
  ),
  rule(
    'proftpd',
    ['proftpd'],
    [near('ProFTPD Version ', /ProFTPD Version (?<v>1\.\d{1,2}\.\d{1,2}(?:rc\d{1,2}|[a-z])?)/)],
    {
      cpes: ['proftpd:proftpd'],
      source: 'proftpd src/main.c, include/version.h (PROFTPD_VERSION_TEXT)',
    },
  ),
  rule('vsftpd', ['vsftpd'], [near('vsftpd: version ', /vsftpd: version (?<v>\d\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['vsftpd_project:vsftpd'],
    source: 'vsftpd main.c, vsftpver.h',
  }),
  rule(
    'dnsmasq',
    ['dnsmasq'],
    [
      near('dnsmasq-', /dnsmasq-(?<v>2\.\d{1,3}(?:test\d{1,2}|rc\d)?)/),
      bare(/(?<v>2\.\d{2,3}(?:rc\d)?)(?:-[\w.~+-]{1,40})?/, 'dnsmasq'),
    ],
    { cpes: ['thekelleys:dnsmasq'], source: 'dnsmasq src/dnsmasq.c, VERSION' },
  ),
  rule(
    'bind',
    ['named', 'dig', 'rndc', 'nsupdate', 'libdns-9*.so', 'libisc-9*.so'],
    [
      near('BIND 9', /BIND (?<v>9\.\d{1,2}\.\d{1,3}(?:-[SWP]\d{1,2})?)(?:-(?<hint>[\w.~+-]{1,60}))?/),
      anywhere(/(?<![\x20-\x7e])(?<v>9\.\d{1,2}\.\d{1,3}(?:-[SWP]\d{1,2})?)(?:-(?<hint>[\w.~+-]{1,60}))?\0/),
    ],
    {
      cpes: ['isc:bind'],
      source: 'bind9 configure.ac (PACKAGE_VERSION), bin/named/main.c',
      nameVersion: /^lib\w+-(?<v>9\.\d{1,2}\.\d{1,3})/,
    },
  ),
  rule(
    'unbound',
    ['unbound', 'unbound-*', 'libunbound.so*'],
    [
      near('unbound 1.', /unbound (?<v>1\.\d{1,2}\.\d{1,2})/),
      near('unbound-1.', /unbound-(?<v>1\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'unbound'),
    ],
    { cpes: ['nlnetlabs:unbound'], source: 'unbound configure.ac (PACKAGE_STRING), daemon/unbound.c' },
  ),
  rule(
    'knot',
    ['knotd', 'kdig', 'knotc'],
    [near('Knot DNS', /Knot DNS\)?[, ]{1,2}(?:version )?(?<v>\d\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['nic:knot_dns'],
      source: 'knot src/utils/common/params.h',
    },
  ),
  rule('keepalived', ['keepalived'], [near('Keepalived v', /Keepalived v(?<v>[12]\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['keepalived:keepalived'],
    source: 'keepalived keepalived/core/main.c (VERSION_STRING)',
  }),
  rule(
    'openvpn',
    ['openvpn'],
    [
      near('OpenVPN 2', /OpenVPN (?<v>2\.\d{1,2}(?:\.\d{1,2}|_\w{1,8})) [\w-]{4,60} \[/),
      bare(/(?<v>2\.\d{1,2}\.\d{1,2})/, 'OpenVPN '),
    ],
    {
      cpes: ['openvpn:openvpn'],
      source: 'openvpn src/openvpn/options.c (title_string)',
    },
  ),
  rule(
    'wireguard-tools',
    ['wg'],
    [
      near('wireguard-tools v', /wireguard-tools v(?<v>1\.0\.\d{8})/),
      anywhere(/(?<![\x20-\x7e])(?<v>1\.0\.20\d{6})\0/),
    ],
    {
      cpes: ['wireguard:wireguard-tools'],
      source: 'wireguard-tools src/wg.c, src/version.h',
    },
  ),
  rule(
    'strongswan',
    ['charon', 'starter', 'swanctl', 'libstrongswan.so*', 'libcharon.so*', 'charon-*'],
    [
      near('Swan 5.', /(?:strong|%s)Swan U?(?<v>5\.\d{1,2}\.\d{1,2})/, { before: 8 }),
      near('Swan 6.', /(?:strong|%s)Swan U?(?<v>6\.\d{1,2}\.\d{1,2})/, { before: 8 }),
      bare(/(?<v>[56]\.\d{1,2}\.\d{1,2}(?:dr\d|rc\d)?)/, 'strongswan'),
    ],
    { cpes: ['strongswan:strongswan'], source: 'strongswan configure.ac (VERSION), src/charon/charon.c' },
  ),
];
