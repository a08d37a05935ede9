import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogued, type TestLayer } from '../image.test.support.js';
import { ecosystemOf } from './ecosystems.js';
import { parseOsRelease } from './os-release.js';
import { isPackageSource, wordsOfSource } from './package-sources.js';
import { releaseFiles } from './release-files.js';

test("OSV's names for distributions of rpm and others, from their own os-release", () => {
  const table: readonly (readonly [string, string, string | null])[] = [
    ['ID="rhel"\nVERSION_ID="9.4"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"', 'Red Hat', '9'],
    ['ID="rocky"\nVERSION_ID="8.9"', 'Rocky Linux', '8'],
    ['ID="almalinux"\nVERSION_ID="9.3"', 'AlmaLinux', '9'],
    ['ID="opensuse-leap"\nVERSION_ID="15.6"\nPRETTY_NAME="openSUSE Leap 15.6"', 'openSUSE', 'Leap 15.6'],
    ['ID="opensuse-tumbleweed"\nVERSION_ID="20240101"\nPRETTY_NAME="openSUSE Tumbleweed"', 'openSUSE', 'Tumbleweed'],
    [
      'ID="sles"\nVERSION_ID="15.5"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"',
      'SUSE',
      'Linux Enterprise Server 15 SP5',
    ],
    ['ID="sl-micro"\nVERSION_ID="6.0"\nPRETTY_NAME="SUSE Linux Micro 6.0"', 'SUSE', 'Linux Micro 6.0'],
    ['ID=mageia\nVERSION_ID=9', 'Mageia', '9'],
    ['ID="openEuler"\nVERSION_ID="22.03"\nPRETTY_NAME="openEuler 22.03 (LTS-SP4)"', 'openEuler', '22.03-LTS-SP4'],
    ['ID="openEuler"\nVERSION_ID="24.03"\nPRETTY_NAME="openEuler 24.03 (LTS)"', 'openEuler', '24.03-LTS'],
    ['ID=photon\nVERSION_ID=4.0', 'Photon OS', '4.0'],
    ['ID=azurelinux\nVERSION_ID="3.0"', 'Azure Linux', '3'],
    ['ID=mariner\nVERSION_ID="2.0"', 'Azure Linux', '2'],
    ['ID=arch\nBUILD_ID=rolling', 'arch', 'rolling'],
    ['ID=minimos\nVERSION_ID=20241031', 'MinimOS', null],
    ['ID="amzn"\nVERSION_ID="2023"', 'amzn', '2023'],
    ['ID=fedora\nVERSION_ID=40', 'fedora', '40'],
    ['ID=constructor\nVERSION_ID=1', 'constructor', '1'],
  ];
  for (const [text, ecosystem, release] of table) {
    assert.deepEqual(ecosystemOf(parseOsRelease(text)), { ecosystem, release }, text);
  }
});

test('files that distributions had before os-release', () => {
  const table: readonly (readonly [TestLayer, string, string | null])[] = [
    [{ 'etc/redhat-release': 'CentOS release 6.10 (Final)\n' }, 'centos', '6.10'],
    [{ 'etc/redhat-release': 'Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n' }, 'rhel', '5.11'],
    [{ 'etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n' }, 'centos', '7.9.2009'],
    [{ 'etc/system-release-cpe': 'cpe:/o:centos:linux:6:GA\n' }, 'centos', '6'],
    [{ 'etc/system-release-cpe': 'cpe:2.3:o:amazon:amazon_linux:2\n' }, 'amzn', '2'],
    [{ 'etc/system-release-cpe': 'cpe:/o:redhat:enterprise_linux:8::baseos\n' }, 'rhel', '8'],
    [{ 'etc/rocky-release': 'Rocky Linux release 9.3 (Blue Onyx)\n' }, 'rocky', '9.3'],
    [
      { 'etc/SuSE-release': 'SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 5\n' },
      'sles',
      '12.5',
    ],
    [{ 'etc/SuSE-release': 'openSUSE 13.2 (x86_64)\nVERSION = 13.2\nCODENAME = Harlequin\n' }, 'opensuse', '13.2'],
    [{ 'etc/photon-release': 'VMware Photon OS 3.0\nPHOTON_BUILD_NUMBER=abc\n' }, 'photon', '3.0'],
    [{ 'etc/mariner-release': 'CBL-Mariner 2.0.20240123\n' }, 'mariner', '2.0.20240123'],
    [{ 'etc/arch-release': '' }, 'arch', null],
    [{ 'etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\n' }, 'ubuntu', '14.04'],
    [{ 'etc/openwrt_release': "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.3'\n" }, 'openwrt', '23.05.3'],
    [{ 'etc/gentoo-release': 'Gentoo Base System release 2.14\n' }, 'gentoo', '2.14'],
    [{ 'etc/system-release': 'Amazon Linux release 2 (Karoo)\n' }, 'amzn', '2'],
  ];
  for (const [layer, id, version] of table) {
    const { distro } = catalogued(layer);
    assert.deepEqual([distro?.id, distro?.versionId], [id, version], JSON.stringify(layer));
  }
  for (const text of ['', '\n', 'welcome to my box', 'release 9']) {
    assert.equal(catalogued({ 'etc/redhat-release': text }).distro, null, text);
  }
});

test("the release that SUSE's advisories name is made up from the old file", () => {
  const text = 'SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 5\n';
  const { distro } = catalogued({ 'etc/SuSE-release': text });
  assert.deepEqual(ecosystemOf(distro), { ecosystem: 'SUSE', release: 'Linux Enterprise Server 12 SP5' });
});

test('lists of sources: which distribution and release', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['etc/apt/sources.list', '# deb x bullseye main\ndeb http://mirror.example/debian bookworm main\n', ['debian 12']],
    ['etc/apt/sources.list', 'deb http://security.example/ buster/updates main', ['debian 10']],
    ['etc/apt/sources.list.d/ubuntu.sources', 'Types: deb\nSuites: noble noble-updates\n', ['ubuntu 24.04']],
    ['etc/apt/sources.list.d/pgdg.list', 'deb http://mirror.example/pub/repos/apt bookworm-pgdg main', []],
    ['etc/apk/repositories', 'https://mirror.example/alpine/v3.18/main\n', ['alpine 3.18']],
    ['etc/apk/repositories', 'https://mirror.example/alpine/edge/main\n', ['alpine null']],
    ['etc/apk/repositories', 'https://packages.wolfi.example/os\n', ['wolfi null']],
    [
      'etc/yum.repos.d/rocky.repo',
      '[baseos]\nmirrorlist=https://mirrors.rockylinux.example/mirrorlist?arch=$basearch&repo=BaseOS-$releasever\n',
      ['rocky null'],
    ],
    [
      'etc/yum.repos.d/ubi.repo',
      '[ubi-9-baseos-rpms]\nbaseurl = https://cdn.redhat.example/content/public/ubi/dist/ubi9/9/$basearch/baseos/os\n',
      ['rhel 9'],
    ],
    ['etc/yum.repos.d/epel.repo', 'metalink=https://mirror.example/metalink?repo=epel-9&arch=x', []],
    ['etc/yum.repos.d/fedora.repo', 'metalink=https://mirror.example/metalink?repo=fedora-40&arch=x', ['fedora 40']],
  ];
  for (const [path, text, expected] of table) {
    assert.ok(isPackageSource(path), path);
    assert.deepEqual(
      wordsOfSource(path, text).map(({ id, version }) => `${id} ${version}`),
      expected,
      text,
    );
  }
  for (const path of ['etc/apt/sources.list.d/x.save', 'opt/etc/apk/repositories', 'etc/yum.conf']) {
    assert.ok(!isPackageSource(path), path);
  }
});

const bookworm = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';
const debianPackage = (version: string): string => `Package: a\nStatus: install ok installed\nVersion: ${version}\n`;

function wordsIn(layer: TestLayer): readonly string[] {
  return catalogued(layer).distroWords.map(
    (one) => `${one.agrees ? 'fits' : 'not'} ${one.id} ${one.versionId} ${one.where}`,
  );
}

test('what agrees and what does not', () => {
  const table: readonly (readonly [string, TestLayer, readonly string[]])[] = [
    [
      'all of one mind',
      {
        'etc/os-release': bookworm,
        'etc/debian_version': '12.5\n',
        'etc/apt/sources.list': 'deb http://mirror.example/debian bookworm main\n',
        'var/lib/dpkg/status': debianPackage('1.2-3+deb11u1'),
      },
      [
        'fits debian 12 etc/apt/sources.list',
        'fits debian 12 etc/debian_version',
        'fits debian 12 etc/os-release',
        'fits debian 11 var/lib/dpkg/status',
      ],
    ],
    [
      'sources and packages of a newer release',
      {
        'etc/os-release': bookworm,
        'etc/apt/sources.list': 'deb http://mirror.example/debian trixie main\n',
        'var/lib/dpkg/status': debianPackage('1.2-3+deb13u1'),
      },
      ['not debian 13 etc/apt/sources.list', 'fits debian 12 etc/os-release', 'not debian 13 var/lib/dpkg/status'],
    ],
    [
      'a derived distribution keeps files of its parent',
      { 'etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\nID_LIKE=debian\n', 'etc/debian_version': 'bookworm/sid\n' },
      ['fits debian null etc/debian_version', 'fits ubuntu 22.04 etc/os-release'],
    ],
    [
      'rebuilt from Red Hat Enterprise Linux',
      {
        'etc/os-release': 'ID=rocky\nVERSION_ID="9.4"\n',
        'etc/system-release-cpe': 'cpe:/o:redhat:enterprise_linux:8\n',
      },
      ['fits rocky 9.4 etc/os-release', 'not rhel 8 etc/system-release-cpe'],
    ],
    [
      'another one altogether',
      { 'etc/os-release': bookworm, 'etc/apk/repositories': 'https://mirror.example/alpine/v3.18/main\n' },
      ['not alpine 3.18 etc/apk/repositories', 'fits debian 12 etc/os-release'],
    ],
    [
      'two names of one maker',
      { 'etc/os-release': 'ID=wolfi\n', 'etc/apk/repositories': 'https://apk.cgr.example/chainguard\n' },
      ['fits chainguard null etc/apk/repositories', 'fits wolfi null etc/os-release'],
    ],
    ['nothing', {}, []],
  ];
  for (const [name, layer, expected] of table) assert.deepEqual(wordsIn(layer), expected, name);
});

test('versions alone are a word, and never the distribution', () => {
  const { distro, distroWords } = catalogued({ 'var/lib/dpkg/status': debianPackage('1.2-3+deb12u4') });
  assert.equal(distro, null);
  assert.deepEqual(
    distroWords.map(({ id, versionId, grade, what, value }) => [id, versionId, grade, what, value]),
    [['debian', '12', 'inferred', 'version of 1 packages', 'a 1.2-3+deb12u4']],
  );
});

test('no text makes it throw, nor take long', () => {
  const paths = [
    ...releaseFiles.map(([path]) => path),
    'etc/apt/sources.list',
    'etc/yum.repos.d/a.repo',
    'etc/apk/repositories',
  ];
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...paths), (text, path) => {
      catalogued({ [path]: text });
    }),
    { numRuns: 400, seed: 3 },
  );
  const long = `baseurl=${'https://cdn.redhat.example/content/'.repeat(2000)}`;
  const started = process.cpuUsage();
  wordsOfSource('etc/yum.repos.d/a.repo', long);
  for (const [, parse] of releaseFiles) parse(' '.repeat(60_000));
  assert.ok(process.cpuUsage(started).user < 500_000);
});
