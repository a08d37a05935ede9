import { anywhere, bare, near, type Rule, rule } from './rule.js';

const redisBuild = [
  near('buildkitsandbox-', /(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})buildkitsandbox-\d{10,20}/, {
    before: 16,
    after: 24,
  }),
  anywhere(/(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})[0-9a-f]{12}-\d{9,20}/),
  // A build with SOURCE_DATE_EPOCH: seconds of ten digits, whether the tree was dirty, and the commit or zeros.
  anywhere(/(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,2})1\d{9}[01]?[0-9a-f]{8}\0/),
  anywhere(/(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})[A-Za-z][\w.-]{1,63}-\d{9,20}\0/),
];
const redisSource = 'redis src/release.c (redisBuildIdString), src/version.h; src/server.c';
const redisNames = [
  'redis-server',
  'redis-sentinel',
  'redis-cli',
  'redis-benchmark',
  'redis-check-aof',
  'redis-check-rdb',
];
const valkeyNames = ['valkey-server', 'valkey-sentinel', 'valkey-cli', 'valkey-benchmark'];

const number = String.raw`\d{1,2}\.\d{1,2}\.\d{1,3}`;
const mysqlSource =
  'mysql-server MYSQL_VERSION, cmake/mysql_version.cmake, client/mysql.cc; build folder in assertions';
const oracleMysql = ['oracle:mysql', 'oracle:mysql_server'];
const clusterTexts = [
  near('-ndb-', new RegExp(String.raw`\0(?<hint>${number})-ndb-(?<v>${number})`), { before: 12 }),
  near('mysql-cluster-gpl-', new RegExp(`mysql-cluster-(?:gpl|com|commercial)-(?<v>${number})`)),
  near('mysql-cluster-com', new RegExp(`mysql-cluster-(?:com|commercial)-(?<v>${number})`)),
];

/** Databases, caches and message brokers. */
export const databases: readonly Rule[] = [
  rule(
    'valkey',
    [...valkeyNames, ...redisNames],
    [
      near('valkey', /valkey(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d)?)[\w.-]{1,63}-\d{9,20}/),
      near('Valkey version', /Valkey version ?=? ?(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
    ],
    {
      cpes: ['lfprojects:valkey', 'linuxfoundation:valkey', 'valkey-io:valkey'],
      source: 'valkey src/release.c (serverBuildIdString), src/version.h',
      family: 'redis',
    },
  ),
  rule('valkey', valkeyNames, redisBuild, {
    cpes: ['lfprojects:valkey', 'linuxfoundation:valkey', 'valkey-io:valkey'],
    source: 'valkey src/release.c (serverBuildIdString), src/version.h',
    family: 'redis',
  }),
  rule('keydb', ['keydb-server', 'keydb-cli', 'keydb-sentinel'], redisBuild, {
    cpes: ['snapchat:keydb'],
    source: 'KeyDB src/release.c, src/version.h',
  }),
  rule(
    'redis',
    redisNames,
    [
      ...redisBuild,
      near('Redis version', /Redis version ?=? ?(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
      near('Redis ', /Redis (?<v>[2-9]\.\d{1,2}\.\d{1,3}) /),
      // Since 8 the compiler's version stands between.
      near(
        '-builtin\0',
        /(?<![\x20-\x7e])(?<v>[2-9]\.\d{1,2}\.\d{1,3})\0(?:(?:[4-9]|1\d)\.\d{1,2}\.\d{1,2}\0)?(?:c11|atomic|sync)-builtin/,
        { before: 32 },
      ),
      near('\0 (git:%s', /(?<![\x20-\x7e])(?<v>[2-9]\.\d{1,2}\.\d{1,3})\0 \(git:/, { before: 16 }),
      bare(/(?:redis-cli )?(?<v>[2-9]\.\d{1,2}\.\d{1,3})/, 'redis'),
    ],
    { cpes: ['redis:redis', 'redislabs:redis'], source: redisSource, family: 'redis' },
  ),
  rule('memcached', ['memcached'], [near('memcached 1', /memcached (?<v>1\.\d{1,2}\.\d{1,3})/)], {
    cpes: ['memcached:memcached'],
    source: 'memcached memcached.c (usage), configure.ac (PACKAGE_STRING)',
  }),
  rule(
    'postgresql',
    ['postgres', 'psql', 'pg_dump', 'pg_ctl', 'initdb'],
    [
      near(
        'PostgreSQL ',
        /(?:^|[\0?])PostgreSQL (?<v>\d{1,2}(?:\.\d{1,2}){0,2}(?:(?:alpha|beta|rc)\d{1,2})?)(?: \((?<hint>[^)\0]{1,60})\))? on /,
        { before: 1 },
      ),
      near(
        'PostgreSQL) ',
        /PostgreSQL\) (?<v>\d{1,2}(?:\.\d{1,2}){1,2}(?:(?:alpha|beta|rc)\d{1,2})?)(?: \((?<hint>[^)\0]{1,60})\))?/,
      ),
      near('PostgreSQL ', /\0PostgreSQL (?<v>\d{1,2}(?:\.\d{1,2}){0,2}(?:(?:alpha|beta|rc)\d{1,2})?)(?:[ \0]|$)/, {
        before: 1,
      }),
    ],
    { cpes: ['postgresql:postgresql'], source: 'postgres configure.ac (PG_VERSION_STR)' },
  ),
  rule(
    'percona-xtradb-cluster',
    ['mysql', 'mysqld', 'mysqldump', 'mysqladmin'],
    [
      near('Percona-XtraDB-Cluster-', new RegExp(`Percona-XtraDB-Cluster-(?<v>${number})`)),
      near('Percona XtraDB Cluster', new RegExp(String.raw`\0(?<v>${number})-\d{1,3}(?:\.\d)?\0`), {
        before: 200,
        after: 200,
      }),
    ],
    {
      cpes: ['percona:xtradb_cluster', 'percona:percona_server', 'oracle:mysql'],
      source: mysqlSource,
      family: 'mysql',
    },
  ),
  rule(
    'percona-server',
    ['mysql', 'mysqld', 'mysqldump', 'mysqladmin'],
    [
      near('percona-server-', new RegExp(`percona-server-(?<v>${number})`)),
      near('/Percona-Server-', new RegExp(`/Percona-Server-(?<v>${number})`)),
    ],
    { cpes: ['percona:percona_server', 'oracle:mysql'], source: mysqlSource, family: 'mysql' },
  ),
  rule(
    'percona-xtrabackup',
    ['xtrabackup', 'xbstream', 'xbcloud', 'innobackupex'],
    [
      near('percona-xtrabackup-', new RegExp(String.raw`percona-xtrabackup-(?<v>${number})(?![\d.])`)),
      near('percona-xtrabackup-', /percona-xtrabackup-(?<v>\d{1,2}\.\d{1,2})\//),
    ],
    { cpes: ['percona:xtrabackup'], source: 'percona-xtrabackup build folder in assertions' },
  ),
  rule('mysql-cluster', ['mysqld', 'mysql', 'ndbd', 'ndbmtd', 'ndb_mgmd', 'ndb_mgm'], clusterTexts, {
    cpes: ['oracle:mysql_cluster'],
    source: mysqlSource,
    family: 'mysql',
  }),
  rule(
    'mariadb',
    ['mariadb', 'mysql', 'mysqld', 'mariadbd', 'mariadb-*', 'mysqldump', 'mysqladmin', 'libmariadbd.so*'],
    [
      near('-MariaDB', /(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:(?:alpha|beta|rc)\d)?)-MariaDB/, { before: 20 }),
      near('mariadb-', /(?:^|[/\0])mariadb-(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})[-/]/, { before: 1 }),
    ],
    { cpes: ['mariadb:mariadb'], source: 'mariadb server VERSION, cmake/mysql_version.cmake', family: 'mysql' },
  ),
  rule(
    'mysql-server',
    ['mysqld'],
    [
      near(
        '/mysql-',
        new RegExp(String.raw`\/mysql-(?:community-|commercial-)?(?<v>${number}(?:-rc|-dmr|-m\d{1,2})?)[/-]`),
      ),
      anywhere(
        new RegExp(String.raw`\0(?<v>${number}(?:-rc|-dmr|-log)?)\0{1,16}[^\0]{0,60}(?:MySQL Community Server|mysql)`),
      ),
      bare(new RegExp(`(?<v>${number})`), 'MySQL Community Server'),
    ],
    { cpes: oracleMysql, source: mysqlSource, family: 'mysql' },
  ),
  rule(
    'mysql',
    ['mysql', 'mysqldump', 'mysqladmin'],
    [
      anywhere(new RegExp(String.raw`\0(?<v>${number}(?:-rc|-dmr)?)\0{1,16}mysql`)),
      near(
        '/mysql-',
        new RegExp(String.raw`\/mysql-(?:community-|commercial-)?(?<v>${number}(?:-rc|-dmr|-m\d{1,2})?)[/-]`),
      ),
      near('Distrib ', new RegExp(`Distrib (?<v>${number})`)),
      bare(new RegExp(`(?<v>${number})`), 'MySQL Community Server'),
    ],
    { cpes: ['oracle:mysql'], source: mysqlSource, family: 'mysql' },
  ),
  rule(
    'arangodb',
    ['arangosh', 'arangod', 'arangodump', 'arangoimport', 'arangorestore'],
    [
      near('[linux]', /(?:^|[\0])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-\d{1,2})?) (?:enterprise )?\[linux\]/, {
        before: 40,
        after: 0,
      }),
    ],
    {
      cpes: ['arangodb:arangodb'],
      source: 'arangodb lib/Rest/Version.cpp (getServerVersion, getVerboseVersionString)',
    },
  ),
  rule(
    'mongodb',
    ['mongod', 'mongos', 'mongo'],
    [
      near('\0tcmalloc\0', /(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?)\0{1,8}tcmalloc/, { before: 24 }),
      near('heap_size', /(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?)\0{1,8}heap_size/, { before: 24 }),
      near('\0cppdefines\0', /(?<![\d.])(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?)\0{1,8}cppdefines/, {
        before: 24,
      }),
      anywhere(/\0(?<v>[3-9]\.\d{1,2}\.\d{1,3}(?:-rc\d{1,2})?)\0{1,8}(?:mozjs|distmod|distarch|EnableVersionInfo)/),
      near('db version v', /db version v(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
    ],
    { cpes: ['mongodb:mongodb'], source: 'mongo src/mongo/util/version_constants.h.in' },
  ),
  rule(
    'sqlite',
    ['sqlite3', 'libsqlite3.so*'],
    [
      near('SQLite version ', /SQLite version (?<v>3\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>3\.\d{1,2}\.\d{1,2}(?:\.\d)?)/, 'SQLite format 3'),
    ],
    { cpes: ['sqlite:sqlite'], source: 'sqlite src/sqlite.h.in (SQLITE_VERSION), src/shell.c.in' },
  ),
  rule(
    'sqlcipher',
    ['sqlcipher', 'libsqlcipher.so*'],
    [
      near('\0community\0', /\0community\0{1,8}(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})\0/, { after: 24 }),
      bare(/(?<v>4\.\d{1,2}\.\d{1,3})/, 'sqlcipher'),
    ],
    { cpes: ['zetetic:sqlcipher'], source: 'sqlcipher src/crypto.h (CIPHER_VERSION_NUMBER)' },
  ),
  rule(
    'clickhouse',
    ['clickhouse', 'clickhouse-server', 'clickhouse-client', 'clickhouse-local', 'clickhouse-keeper'],
    [
      near('ClickHouse ', /ClickHouse v?(?<v>\d{2}\.\d{1,2}\.\d{1,3}\.\d{1,5})/),
      near('-stable', /(?<![\d.])v?(?<v>\d{2}\.\d{1,2}\.\d{1,3}\.\d{1,5})-(?:stable|lts)/, { before: 24, after: 8 }),
      bare(/(?<v>2\d\.\d{1,2}\.\d{1,3}\.\d{1,5})/, 'ClickHouse'),
    ],
    {
      cpes: ['clickhouse:clickhouse'],
      source: 'ClickHouse cmake/autogenerated_versions.txt, src/Common/config_version.h.in',
    },
  ),
  rule(
    'pgbouncer',
    ['pgbouncer'],
    [
      near('PgBouncer ', /PgBouncer (?<v>1\.\d{1,2}\.\d{1,2})/),
      near('pgbouncer', /pgbouncer(?: version|\/| )\s?(?<v>1\.\d{1,2}\.\d{1,2})/),
    ],
    { cpes: ['pgbouncer:pgbouncer'], source: 'pgbouncer src/main.c, configure.ac (PACKAGE_STRING)' },
  ),
  rule(
    'pgpool-ii',
    ['pgpool', 'pcp_attach_node'],
    [near('pgpool-II', /pgpool-II version (?<v>\d\.\d{1,2}\.\d{1,3})/), bare(/(?<v>[34]\.\d{1,2}\.\d{1,3})/, 'pgpool')],
    { cpes: ['pgpool:pgpool-ii'], source: 'pgpool2 src/main/main.c, src/include/version.h' },
  ),
  rule(
    'mosquitto',
    ['mosquitto'],
    [
      near('mosquitto version ', /mosquitto version (?<v>\d\.\d{1,2}\.\d{1,3})/),
      bare(/(?<v>[12]\.\d{1,2}\.\d{1,3})/, 'mosquitto version %s'),
    ],
    { cpes: ['eclipse:mosquitto'], source: 'mosquitto src/mosquitto.c, CMakeLists.txt (VERSION)' },
  ),
  rule(
    'beanstalkd',
    ['beanstalkd'],
    [near('beanstalkd ', /beanstalkd (?<v>1\.\d{1,2})\0/), bare(/(?<v>1\.\d{1,2}(?:\.\d)?)/, 'beanstalkd')],
    {
      cpes: ['beanstalkd_project:beanstalkd'],
      source: 'beanstalkd vers.c',
    },
  ),
];
