import { so, tail } from './library-names.js';
import { bare, near, type Rule, rule } from './rule.js';

/** Libraries beside those of `libraries` and `system-libraries`: storage, protocols, cryptography, data. */
export const moreLibraries: readonly Rule[] = [
  rule('libgpg-error', so('gpg-error'), [near('This is Libgpg-error ', /Libgpg-error (?<v>1\.\d{1,2})/)], {
    cpes: ['gnupg:libgpg-error'],
    source: 'libgpg-error src/version.c',
  }),
  rule('libtasn1', so('tasn1'), [bare(/(?<v>4\.\d{1,2}(?:\.\d)?)/, 'asn1_')], {
    cpes: ['gnu:libtasn1'],
    source: 'libtasn1 lib/version.c',
  }),
  rule('libpsl', so('psl'), [near(' (', /\0(?<v>0\.\d{2}\.\d) \((?:\+lib|no IDNA)/, { before: 9, after: 10 })], {
    source: 'libpsl src/psl.c (psl_get_version)',
  }),
  rule('libsodium', so('sodium'), [bare(/(?<v>1\.0\.\d{2})/, 'sodium_')], {
    cpes: ['libsodium:libsodium'],
    source: 'libsodium src/libsodium/sodium/version.c',
  }),
  rule(
    'mbedtls',
    so('mbedcrypto', 'mbedtls', 'mbedx509'),
    [near('bed TLS ', /[Mm]bed TLS (?<v>[234]\.\d{1,2}\.\d{1,2})\0/, { before: 1 })],
    {
      cpes: ['arm:mbed_tls', 'trustedfirmware:mbed_tls'],
      source: 'mbedtls include/mbedtls/build_info.h (MBEDTLS_VERSION_STRING_FULL); the name of libmbedtls.so',
      banner: near('bed TLS ', /\0[Mm]bed TLS (?<v>[234]\.\d{1,2}\.\d{1,2})\0/, { before: 2 }),
      unlessNeeds: /^libmbed/,
      nameVersion: tail('mbed(?:crypto|tls|x509)', String.raw`[234]\.\d{1,2}\.\d{1,2}`),
    },
  ),
  rule('wolfssl', so('wolfssl'), [near('wolfSSL ', /\0wolfSSL (?<v>[345]\.\d{1,2}\.\d{1,2})\0/, { before: 1 })], {
    cpes: ['wolfssl:wolfssl'],
    source: 'wolfssl src/internal.c (SSL version string)',
    banner: near('wolfSSL ', /\0wolfSSL (?<v>[345]\.\d{1,2}\.\d{1,2})\0/, { before: 1 }),
    unlessNeeds: /^libwolfssl/,
  }),
  rule(
    'nss',
    so('ssl3', 'nss3', 'nssutil3', 'smime3', 'softokn3', 'freebl3', 'freeblpriv3'),
    [near('Version: NSS ', /Version: NSS (?<v>3\.\d{1,3}(?:\.\d{1,2})?)/)],
    { cpes: ['mozilla:nss', 'mozilla:network_security_services'], source: 'nss lib/nss/nssver.c' },
  ),
  rule('nspr', so('nspr4'), [bare(/(?<v>4\.\d{2}(?:\.\d)?)/, 'NSPR_INHERIT_FDS')], {
    cpes: ['mozilla:nspr', 'mozilla:netscape_portable_runtime'],
    source: 'nspr pr/include/prinit.h (PR_VERSION)',
  }),
  rule(
    'botan',
    so('botan-2', 'botan-3', 'botan'),
    [near('Botan ', /\0Botan (?<v>[123]\.\d{1,2}\.\d{1,2}) \(/, { before: 1 })],
    { cpes: ['botan_project:botan'], source: 'botan src/lib/utils/version.cpp' },
  ),
  rule('crypto++', ['libcrypto++.so*', 'libcryptopp.so*'], [], {
    purl: 'generic/cryptopp',
    cpes: [],
    source: 'cryptopp: the name of libcrypto++.so',
    nameVersion: /^libcrypto(?:\+\+|pp)\.so\.(?<v>[5-8]\.\d\.\d)$/,
  }),
  rule('libmicrohttpd', so('microhttpd'), [bare(/(?<v>[01]\.\d{1,2}\.\d{1,2})/, 'MHD')], {
    cpes: ['gnu:libmicrohttpd'],
    source: 'libmicrohttpd src/microhttpd/daemon.c (MHD_get_version)',
  }),
  rule('libwebsockets', so('websockets'), [bare(/(?<v>[234]\.\d\.\d{1,2})-[\w.-]{0,40}/, 'lws_')], {
    source: 'libwebsockets lib/core/context.c (LWS_LIBRARY_VERSION)',
  }),
  rule('libev', so('ev'), [bare(/(?<v>4\.\d{2})/, 'ev_')], { source: 'libev configure.ac' }),
  rule('jansson', so('jansson'), [bare(/(?<v>2\.\d{1,2}(?:\.\d)?)/, 'json_')], {
    cpes: ['jansson_project:jansson'],
    source: 'jansson src/version.c (JANSSON_VERSION)',
  }),
  rule('json-c', so('json-c'), [bare(/(?<v>0\.\d{2})/, 'json_object_')], {
    cpes: ['json-c:json-c', 'json-c_project:json-c'],
    source: 'json-c json_c_version.h',
  }),
  rule('cjson', so('cjson', 'cjson_utils'), [], {
    cpes: ['davegamble:cjson', 'cjson_project:cjson'],
    source: 'cJSON: the name of libcjson.so',
    nameVersion: tail('cjson(?:_utils)?', String.raw`1\.\d\.\d{1,2}`),
  }),
  rule('libmaxminddb', so('maxminddb'), [bare(/(?<v>1\.\d{1,2}\.\d)/, 'MMDB_')], {
    cpes: ['maxmind:libmaxminddb'],
    source: 'libmaxminddb src/maxminddb.c (PACKAGE_VERSION)',
  }),
  rule(
    'mongo-c-driver',
    so('mongoc-1.0', 'bson-1.0', 'mongoc2', 'bson2'),
    [bare(/(?<v>[12]\.\d{1,2}\.\d{1,2})/, 'bson_')],
    {
      cpes: ['mongodb:c_driver', 'mongodb:libbson'],
      source: 'mongo-c-driver src/libmongoc/src/mongoc/mongoc-version.h.in',
    },
  ),
  rule('lmdb', so('lmdb'), [near('LMDB 0.', /LMDB (?<v>0\.9\.\d{1,2}): \(/)], {
    cpes: ['openldap:lmdb', 'symas:lightning_memory-mapped_database'],
    source: 'lmdb libraries/liblmdb/lmdb.h (MDB_VERSION_STRING)',
    banner: near('LMDB 0.', /\0LMDB (?<v>0\.9\.\d{1,2}): \(/, { before: 1 }),
    unlessNeeds: /^liblmdb/,
  }),
  rule(
    'berkeley-db',
    ['libdb-*.so*', 'libdb.so*', 'libdb_*.so*'],
    [near('Berkeley DB ', /Berkeley DB (?<v>\d{1,2}\.\d\.\d{1,2}): \(/)],
    {
      cpes: ['oracle:berkeley_db'],
      source: 'db env/env_open.c (DB_VERSION_STRING)',
      banner: near('Berkeley DB ', /\0Berkeley DB (?<v>\d{1,2}\.\d\.\d{1,2}): \(/, { before: 1 }),
      unlessNeeds: /^libdb/,
    },
  ),
  rule('gdbm', so('gdbm'), [near('GDBM version ', /GDBM version (?<v>1\.\d{1,2}(?:\.\d)?)\. /)], {
    cpes: ['gnu:gdbm'],
    source: 'gdbm src/version.c',
  }),
  rule('libbpf', so('bpf'), [], {
    cpes: ['libbpf_project:libbpf'],
    source: 'libbpf: the name of libbpf.so',
    nameVersion: tail('bpf', String.raw`[01]\.\d{1,2}\.\d`),
  }),
  rule('libtpms', so('tpms'), [], {
    cpes: ['libtpms_project:libtpms'],
    source: 'libtpms: the name of libtpms.so',
    nameVersion: tail('tpms', String.raw`0\.\d{1,2}\.\d`),
  }),
  rule('leveldb', so('leveldb'), [], {
    cpes: ['google:leveldb'],
    source: 'leveldb: the name of libleveldb.so',
    nameVersion: tail('leveldb', String.raw`1\.\d{2}\.\d`),
  }),
  rule('rocksdb', so('rocksdb'), [], {
    cpes: ['facebook:rocksdb'],
    source: 'rocksdb: the name of librocksdb.so',
    nameVersion: tail('rocksdb', String.raw`\d{1,2}\.\d{1,2}\.\d`),
  }),
  rule('snappy', so('snappy'), [], {
    cpes: ['google:snappy'],
    source: 'snappy: the name of libsnappy.so',
    nameVersion: tail('snappy', String.raw`1\.[12]\.\d{1,2}`),
  }),
  rule('libmemcached', so('memcached'), [bare(/(?<v>1\.[01]\.\d{1,2})/, 'memcached_')], {
    cpes: ['awesome:libmemcached'],
    source: 'libmemcached src/libmemcached/version.cc',
  }),
  rule('libpcap', so('pcap'), [near('libpcap version ', /libpcap version (?<v>[01]\.\d{1,2}\.\d)/)], {
    cpes: ['tcpdump:libpcap'],
    source: 'libpcap pcap.c (pcap_version_string)',
    banner: near('libpcap version ', /\0libpcap version (?<v>[01]\.\d{1,2}\.\d)/, { before: 1 }),
    unlessNeeds: /^libpcap/,
  }),
  rule(
    'zookeeper-client',
    so('zookeeper_mt', 'zookeeper_st'),
    [near('zookeeper C client ', /zookeeper C client (?<v>3\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['apache:zookeeper'],
      source: 'zookeeper zookeeper-client/zookeeper-client-c/src/zookeeper.c',
    },
  ),
  rule(
    'tomcat-native',
    so('tcnative-1', 'tcnative-2'),
    [bare(/(?<v>[12]\.\d\.\d{1,2})/, 'Java_org_apache_tomcat_jni')],
    { cpes: ['apache:tomcat_native'], source: 'tomcat-native native/include/tcn_version.h' },
  ),
  rule(
    'unixodbc',
    ['isql', 'iusql', ...so('odbc')],
    [
      near('unixODBC ', /\0unixODBC (?<v>2\.\d\.\d{1,2})\0/, { before: 1 }),
      bare(/(?<v>2\.3\.\d{1,2})/, 'SQLGetEnvAttr.c'),
    ],
    { cpes: ['unixodbc:unixodbc'], source: 'unixODBC exe/isql.c, DriverManager/__info.c (VERSION)' },
  ),
  rule(
    'freetds',
    ['tsql', 'bsqldb', 'freebcp', 'defncopy', ...so('sybdb', 'ct', 'tdsodbc')],
    [near('freetds v', /freetds v(?<v>[01]\.\d{1,3}(?:\.\d{1,3})?)/)],
    {
      cpes: ['freetds:freetds'],
      source: 'freetds src/tds/token.c (TDS_VERSION_NO)',
    },
  ),
  rule(
    'tk',
    ['wish*', 'libtk[89]*.so*', 'libtcl9tk*.so*'],
    [bare(/(?<v>[89]\.\d{1,2}(?:\.\d{1,3}|[ab]\d{1,2}))/, 'tk_patchLevel')],
    { cpes: ['tcl:tk'], source: 'tk generic/tk.h (TK_PATCH_LEVEL)' },
  ),
];
