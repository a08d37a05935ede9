import { anywhere, bare, near, type Rule, rule } from './rule.js';

/** Python writes `3.11.2` as a text of its own: PY_VERSION. */
const pythonVersion = /(?<v>[23]\.\d{1,2}\.\d{1,3}(?:(?:a|b|c|rc)\d{1,2})?\+?)/;
const pythonTexts = [
  near('%.80s (%.80s) %', /\0(?<v>[23]\.\d{1,2}\.\d{1,3}(?:(?:a|b|c|rc)\d{1,2})?\+?)\0%\.80s/, { before: 32 }),
  near('<prefix>/lib/python', /\0(?<v>[23]\.\d{1,2}\.\d{1,3}(?:(?:a|b|c|rc)\d{1,2})?\+?)\0<prefix>/, { before: 32 }),
  bare(pythonVersion, '%.80s (%.80s) %.80s'),
  bare(pythonVersion, 'Python %s'),
];
const python = {
  cpes: ['python:python', 'python_software_foundation:python'],
  source: 'cpython Include/patchlevel.h (PY_VERSION), Python/getversion.c',
  family: 'python',
};

const phpTexts = [
  near('X-Powered-By: PHP/', /X-Powered-By: PHP\/(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:(?:alpha|beta|RC)\d{1,2}|-dev)?)/),
];

const rubyTexts = [
  near(
    'ruby ',
    /ruby (?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:(?:p|preview|rc|dev)\d{0,5})?) \(\d{4}-\d\d-\d\d[ T][^)\0]{1,80}\)/,
  ),
];

const erlangTexts = [
  near('/otp_src_', /\/otp_src_(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,3}){0,3}(?:-rc\d)?)\/erts\//),
  near('/src/otp-', /\/src\/otp-(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,3}){0,3}(?:-rc\d)?)\/erts\//),
  near('Erlang/OTP', /\0(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,3}){0,3}(?:-rc\d)?)\0{1,32}Erlang\/OTP/, { before: 64 }),
  near('Erlang/OTP ', /Erlang\/OTP .{1,180}?\0(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,3}){0,3}(?:-rc\d)?)\0/, { after: 250 }),
];

const rustTexts = [
  near('/rustc-1.', /\/rustc-(?<v>1\.\d{1,3}\.\d{1,3})\/(?:library|compiler)\//),
  near('rustc version ', /rustc version (?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-(?:beta|nightly)[.\d]{0,4})?) \(/),
  anywhere(/c (?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-(?:beta|nightly)[.\d]{0,4})?) \([0-9a-f]{9} \d{4}-\d\d-\d\d\)/),
];

const juliaVersion = String.raw`(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-(?:alpha|beta|rc|pre)\.?\d{0,2})?)`;
const juliaText = (pattern: string): RegExp => new RegExp(pattern.replace('V', juliaVersion));
const juliaTexts = [
  near('julia version', juliaText(String.raw`\0V\0julia version`), { before: 40 }),
  near('\0branch\0', juliaText(String.raw`V\0branch\0`), { before: 40 }),
  near('\0__init__\0', juliaText(String.raw`\0__init__\0V\0(?:branch|verify_methods)`), { after: 60 }),
  near('\0verify_methods\0', juliaText(String.raw`\0verify_methods\0.{0,30}?V\0BigInt`), { after: 90 }),
  near('#kw#', juliaText(String.raw`\0#kw#\0V\0(?:BigInt|_require_dependencies)`), { before: 1, after: 80 }),
  near('\0ObjectIdDict\0', juliaText(String.raw`\0ObjectIdDict\0V\0jl_sysimg_cpu_target`), { after: 80 }),
  near('\0require\0', juliaText(String.raw`\0require\0V\0core2`), { after: 60 }),
  // A link that was stored as a text: the name of what it leads to is all it says.
  anywhere(/^libjulia-internal\.so\.(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})$/),
  anywhere(/^libjulia-internal\.so\.\d{1,2}\.\d{1,2}$/),
];
const julia = { cpes: ['julialang:julia'], source: 'julia src/jloptions.c, cli/; VERSION', family: 'julia' };

const ghc = {
  purl: 'generic/haskell/ghc',
  cpes: ['haskell:ghc'],
  source: 'ghc compiler/GHC/Settings/Constants, linker notes of GHC (GHC link info)',
};

/** Languages: interpreters, compilers, virtual machines and their libraries. */
export const languages: readonly Rule[] = [
  rule('pypy', ['libpypy*.so*', 'pypy*'], [near('[PyPy ', /\[PyPy (?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/)], {
    source: 'pypy pypy/module/sys/version.py',
    family: 'python',
  }),
  rule('python', ['python', 'python[23]*'], pythonTexts, { ...python, sameAsName: /^python(\d\.\d{1,2})/ }),
  rule('python', ['libpython*.so*', 'libpython*.dylib'], pythonTexts, {
    ...python,
    sameAsName: /^libpython(\d\.\d{1,2})/,
  }),
  rule(
    'python',
    ['patchlevel.h'],
    [
      near(
        '#define PY_VERSION ',
        /^#define PY_VERSION\s{1,40}"?(?<v>[23]\.\d{1,2}\.\d{1,3}[abcr]{0,2}\d{0,2}\+?)"?\s/m,
      ),
    ],
    { ...python, kind: 'text' },
  ),
  rule('go', ['go', 'gofmt'], [anywhere(/(?<![\w.])go(?<v>1\.\d{1,2}(?:\.\d{1,3}|(?:beta|rc)\d{1,2})?)\0/)], {
    cpes: ['golang:go'],
    source: 'go src/cmd/dist/build.go (runtime.buildVersion)',
    go: true,
  }),
  rule(
    'go',
    ['VERSION', 'VERSION.cache'],
    [
      anywhere(/^devel go(?<v>1\.\d{1,2}-[0-9a-f]{7,40})(?=[\s\0]|$)/),
      anywhere(/^go(?<v>1\.\d{1,2}(?:\.\d{1,3})?(?:(?:beta|rc)\d{1,2})?)(?=[\s\0]|$)/),
    ],
    { cpes: ['golang:go'], source: 'go VERSION, src/cmd/dist/build.go (findgoversion)', kind: 'text' },
  ),
  rule('julia', ['libjulia-internal.so*', 'libjulia.so*', 'julia'], juliaTexts, julia),
  rule(
    'node',
    ['node', 'nodejs', 'libnode.so*'],
    [
      near('node.js/v', /node\.js\/v(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-(?:rc|pre|nightly)[\w.-]{0,40})?)/),
      near('\0node v', /\0node v(?<v>0\.\d{1,2}\.\d{1,3})\0/),
      bare(/v(?<v>(?:0\.1[0-2]|[4-6]\.\d{1,2})\.\d{1,2})/, ''),
    ],
    {
      cpes: ['nodejs:node.js'],
      source: 'node src/node_version.h, src/node_metadata.cc, src/inspector_socket_server.cc',
    },
  ),
  rule(
    'deno',
    ['deno', 'denort'],
    [
      near('Deno/', /(?<!-)Deno\/(?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:-rc\.\d{1,2})?)/, { before: 1 }),
      near('release/v', /deno-[0-9a-z]{40}release\/v(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/, { before: 46, after: 16 }),
      near('deno-canary/', /deno-canary\/[0-9a-f]{40}(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
      near('deno-', /deno-[0-9a-f]{40}(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
      near('DENO', /(?<v>1\.\d{1,2}\.\d{1,2})[0-9a-f]{40}DENO/, { before: 48, after: 0 }),
    ],
    { cpes: ['deno:deno'], source: 'deno cli/version.rs (get_user_agent), cli/tools/upgrade.rs' },
  ),
  rule(
    'bun',
    ['bun', 'bunx'],
    [
      near('Bun v', /Bun v(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
      near('bun-', /bun-(?:v)?(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
      near('bun ', /bun v?(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})/),
    ],
    { cpes: ['oven-sh:bun', 'bun:bun'], source: 'bun src/Global.zig (package_json_version)' },
  ),
  rule(
    'perl',
    ['perl', 'perl5*', 'libperl.so*'],
    [
      near('/lib/perl', /\/lib\/perl\d?\/(?<v>5\.\d{1,3}\.\d{1,3})(?=[/\0\s])/, { after: 24 }),
      near('/lib64/perl', /\/lib64\/perl\d?\/(?<v>5\.\d{1,3}\.\d{1,3})(?=[/\0\s])/, { after: 24 }),
      near('/perl/5.', /\/perl\/(?<v>5\.\d{1,3}\.\d{1,3})(?=[/\0\s])/, { after: 24 }),
    ],
    { purl: 'cpan/perl', cpes: ['perl:perl'], source: 'perl config.h (PRIVLIB_EXP, ARCHLIB_EXP), perl.c' },
  ),
  rule('php', ['php', 'php[578]*', 'php-cli', 'libphp*.so'], phpTexts, {
    cpes: ['php:php'],
    source: 'php-src main/main.c, main/php_version.h (SAPI_PHP_VERSION_HEADER)',
  }),
  rule('php', ['php-fpm*', 'php-cgi*'], phpTexts, {
    cpes: ['php:php'],
    source: 'php-src main/main.c, main/php_version.h (SAPI_PHP_VERSION_HEADER)',
  }),
  rule(
    'composer',
    ['composer', 'composer.phar', 'composer[12]*'],
    [
      near(
        "'pretty_version' => '",
        /'pretty_version' => '(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-?(?:alpha|beta|RC)\d{0,2})?)'/,
        {
          requires: 'composer/composer',
        },
      ),
      near(
        "'pretty_version'",
        /'pretty_version'\s{0,9}=>\s{0,9}'(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-?(?:alpha|beta|RC)\d{0,2})?)'/,
      ),
    ],
    {
      purl: 'generic/composer',
      cpes: ['getcomposer:composer'],
      source: 'composer src/Composer/Composer.php, vendor/composer/installed.php (root)',
      kind: 'text',
    },
  ),
  rule(
    'wp-cli',
    ['wp', 'wp-cli.phar', 'wp-cli'],
    [near('wp-cli/wp-cli ', /wp-cli\/wp-cli (?<v>\d{1,2}\.\d{1,3}\.\d{1,3})/)],
    { cpes: ['wp-cli:wp-cli'], source: 'wp-cli-bundle manifest of the phar', kind: 'text' },
  ),
  rule('ruby', ['ruby', 'ruby[123]*', 'libruby*.so*'], rubyTexts, {
    cpes: ['ruby-lang:ruby'],
    source: 'ruby version.c (ruby_description), version.h',
  }),
  rule('erlang', ['erlexec', 'beam.smp', 'beam', 'liberts_internal*.a'], erlangTexts, {
    cpes: ['erlang:erlang/otp'],
    source: 'otp erts/emulator/beam/erl_bif_info.c, erl_init.c (ERLANG_OTP_VERSION)',
  }),
  rule(
    'elixir',
    ['elixir'],
    [near('ELIXIR_VERSION=', /ELIXIR_VERSION=(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-[\w.]{1,20})?)/)],
    {
      cpes: ['elixir-lang:elixir'],
      source: 'elixir bin/elixir',
      kind: 'text',
    },
  ),
  rule('elixir', ['elixir.app'], [near('{vsn,', /\{vsn,\s{0,4}"(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-[\w.]{1,20})?)"\}/)], {
    cpes: ['elixir-lang:elixir'],
    source: 'elixir lib/elixir/src/elixir.app.src',
    kind: 'text',
    path: /(?:^|\/)elixir\/ebin\/elixir\.app$/,
  }),
  rule(
    'swipl',
    ['swipl', 'libswipl.so*'],
    [
      near('swipl-', /swipl-(?:devel-)?(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})\//),
      near('swi-prolog-', /swi-prolog-(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})[/+-]/),
    ],
    { cpes: ['swi-prolog:swi-prolog'], source: 'swipl-devel src/pl-version (build folder in the debug information)' },
  ),
  rule(
    'dart',
    ['dart', 'dartaotruntime', 'dartvm'],
    [
      anywhere(
        /\0(?<v>\d\.\d{1,2}\.\d{1,3}(?:-\d{1,4}(?:\.\d{1,3}){0,2}\.(?:beta|dev))?) \((?:stable|beta|dev|main|be)\)/,
      ),
      anywhere(/\0(?<v>\d\.\d{1,2}\.\d{1,3}) \([A-Z][a-z]{2} [A-Z][a-z]{2} /),
    ],
    { cpes: ['dart:dart_software_development_kit'], source: 'dart sdk runtime/vm/version_in.cc' },
  ),
  rule(
    'ghc',
    ['ghc', 'ghc-[0-9]*', 'ghci*', 'ghc-pkg*'],
    [
      near('\0GHC ', /\0GHC (?<v>\d{1,2}\.\d{1,2}\.\d{1,3}(?:\.\d{8})?)\0/),
      near(
        '\0libHSghc-',
        /\0libHSghc-(?<v>\d{1,2}\.\d{1,2}\.\d{1,3})-(?:[A-Za-z0-9]{1,40}-)?ghc\d{1,2}\.\d{1,2}\.\d{1,3}\.so\0/,
      ),
    ],
    ghc,
  ),
  rule(
    'cabal',
    ['cabal'],
    [
      near('\0Cabal-', /\0Cabal-(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)-/),
      near('cabal-install-', /cabal-install-(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(?:-[A-Za-z0-9]{1,40})?\0/),
    ],
    { purl: 'generic/haskell/cabal', cpes: ['haskell:cabal'], source: 'cabal Paths_cabal_install (generated)' },
  ),
  rule(
    'stack',
    ['stack'],
    [
      near(', Git', /Version\s{0,4}(?<v>\d{1,2}\.\d{1,3}\.\d{1,3}), Git/, { before: 40 }),
      near('/stack-', /\/stack-(?<v>\d{1,2}\.\d{1,3}\.\d{1,3})(?:-[A-Za-z0-9]{1,40}-stack)?\0/),
    ],
    {
      purl: 'generic/haskell/stack',
      cpes: ['haskell:stack'],
      source: 'stack src/main/BuildInfo.hs (versionString)',
    },
  ),
  rule('rust', ['libstd-*.so', 'libstd-*.dylib', 'rustc', 'librustc_driver-*.so'], rustTexts, {
    cpes: ['rust-lang:rust'],
    source: 'rust compiler/rustc_codegen_llvm (producer in the debug information)',
  }),
  rule(
    'lua',
    ['lua', 'lua5*', 'luac*', 'liblua*.so*'],
    [near('Lua 5.', /\$?Lua(?:Version)?:? ?(?:Lua )?(?<v>5\.\d\.\d{1,2})(?: {1,2}Copyright)/, { before: 16 })],
    { cpes: ['lua:lua'], source: 'lua lua.h (LUA_COPYRIGHT), lapi.c (lua_ident)' },
  ),
  rule(
    'luajit',
    ['luajit*', 'libluajit*.so*'],
    [near('LuaJIT ', /LuaJIT (?<v>\d\.\d{1,2}\.(?:\d{1,12}|ROLLING)(?:-beta\d)?)/)],
    { cpes: ['luajit:luajit'], source: 'LuaJIT src/luajit.h (LUAJIT_VERSION)' },
  ),
  rule(
    'tcl',
    ['tclsh*', 'libtcl*.so*'],
    [
      near('/library', /tcl(?<v>[89]\.\d{1,2}\.\d{1,3})[^\0]{0,40}\/library/, { before: 60 }),
      bare(/(?<v>[89]\.\d{1,2}(?:\.\d{1,3}|[ab]\d{1,2}))/, 'tcl_patchLevel'),
    ],
    { cpes: ['tcl:tcl'], source: 'tcl generic/tcl.h (TCL_PATCH_LEVEL), generic/tclBasic.c (tcl_patchLevel)' },
  ),
  rule(
    'gcc',
    ['gcc', 'g++', '*-linux-gnu*-gcc*', 'gcc-[0-9]', 'gcc-[0-9][0-9]', 'cc1', 'cc1plus'],
    [
      bare(/(?<v>(?:[4-9]|1\d)\.\d{1,2}\.\d{1,2})/, 'gcc version %s'),
      near('GCC: (', /GCC: \((?<hint>[^)\0]{1,60})\) (?<v>\d{1,2}\.\d{1,2}\.\d{1,2})/),
    ],
    { cpes: ['gnu:gcc'], source: 'gcc gcc/varasm.c (.ident), gcc/BASE-VER' },
  ),
];
