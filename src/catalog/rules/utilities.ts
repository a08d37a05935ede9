import { bare, near, type Rule, rule } from './rule.js';

/** What a distribution usually brings, in images that bring it themselves: GNU tools, network and process tools. */
export const utilities: readonly Rule[] = [
  rule(
    'tar',
    ['tar'],
    [near('tar (', /\(GNU tar\) (?<v>1\.\d{1,2}(?:\.\d{1,2})?)/), bare(/(?<v>1\.[23]\d)/, 'GNU tar')],
    { cpes: ['gnu:tar'], source: 'tar configure.ac (PACKAGE_STRING)' },
  ),
  rule('sed', ['sed'], [bare(/(?<v>4\.[1-9]\d?(?:\.\d{1,2})?)/, 'GNU sed')], {
    cpes: ['gnu:sed'],
    source: 'sed sed/sed.c, configure.ac',
  }),
  rule(
    'gawk',
    ['gawk'],
    [near('GNU Awk ', /GNU Awk (?<v>\d\.\d{1,2}\.\d{1,2})/), bare(/(?<v>[45]\.\d{1,2}\.\d{1,2})/, 'GNU Awk')],
    { cpes: ['gnu:gawk'], source: 'gawk version.c' },
  ),
  rule('coreutils', ['coreutils'], [bare(/(?<v>[89]\.\d{1,2})/, 'GNU coreutils')], {
    cpes: ['gnu:coreutils'],
    source: 'coreutils src/system.h, src/version.c',
  }),
  rule('vim', ['vim', 'vim.*', 'vi'], [near('VIM - Vi IMproved', /VIM - Vi IMproved (?<v>\d\.\d)/)], {
    cpes: ['vim:vim'],
    source: 'vim src/version.c, src/version.h (VIM_VERSION_LONG)',
  }),
  rule(
    'nano',
    ['nano', 'rnano'],
    [near('GNU nano', /GNU nano,? (?:version )?(?<v>\d\.\d)/), bare(/(?<v>[2-9]\.\d(?:\.\d)?)/, 'GNU nano')],
    { cpes: ['gnu:nano'], source: 'nano src/nano.c, configure.ac' },
  ),
  rule(
    'less',
    ['less'],
    [near('less ', /\0less (?<v>\d{3}(?:\.\d)?)\0/, { before: 1 }), bare(/(?<v>[3-9]\d\d)/, 'less %s')],
    { cpes: ['greenwoodsoftware:less'], source: 'less version.c' },
  ),
  rule(
    'iproute2',
    ['ip', 'tc', 'ss', 'bridge'],
    [near('iproute2-', /iproute2-(?<v>\d\.\d{1,2}\.\d{1,2})/), bare(/(?<v>[4-6]\.\d{1,2}\.\d)/, 'iproute2')],
    { source: 'iproute2 include/version.h' },
  ),
  rule(
    'iptables',
    ['xtables-legacy-multi', 'xtables-nft-multi', 'iptables'],
    [near('iptables v', /iptables v(?<v>1\.\d\.\d{1,2})/), bare(/(?<v>1\.[48]\.\d{1,2})/, 'iptables')],
    { cpes: ['netfilter:iptables'], source: 'iptables configure.ac (PACKAGE_VERSION)' },
  ),
  rule(
    'tcpdump',
    ['tcpdump'],
    [
      near(' version 4.', /(?:tcpdump|%s) version (?<v>4\.\d{1,3}\.\d)/, { before: 8 }),
      bare(/(?<v>4\.\d{1,2}\.\d)/, 'tcpdump'),
    ],
    { cpes: ['tcpdump:tcpdump'], source: 'tcpdump VERSION' },
  ),
  rule(
    'socat',
    ['socat', 'socat1'],
    [near('socat ', /socat version (?<v>1\.\d\.\d\.\d)/), bare(/(?<v>1\.\d\.\d\.\d)/, 'socat')],
    { cpes: ['dest-unreach:socat'], source: 'socat VERSION, socat.c' },
  ),
  rule(
    'strace',
    ['strace'],
    [near('strace -- version ', /strace -- version (?<v>\d\.\d{1,2})/), bare(/(?<v>[4-6]\.\d{1,2})/, 'strace')],
    { cpes: ['strace_project:strace'], source: 'strace configure.ac' },
  ),
  rule(
    'sudo',
    ['sudo'],
    [
      near('Sudo version ', /Sudo version (?<v>1\.\d{1,2}\.\d{1,2}(?:p\d{1,2})?)/),
      bare(/(?<v>1\.[89]\.\d{1,2}(?:p\d{1,2})?)/, 'sudo'),
    ],
    { cpes: ['sudo_project:sudo'], source: 'sudo configure.ac, src/sudo.c' },
  ),
  rule(
    'gnupg',
    ['gpg', 'gpg2', 'gpg-agent', 'gpgv'],
    [
      near('(@GNUPG@)', /\(@GNUPG@\)\0(?<v>[12]\.\d{1,2}\.\d{1,2})\0/),
      near('(GnuPG)', /\(GnuPG\)[ \0](?<v>[12]\.\d{1,2}\.\d{1,2})(?:-\w{1,12})?[\n\0]/),
      near('GnuPG v', /GnuPG v(?<v>[12]\.\d{1,2}(?:\.\d{1,2})?)/),
      bare(/(?<v>[12]\.[0-5]\.\d{1,2})/, 'GnuPG'),
    ],
    { cpes: ['gnupg:gnupg'], source: 'gnupg configure.ac (PACKAGE_VERSION)' },
  ),
  rule(
    'crun',
    ['crun'],
    [
      near('\0%s version %s\n', /(?<![\x20-\x7e])(?<v>\d\.\d{1,2}(?:\.\d{1,2})?)\0%s version/, { before: 16 }),
      bare(/(?<v>[01]\.\d{1,2}(?:\.\d)?)/, 'crun'),
    ],
    { source: 'crun src/crun.c, configure.ac' },
  ),
  rule('ghostscript', ['gs', 'libgs.so*'], [near('Ghostscript ', /Ghostscript (?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/)], {
    cpes: ['artifex:ghostscript'],
    source: 'ghostpdl base/gscdef.c',
    nameVersion: /^libgs\.so\.(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)$/,
  }),
  rule(
    'imagemagick',
    ['magick', 'convert', 'libMagickCore*.so*'],
    [near('ImageMagick ', /ImageMagick (?<v>[67]\.\d\.\d{1,2}-\d{1,3})/)],
    { cpes: ['imagemagick:imagemagick'], source: 'ImageMagick MagickCore/version.h.in' },
  ),
];
