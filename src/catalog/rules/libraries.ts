import { so, tail } from './library-names.js';
import { bare, near, type Rule, rule } from './rule.js';

/*
 * Libraries by their own words. What has a `banner` is also found where it is linked into another program; `own` names
 * are the shared object itself. A version that only the file's name tells (`nameVersion`) is the last resort.
 */

const opensslBanner = near(
  'OpenSSL ',
  /(?:^|[\0 ])OpenSSL (?<v>\d\.\d{1,2}\.\d{1,2}(?:[a-z]{1,2}|-(?:alpha|beta|pre|rc)\d{1,2})?)(?:-fips|\+quic)? {1,2}(?:[A-Za-z0-9]{1,4} )?\d{1,2} [A-Z][a-z]{2} \d{4}/,
  { before: 1, requires: 'evp_enc.c' },
);

export const libraries: readonly Rule[] = [
  rule(
    'glibc',
    ['libc.so.6*', 'libc-2.*.so', 'libc.so', 'libc.so.*', 'ld-linux*.so.*', 'ld-2.*.so', 'ld64.so.*'],
    [
      near(
        'ld.so (',
        /^ld\.so \((?:(?<hint>\w{1,20} GLIBC [^)\s]{1,60})|[^)]{1,100})\) \w{1,20} release version (?<v>\d\.\d{1,3}(?:\.\d{1,3})?)/,
      ),
      near(
        'GNU C Library (',
        /^GNU C Library \((?:(?<hint>\w{1,20} E?GLIBC [^)\s]{1,60})|[^)]{1,100})\).{0,60}? version (?<v>\d\.\d{1,3}(?:\.\d{1,3})?)/,
      ),
    ],
    {
      cpes: ['gnu:glibc'],
      source: 'glibc csu/version.c (banner)',
      packages: ['glibc', 'eglibc', 'libc6'],
      siblings:
        /^lib(?:BrokenLocale|SegFault|anl|c_malloc_debug|dl|m|memusage|mvec|nsl|nss_(?:compat|dns|files|hesiod)|pcprofile|pthread|resolv|rt|thread_db|util)(?:-2\.\d{1,2})?\.so(?:\.\d)?$/,
      family: 'libc',
    },
  ),
  rule(
    'musl',
    ['ld-musl-*.so*', 'libc.musl-*.so*', 'libc.so', 'libc.so.1'],
    [bare(/(?<v>1\.[0-2]\.\d{1,2})(?:-git-[^\0]{1,40})?/, 'musl libc ('), near('musl libc (', /musl libc \(/)],
    {
      cpes: ['musl-libc:musl'],
      source: 'musl ldso/dynlink.c (usage), src/internal/version.c',
      packages: ['musl'],
      family: 'libc',
    },
  ),
  rule(
    'uclibc',
    ['libuClibc-*.so', 'ld-uClibc*.so*', 'libc.so.0', 'libuClibc*.so*'],
    [near('uClibc', /uClibc(?:-ng)?[ -](?<v>\d\.\d{1,2}\.\d{1,2}(?:\.\d)?)/)],
    {
      cpes: ['uclibc-ng_project:uclibc-ng'],
      source: 'uClibc-ng Rules.mak (MAJOR_VERSION)',
      nameVersion: /^(?:libuClibc|ld64-uClibc|ld-uClibc)-(?<v>\d\.\d{1,2}\.\d{1,2})\.so/,
      family: 'libc',
    },
  ),
  rule(
    'aws-lc',
    [...so('crypto', 'ssl', 'crypto-awslc', 'ssl-awslc'), 'openssl'],
    [near('AWS-LC ', /AWS-LC (?:FIPS )?(?<v>\d\.\d{1,3}\.\d{1,3})\)?/)],
    {
      cpes: ['amazon:aws_libcrypto'],
      source: 'aws-lc include/openssl/base.h (AWSLC_VERSION_NUMBER_STRING), crypto/crypto.c',
      banner: near('AWS-LC ', /AWS-LC (?:FIPS )?(?<v>\d\.\d{1,3}\.\d{1,3})\)?\0/),
      unlessNeeds: /^lib(?:crypto|ssl)/,
      family: 'openssl',
    },
  ),
  rule('libressl', [...so('crypto', 'ssl'), 'openssl'], [near('LibreSSL ', /LibreSSL (?<v>\d\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['openbsd:libressl'],
    source: 'libressl include/openssl/opensslv.h (LIBRESSL_VERSION_TEXT)',
    banner: near('LibreSSL ', /\0LibreSSL (?<v>\d\.\d{1,2}\.\d{1,2})\0/, { before: 1 }),
    unlessNeeds: /^lib(?:crypto|ssl)/,
    family: 'openssl',
  }),
  rule(
    'boringssl',
    so('crypto', 'ssl'),
    [near('BoringSSL', /OpenSSL 1\.1\.1 \(compatible; BoringSSL\)/, { before: 30 })],
    {
      source: 'boringssl crypto/crypto.cc (OpenSSL_version), which names no version',
      banner: near('(compatible; BoringSSL)', /OpenSSL 1\.1\.\d \(compatible; BoringSSL\)/, { before: 20 }),
      unlessNeeds: /^lib(?:crypto|ssl)/,
      family: 'openssl',
    },
  ),
  rule('boringssl', [], [], {
    source: 'boringssl include/openssl/err.h (OPENSSL_PUT_ERROR keeps the path of the source)',
    banner: near(
      '/boringssl',
      /\/boringssl[\w-]{0,40}\/(?:src\/)?(?:crypto|ssl)\/(?:[\w-]{1,40}\/){0,4}[\w-]{1,40}\.(?:cc?|h)\0/,
      {
        after: 160,
      },
    ),
    unlessNeeds: /^lib(?:crypto|ssl)/,
    family: 'openssl',
  }),
  rule(
    'openssl',
    [...so('crypto', 'ssl'), 'fips.so'],
    [
      near('OpenSSL ', opensslBanner.regex, { before: 1 }),
      near('OpenSSL ', /OpenSSL (?<v>\d\.\d{1,2}\.\d{1,2}(?:[a-z]{1,2})?)(?=[ \0])/),
    ],
    {
      cpes: ['openssl:openssl'],
      source: 'openssl include/openssl/opensslv.h (OPENSSL_VERSION_TEXT), crypto/cversion.c',
      banner: opensslBanner,
      unlessNeeds: /^lib(?:crypto|ssl)/,
      family: 'openssl',
    },
  ),
  rule(
    'zlib',
    so('z'),
    [near(' deflate 1.', /deflate (?<v>1\.\d\.\d{1,2}(?:\.\d{1,2})?)(?:\.f-[\w-]{1,20})? Copyright/)],
    {
      cpes: ['zlib:zlib'],
      source: 'zlib deflate.c (deflate_copyright), inftrees.c (inflate_copyright)',
      banner: near(
        'flate 1.',
        /\0? ?(?:de|in)flate (?<v>1\.\d\.\d{1,2}(?:\.\d{1,2})?)(?:\.f-[\w-]{1,20})? Copyright 199\d-20\d\d/,
        { before: 4 },
      ),
      unlessNeeds: /^libz\.so/,
      nameVersion: tail('z'),
    },
  ),
  rule(
    'curl',
    so('curl', 'curl-gnutls', 'curl-nss'),
    [near('libcurl/', /libcurl\/(?<v>[78]\.\d{1,3}\.\d{1,2}(?:-DEV)?)/)],
    {
      cpes: ['haxx:libcurl', 'haxx:curl'],
      source: 'curl lib/version.c (curl_version), include/curl/curlver.h',
      banner: near('libcurl/', /\0libcurl\/(?<v>[78]\.\d{1,3}\.\d{1,2})\0/, { before: 1 }),
      unlessNeeds: /^libcurl/,
      family: 'curl',
    },
  ),
  rule('libxml2', so('xml2'), [bare(/(?<v>2\.(?:9|1\d)\.\d{1,2})(?:-[\w.]{1,12})?/, 'xmlParse')], {
    cpes: ['xmlsoft:libxml2'],
    source: 'libxml2 configure.ac; the name of libxml2.so',
    nameVersion: tail('xml2'),
  }),
  rule('libxslt', so('xslt', 'exslt'), [], {
    cpes: ['xmlsoft:libxslt'],
    source: 'libxslt: the name of libxslt.so',
    nameVersion: tail('xslt'),
  }),
  rule('expat', so('expat', 'expatw'), [near('expat_', /expat_(?<v>\d\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['libexpat_project:libexpat'],
    source: 'libexpat expat/lib/xmlparse.c (XML_ExpatVersion)',
    banner: near('expat_', /\0expat_(?<v>\d\.\d{1,2}\.\d{1,2})\0/, { before: 1 }),
    unlessNeeds: /^libexpat/,
  }),
  rule(
    'pcre',
    so('pcre', 'pcre16', 'pcre32', 'pcre3'),
    [near(' 20', /(?<![\x20-\x7e])(?<v>8\.\d{2}) 20\d\d-\d\d-\d\d\0/, { before: 8, after: 12 })],
    {
      cpes: ['pcre:pcre'],
      source: 'pcre pcre_version.c',
      banner: bare(/(?<v>8\.[0-4]\d) 20[012]\d-[01]\d-[0-3]\d/, '\\ at end of pattern\0\\c at end of pattern\0'),
      unlessNeeds: /^libpcre/,
    },
  ),
  rule(
    'pcre2',
    so('pcre2-8', 'pcre2-16', 'pcre2-32'),
    [near(' 20', /(?<![\x20-\x7e])(?<v>10\.\d{2}) 20\d\d-\d\d-\d\d\0/, { before: 8, after: 12 })],
    {
      cpes: ['pcre:pcre2'],
      source: 'pcre2 src/pcre2_config.c (PCRE2_CONFIG_VERSION)',
      banner: bare(/(?<v>10\.[0-9]\d) 20[012]\d-[01]\d-[0-3]\d/, '\\ at end of pattern\0\\c at end of pattern\0'),
      unlessNeeds: /^libpcre2/,
    },
  ),
  rule(
    'libpng',
    so('png', 'png12', 'png14', 'png15', 'png16', 'png18'),
    [near('libpng version ', /libpng version (?<v>1\.\d\.\d{1,2})/)],
    {
      cpes: ['libpng:libpng'],
      source: 'libpng png.h (PNG_HEADER_VERSION_STRING)',
      banner: near('libpng version ', /libpng version (?<v>1\.\d\.\d{1,2})[ \n\0]/),
      unlessNeeds: /^libpng/,
      nameVersion: /^libpng1\d\.so\.1[2-8]\.(?<v>\d{1,2})\.0$/,
    },
  ),
  rule(
    'libjpeg-turbo',
    so('jpeg', 'turbojpeg'),
    [
      near('libjpeg-turbo version ', /libjpeg-turbo version (?<v>\d\.\d{1,2}\.\d{1,2})/),
      near('libjpeg-turbo', /libjpeg-turbo[ \w]{0,12}\0?(?<v>[123]\.\d{1,2}\.\d{1,2})/),
    ],
    {
      cpes: ['libjpeg-turbo:libjpeg-turbo'],
      source: 'libjpeg-turbo jversion.h, turbojpeg.c',
      banner: near('libjpeg-turbo version ', /libjpeg-turbo version (?<v>\d\.\d{1,2}\.\d{1,2}) \(build/),
      unlessNeeds: /^lib(?:turbo)?jpeg/,
    },
  ),
  rule('libtiff', so('tiff'), [near('LIBTIFF, Version ', /LIBTIFF, Version (?<v>4\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['libtiff:libtiff'],
    source: 'libtiff libtiff/tiffvers.h (TIFFLIB_VERSION_STR)',
    banner: near('LIBTIFF, Version ', /LIBTIFF, Version (?<v>4\.\d{1,2}\.\d{1,2})/),
    unlessNeeds: /^libtiff/,
  }),
  rule('libssh2', so('ssh2'), [near('libssh2_', /SSH-2\.0-libssh2_(?<v>1\.\d{1,2}\.\d{1,2})/, { before: 8 })], {
    cpes: ['libssh2:libssh2'],
    source: 'libssh2 include/libssh2.h (LIBSSH2_SSH_BANNER)',
    banner: near('libssh2_', /SSH-2\.0-libssh2_(?<v>1\.\d{1,2}\.\d{1,2})/, { before: 8 }),
    unlessNeeds: /^libssh2/,
  }),
  rule('libssh', so('ssh'), [near('libssh_', /SSH-2\.0-libssh_(?<v>0\.\d{1,2}\.\d{1,2})/, { before: 8 })], {
    cpes: ['libssh:libssh'],
    source: 'libssh src/client.c (CLIENT_BANNER_SSH2)',
    banner: near('libssh_', /SSH-2\.0-libssh_(?<v>0\.\d{1,2}\.\d{1,2})/, { before: 8 }),
    unlessNeeds: /^libssh\.so/,
  }),
  rule('nghttp2', so('nghttp2'), [bare(/(?<v>1\.\d{1,3}\.\d{1,2})/, 'nghttp2_')], {
    cpes: ['nghttp2:nghttp2'],
    source: 'nghttp2 lib/includes/nghttp2/nghttp2ver.h (NGHTTP2_VERSION)',
    family: 'nghttp2',
  }),
  rule('brotli', so('brotlicommon', 'brotlienc', 'brotlidec'), [], {
    cpes: ['google:brotli'],
    source: 'brotli (prints no version in its libraries); the name of libbrotlicommon.so',
    nameVersion: tail('brotli(?:common|enc|dec)'),
  }),
  rule('lz4', so('lz4'), [bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'LZ4_')], {
    cpes: ['lz4_project:lz4'],
    source: 'lz4 lib/lz4.h (LZ4_VERSION_STRING)',
    nameVersion: tail('lz4'),
  }),
  rule('zstd', so('zstd'), [bare(/(?<v>1\.\d{1,2}\.\d{1,2})/, 'ZSTD_')], {
    cpes: ['facebook:zstandard'],
    source: 'zstd lib/zstd.h (ZSTD_VERSION_STRING)',
    nameVersion: tail('zstd'),
  }),
  rule('xz', so('lzma'), [bare(/(?<v>5\.\d{1,2}\.\d{1,2}(?:alpha|beta)?)/, 'lzma_')], {
    cpes: ['tukaani:xz'],
    source: 'xz src/liblzma/api/lzma/version.h',
    nameVersion: tail('lzma'),
    family: 'xz',
  }),
  rule('bzip2', so('bz2'), [near('1.0.', /\0(?<v>1\.0\.\d), \d{1,2}-[A-Z][a-z]{2}-\d{4}/, { before: 1 })], {
    cpes: ['bzip:bzip2'],
    source: 'bzip2 bzlib_private.h (BZ_VERSION)',
    banner: near('-Sept-20', /\0(?<v>1\.0\.\d), \d{1,2}-Sept-20\d\d/, { before: 12 }),
    unlessNeeds: /^libbz2/,
    family: 'bzip2',
  }),
];
