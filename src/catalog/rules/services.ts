import { bare, near, type Rule, rule } from './rule.js';

/** Services beside the web and the net: logs, mail, time, tunnels. */
export const services: readonly Rule[] = [
  rule(
    'rsyslog',
    ['rsyslogd'],
    [
      near('rsyslogd ', /rsyslogd {1,2}(?<v>8\.\d{2,5}\.\d{1,2})/),
      bare(/(?<v>8\.\d{2,5}\.\d{1,2})(?:\.master)?/, 'rsyslog'),
    ],
    { cpes: ['rsyslog:rsyslog'], source: 'rsyslog tools/rsyslogd.c, configure.ac' },
  ),
  rule(
    'syslog-ng',
    ['syslog-ng', 'libsyslog-ng*.so*'],
    [
      near('syslog-ng ', /syslog-ng (?:\d )?\(?(?<v>[34]\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>[34]\.\d{1,2}\.\d{1,2})(?:-\d{1,2})?/, 'syslog-ng'),
    ],
    { cpes: ['oneidentity:syslog-ng'], source: 'syslog-ng configure.ac (VERSION), syslog-ng/main.c' },
  ),
  rule(
    'fluent-bit',
    ['fluent-bit', 'td-agent-bit', 'libfluent-bit.so*'],
    [
      near('Fluent Bit', /\0(?<v>\d\.\d{1,2}\.\d{1,2})\0{1,8}(?:[^\0]\[1m\0{1,4})?(?:%s)?Fluent Bit/, {
        before: 32,
        after: 4,
      }),
      near('Fluent Bit v', /Fluent Bit v(?<v>\d\.\d{1,2}\.\d{1,2})/),
      near('Fluent-Bit/', /Fluent-Bit\/(?<v>\d\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>[1-5]\.\d{1,2}\.\d{1,2})/, 'Fluent Bit v%s'),
    ],
    {
      purl: 'github/fluent/fluent-bit',
      cpes: ['treasuredata:fluent_bit'],
      source: 'fluent-bit include/fluent-bit/flb_version.h.in, src/fluent-bit.c',
    },
  ),
  rule('coturn', ['turnserver', 'turnutils_*'], [near('Coturn-', /Coturn-(?<v>4\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['coturn_project:coturn'],
    source: 'coturn src/ns_turn_defs.h (TURN_SOFTWARE)',
  }),
  rule(
    'stunnel',
    ['stunnel', 'stunnel4'],
    [near('stunnel 5', /stunnel (?<v>5\.\d{1,2})/), near('stunnel ', /stunnel (?<v>[45]\.\d{1,2}) on /)],
    {
      cpes: ['stunnel:stunnel'],
      source: 'stunnel src/options.c, src/version.h (STUNNEL_VERSION)',
    },
  ),
  rule(
    'postfix',
    ['postfix', 'master', 'postconf', 'libpostfix-global.so*', 'smtpd', 'qmgr'],
    [
      near('mail_version', /mail_version=(?<v>[23]\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>3\.\d{1,2}\.\d{1,2})/, 'mail_version'),
    ],
    { cpes: ['postfix:postfix'], source: 'postfix src/global/mail_version.h' },
  ),
  rule(
    'exim',
    ['exim', 'exim4'],
    [
      near('Exim version ', /Exim version (?<v>4\.\d{1,3}(?:\.\d{1,2})?)/),
      bare(/(?<v>4\.\d{2,3}(?:\.\d{1,2})?)/, 'Exim version %s'),
    ],
    {
      cpes: ['exim:exim'],
      source: 'exim src/src/version.h, src/src/exim.c',
    },
  ),
  rule(
    'dovecot',
    ['dovecot', 'doveadm', 'doveconf', 'auth', 'config', 'imap', 'libdovecot.so*'],
    [
      near('Dovecot v', /Dovecot v(?<v>2\.\d\.\d{1,2}(?:\.\d{1,2})?)/),
      near('ABIv', /\0\d\.\d\.ABIv\d{1,3}\((?<v>2\.\d\.\d{1,2}(?:\.\d{1,2})?)\)/, { before: 6 }),
    ],
    { cpes: ['dovecot:dovecot'], source: 'dovecot configure.ac (PACKAGE_VERSION), src/master/main.c' },
  ),
  rule(
    'chrony',
    ['chronyd', 'chronyc'],
    [
      near('chronyd) version ', /chronyd\) version (?<v>\d\.\d{1,2}(?:\.\d)?)/),
      bare(/(?<v>[34]\.\d{1,2}(?:\.\d)?(?:-pre\d)?)/, 'chrony'),
    ],
    { cpes: ['tuxfamily:chrony'], source: 'chrony main.c, configure (CHRONY_VERSION)' },
  ),
  rule(
    'tor',
    ['tor'],
    [
      near('tor 0.', /tor (?<v>0\.\d\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>0\.[34]\.\d{1,2}\.\d{1,2}(?:-\w{1,10})?)/, 'Tor '),
    ],
    {
      cpes: ['torproject:tor'],
      source: 'tor configure.ac (VERSION), src/app/config/config.c',
    },
  ),
  rule(
    'privoxy',
    ['privoxy'],
    [
      near('Privoxy version ', /Privoxy version (?<v>[34]\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>[34]\.0\.\d{1,2})/, 'Privoxy'),
    ],
    {
      cpes: ['privoxy:privoxy'],
      source: 'privoxy configure.in (VERSION)',
    },
  ),
  rule(
    'tinyproxy',
    ['tinyproxy'],
    [near('tinyproxy', /tinyproxy[ /](?<v>1\.\d{1,2}\.\d{1,2})/), bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'tinyproxy')],
    {
      cpes: ['tinyproxy_project:tinyproxy'],
      source: 'tinyproxy src/main.c, VERSION',
    },
  ),
  rule(
    'nghttp2',
    ['nghttpx', 'nghttpd', 'h2load', 'nghttp'],
    [near('nghttp2/', /nghttp2\/(?<v>1\.\d{1,3}\.\d{1,2})/), bare(/(?<v>1\.\d{1,3}\.\d{1,2})/, 'nghttp')],
    {
      cpes: ['nghttp2:nghttp2'],
      source: 'nghttp2 src/shrpx.cc (NGHTTP2_VERSION)',
      family: 'nghttp2',
    },
  ),
];
