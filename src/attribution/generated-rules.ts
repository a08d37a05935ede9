import type { Component } from '../model/index.js';

/** Files that a package's program writes on the machine, so that no package lists them. */
export interface GeneratedRule {
  /** Paths: exact, or every path below one that ends in `/`. `*` stands for characters other than `/`. */
  readonly paths: readonly string[];
  /** It holds only where a component like this is there; null for always. */
  readonly needs: { readonly foundBy: string; readonly names: readonly string[] | null } | null;
  readonly because: string;
}

const anyDpkg = { foundBy: 'dpkg', names: null } as const;
const anyRpm = { foundBy: 'rpm', names: null } as const;
const anyApk = { foundBy: 'apk', names: null } as const;

function debian(...names: string[]): GeneratedRule['needs'] {
  return { foundBy: 'dpkg', names };
}

/** Each row says which program writes the file and where that is documented. */
export const generatedRules: readonly GeneratedRule[] = [
  { paths: ['var/lib/dpkg/'], needs: anyDpkg, because: "dpkg's own database (dpkg(1), FILES)" },
  {
    paths: ['var/log/dpkg.log', 'var/log/alternatives.log'],
    needs: anyDpkg,
    because: 'logs of dpkg(1), update-alternatives(1)',
  },
  {
    paths: ['var/lib/apt/', 'var/cache/apt/', 'var/log/apt/'],
    needs: anyDpkg,
    because: "apt's lists, caches, logs (apt-get(8), FILES)",
  },
  { paths: ['var/cache/debconf/'], needs: anyDpkg, because: "debconf's database (debconf.conf(5))" },
  { paths: ['var/lib/ucf/'], needs: debian('ucf'), because: "ucf's registry (ucf(1), FILES)" },
  {
    paths: ['etc/pam.d/common-*', 'var/lib/pam/'],
    needs: debian('libpam-runtime'),
    because: 'written by pam-auth-update(8)',
  },
  {
    paths: ['etc/shells', 'var/lib/shells.state'],
    needs: debian('debianutils'),
    because: 'written by update-shells(8)',
  },
  {
    paths: [
      'etc/passwd',
      'etc/group',
      'etc/passwd-',
      'etc/group-',
      'etc/shadow',
      'etc/shadow-',
      'etc/gshadow',
      'etc/gshadow-',
    ],
    needs: debian('base-passwd'),
    because: 'made by update-passwd(8) and pwconv(8)',
  },
  {
    paths: ['etc/nsswitch.conf', 'etc/motd', 'root/.bashrc', 'root/.profile'],
    needs: debian('base-files'),
    because: "copied by base-files' postinst",
  },
  {
    paths: ['usr/lib/*/gconv/gconv-modules.cache', 'usr/lib/gconv/gconv-modules.cache'],
    needs: anyDpkg,
    because: 'written by iconvconfig(8)',
  },
  { paths: ['var/cache/man/'], needs: debian('man-db'), because: 'written by mandb(8)' },
  { paths: ['var/cache/fontconfig/'], needs: debian('fontconfig'), because: 'written by fc-cache(1)' },
  {
    paths: ['usr/share/mime/'],
    needs: debian('shared-mime-info'),
    because: 'written by update-mime-database(1)',
  },
  {
    paths: ['var/lib/systemd/deb-systemd-helper-enabled/', 'var/lib/systemd/deb-systemd-user-helper-enabled/'],
    needs: debian('init-system-helpers'),
    because: 'written by deb-systemd-helper(1p)',
  },
  {
    paths: ['usr/share/glib-2.0/schemas/gschemas.compiled'],
    needs: anyDpkg,
    because: 'written by glib-compile-schemas(1)',
  },
  {
    paths: ['etc/ssl/certs/java/cacerts'],
    needs: debian('ca-certificates-java'),
    because: "made by ca-certificates-java's hook",
  },
  {
    paths: ['etc/ssl/certs/ca-certificates.crt'],
    needs: debian('ca-certificates'),
    because: 'made by update-ca-certificates(8)',
  },
  {
    paths: ['etc/ssl/certs/ca-certificates.crt'],
    needs: { foundBy: 'apk', names: ['ca-certificates'] },
    because: 'made by update-ca-certificates(8)',
  },
  {
    paths: ['lib/apk/db/', 'usr/lib/apk/db/', 'etc/apk/world'],
    needs: anyApk,
    because: "apk's own database (apk(8), FILES)",
  },
  {
    paths: ['var/cache/apk/', 'var/log/apk.log', 'etc/apk/arch'],
    needs: anyApk,
    because: "apk's indexes and log (apk(8), FILES)",
  },
  {
    paths: ['var/lib/rpm/', 'usr/lib/sysimage/rpm/', 'usr/share/rpm/', 'var/lib/rpmmanifest/'],
    needs: anyRpm,
    because: "rpm's own database (rpm(8), FILES), or the list that stands for it",
  },
  {
    paths: [
      'var/lib/dnf/',
      'usr/lib/sysimage/libdnf5/',
      'var/cache/dnf/',
      'var/cache/libdnf5/',
      'var/lib/yum/',
      'var/cache/yum/',
      'var/log/dnf.log',
      'var/log/dnf.librepo.log',
      'var/log/dnf.rpm.log',
      'var/log/dnf5.log',
      'var/log/yum.log',
      'var/log/hawkey.log',
      'var/lib/zypp/',
      'var/cache/zypp/',
      'var/log/zypp/',
      'var/log/zypper.log',
      'var/lib/tdnf/',
      'var/cache/tdnf/',
    ],
    needs: anyRpm,
    because: 'histories, caches, logs of dnf(8), dnf5(8), yum(8), zypper(8), tdnf(8)',
  },
  { paths: ['var/lib/alternatives/'], needs: anyRpm, because: 'the state of alternatives(8)' },
  {
    paths: ['etc/pki/ca-trust/extracted/'],
    needs: { foundBy: 'rpm', names: ['ca-certificates'] },
    because: 'written by update-ca-trust(8)',
  },
  {
    paths: ['var/lib/pacman/', 'var/cache/pacman/', 'var/log/pacman.log'],
    needs: { foundBy: 'pacman', names: null },
    because: "pacman's own database, cache and log (pacman(8), pacman.conf(5))",
  },
  {
    paths: ['var/db/pkg/', 'var/cache/edb/', 'var/lib/portage/'],
    needs: { foundBy: 'portage', names: null },
    because: "portage's own database (portage(5), FILES)",
  },
  {
    paths: ['usr/lib/opkg/', 'var/lib/opkg/', 'opt/lib/opkg/', 'var/opkg-lists/'],
    needs: { foundBy: 'opkg', names: null },
    because: "opkg's own database and lists",
  },
  {
    paths: ['nix/var/nix/', 'nix/store/.links/'],
    needs: { foundBy: 'nix', names: null },
    because: "Nix's own database and links (Nix manual, Local Store)",
  },
  {
    paths: ['usr/share/bottlerocket/application-inventory.json'],
    needs: { foundBy: 'bottlerocket', names: null },
    because: "written by Bottlerocket's build",
  },
  { paths: ['etc/ld.so.cache', 'var/cache/ldconfig/aux-cache'], needs: null, because: 'written by ldconfig(8)' },
];

/** A test of a path against the rules that hold for these components; answers the reason or null. */
export function generatedBy(components: readonly Component[]): (path: string) => string | null {
  const finders = new Set(components.map((one) => one.foundBy));
  const names = new Set(components.map((one) => `${one.foundBy} ${one.name}`));
  const exact = new Map<string, string>();
  const folders: (readonly [string, string])[] = [];
  const patterns: (readonly [string, string, string])[] = [];
  for (const { paths, needs, because } of generatedRules) {
    const holds =
      needs === null ||
      (needs.names === null
        ? finders.has(needs.foundBy)
        : needs.names.some((name) => names.has(`${needs.foundBy} ${name}`)));
    if (!holds) continue;
    for (const path of paths) {
      const star = path.indexOf('*');
      if (star >= 0) patterns.push([path.slice(0, star), path.slice(star + 1), because]);
      else if (path.endsWith('/')) folders.push([path, because]);
      else exact.set(path, because);
    }
  }
  return (path) => {
    const reason = exact.get(path) ?? folders.find(([folder]) => path.startsWith(folder))?.[1];
    if (reason !== undefined) return reason;
    const isLike = ([start, end]: readonly [string, string, string]): boolean =>
      path.length >= start.length + end.length &&
      path.startsWith(start) &&
      path.endsWith(end) &&
      !path.slice(start.length, path.length - end.length).includes('/');
    return patterns.find(isLike)?.[2] ?? null;
  };
}

/**
 * The Python source that a compiled file was made from: `a/__pycache__/b.cpython-311.pyc` from `a/b.py`, `a/b.pyc`
 * from `a/b.py`; null for what is no compiled file. Follows: PEP 3147.
 */
export function sourceOfCompiled(path: string): string | null {
  if (!path.endsWith('.pyc') && !path.endsWith('.pyo')) return null;
  const cached = /^(.*\/|)__pycache__\/([^/]*)$/.exec(path);
  if (cached === null) return `${path.slice(0, -4)}.py`;
  const [, folder = '', file = ''] = cached;
  const dot = file.indexOf('.');
  return dot <= 0 ? null : `${folder}${file.slice(0, dot)}.py`;
}
