import { bare, near, type Rule, rule } from './rule.js';

/** Storage, routing and the machine's own tools, as images of drivers and agents bring them. */
export const storage: readonly Rule[] = [
  rule(
    'qemu',
    ['qemu-img', 'qemu-nbd', 'qemu-io', 'qemu-system-*', 'qemu-*-static'],
    [
      near('QEMU v', /QEMU v(?<v>\d{1,2}\.\d{1,2}\.\d{1,2})/),
      near(
        'version ',
        /(?:qemu-\w{2,20}|%s|QEMU emulator) version (?<v>\d{1,2}\.\d{1,2}\.\d{1,2})(?: \((?<hint>[^)\0]{1,60})\))?/,
        { before: 24 },
      ),
    ],
    { cpes: ['qemu:qemu'], source: 'qemu qemu-img.c, VERSION' },
  ),
  rule(
    'ceph',
    ['ceph-osd', 'ceph-mon', 'ceph-mds', 'ceph-mgr', 'radosgw', 'rbd', 'rados', 'libceph-common.so*'],
    [
      near('ceph version ', /ceph version (?<v>\d{1,2}\.\d{1,2}\.\d{1,2})/),
      bare(/(?<v>1[2-9]\.2\.\d{1,2}|2\d\.2\.\d{1,2})(?:-[\w.-]{1,40})?/, 'ceph'),
    ],
    { cpes: ['redhat:ceph', 'linuxfoundation:ceph'], source: 'ceph src/common/version.cc (CEPH_GIT_NICE_VER)' },
  ),
  rule(
    'glusterfs',
    ['glusterfsd', 'glusterd', 'gluster', 'fusermount-glusterfs'],
    [
      near('glusterfs ', /glusterfs (?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)[\n\0]/),
      near('fusermount version: ', /(?<![\x20-\x7e])(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)\0fusermount version/, {
        before: 16,
      }),
    ],
    { cpes: ['gluster:glusterfs'], source: 'glusterfs configure.ac (PACKAGE_STRING)' },
  ),
  rule(
    'nfs-utils',
    ['mount.nfs', 'rpc.statd', 'rpc.mountd', 'showmount', 'nfsstat', 'rpc.nfsd'],
    [
      near('nfs-utils ', /nfs-utils (?<v>[12]\.\d{1,2}\.\d{1,2})/),
      near('showmount for ', /showmount for (?<v>[12]\.\d{1,2}\.\d{1,2})/),
      near('nfsstat: ', /nfsstat: (?<v>[12]\.\d{1,2}\.\d{1,2})/),
      near('%s version ', /%s version (?<v>[12]\.\d{1,2}\.\d{1,2})\n/),
    ],
    { cpes: ['linux-nfs:nfs-utils'], source: 'nfs-utils utils/mount/version.h, configure.ac' },
  ),
  rule(
    'frr',
    ['zebra', 'bgpd', 'ospfd', 'vtysh', 'watchfrr', 'staticd', 'libfrr.so*'],
    [
      near('FRRouting ', /FRRouting (?:\(version )?(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/),
      near('frr version', /(?<![\x20-\x7e])(?<v>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)\0/, { before: 60 }),
    ],
    { cpes: ['frrouting:frrouting'], source: 'frr lib/version.h, lib/vty.c' },
  ),
  rule(
    'bird',
    ['bird', 'bird6', 'birdc'],
    [
      near('BIRD version ', /BIRD version (?<v>[123]\.\d{1,2}\.\d{1,2})/),
      near('BIRD ', /\0BIRD (?<v>[123]\.\d{1,2}\.\d{1,2})/, { before: 1 }),
    ],
    {
      cpes: ['nic:bird'],
      source: 'bird sysdep/unix/main.c, configure.ac',
    },
  ),
  rule(
    'monit',
    ['monit'],
    [near('mmonit.com/monit/', /monit (?<v>5\.\d{1,2}\.\d{1,2})/), bare(/(?<v>5\.\d{1,2}\.\d{1,2})/, 'monit')],
    {
      cpes: ['mmonit:monit'],
      source: 'monit configure.ac (VERSION), src/http/cervlet.c',
    },
  ),
  rule(
    'gdb',
    ['gdb', 'gdbserver'],
    [
      near('/gdb-', /\/gdb-(?<v>\d{1,2}\.\d)\/gdb/),
      near('GNU gdb %s%s', /\((?:Debian|Ubuntu) (?<v>\d{1,2}\.\d)[\w.~+-]{1,30}\) \0GNU gdb/, { before: 60 }),
    ],
    {
      cpes: ['gnu:gdb'],
      source: 'gdb gdb/version.in',
    },
  ),
  rule(
    'e2fsprogs',
    [
      'mke2fs',
      'e2fsck',
      'tune2fs',
      'resize2fs',
      'mkfs.ext4',
      'fsck.ext4',
      'chattr',
      'lsattr',
      'dumpe2fs',
      'libext2fs.so*',
    ],
    [
      near('-20', /\d{1,2}-[A-Z][a-z]{2}-20\d\d\0{1,8}(?<v>1\.\d{2}\.\d{1,2})\0/, { before: 6, after: 24 }),
      near('-20', /(?<![\x20-\x7e])(?<v>1\.\d{2}\.\d{1,2})\0{1,8}\d{1,2}-[A-Z][a-z]{2}-20\d\d\0/, {
        before: 24,
        after: 4,
      }),
    ],
    { cpes: ['e2fsprogs_project:e2fsprogs'], source: 'e2fsprogs version.h (E2FSPROGS_VERSION, E2FSPROGS_DATE)' },
  ),
  rule(
    'xfsprogs',
    ['xfs_repair', 'mkfs.xfs', 'xfs_db', 'xfs_io', 'xfs_growfs', 'fsck.xfs'],
    [near('%s version %s\n\0', /%s version %s\n\0(?<v>[4-9]\.\d{1,2}\.\d{1,2})\0/)],
    {
      source: 'xfsprogs configure.ac (VERSION)',
    },
  ),
  rule(
    'lvm2',
    ['lvm', 'dmsetup', 'lvmpolld', 'dmeventd'],
    [near('2.0', /(?<![\x20-\x7e])(?<v>2\.\d{2}\.\d{1,2})\(2\)/, { before: 1 })],
    {
      cpes: ['redhat:lvm2'],
      source: 'lvm2 VERSION, lib/misc/lvm-version.h',
    },
  ),
  rule(
    'nftables',
    ['nft', 'libnftables.so*'],
    [
      near('src/json.c', /\0(?<v>1\.\d{1,2}\.\d{1,2}|0\.9\.\d)\0src\/json\.c\0/, { before: 10 }),
      near('%s v%s (%s)', /(?<![\x20-\x7e])(?<v>[01]\.\d{1,2}\.\d{1,2}|0\.\d{1,2})\0{1,4}nftables\0/, { before: 40 }),
    ],
    {
      cpes: ['netfilter:nftables'],
      source: 'nftables src/main.c, configure.ac',
    },
  ),
  rule('ipset', ['ipset'], [near('ipset v', /ipset v(?<v>[67]\.\d{1,2})/), bare(/(?<v>[67]\.\d{1,2})/, 'ipset v%s')], {
    cpes: ['netfilter:ipset'],
    source: 'ipset lib/ipset.c',
  }),
  rule(
    'conntrack-tools',
    ['conntrack', 'conntrackd'],
    [
      near('(conntrack-tools)', /v(?<v>1\.\d\.\d{1,2}) \(conntrack-tools\)/, { before: 16 }),
      bare(/(?<v>1\.\d\.\d{1,2})/, 'conntrack-tools'),
    ],
    { cpes: ['netfilter:conntrack-tools'], source: 'conntrack-tools src/conntrack.c' },
  ),
  rule(
    'procps',
    ['top', 'ps', 'free', 'watch', 'pgrep', 'pkill', 'vmstat', 'sysctl', 'pmap', 'w'],
    [near('procps-ng ', /procps-ng (?<v>[34]\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['procps-ng_project:procps-ng'],
      source: 'procps include/c.h (PROCPS_NG_VERSION)',
    },
  ),
  rule('logrotate', ['logrotate'], [near('logrotate 3', /logrotate (?<v>3\.\d{1,2}\.\d)/)], {
    cpes: ['logrotate_project:logrotate'],
    source: 'logrotate logrotate.c',
  }),
  rule('lsof', ['lsof'], [bare(/(?<v>4\.\d{2}(?:\.\d{1,2})?)/, ' latest revision: %s')], {
    cpes: ['lsof_project:lsof'],
    source: 'lsof version.h, print.c',
  }),
  rule('bubblewrap', ['bwrap'], [near('bubblewrap 0', /bubblewrap (?<v>0\.\d{1,2}\.\d)/)], {
    cpes: ['projectatomic:bubblewrap'],
    source: 'bubblewrap bubblewrap.c (PACKAGE_STRING)',
  }),
  rule(
    'cryptsetup',
    ['cryptsetup', 'veritysetup', 'integritysetup'],
    [near('# %s %s processing "', /(?<![\x20-\x7e])(?<v>2\.\d{1,2}\.\d{1,2})\0cryptsetup\0/, { before: 32 })],
    { cpes: ['cryptsetup_project:cryptsetup'], source: 'cryptsetup src/utils_tools.c, configure.ac' },
  ),
  rule(
    'ntpsec',
    ['ntpd', 'ntptime', 'ntpdig'],
    [near('ntpsec-%s', /(?<![\x20-\x7e])(?<v>1\.\d\.\d{1,2}[a-z]?)\0/, { before: 24 })],
    { cpes: ['ntpsec:ntpsec'], source: 'ntpsec include/ntp_stdlib.h, VERSION' },
  ),
  rule(
    'p7zip',
    ['7z', '7za', '7zr', '7zz'],
    [
      near('p7zip Version ', /p7zip Version \0?(?<v>\d{1,2}\.\d{2})/),
      near('7-Zip ', /7-Zip (?:\([a-z]\) )?\[?(?<v>\d{2}\.\d{2})/),
    ],
    { cpes: ['7-zip:p7zip', '7-zip:7-zip'], source: 'p7zip C/7zVersion.h' },
  ),
  rule('zip', ['zip', 'zipnote', 'zipsplit', 'zipcloak'], [near('July 5th 2008', /July 5th 2008\0(?<v>3\.0)\0/)], {
    cpes: ['info-zip:zip'],
    source: 'zip revision.h (VERSION, REVDATE)',
  }),
  rule('unzip', ['unzip', 'funzip', 'zipinfo'], [near('UnZip ', /UnZip (?<v>[56]\.\d{1,2})/)], {
    cpes: ['info-zip:unzip', 'unzip_project:unzip'],
    source: 'unzip unzvers.h',
  }),
  rule(
    'netcat-openbsd',
    ['nc.openbsd', 'nc'],
    [near('OpenBSD netcat', /OpenBSD netcat \((?<hint>Debian patchlevel [^)]{1,30})\)/)],
    { source: 'Debian netcat-openbsd (names a patch level, no version)' },
  ),
  rule('gearmand', ['gearmand'], [near('Gearman/', /Server: Gearman\/(?<v>1\.\d{1,2}\.\d{1,2})/, { before: 8 })], {
    cpes: ['gearman:gearmand'],
    source: 'gearmand libgearman-server/plugins/protocol/http',
  }),
  rule(
    'libcap',
    ['libcap.so*', 'libpsx.so*'],
    [near('library version: lib', /library version: lib(?:cap|psx)-(?<v>2\.\d{1,2})/)],
    {
      cpes: ['libcap_project:libcap'],
      source: 'libcap libcap/execable.h',
      nameVersion: /^lib(?:cap|psx)\.so\.(?<v>2\.\d{1,2})$/,
    },
  ),
  rule('libseccomp', ['libseccomp.so*'], [], {
    cpes: ['libseccomp_project:libseccomp'],
    source: 'libseccomp: the name of libseccomp.so',
    nameVersion: /^libseccomp\.so\.(?<v>2\.\d\.\d)$/,
  }),
];
