import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, type Made, purls, pypiName, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

/** Beside the smallest system: Ruby's gems, PHP's PEAR, Python's packages, and what is removed again below. */
const packages = [
  'ruby',
  'ruby-sinatra',
  'ruby-nokogiri',
  'php-cli',
  'php-pear',
  'python3-requests',
  'python3-yaml',
  'cron',
  'libc6-i386',
];

/**
 * Debian by mmdebstrap, with a package that is removed and leaves its conffiles, one that is on hold, and diversions.
 * dpkg-query, gem, pear and Python themselves say what is there, run inside.
 */
export const debian: TruthCase = {
  name: 'debian',
  needs: ['mmdebstrap', 'dpkg-query', 'tar'],
  async make(dir) {
    const tar = join(dir, 'root.tar');
    const out = (name: string, command: string): string =>
      `--customize-hook=chroot "$1" ${command} > '${join(dir, name)}'`;
    const python =
      'import importlib.metadata as m\nfor d in m.distributions(): print(d.metadata["Name"], d.version, sep="\\t")';
    writeFileSync(join(dir, 'python.py'), python);
    await shell('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      `--mode=${process.getuid?.() === 0 ? 'root' : 'unshare'}`,
      `--include=${packages.join(',')}`,
      '--customize-hook=chroot "$1" dpkg --remove cron',
      '--customize-hook=echo gzip hold | chroot "$1" dpkg --set-selections',
      '--customize-hook=chroot "$1" dpkg-divert --quiet --rename --add /usr/bin/awk.real',
      '--customize-hook=chroot "$1" dpkg-divert --quiet --rename --divert /usr/bin/diff.distrib /usr/bin/diff',
      out('dpkg.tsv', `dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\n'`),
      out('gem.txt', 'gem list --local --no-verbose'),
      out('pear.txt', 'pear list -a'),
      `--customize-hook=chroot "$1" python3 < '${join(dir, 'python.py')}' > '${join(dir, 'python.tsv')}'`,
      suite(),
      tar,
      mirror(),
    ]);
    const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
    const truth = new Map([
      ['deb', debs(read('dpkg.tsv'))],
      ['gem', gems(read('gem.txt'))],
      ['pear', pears(read('pear.txt'))],
      [
        'pypi',
        purls(
          'pypi',
          cellsOf(read('python.tsv')).map(([name = '', version = '']) => [pypiName(name), version]),
        ),
      ],
    ]);
    return { layers: [tar], truth };
  },
};

/** The same packages' paragraphs as distroless images have them: a file each in status.d, and no database. */
export const distroless: TruthCase = {
  name: 'distroless',
  needs: ['dpkg-query', 'dpkg-deb', 'apt-get', 'tar'],
  async make(dir): Promise<Made> {
    const root = join(dir, 'root');
    const folder = join(root, 'var', 'lib', 'dpkg', 'status.d');
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, 'etc'));
    writeFileSync(join(root, 'etc', 'os-release'), readFileSync('/etc/os-release'));
    await shell('apt-get', ['-qq', 'download', 'libc6', 'libssl3', 'tzdata', 'base-files', 'netbase', 'zlib1g'], {
      cwd: dir,
    });
    const rows: [string, string][] = [];
    for (const deb of readdirSync(dir).filter((name) => name.endsWith('.deb'))) {
      const field = async (name: string): Promise<string> =>
        (await shell('dpkg-deb', ['-f', join(dir, deb), name])).trim();
      const name = await field('Package');
      writeFileSync(join(folder, name), await shell('dpkg-deb', ['-f', join(dir, deb)]));
      await shell('dpkg-deb', ['-x', join(dir, deb), root]);
      const sums = await shell(
        'bash',
        ['-c', 'dpkg-deb --ctrl-tarfile "$1" | tar -xO ./md5sums', '-', join(dir, deb)],
        { also: [2] },
      );
      writeFileSync(join(folder, `${name}.md5sums`), sums);
      rows.push([`debian/${name}`, await field('Version')]);
    }
    return { layers: [await packFolder(root)], truth: new Map([['deb', purls('deb', rows)]]) };
  },
};

function debs(text: string): ReadonlySet<string> {
  // `ii `, `hi `: unpacked and configured; `rc `: only conffiles are left.
  const there = cellsOf(text).filter(([state = '']) => state[1] !== 'c' && state[1] !== 'n');
  return purls(
    'deb',
    there.map(([, name = '', version = '']) => [`debian/${name}`, version]),
  );
}

/** `rake (13.0.6, default: 13.0.3)`, `nokogiri (1.13.10 x86_64-linux)` */
function gems(text: string): ReadonlySet<string> {
  return purls(
    'gem',
    [...text.matchAll(/^(\S+) \((.*)\)$/gm)].flatMap(([, name = '', versions = '']) =>
      versions.split(', ').map((one): [string, string] => [name, one.replace(/^default: /, '').split(' ')[0] ?? '']),
    ),
  );
}

/** `INSTALLED PACKAGES, CHANNEL PEAR.PHP.NET:` and below it a line for each package; `(no packages installed)`. */
function pears(text: string): ReadonlySet<string> {
  const rows: [string, string][] = [];
  let channel = '';
  for (const line of text.split('\n')) {
    const head = /CHANNEL (\S+?):?$/i.exec(line.trim());
    if (head !== null) channel = (head[1] ?? '').toLowerCase();
    const row = /^(\w+)\s+(\d\S*)\s+(?:stable|beta|alpha|devel)\s*$/.exec(line);
    if (row !== null) rows.push([`${channel}/${row[1] ?? ''}`, row[2] ?? '']);
  }
  return purls('pear', rows);
}

function suite(): string {
  return /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}

/** The first mirror of the machine's own apt sources. */
function mirror(): string {
  const lists = ['/etc/apt/sources.list'];
  try {
    lists.push(...readdirSync('/etc/apt/sources.list.d').map((name) => `/etc/apt/sources.list.d/${name}`));
  } catch {
    // There need not be such a folder.
  }
  for (const list of lists) {
    try {
      const found = /^[^#\n]*?(https?:\/\/[^\s\]]+)/m.exec(readFileSync(list, 'utf8'));
      if (found?.[1] !== undefined) return found[1];
    } catch {
      // Nor such a file.
    }
  }
  throw new Error('apt has no source over HTTP');
}
