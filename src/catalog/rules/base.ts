import { bare, near, type Rule, rule } from './rule.js';

/** Single programs of GNU coreutils that images carry alone; `coreutils` is the one of all. */
const coreutils = [
  'base32 base64 basename cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors dirname du',
  'env expand expr factor fmt fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp',
  'mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq',
  'sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee',
  'timeout touch tr truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes',
].flatMap((line) => line.split(' '));

const binutils = 'addr2line ar as elfedit gprof ld ld.bfd ld.gold nm objcopy objdump ranlib readelf size strings strip';

/** What a base system brings: GNU programs, shells, file systems, devices. */
export const base: readonly Rule[] = [
  rule('coreutils', coreutils, [bare(/(?<v>(?:[89]|[5-7])\.\d{1,2})/, 'GNU coreutils')], {
    cpes: ['gnu:coreutils'],
    source: 'coreutils src/system.h, src/version.c',
  }),
  rule('grep', ['grep', 'egrep', 'fgrep'], [bare(/(?<v>[23]\.\d{1,2})/, 'GNU grep')], {
    cpes: ['gnu:grep'],
    source: 'grep configure.ac, src/grep.c (main)',
  }),
  rule(
    'findutils',
    ['find', 'xargs', 'locate'],
    [near('GNU findutils', /GNU findutils\0(?<v>4\.\d{1,2}\.\d{1,2})\0/)],
    {
      cpes: ['gnu:findutils'],
      source: 'findutils lib/listfile, find/util.c (display_findutils_version)',
    },
  ),
  rule('diffutils', ['diff', 'cmp', 'diff3', 'sdiff'], [bare(/(?<v>3\.\d{1,2})/, 'GNU diffutils')], {
    cpes: ['gnu:diffutils'],
    source: 'diffutils src/version.c',
  }),
  rule('cpio', ['cpio', 'mt-gnu'], [near('GNU cpio', /\0(?<v>2\.\d{1,2})\0GNU cpio/, { before: 8 })], {
    cpes: ['gnu:cpio'],
    source: 'cpio src/main.c, configure.ac',
  }),
  rule('patch', ['patch'], [near('GNU patch', /\0(?<v>2\.\d(?:\.\d)?)\0GNU patch\0/, { before: 8 })], {
    cpes: ['gnu:patch'],
    source: 'patch src/patch.c, src/version.c',
  }),
  rule('make', ['make', 'gmake'], [bare(/(?<v>[34]\.\d{1,2}(?:\.\d{1,2})?)/, 'GNU Make ')], {
    cpes: ['gnu:make'],
    source: 'make src/version.c (version_string)',
  }),
  rule('m4', ['m4'], [near('GNU M4 ', /GNU M4 (?<v>1\.\d\.\d{1,2})/)], {
    cpes: ['gnu:m4'],
    source: 'm4 src/m4.c (PACKAGE_STRING)',
  }),
  rule('gettext', ['envsubst', 'gettext', 'ngettext'], [bare(/(?<v>0\.\d{2}(?:\.\d)?)/, 'gettext-runtime')], {
    cpes: ['gnu:gettext'],
    source: 'gettext gettext-runtime/src/envsubst.c (VERSION)',
  }),
  rule(
    'binutils',
    [
      ...binutils.split(' '),
      ...binutils.split(' ').map((name) => `*-linux-gnu*-${name}`),
      'libbfd-*.so',
      'libopcodes-*.so',
    ],
    [near('(GNU Binutils', /\(GNU Binutils[^)\0]{0,60}\) (?<v>2\.\d{2}(?:\.\d{1,3}){0,2})/)],
    { cpes: ['gnu:binutils'], source: 'binutils bfd/version.h (BFD_VERSION_STRING)' },
  ),
  rule('inetutils', ['telnet', 'inetutils-*', 'ftp'], [bare(/(?<v>[12]\.\d(?:\.\d)?)/, 'GNU inetutils')], {
    cpes: ['gnu:inetutils'],
    source: 'inetutils libinetutils, configure.ac',
  }),
  rule(
    'psmisc',
    ['killall', 'pstree', 'fuser', 'pslog', 'peekfd', 'prtstat'],
    [bare(/(?<v>2[2-9]\.\d{1,2})/, '(PSmisc)')],
    {
      source: 'psmisc src/killall.c, configure.ac',
    },
  ),
  rule(
    'sysstat',
    ['sar', 'sadf', 'iostat', 'mpstat', 'pidstat', 'cifsiostat', 'tapestat'],
    [bare(/(?<v>1[12]\.\d{1,2}\.\d{1,2})/, 'sysstat version %s')],
    { cpes: ['sysstat_project:sysstat'], source: 'sysstat version.in, common.c (print_version)' },
  ),
  rule('htop', ['htop'], [near('htop ', /\0htop (?<v>[123]\.\d{1,2}(?:\.\d{1,2})?) - \(C\)/, { before: 1 })], {
    cpes: ['htop:htop'],
    source: 'htop CommandLine.c, configure.ac',
  }),
  rule('tmux', ['tmux'], [bare(/(?<v>[123]\.\d[a-z]?)/, 'TMUX_PANE')], {
    cpes: ['tmux_project:tmux'],
    source: 'tmux tmux.c (getversion), configure.ac',
  }),
  rule('neovim', ['nvim'], [near('NVIM v', /NVIM v(?<v>0\.\d{1,2}\.\d{1,2})/)], {
    cpes: ['neovim:neovim'],
    source: 'neovim src/nvim/version.c (longVersion)',
  }),
  rule('tree', ['tree'], [near('tree v', /tree v(?<v>[12]\.\d(?:\.\d)?) /)], {
    cpes: ['tree_project:tree'],
    source: 'tree tree.c (version)',
  }),
  rule('file', ['file'], [near('magic file from ', /\0(?<v>5\.\d{2})\0%s-%s\n\0magic file/, { before: 16 })], {
    cpes: ['file_project:file'],
    source: 'file src/file.c (VERSION)',
    family: 'file',
  }),
  rule('file', ['libmagic.so*'], [bare(/(?<v>5\.\d{2})/, "bad magic in `%s'")], {
    cpes: ['file_project:file'],
    source: 'file src/magic.c (VERSION)',
    family: 'file',
  }),
  rule(
    'dpkg',
    ['dpkg', 'dpkg-deb', 'dpkg-query', 'dpkg-split', 'dpkg-trigger'],
    [bare(/(?<v>1\.\d{2}\.\d{1,2}) \([a-z0-9-]{3,14}\)/, '/var/lib/dpkg')],
    {
      cpes: ['debian:dpkg'],
      source: 'dpkg lib/dpkg (PACKAGE_RELEASE)',
    },
  ),
  rule('rpm', ['librpm.so*'], [near('rpmpopt-', /rpmpopt-(?<v>[4-6]\.\d{1,2}\.\d{1,2}(?:\.\d)?)\0/)], {
    cpes: ['rpm:rpm'],
    source: 'rpm lib/poptALL.c (rpmpopt-VERSION)',
  }),
  rule(
    'dbus',
    ['dbus-daemon', 'dbus-launch', 'dbus-run-session', 'dbus-send', 'libdbus-1.so*'],
    [
      near('libdbus 1.', /libdbus (?<v>1\.\d{1,2}\.\d{1,2})\0/),
      near('LIBDBUS_PRIVATE_', /LIBDBUS_PRIVATE_(?<v>1\.\d{1,2}\.\d{1,2})\0/),
    ],
    { cpes: ['freedesktop:dbus'], source: 'dbus dbus/dbus-transport, dbus/Version.in' },
  ),
  rule(
    'parted',
    ['parted', 'partprobe', 'libparted.so*'],
    [near('GNU Parted ', /GNU Parted (?<v>3\.\d{1,2}(?:\.\d)?)\n/), bare(/(?<v>3\.\d)/, 'GNU parted')],
    {
      source: 'parted parted/parted.c, configure.ac',
    },
  ),
  rule(
    'dosfstools',
    ['mkfs.fat', 'fsck.fat', 'fatlabel', 'mkfs.vfat', 'fsck.vfat', 'dosfsck'],
    [near(' 4.', /(?:\.v?fat|fatlabel) (?<v>4\.\d) \(20\d\d-/, { before: 10 })],
    {
      cpes: ['dosfstools_project:dosfstools'],
      source: 'dosfstools src/version.h.in',
    },
  ),
  rule('mdadm', ['mdadm', 'mdmon'], [near('mdadm - v', /mdadm - v(?<v>[34]\.\d(?:\.\d)?)/)], {
    source: 'mdadm ReadMe.c (Version)',
  }),
  rule(
    'btrfs-progs',
    ['btrfs', 'mkfs.btrfs', 'btrfs-convert', 'btrfstune'],
    [near('btrfs-progs v', /btrfs-progs v(?<v>[4-7]\.\d{1,2}(?:\.\d)?)/)],
    {
      source: 'btrfs-progs VERSION (PACKAGE_STRING)',
    },
  ),
  rule(
    'squashfs-tools',
    ['mksquashfs', 'unsquashfs'],
    [
      near(' version 4.', /(?:squashfs|%s) version (?<v>4\.\d(?:\.\d)?) \(20\d\d\/\d\d\/\d\d\)/, {
        before: 10,
        after: 30,
      }),
    ],
    {
      cpes: ['squashfs-tools_project:squashfs-tools'],
      source: 'squashfs-tools squashfs-tools/mksquashfs.c (VERSION)',
    },
  ),
  rule(
    'drbd-utils',
    ['drbdadm', 'drbdsetup', 'drbdmeta'],
    [
      near('DRBD_DRIVER_VERSION_OVERRIDE', /OVERRIDE\0(?<v>[89]\.\d{1,2}\.\d{1,2})\0/),
      near('DRBDADM_VERSION=', /\0(?<v>[89]\.\d{1,2}\.\d{1,2})\0DRBDADM_VERSION=/, { before: 12 }),
    ],
    {
      source: 'drbd-utils user/shared/drbdtool_common.c',
    },
  ),
  rule('ethtool', ['ethtool'], [near('ethtool version ', /ethtool version (?<v>[3-6]\.\d{1,2})/)], {
    source: 'ethtool ethtool.c (show_version)',
  }),
  rule(
    'pciutils',
    ['lspci', 'setpci'],
    [near('pci version ', /(?:ls|set)pci version (?<v>3\.\d{1,2}\.\d{1,2})\0/, { before: 3 })],
    {
      source: 'pciutils lib/config, Makefile (VERSION)',
    },
  ),
  rule('usbutils', ['lsusb'], [near('(usbutils) ', /\(usbutils\) (?<v>\d{3})\0/)], { source: 'usbutils lsusb.c' }),
  rule(
    'smartmontools',
    ['smartctl', 'smartd'],
    [near('%s 7.', /%s (?<v>7\.\d) 20\d\d-\d\d-\d\d r\d{4}/), near('%s 6.', /%s (?<v>6\.\d) 20\d\d-\d\d-\d\d r\d{4}/)],
    {
      source: 'smartmontools utility.cpp (format_version_info)',
    },
  ),
  rule('hdparm', ['hdparm'], [near('hard disk parameters - version v', /version v(?<v>9\.\d{2})/)], {
    source: 'hdparm hdparm.c (VERSION)',
  }),
  rule(
    'ipmitool',
    ['ipmitool', 'ipmievd'],
    [near('%s version %s\n', /\0(?<v>1\.8\.\d{2})\0%s version %s\n/, { before: 12 })],
    {
      cpes: ['ipmitool_project:ipmitool'],
      source: 'ipmitool lib/ipmi_main.c (VERSION)',
    },
  ),
  rule(
    'fuse',
    ['fusermount3', 'mount.fuse3', 'libfuse3.so*', 'fusermount', 'libfuse.so*', 'libulockmgr.so*'],
    [
      near('fusermount', /\0(?<v>[23]\.\d{1,2}\.\d{1,2})\0fusermount3? version/, { before: 10 }),
      near('FUSE library version: ', /\0(?<v>[23]\.\d{1,2}\.\d{1,2})\0FUSE library version: /, { before: 10 }),
    ],
    {
      cpes: ['libfuse_project:libfuse'],
      source: 'libfuse util/fusermount.c; the name of libfuse3.so',
      nameVersion: /^libfuse3?\.so\.(?<v>[23]\.\d{1,2}\.\d{1,2})$/,
    },
  ),
  rule(
    'fuse-overlayfs',
    ['fuse-overlayfs'],
    [
      near('fuse-overlayfs: version ', /\0(?<v>[01]\.\d{1,2}(?:\.\d)?(?:-dev)?)\0fuse-overlayfs: version/, {
        before: 14,
      }),
    ],
    {
      cpes: ['containers:fuse-overlayfs'],
      source: 'fuse-overlayfs main.c',
    },
  ),
  rule('sshfs', ['sshfs'], [near('SSHFS version ', /\0(?<v>[23]\.\d{1,2}(?:\.\d)?)\0SSHFS version/, { before: 10 })], {
    source: 'sshfs sshfs.c',
  }),
  rule('s3fs', ['s3fs'], [near('s3fs version ', /s3fs version (?<v>1\.\d{2})/)], {
    source: 's3fs-fuse src/s3fs_help.cpp (short_version)',
  }),
];
