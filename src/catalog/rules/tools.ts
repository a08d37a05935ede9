import { bare, near, type Rule, rule } from './rule.js';

/** Tools: shells, command lines, archivers, and the small programs by which containers start. */
export const tools: readonly Rule[] = [
  rule(
    'bash',
    ['bash', 'rbash'],
    [near('@(#)Bash version ', /@\(#\)Bash version (?<v>\d\.\d{1,2}(?:\.\d{1,3})?)\(\d{1,3}\) \w{1,10} GNU/)],
    { cpes: ['gnu:bash'], source: 'bash version.c (sccs_version)' },
  ),
  rule(
    'util-linux',
    ['getopt', 'mount', 'umount', 'lsblk', 'fdisk', 'login', 'nsenter', 'unshare', 'blkid'],
    [near('util-linux 2', /(?:^|[\0 ])util-linux (?<v>2\.\d{1,2}(?:\.\d{1,2})?(?:-rc\d)?)\0/, { before: 1 })],
    { cpes: ['kernel:util-linux'], source: 'util-linux include/c.h (UTIL_LINUX_VERSION)' },
  ),
  rule(
    'curl',
    ['curl'],
    [
      near('curl/', /\0curl\/(?<v>\d\.\d{1,3}\.\d{1,2}(?:-DEV)?)/, { before: 1 }),
      near('curl ', /\0curl (?<v>\d\.\d{1,3}\.\d{1,2}) \(/, { before: 1 }),
      near('curl/', /(?<![\w])curl\/(?<v>[78]\.\d{1,3}\.\d{1,2})(?!\.?\d)/, { before: 1 }),
    ],
    { cpes: ['haxx:curl'], source: 'curl src/tool_version.h (CURL_ID)', family: 'curl' },
  ),
  rule(
    'wget',
    ['wget', 'wget2'],
    [near('Wget/', /Wget\/(?<v>\d\.\d{1,2}(?:\.\d{1,2})?)/), bare(/(?<v>[12]\.\d{2}(?:\.\d{1,2})?)/, 'GNU Wget')],
    {
      cpes: ['gnu:wget'],
      source: 'wget src/main.c, build-aux (version.c)',
    },
  ),
  rule(
    'openssl',
    ['openssl'],
    [
      near(
        'OpenSSL ',
        /\0OpenSSL (?<v>\d\.\d{1,2}\.\d{1,2}(?:[a-z]{1,2}|-alpha\d{1,2}|-beta\d{1,2}|-pre\d{1,2}|-fips|-dev)?) {1,2}(?:\d|xx)/,
        { before: 1 },
      ),
      near('OpenSSL ', /\0OpenSSL (?<v>\d\.\d{1,2}\.\d{1,2}(?:[a-z]{1,2}|-alpha\d{1,2}|-beta\d{1,2}|-pre\d{1,2})?)/, {
        before: 1,
      }),
    ],
    {
      cpes: ['openssl:openssl'],
      source: 'openssl include/openssl/opensslv.h (OPENSSL_VERSION_TEXT)',
      family: 'openssl',
    },
  ),
  rule(
    'openldap',
    ['ldapsearch', 'ldapmodify', 'ldapadd', 'slapd', 'ldapwhoami'],
    [
      near('$OpenLDAP: ', /\$OpenLDAP: (?:\w{1,20} )?(?<v>2\.\d{1,2}\.\d{1,2}(?:[a-z]\w{0,8})?)/),
      near('$OpenLDAP: ', /\$OpenLDAP: (?:[\w-]{1,20} ){0,2}(?<v>2\.\d{1,2}\.\d{1,2})/),
      near('openldap-2', /openldap-(?<v>2\.\d{1,2}\.\d{1,2})/),
    ],
    { cpes: ['openldap:openldap'], source: 'openldap build/mkversion (__Version)' },
  ),
  rule(
    'zstd',
    ['zstd', 'unzstd', 'zstdmt', 'pzstd'],
    [
      near('Zstandard CLI', /\0v(?<v>1\.\d{1,2}\.\d{1,2})\0{1,8}[^\0]{0,20}Zstandard CLI/, { before: 60 }),
      near('Yann Collet', /Yann Collet\0{1,8}v?(?<v>1\.\d{1,2}\.\d{1,2})\0/, { after: 32 }),
      bare(/v(?<v>1\.\d{1,2}\.\d{1,2})/, 'Yann Collet'),
    ],
    { cpes: ['facebook:zstandard'], source: 'zstd programs/zstdcli.c (WELCOME_MESSAGE)' },
  ),
  rule(
    'xz',
    ['xz', 'unxz', 'xzcat', 'lzma', 'xzdec', 'lzmainfo'],
    [near('(XZ Utils) ', /\(XZ Utils\) (?<v>5\.\d{1,2}\.\d{1,2}(?:alpha|beta)?)/)],
    {
      cpes: ['tukaani:xz'],
      source: 'xz src/xz/message.c (message_version)',
      family: 'xz',
    },
  ),
  rule(
    'gzip',
    ['gzip', 'gunzip', 'zcat'],
    [
      near('bad pack level', /bad pack level\0{1,8}(?<v>1\.\d{1,2}(?:\.\d{1,3})?)\0/, { after: 24 }),
      bare(/(?<v>1\.\d{1,2}(?:\.\d{1,3})?(?:-[\w.]{1,12})?)/, ': not in gzip format'),
    ],
    { cpes: ['gnu:gzip'], source: 'gzip gzip.c (version), lib/version.c' },
  ),
  rule('pigz', ['pigz', 'unpigz'], [near('pigz ', /pigz (?<v>2\.\d{1,2}(?:\.\d{1,2})?)/)], {
    cpes: ['zlib:pigz'],
    source: 'pigz pigz.c (VERSION)',
  }),
  rule(
    'bzip2',
    ['bzip2', 'bunzip2', 'bzcat'],
    [
      near('Version 1', /bzip2, a block-sorting file compressor\. {1,2}Version (?<v>1\.\d\.\d)/, { before: 60 }),
      near('1.0.', /\0(?<v>1\.0\.\d), \d{1,2}-[A-Z][a-z]{2}-\d{4}/, { before: 1 }),
    ],
    {
      cpes: ['bzip:bzip2'],
      source: 'bzip2 bzlib_private.h (BZ_VERSION)',
      family: 'bzip2',
    },
  ),
  rule(
    'jq',
    ['jq'],
    [
      near('jq-', /\0jq-(?<v>1\.\d{1,2}(?:\.\d{1,2})?(?:rc\d)?)(?:-[\w.+~-]{1,30})?\0/, { before: 1 }),
      near('\0DEBUG:\0', /\0(?<v>1\.\d{1,2}(?:\.\d{1,2})?(?:rc\d)?)(?:-(?<hint>[\w.+~-]{1,30}))?\0DEBUG:/, {
        before: 48,
      }),
      bare(/(?<v>1\.\d(?:\.\d)?(?:rc\d)?)(?:-(?<hint>[\w.+~-]{1,30}))?/, 'jq: error'),
    ],
    { cpes: ['jqlang:jq', 'jq_project:jq'], source: 'jq src/main.c, scripts/version (JQ_VERSION)' },
  ),
  rule('yq', ['yq'], [bare(/v(?<v>[34]\.\d{1,2}\.\d{1,2})/, 'mikefarah')], {
    purl: 'golang/github.com/mikefarah/yq/v4',
    source: 'yq cmd/version.go',
    go: true,
  }),
  rule(
    'git',
    ['git', 'git-remote-http', 'git-shell', 'git-upload-pack'],
    [
      near('git/2', /git\/(?<v>2\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/),
      near('git version ', /git version (?<v>2\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/),
      bare(/(?<v>2\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/, 'git version %s'),
    ],
    { cpes: ['git-scm:git', 'git:git'], source: 'git GIT-VERSION-GEN, help.c (get_version_info), version.c' },
  ),
  rule(
    'openssh',
    ['ssh', 'sshd', 'ssh-keygen', 'ssh-agent', 'scp', 'sftp', 'sshd-session'],
    [near('OpenSSH_', /OpenSSH_(?<v>\d{1,2}\.\d{1,2}(?:p\d{1,2})?)(?: (?<hint>[A-Z][\w.+~-]{1,40}))?/)],
    { cpes: ['openbsd:openssh'], source: 'openssh-portable version.h (SSH_RELEASE)' },
  ),
  rule(
    'dropbear',
    ['dropbear', 'dropbearmulti', 'dbclient'],
    [near('dropbear_', /dropbear_(?<v>20\d\d\.\d{1,3})/), near('Dropbear v', /Dropbear v(?<v>20\d\d\.\d{1,3})/)],
    {
      cpes: ['dropbear_ssh_project:dropbear_ssh'],
      source: 'dropbear sysoptions.h (DROPBEAR_VERSION, LOCAL_IDENT)',
    },
  ),
  rule(
    'rsync',
    ['rsync'],
    [
      near('rsync', /rsync {1,2}version (?<v>3\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>3\.\d{1,2}\.\d{1,2}(?:pre\d)?)/, 'rsync'),
    ],
    {
      cpes: ['samba:rsync'],
      source: 'rsync version.h (RSYNC_VERSION), usage.c',
    },
  ),
  rule(
    'tini',
    ['tini', 'tini-static', 'docker-init'],
    [
      near('tini version', /tini version (?<v>0\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>0\.\d{1,2}\.\d{1,2})(?: - git\.[0-9a-f]{7,40})?/, 'TINI_SUBREAPER'),
      near(' - git.', /(?<v>0\.\d{1,2}\.\d{1,2}) - git\.[0-9a-f]{7,40}/, { before: 12, after: 44 }),
    ],
    { source: 'tini src/tini.c (print_usage), src/tiniConfig.h.in' },
  ),
  rule(
    'dumb-init',
    ['dumb-init'],
    [near('dumb-init v', /dumb-init v(?<v>1\.\d\.\d)/), bare(/(?<v>1\.\d\.\d)\n/, '[dumb-init] ')],
    {
      cpes: ['yelp:dumb-init'],
      source: 'dumb-init dumb-init.c (print_help), VERSION.h',
    },
  ),
  rule('gosu', ['gosu'], [bare(/(?<v>1\.\d{1,2})(?: \(go1\.[^)\0]{1,40}\))?/, 'gosu')], {
    purl: 'golang/github.com/tianon/gosu',
    cpes: ['tianon:gosu'],
    source: 'gosu version.go',
    go: true,
  }),
  rule(
    'catatonit',
    ['catatonit'],
    [near('catatonit', /catatonit[^\0]{0,20}\0(?<v>0\.\d\.\d)\0/), bare(/(?<v>0\.[12]\.\d)(?:\+dev)?/, 'catatonit')],
    {
      source: 'catatonit configure.ac (PACKAGE_VERSION), catatonit.c',
    },
  ),
  rule(
    's6',
    ['s6-svscan', 's6-supervise', 's6-overlay-suexec', 's6-log', 'libs6.so*'],
    [near('s6-overlay-', /s6-overlay-(?<v>\d\.\d{1,2}\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['skarnet:s6'],
      source: 's6 (programs print no version); the name of libs6.so',
      nameVersion: /^libs6\.so\.(?<v>\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,2})$/,
    },
  ),
  rule('runit', ['runsvdir', 'runit', 'runsv'], [near('$Id: ', /\$Id: (?<hint>[0-9a-f]{40}) \$/)], {
    source: 'runit src/runsv.c (names a commit, no version)',
  }),
  rule('supercronic', ['supercronic'], [bare(/v?(?<v>0\.\d\.\d{1,2})/, 'supercronic')], {
    purl: 'golang/github.com/aptible/supercronic',
    source: 'supercronic version.go',
    go: true,
  }),
  rule(
    'wait-for-it',
    ['wait-for-it.sh', 'wait-for-it'],
    [near('Use this script to test if a given TCP host/port are available', /available/)],
    {
      source: 'wait-for-it wait-for-it.sh (names no version)',
      kind: 'text',
    },
  ),
  rule(
    'ffmpeg',
    ['ffmpeg', 'ffprobe', 'ffplay', 'ffmpeg-*', 'ffprobe-*'],
    [
      near(
        '%s version ',
        /%s version (?<v>N-\d{1,8}-g[0-9a-f]{7,40}|n?\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?:\+[0-9A-Za-z]{1,20}(?:\.[0-9A-Za-z]{1,20}){0,5})?)(?:-(?<hint>[\w.+~-]{1,60}))?/,
      ),
      near('FFmpeg version ', /FFmpeg version (?<v>N-\d{1,8}-g[0-9a-f]{7,40}|n?\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/),
    ],
    {
      cpes: ['ffmpeg:ffmpeg'],
      source: 'ffmpeg fftools/opt_common.c (print_program_info), libavutil/ffversion.h',
      family: 'ffmpeg',
    },
  ),
  rule(
    'ffmpeg',
    [
      'libavcodec*.so*',
      'libavformat*.so*',
      'libavutil*.so*',
      'libavfilter*.so*',
      'libavdevice*.so*',
      'libswresample*.so*',
      'libswscale*.so*',
    ],
    [
      near(
        'FFmpeg version ',
        /FFmpeg version (?<v>N-\d{1,8}-g[0-9a-f]{7,40}|n?\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?:\+[0-9A-Za-z]{1,20}(?:\.[0-9A-Za-z]{1,20}){0,5})?)(?:-(?<hint>[\w.+~-]{1,60}))?/,
      ),
    ],
    { cpes: ['ffmpeg:ffmpeg'], source: 'ffmpeg libavutil/utils.c, libavutil/ffversion.h', family: 'ffmpeg' },
  ),
  rule(
    'chrome',
    ['chrome', 'chromium', 'headless_shell', 'chrome-headless-shell'],
    [
      near('\0Default', /\0(?<v>\d{2,3}\.\d\.\d{1,5}\.\d{1,4})\0Default/, { before: 24 }),
      near('Chrome/', /Chrome\/(?<v>\d{2,3}\.\d\.\d{1,5}\.\d{1,4})/),
    ],
    { cpes: ['google:chrome'], source: 'chromium components/version_info, chrome/VERSION' },
  ),
  rule(
    'chromedriver',
    ['chromedriver'],
    [near('-refs/', /(?<v>\d{2,3}\.\d\.\d{1,5}\.\d{1,4}) \([0-9a-f]{40}-refs/, { before: 64 })],
    {
      source: 'chromium chrome/test/chromedriver/chrome_launcher (kChromeDriverVersion)',
    },
  ),
  rule(
    'firefox',
    ['application.ini'],
    [
      near(
        'Name=Firefox',
        /Name=Firefox\r?\n(?:[^\n]{0,200}\n){0,8}Version=(?<v>\d{1,3}(?:\.\d{1,3}){1,3}(?:[ab]\d{1,2}|esr)?)\r?\n/,
        { after: 800 },
      ),
    ],
    {
      cpes: ['mozilla:firefox'],
      source: 'mozilla-central build/application.ini.in',
      kind: 'text',
    },
  ),
  rule(
    'qtbase',
    ['libQt*Core.so*'],
    [
      near('Qt ', /\0Qt (?<v>[56]\.\d{1,2}\.\d{1,2}) \(/, { before: 1 }),
      near('QtCore library version ', /QtCore library version (?<v>\d\.\d{1,2}\.\d{1,2})/),
    ],
    { cpes: ['qt:qt', 'qt:qtbase'], source: 'qtbase src/corelib/global/qlibraryinfo.cpp (qt_build)' },
  ),
];
