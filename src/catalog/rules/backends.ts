import { bare, near, type Rule, rule } from './rule.js';

/** Servers and their tools: names, mail and files, databases' helpers, monitoring, programs to build with. */
export const backends: readonly Rule[] = [
  rule(
    'clamav',
    [
      'clamd',
      'clamscan',
      'clamdscan',
      'freshclam',
      'sigtool',
      'clambc',
      'clamsubmit',
      'clamdtop',
      'clamconf',
      'clamonacc',
    ],
    [
      bare(/(?<v>(?:0\.\d{2,3}|1\.\d)\.\d{1,2})/, 'clam'),
      near('/freshclam.conf', /(?<v>1\.\d\.\d{1,2})\0\/[\w/]{1,60}\/freshclam\.conf/, { before: 80 }),
    ],
    {
      cpes: ['clamav:clamav'],
      source: 'clamav CMakeLists.txt (VERSION), common/misc.c (print_version)',
    },
  ),
  rule('aide', ['aide'], [near('AIDE %s\n', /\0(?<v>0\.\d{2}(?:\.\d)?)\0AIDE %s/, { before: 10 })], {
    cpes: ['advanced_intrusion_detection_environment_project:advanced_intrusion_detection_environment'],
    source: 'aide src/aide.c (AIDEVERSION)',
  }),
  rule('yara', ['yara', 'yarac'], [bare(/(?<v>[34]\.\d{1,2}\.\d{1,2})/, 'YARA')], {
    cpes: ['virustotal:yara'],
    source: 'yara libyara/include/yara/libyara.h (YR_VERSION)',
  }),
  rule(
    'pdns',
    ['pdns_server', 'zone2sql', 'zone2json', 'zone2ldap', 'pdnsutil'],
    [
      near('\0syntax:\0', /\0(?<v>[45]\.\d{1,2}\.\d{1,2})\0syntax:/, { before: 10 }),
      bare(/(?<v>[45]\.\d{1,2}\.\d{1,2})(?:-[\w.+~]{1,20})?/, 'PowerDNS Authoritative Server'),
    ],
    {
      cpes: ['powerdns:authoritative_server', 'powerdns:authoritative'],
      source: 'pdns pdns/version.cc, pdns/zone2json.cc (VERSION)',
    },
  ),
  rule(
    'pdns-recursor',
    ['rec_control', 'pdns_recursor'],
    [near('rec_control version ', /version \0(?<v>[45]\.\d{1,2}\.\d{1,2})\0/)],
    { cpes: ['powerdns:recursor'], source: 'pdns pdns/recursordist/rec_control.cc (VERSION)' },
  ),
  rule('dnsdist', ['dnsdist'], [near('dnsdist ', /\0dnsdist (?<v>[12]\.\d{1,2}\.\d{1,2})\0/, { before: 1 })], {
    cpes: ['powerdns:dnsdist'],
    source: 'pdns pdns/dnsdistdist/dnsdist.cc (VERSION)',
  }),
  rule('knot-resolver', ['kresd', 'kres-cache-gc'], [bare(/(?<v>[56]\.\d{1,2}\.\d)/, 'kres')], {
    cpes: ['nic:knot_resolver'],
    source: 'knot-resolver daemon/main.c (PACKAGE_VERSION)',
  }),
  rule(
    'kea',
    ['kea-dhcp4', 'kea-dhcp6', 'kea-ctrl-agent', 'kea-lfc', 'kea-admin', 'libkea-d2srv.so*', 'libkea-process.so*'],
    [near(';;;;   Version: ', /;;;; {3}Version: {1,20}(?<v>[123]\.\d\.\d{1,2})\0/)],
    { cpes: ['isc:kea'], source: 'kea src/lib/process/cfgrpt/config_report.cc' },
  ),
  rule(
    'isc-dhcp',
    ['dhclient', 'dhcpd', 'dhcrelay'],
    [bare(/(?<v>4\.\d\.\d(?:-P\d|-ESV-R\d{1,2}(?:-P\d)?)?)/, '--version|--help')],
    { cpes: ['isc:dhcp'], source: 'dhcp configure.ac (PACKAGE_VERSION), client/dhclient.c' },
  ),
  rule('h2o', ['h2o'], [near('h2o/', /\0h2o\/(?<v>2\.\d\.\d{1,2}(?:-[\w]{1,12})?)[\0\r]/, { before: 1 })], {
    cpes: ['dena:h2o'],
    source: 'h2o include/h2o/version.h (H2O_VERSION)',
  }),
  rule('icecast', ['icecast', 'icecast2'], [near('Icecast ', /\0Icecast (?<v>2\.\d\.\d)\0/, { before: 1 })], {
    cpes: ['xiph:icecast'],
    source: 'icecast-server src/cfgfile.c (ICECAST_VERSION_STRING)',
  }),
  rule(
    'transmission',
    ['transmission-daemon', 'transmission-cli', 'transmission-remote'],
    [
      near(')  https://transmissionbt.com/', /Transmission (?<v>[234]\.\d{1,2}(?:\.\d)?) \(/, { before: 30 }),
      bare(/(?<v>[234]\.\d{1,2}(?:\.\d)?(?:-beta\.\d)?) \([0-9a-f]{10}\)/, 'transmission'),
    ],
    { cpes: ['transmissionbt:transmission'], source: 'transmission libtransmission/version.h (LONG_VERSION_STRING)' },
  ),
  rule('kamailio', ['kamailio'], [near('kamailio (', /: kamailio \((?<v>[56]\.\d\.\d{1,2}) \(/, { before: 12 })], {
    cpes: ['kamailio:kamailio'],
    source: 'kamailio src/core/config.h (SERVER_HDR)',
  }),
  rule('uwsgi', ['uwsgi', 'uwsgi-core', 'pyuwsgi*.so'], [bare(/(?<v>2\.0\.\d{1,2}(?:\.\d)?)(?:-debian)?/, 'uWSGI')], {
    cpes: ['unbit:uwsgi'],
    source: 'uwsgi uwsgiconfig.py (UWSGI_VERSION)',
  }),
  rule(
    'collectd',
    ['collectd', 'collectdmon', 'collectdctl'],
    [near('collectd 5.', /collectd (?<v>5\.\d{1,2}\.\d{1,2})(?:\.git)?[,.]/)],
    { cpes: ['collectd:collectd'], source: 'collectd src/daemon/cmd.c (PACKAGE_VERSION)' },
  ),
  rule(
    'nagios',
    ['nagios', 'nagios4', 'nagiostats', 'nagios4stats'],
    [near('\nNagios ', /\0(?<v>[34]\.\d\.\d{1,2})\0\nNagios (?:Core|Stats)/, { before: 10 })],
    { cpes: ['nagios:nagios_core'], source: 'nagioscore base/nagios.c (PROGRAM_VERSION)' },
  ),
  rule('icinga', ['icinga2'], [near('r2.', /\0[rv](?<v>2\.\d{1,2}\.\d{1,2})-\d{1,3}\0/, { before: 1 })], {
    cpes: ['icinga:icinga'],
    source: 'icinga2 icinga-version.h.cmake (GIT_VERSION)',
  }),
  rule(
    'rrdtool',
    ['rrdtool', 'rrdupdate', 'rrdcached', 'librrd.so*'],
    [near('RRDtool ', /RRDtool (?<v>1\.\d\.\d{1,2}) {1,2}Copyright/)],
    { cpes: ['rrdtool_project:rrdtool'], source: 'rrdtool src/rrd_tool.c (PACKAGE_VERSION)' },
  ),
  rule('sysdig', ['sysdig', 'csysdig'], [near('sysdig version ', /sysdig version (?<v>0\.\d{1,2}\.\d{1,2})\n/)], {
    cpes: ['sysdig:sysdig'],
    source: 'sysdig userspace/sysdig/sysdig.cpp (SYSDIG_VERSION)',
  }),
  rule('bpftrace', ['bpftrace'], [near('v0.', /\0v(?<v>0\.\d{2}\.\d)\0/, { before: 1 })], {
    source: 'bpftrace src/main.cpp (BPFTRACE_VERSION)',
  }),
  rule('pgbackrest', ['pgbackrest'], [near('pgBackRest ', /\0pgBackRest (?<v>2\.\d{2}(?:\.\d)?)\0/, { before: 1 })], {
    cpes: ['pgbackrest:pgbackrest'],
    source: 'pgbackrest src/version.h (PROJECT_VERSION)',
  }),
  rule(
    'postgis',
    ['shp2pgsql', 'pgsql2shp', 'raster2pgsql', 'postgis-3.so'],
    [bare(/(?<v>[23]\.\d\.\d{1,2})(?: [0-9a-f]{7,8})?/, 'RELEASE: %s (%s)')],
    { cpes: ['postgis:postgis'], source: 'postgis loader/shp2pgsql-cli.c (POSTGIS_LIB_VERSION)' },
  ),
  rule('mydumper', ['mydumper', 'myloader'], [near('/mydumper-', /\/mydumper-(?<v>0\.\d{1,2}\.\d{1,2})\//)], {
    source: 'mydumper (build folder in assertions)',
  }),
  rule(
    'galera',
    ['libgalera_smm.so', 'garbd'],
    [near('(r', /\0(?<v>4\.\d{1,2})\(r[0-9A-Za-z]{2,40}\)\0/, { before: 6, after: 44 })],
    {
      cpes: ['galeracluster:galera'],
      source: 'galera scripts/packages, galera/src/wsrep_provider.cpp (GALERA_VER, GALERA_REV)',
    },
  ),
  rule('kcat', ['kcat', 'kafkacat'], [bare(/(?<v>1\.\d\.\d)(?:-\d{1,3}-g[0-9a-f]{6,9})?/, 'builtin.features')], {
    source: 'kcat kcat.c (KCAT_VERSION)',
  }),
  rule('sphinx', ['searchd', 'indexer'], [near('Sphinx ', /Sphinx (?<v>[23]\.\d\.\d{1,2})(?:-id64)?-/)], {
    cpes: ['sphinxsearch:sphinx'],
    source: 'sphinx src/sphinxversion.h (SPHINX_VERSION)',
  }),
  rule(
    'ninja',
    ['ninja'],
    [
      near('ninja executable version', /\0(?<v>1\.\d{1,2}\.\d{1,2}(?:\.git[\w.-]{1,30})?)\0{1,16}ninja executable/, {
        before: 56,
      }),
    ],
    { source: 'ninja src/version.cc (kNinjaVersion)' },
  ),
  rule(
    'cmake',
    ['cmake', 'ctest', 'cpack'],
    [
      near('DASHBOARD_TEST_FROM_CTEST=', /CTEST=(?<v>[34]\.\d{1,2}\.\d{1,2}(?:-rc\d)?)(?![\d.])/),
      near('Generated by CPack ', /CPack \0(?<v>[34]\.\d{1,2}\.\d{1,2}(?:-rc\d)?)\0/),
      near('Empty command', /(?<![\d.])(?<v>[34]\.\d{1,2}\.\d{1,2}(?:-rc\d)?)\0Empty command\0/, { before: 16 }),
    ],
    {
      cpes: ['cmake_project:cmake', 'kitware:cmake'],
      source: 'cmake Source/CTest, Source/CPack, Source/cmVersionConfig.h.in (CMake_VERSION)',
    },
  ),
  rule('llvm', ['lld', 'ld.lld', 'lld-link'], [near(' LLD ', /(?:\0|[\w] )LLD (?<v>\d{2}\.\d\.\d)/, { before: 2 })], {
    cpes: ['llvm:llvm'],
    source: 'llvm lld/Common/Version.cpp',
    family: 'llvm',
  }),
  rule(
    'llvm',
    ['clang', 'clang-[0-9]*', 'libclang-cpp.so*', 'libclang-[0-9]*.so*', 'libclang.so*'],
    [near('Clang ', /\0Clang (?<v>\d{1,2}\.\d\.\d)\0/, { before: 1 })],
    { cpes: ['llvm:clang', 'llvm:llvm'], source: 'llvm clang/lib/Basic/Targets.cpp (__VERSION__)', family: 'llvm' },
  ),
  rule(
    'llvm',
    ['libLLVM*.so*', 'llc', 'opt', 'llvm-*', 'yaml2obj'],
    [
      near('LLVM', /LLVM\0{1,4}(?: version )\0(?<v>\d{1,2}\.\d\.\d)\0/),
      near('LLVM ', /LLVM \0(?<v>\d{1,2}\.\d\.\d)\0?'?\)?/),
    ],
    { cpes: ['llvm:llvm'], source: 'llvm llvm/lib/Support/CommandLine.cpp', family: 'llvm' },
  ),
  rule(
    'mono',
    ['mono', 'mono-sgen', 'libmonosgen-2.0.so*'],
    [bare(/(?<v>[456]\.\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)/, 'mono_')],
    { cpes: ['mono-project:mono'], source: 'mono mono/mini/driver.c (VERSION)' },
  ),
  rule('sbcl', ['sbcl'], [near('SBCL %s\n', /\0(?<v>[12]\.\d\.\d{1,2})(?:\.debian)?\0SBCL %s/, { before: 18 })], {
    source: 'sbcl src/runtime/runtime.c (SBCL_VERSION_STRING)',
  }),
  rule(
    'wkhtmltopdf',
    ['wkhtmltopdf', 'wkhtmltoimage', 'libwkhtmltox.so*'],
    [near('wkhtmlto', /wkhtmlto(?:pdf|image) (?<v>0\.\d{2}\.\d(?:\.\d)?)[\0 ]/)],
    { cpes: ['wkhtmltopdf:wkhtmltopdf'], source: 'wkhtmltopdf src/lib/utilities.cc, VERSION' },
  ),
  rule(
    'hadolint',
    ['hadolint', 'hadolint-*'],
    [near('hadolint-', /\0hadolint-(?<v>[12]\.\d{1,2}\.\d{1,2})-/, { before: 1 })],
    {
      source: 'hadolint hadolint.cabal (unit id of GHC)',
    },
  ),
  rule(
    'shellcheck',
    ['shellcheck'],
    [near('ShellCheck-0.', /\0ShellCheck-(?<v>0\.\d{1,2}\.\d{1,2})-/, { before: 1 })],
    {
      source: 'shellcheck ShellCheck.cabal (unit id of GHC)',
    },
  ),
  rule(
    'zig',
    ['zig'],
    [near('zig ', /\0zig (?:ld )?(?<v>0\.\d{1,2}\.\d{1,2}(?:-dev\.\d{1,5}\+[0-9a-f]{7,10})?)[\0\n]/, { before: 1 })],
    {
      cpes: ['ziglang:zig'],
      source: 'zig src/link/Elf.zig, src/codegen/llvm.zig (producer), build.zig (version)',
    },
  ),
];
