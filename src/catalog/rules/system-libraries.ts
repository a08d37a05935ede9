import { so, tail } from './library-names.js';
import { after, bare, near, type Rule, rule } from './rule.js';

/** Libraries of the system and of networks, whose words stand in the library itself. */
export const systemLibraries: readonly Rule[] = [
  rule(
    'libevent',
    so('event', 'event_core', 'event-2.0', 'event-2.1', 'event_core-2.1', 'event_openssl-2.1'),
    [bare(/(?<v>2\.[012]\.\d{1,2}(?:-stable|-alpha|-beta)?)/, 'event_base')],
    { cpes: ['libevent_project:libevent'], source: 'libevent include/event2/event-config (EVENT__VERSION)' },
  ),
  rule('libuv', so('uv'), [bare(/(?<v>1\.\d{1,2}\.\d{1,2}(?:-dev)?)/, 'uv_')], {
    cpes: ['libuv:libuv'],
    source: 'libuv src/version.c (UV_VERSION_STRING)',
  }),
  rule('icu', so('icuuc', 'icudata', 'icui18n', 'icuio'), [], {
    cpes: ['icu-project:international_components_for_unicode'],
    source: 'icu: the name of libicuuc.so',
    nameVersion: tail('icu(?:uc|data|i18n|io)', String.raw`\d{2}(?:\.\d{1,2}){0,2}`),
  }),
  rule(
    'ncurses',
    so('ncurses', 'ncursesw', 'tinfo', 'tinfow'),
    [
      near('ncurses 6', /ncurses (?<v>\d\.\d)(?:\.(?<hint>\d{8}))?/),
      near('ncurses 5', /ncurses (?<v>\d\.\d)(?:\.(?<hint>\d{8}))?/),
    ],
    {
      cpes: ['gnu:ncurses'],
      source: 'ncurses ncurses/trace/visbuf (curses_version)',
      nameVersion: tail('(?:ncurses|tinfo)w?'),
    },
  ),
  rule('readline', so('readline', 'history'), [], {
    cpes: ['gnu:readline'],
    source: 'readline: the name of libreadline.so',
    nameVersion: tail('(?:readline|history)'),
  }),
  rule(
    'gnutls',
    so('gnutls'),
    [bare(/(?<v>3\.\d{1,2}\.\d{1,2})/, 'GnuTLS'), near('GnuTLS ', /GnuTLS (?<v>3\.\d{1,2}\.\d{1,2})/)],
    { cpes: ['gnu:gnutls'], source: 'gnutls lib/version.c' },
  ),
  rule('nettle', so('nettle', 'hogweed'), [], {
    cpes: ['nettle_project:nettle'],
    source: 'nettle (names no version in its library)',
  }),
  rule('libgcrypt', so('gcrypt'), [near('This is Libgcrypt ', /This is Libgcrypt (?<v>1\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['gnupg:libgcrypt'],
    source: 'libgcrypt compat/compat.c (_gcry_compat_identification)',
  }),
  rule(
    'heimdal-krb5',
    [...so('krb5'), 'libkrb5.so*'],
    [near('$Version: Heimdal ', /\$Version: Heimdal (?<v>\d\.\d{1,2}(?:\.\d{1,2})?)(?=[\s\0])/)],
    { cpes: ['heimdal_project:heimdal'], source: 'heimdal lib/vers/print_version.c', family: 'krb5' },
  ),
  rule(
    'krb5',
    [...so('krb5', 'gssapi_krb5', 'k5crypto', 'kdb5')],
    [near('KRB5_BRAND: ', /KRB5_BRAND: krb5-\S{1,40} (?<v>1\.\d{1,2}(?:\.\d{1,2})?)(?=[\s\0])/)],
    {
      cpes: ['mit:kerberos_5'],
      source: 'krb5 src/lib/krb5/krb/brand.c',
      banner: near('KRB5_BRAND: ', /KRB5_BRAND: krb5-\S{1,40} (?<v>1\.\d{1,2}(?:\.\d{1,2})?)(?=[\s\0])/),
      unlessNeeds: /^libkrb5/,
      family: 'krb5',
    },
  ),
  rule(
    'openldap',
    so('ldap', 'ldap_r', 'lber', 'ldap-2.4', 'ldap-2.5', 'ldap-2.6', 'ldap_r-2.4', 'lber-2.4', 'lber-2.5'),
    [near('$OpenLDAP: ', /\$OpenLDAP: \w{0,20} ?(?<v>2\.\d{1,2}\.\d{1,2})/), bare(/(?<v>2\.[456]\.\d{1,2})/, 'ldap_')],
    { cpes: ['openldap:openldap'], source: 'openldap build/mkversion', family: 'openldap' },
  ),
  rule('cyrus-sasl', so('sasl2'), [bare(/(?<v>2\.1\.\d{1,2})/, 'sasl_')], {
    cpes: ['cyrusimap:cyrus-sasl'],
    source: 'cyrus-sasl include/sasl.h; lib/common.c',
  }),
  rule('c-ares', so('cares'), [bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'ares_')], {
    cpes: ['c-ares:c-ares', 'c-ares_project:c-ares'],
    source: 'c-ares include/ares_version.h (ARES_VERSION_STR)',
  }),
  rule('protobuf', so('protobuf', 'protobuf-lite', 'protoc'), [], {
    cpes: ['google:protobuf', 'protobuf:protobuf'],
    source: 'protobuf: the name of libprotobuf.so',
  }),
  rule('grpc', so('grpc', 'grpc++', 'gpr'), [near('grpc-c/', /grpc-c\/(?<v>\d{1,2}\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['grpc:grpc'],
    source: 'grpc src/core/lib/surface/version.cc; the name of libgrpc++.so',
    nameVersion: tail(String.raw`grpc\+\+`, String.raw`1\.\d{1,2}\.\d{1,2}`),
  }),
  rule(
    'jemalloc',
    so('jemalloc'),
    [near('-g', /\0(?<v>[345]\.\d{1,2}\.\d{1,2})-\d{1,5}-g[0-9a-f]{7,40}\0/, { before: 18, after: 44 })],
    {
      cpes: ['jemalloc_project:jemalloc'],
      source: 'jemalloc include/jemalloc/jemalloc_macros.h.in (JEMALLOC_VERSION)',
      banner: bare(/(?<v>[345]\.\d{1,2}\.\d{1,2})-\d{1,5}-g[0-9a-f]{7,40}/, '<jemalloc>: '),
      unlessNeeds: /^libjemalloc/,
    },
  ),
  rule(
    'gperftools',
    so('tcmalloc', 'tcmalloc_minimal', 'profiler'),
    [near('gperftools ', /gperftools (?<v>2\.\d{1,2}(?:\.\d{1,2})?)/)],
    { cpes: ['gperftools_project:gperftools'], source: 'gperftools src/tcmalloc.cc (tc_version)' },
  ),
  rule(
    'gcc-libs',
    so('stdc++', 'gcc_s', 'gomp', 'gfortran', 'atomic', 'quadmath'),
    [near('GCC: (', /GCC: \((?<hint>[^)\0]{1,60})\) (?<v>\d{1,2}\.\d{1,2}\.\d{1,2})/)],
    { cpes: ['gnu:gcc'], source: 'gcc gcc/varasm.c (.ident)' },
  ),
  rule('openjpeg', so('openjp2'), [], {
    cpes: ['uclouvain:openjpeg'],
    source: 'openjpeg: the name of libopenjp2.so',
    nameVersion: tail('openjp2'),
  }),
  rule('libwebp', so('webp', 'webpdemux', 'webpmux', 'sharpyuv'), [], {
    cpes: ['webmproject:libwebp'],
    source: 'libwebp (names no version in its libraries)',
  }),
  rule('lcms2', so('lcms2'), [], { cpes: ['littlecms:little_cms'], source: 'lcms2 (names no version in its library)' }),
  rule('harfbuzz', so('harfbuzz'), [], {
    cpes: ['harfbuzz_project:harfbuzz'],
    source: 'harfbuzz (names no version that can be told apart in its library)',
  }),
  rule('libvips', so('vips', 'vips-cpp'), [bare(/(?<v>8\.\d{1,2}\.\d{1,2})(?:-[^\0]{1,60})?/, 'vips_init')], {
    cpes: ['libvips:libvips'],
    source: 'libvips libvips/include/vips/version.h (VIPS_VERSION_STRING)',
  }),
  rule('libyaml', so('yaml'), [bare(/(?<v>0\.[12]\.\d{1,2})/, 'yaml_')], {
    cpes: ['pyyaml:libyaml'],
    source: 'libyaml src/api.c (yaml_get_version_string)',
  }),
  rule('libffi', so('ffi'), [], { cpes: ['libffi_project:libffi'], source: 'libffi (names no version)' }),
  rule('gmp', so('gmp'), [bare(/(?<v>[56]\.\d{1,2}\.\d{1,2})/, 'gmp')], {
    cpes: ['gmplib:gmp'],
    source: 'gmp version.c (gmp_version)',
  }),
  rule('libarchive', so('archive'), [near('libarchive 3', /libarchive (?<v>3\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['libarchive:libarchive'],
    source: 'libarchive libarchive/archive.h (ARCHIVE_VERSION_STRING)',
    banner: near('libarchive 3', /\0libarchive (?<v>3\.\d{1,2}\.\d{1,2})/, { before: 1 }),
    unlessNeeds: /^libarchive/,
  }),
  rule('freetype', so('freetype'), [], {
    cpes: ['freetype:freetype'],
    source: 'freetype (names no version in its library)',
  }),
  rule('libpq', so('pq'), [near('PostgreSQL', /PostgreSQL (?<v>\d{1,2}\.\d{1,2})/)], {
    cpes: ['postgresql:postgresql'],
    source: 'postgres; the name of libpq.so',
    // Before 10 the number is none of PostgreSQL's: 5.9 came with 9.6.
    nameVersion: /^libpq\.so\.5\.(?<v>[1-9]\d)$/,
  }),
  rule(
    'mariadb-connector-c',
    so('mariadb'),
    [near('MariaDB', /\0(?<v>3\.\d\.\d{1,2})\0MariaDB\0/, { before: 10 }), bare(/(?<v>3\.\d\.\d{1,2})/, 'mariadb')],
    {
      cpes: ['mariadb:connector/c'],
      source: 'mariadb-connector-c CMakeLists.txt (CPACK_PACKAGE_VERSION)',
    },
  ),
  rule('librdkafka', so('rdkafka', 'rdkafka++'), [near('librdkafka v', /librdkafka v(?<v>[12]\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['confluent:librdkafka'],
    source: 'librdkafka src/rdkafka.c (rd_kafka_version_str)',
  }),
  rule('zeromq', so('zmq'), [], { cpes: ['zeromq:libzmq'], source: 'libzmq: the name of libzmq.so' }),
  // Where its amalgamation was compiled in, the version stands before the date and the hash of its sources.
  rule('sqlite', [], [], {
    cpes: ['sqlite:sqlite'],
    source: 'sqlite src/main.c (sqlite3_version), src/sqlite.h.in (SQLITE_SOURCE_ID)',
    banner: after(
      'SQLite format 3',
      /(?<![\x20-\x7e])(?<v>3\.\d{1,2}\.\d{1,2}(?:\.\d)?)\0{1,8}20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [0-9a-f]{40}/,
    ),
    unlessNeeds: /^libsqlite3/,
    family: 'sqlite-linked',
  }),
  rule('sqlite', [], [], {
    cpes: ['sqlite:sqlite'],
    source: 'sqlite src/sqlite.h.in (SQLITE_VERSION); src/btreeInt.h (SQLITE_FILE_HEADER)',
    banner: bare(/(?<v>3\.(?:[6-9]|[1-9]\d)\.\d{1,2}(?:\.\d)?)/, 'SQLite format 3'),
    unlessNeeds: /^libsqlite3/,
    family: 'sqlite-linked',
  }),
  rule('lua', [], [], {
    cpes: ['lua:lua'],
    source: 'lua lua.h (LUA_COPYRIGHT), lapi.c (lua_ident)',
    banner: near('Lua 5.', /Lua (?<v>5\.\d\.\d{1,2}) {1,2}Copyright \(C\) 1994-20\d\d Lua\.org/),
    unlessNeeds: /^liblua/,
    family: 'lua-linked',
  }),
  rule('luajit', [], [], {
    cpes: ['luajit:luajit'],
    source: 'LuaJIT src/luajit.h (LUAJIT_VERSION, LUAJIT_COPYRIGHT)',
    banner: near('LuaJIT 2.', /\0LuaJIT (?<v>2\.\d\.(?:\d{1,12}|ROLLING)(?:-beta\d)?)\0/, { before: 1 }),
    unlessNeeds: /^libluajit/,
    family: 'luajit-linked',
  }),
  rule(
    'busybox',
    ['busybox', '[', '[[', 'ash', 'busybox.static', 'busybox-*'],
    [
      near(
        'BusyBox v',
        /BusyBox v(?<v>\d\.\d{1,2}(?:\.\d{1,2})?[\w.-]{0,16})(?: \((?:(?<hint>(?:Debian|Ubuntu) [^)]{1,60})|[^)]{1,60})\))?/,
      ),
    ],
    {
      cpes: ['busybox:busybox'],
      source: 'busybox libbb/messages.c (bb_banner)',
      banner: near(
        'BusyBox v',
        /BusyBox v(?<v>\d\.\d{1,2}(?:\.\d{1,2})?[\w.-]{0,16})(?: \((?:(?<hint>(?:Debian|Ubuntu) [^)]{1,60})|[^)]{1,60})\))?/,
      ),
      anyName: true,
      packages: ['busybox'],
    },
  ),
  rule(
    'toybox',
    ['toybox', 'toybox-*'],
    [near('toybox 0.', /toybox (?<v>0\.\d{1,2}\.\d{1,2})/), bare(/(?<v>0\.[78]\.\d{1,2})/, 'toybox')],
    {
      cpes: ['landley:toybox'],
      source: 'toybox toys.h (TOYBOX_VERSION)',
      banner: near('toybox 0.', /\0toybox (?<v>0\.\d{1,2}\.\d{1,2})/, { before: 1 }),
      anyName: true,
    },
  ),
];
