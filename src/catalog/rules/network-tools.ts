import { bare, near, type Rule, rule } from './rule.js';

/** Tools and daemons of networks and of containers themselves, beside those of `servers` and `utilities`. */
export const networkTools: readonly Rule[] = [
  rule(
    'iputils',
    ['ping', 'ping6', 'tracepath', 'arping', 'clockdiff'],
    [
      near('iputils ', /iputils (?<v>s?20\d{6})/),
      near('iputils-s', /iputils-(?<v>s20\d{6})/),
      bare(/(?<v>20[12]\d{5})/, 'iputils'),
    ],
    {
      cpes: ['iputils:iputils'],
      source: 'iputils iputils_common.h (IPUTILS_VERSION)',
    },
  ),
  rule(
    'net-tools',
    [
      'arp',
      'ifconfig',
      'netstat',
      'route',
      'rarp',
      'slattach',
      'plipconfig',
      'nameif',
      'ipmaddr',
      'iptunnel',
      'mii-tool',
    ],
    [near('net-tools ', /net-tools (?<v>[12]\.\d{2}(?:-alpha)?)(?:\+[\w.]{1,20})?\0/)],
    {
      cpes: ['net-tools_project:net-tools'],
      source: 'net-tools version.h.in (RELEASE)',
    },
  ),
  rule('ipvsadm', ['ipvsadm'], [near('ipvsadm v', /ipvsadm v(?<v>1\.\d{1,2}) 20/)], {
    source: 'ipvsadm ipvsadm.c, VERSION',
  }),
  rule(
    'traceroute',
    ['traceroute', 'traceroute.db', 'traceroute6.db'],
    [near('Modern traceroute for Linux, version ', /version (?<v>2\.\d\.\d)/)],
    {
      source: 'traceroute traceroute/traceroute.c (version_string)',
    },
  ),
  rule('mtr', ['mtr', 'mtr-packet'], [near('mtr 0.', /\0mtr (?<v>0\.\d{2})\0/, { before: 1 })], {
    cpes: ['bitwizard:mtr'],
    source: 'mtr ui/mtr.c (PACKAGE_VERSION)',
  }),
  rule('nmap', ['nmap'], [near('://nmap.org', /:\/\/nmap\.org\0(?<v>[67]\.\d{2}(?:SVN)?)\0/)], {
    cpes: ['nmap:nmap'],
    source: 'nmap nmap.h (NMAP_VERSION, NMAP_URL)',
  }),
  rule('ncat', ['ncat'], [near('nmap.org/ncat', /nmap\.org\/ncat\0(?<v>[67]\.\d{2}(?:SVN)?)\0/)], {
    cpes: ['nmap:ncat'],
    source: 'nmap ncat/ncat_main.c (NCAT_VERSION, NCAT_URL)',
  }),
  rule('iperf', ['iperf'], [near('iperf version ', /iperf version (?<v>2\.\d{1,2}\.\d{1,2}(?:-dev|[a-z])?) \(/)], {
    source: 'iperf2 src/Locale.c (version)',
  }),
  rule('iperf3', ['iperf3', 'libiperf.so*'], [near('iperf 3.', /iperf (?<v>3\.\d{1,2}(?:\.\d{1,2})?\+?)[\0\n]/)], {
    cpes: ['es:iperf3'],
    source: 'iperf src/iperf_api.h, configure.ac (PACKAGE_STRING)',
  }),
  rule('lldpd', ['lldpd', 'lldpcli'], [near('lldpd 1.', /\0lldpd (?<v>1\.\d\.\d{1,2})\0/, { before: 1 })], {
    cpes: ['lldpd_project:lldpd'],
    source: 'lldpd src/daemon/lldpd.c (PACKAGE_STRING)',
  }),
  rule(
    'openvswitch',
    ['ovs-vswitchd', 'ovs-*', 'ovsdb-server', 'ovsdb-tool', 'ovsdb-client', 'libopenvswitch*.so*'],
    [near('Open vSwitch Library ', /Open vSwitch Library (?<v>[23]\.\d{1,2}\.\d{1,2})/)],
    {
      cpes: ['openvswitch:openvswitch'],
      source: 'ovs lib/util.c (ovs_set_program_name, ovs_print_version)',
    },
  ),
  rule(
    'ovn',
    ['ovn-controller', 'ovn-northd', 'ovn-nbctl', 'ovn-sbctl', 'ovn-trace', 'ovn-ic', 'ovn-appctl'],
    [bare(/(?<v>2\d\.\d{2}\.\d{1,2})/, 'ovn')],
    {
      cpes: ['ovn:open_virtual_network'],
      source: 'ovn lib/ovn-util.c, configure.ac',
    },
  ),
  rule('corosync', ['corosync'], [bare(/(?<v>[23]\.\d\.\d{1,2})/, 'Corosync Cluster Engine')], {
    cpes: ['corosync:corosync'],
    source: 'corosync exec/main.c (VERSION)',
  }),
  rule(
    'samba',
    [
      'smbd',
      'nmbd',
      'winbindd',
      'samba',
      'smbclient',
      'smbstatus',
      'testparm',
      'net',
      'libsmbclient.so*',
      'lib*-private-samba.so*',
      'libsamba-util.so*',
    ],
    [near('SAMBA_4.', /SAMBA_(?<v>4\.\d{1,2}\.\d{1,2})(?:_[A-Z_0-9]{1,40})?\0/)],
    {
      cpes: ['samba:samba'],
      source: 'samba buildtools/wafsamba/samba_abi.py (symbol versions), VERSION',
    },
  ),
  rule(
    'cups',
    ['cupsd', 'libcups.so*', 'cupsctl', 'lpstat'],
    [
      near('CUPS v', /CUPS v(?<v>[12]\.\d\.\d{1,2})[<\n]/),
      near('CUPS/', /\0CUPS\/(?<v>[12]\.\d\.\d{1,2})\0/, { before: 1 }),
    ],
    {
      cpes: ['openprinting:cups', 'apple:cups'],
      source: 'cups cups/http.c (CUPS_MINIMAL), cups/versioning.h',
    },
  ),
  rule(
    'avahi',
    ['avahi-daemon', 'avahi-resolve', 'avahi-publish', 'avahi-browse', 'avahi-set-host-name'],
    [near('%s 0.', /%s (?<v>0\.\d(?:\.\d{1,2})?)[\n ]/)],
    { cpes: ['avahi:avahi'], source: 'avahi avahi-daemon/main.c, configure.ac' },
  ),
  rule(
    'networkmanager',
    ['NetworkManager'],
    [near('NetworkManager (version ', /\(version (?<v>1\.\d{1,2}\.\d{1,2})/)],
    { cpes: ['gnome:networkmanager'], source: 'NetworkManager src/core/main.c (NM_DIST_VERSION)' },
  ),
  rule(
    'hostapd',
    ['hostapd', 'hostapd_cli'],
    [near('hostapd', /hostapd(?:_cli)? v(?<v>2\.\d{1,2})[\n\0]/), bare(/(?<v>2\.\d{1,2})/, 'IEEE 802.11')],
    { cpes: ['w1.fi:hostapd'], source: 'hostap src/common/version.h (VERSION_STR)' },
  ),
  rule(
    'wpa-supplicant',
    ['wpa_supplicant', 'wpa_cli'],
    [near('wpa_', /wpa_(?:supplicant|cli) v(?<v>2\.\d{1,2})[\n\0]/)],
    {
      purl: 'generic/wpa_supplicant',
      cpes: ['w1.fi:wpa_supplicant'],
      source: 'hostap wpa_supplicant/wpa_supplicant.c (wpa_supplicant_version)',
    },
  ),
  rule(
    'slirp4netns',
    ['slirp4netns'],
    [
      near('slirp4netns version ', /\0(?<v>[01]\.\d\.\d{1,2}(?:-beta\.\d)?(?:\+dev)?)\0slirp4netns version/, {
        before: 18,
      }),
    ],
    { cpes: ['slirp4netns_project:slirp4netns'], source: 'slirp4netns main.c (version)' },
  ),
  rule('conmon', ['conmon'], [near('conmon version ', /conmon version (?<v>2\.\d\.\d{1,2})/)], {
    cpes: ['conmon_project:conmon'],
    source: 'conmon src/conmon.c',
  }),
  rule('criu', ['criu'], [near('Version: %s\n', /\0(?<v>[34]\.\d{1,2}(?:\.\d)?)\0Version: %s\n/, { before: 10 })], {
    source: 'criu criu/crtools.c, Makefile.versions',
  }),
  rule(
    'netavark',
    ['netavark'],
    [near('aardvark-dns binary', /aardvark-dns binary(?<v>[12]\.\d{1,2}\.\d{1,2})A subcommand/)],
    { source: 'netavark src/main.rs (clap)' },
  ),
  rule(
    'freeradius',
    ['freeradius', 'radiusd', 'radmin'],
    [
      near('FreeRADIUS Version ', /FreeRADIUS Version (?<v>[34]\.\d\.\d{1,2})/),
      near('radmin version ', /radmin version (?<v>[34]\.\d\.\d{1,2})/),
    ],
    {
      cpes: ['freeradius:freeradius'],
      source: 'freeradius-server src/main/radiusd.c (radiusd_version)',
    },
  ),
  rule('mosh', ['mosh-server', 'mosh-client'], [near('(mosh ', /\(mosh (?<v>1\.\d\.\d)\)/)], {
    cpes: ['mosh_project:mosh'],
    source: 'mosh src/frontend/mosh-server.cc (PACKAGE_STRING)',
  }),
  rule(
    'sssd',
    ['sssd'],
    [
      near('sssd must be run as root', /\0(?<v>[12]\.\d{1,2}\.\d{1,2})\0sssd must be/, { before: 10 }),
      near('/etc/sssd/sssd.conf', /\0(?<v>[12]\.\d{1,2}\.\d{1,2})\0\/etc\/sssd\/sssd\.conf/, { before: 10 }),
    ],
    { cpes: ['fedoraproject:sssd'], source: 'sssd src/monitor/monitor.c' },
  ),
  rule('net-snmp', ['libnetsnmp.so*'], [bare(/(?<v>5\.\d(?:\.\d{1,2}){0,2}(?:\.(?:pre|rc)\d)?)/, 'NET-SNMP version')], {
    cpes: ['net-snmp:net-snmp'],
    source: 'net-snmp snmplib/snmp_version.c',
  }),
  rule(
    'wrk',
    ['wrk'],
    [
      near('wrk ', /wrk (?<v>4\.\d\.\d)(?: \[|\0)/),
      near('debian/', /\0debian\/(?<v>4\.\d\.\d)-[\w.+~]{1,20}\0/, { before: 1 }),
    ],
    { source: 'wrk src/wrk.c (VERSION)' },
  ),
  rule('siege', ['siege'], [bare(/(?<v>[34]\.\d\.\d)/, 'Jeffrey Fulmer')], { source: 'siege src/version.c' }),
];
