import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

const count = 240;

/** Packages built by rpmbuild from one spec file, installed by rpm into a database of its own, some removed again. */
export const rpm: TruthCase = {
  name: 'rpm',
  needs: ['rpm', 'rpmbuild', 'tar'],
  async make(dir) {
    const top = join(dir, 'top');
    const root = join(dir, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(join(root, 'etc', 'os-release'), 'ID=fedora\nVERSION_ID=39\n');
    const spec = join(dir, 'truth.spec');
    writeFileSync(spec, specText());
    const macros = ['--define', `_topdir ${top}`, '--define', '_build_id_links none'];
    await shell('rpmbuild', ['-bb', '--quiet', '--target', 'x86_64', ...macros, spec]);
    const built = (await shell('find', [join(top, 'RPMS'), '-name', '*.rpm']))
      .split('\n')
      .filter((path) => path !== '');
    const there = ['--root', root, '--dbpath', '/usr/lib/sysimage/rpm'];
    // Of two versions of one package (kernel-like) both stay: they are installed, not upgraded.
    await shell('rpm', [...there, '-i', '--nodeps', '--noscripts', '--ignorearch', '--ignoreos', ...built]);
    await shell('rpm', [...there, '-e', '--nodeps', '--noscripts', 'truth-7', 'truth-8', 'truth-9']);
    const listed = await shell('rpm', [...there, '-qa', '--qf', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n']);
    const rows = cellsOf(listed).map(([name = '', version = '']): [string, string] => [`fedora/${name}`, version]);
    return { layers: [await packFolder(root)], truth: new Map([['rpm', purls('rpm', rows)]]) };
  },
};

/** Names, versions and epochs of every shape that rpm admits: tilde, caret, plus, dots, capital letters. */
function specText(): string {
  const versions = ['1.0', '2.31~rc1', '0.9^git20240101.abc', '1:4.18+dfsg', '20240101', '3.0.7_beta', '5:0'];
  const shape = (index: number): { name: string; epoch: string; version: string; release: string } => {
    const [epoch = '', version = ''] = (versions[index % versions.length] ?? '').includes(':')
      ? (versions[index % versions.length] ?? '').split(':')
      : ['', versions[index % versions.length] ?? ''];
    const name =
      [`truth-${index}`, `perl-Truth-${index}`, `libtruth++${index}`, `python3.11-truth_${index}`][index % 4] ?? '';
    return {
      name: index < 10 ? `truth-${index}` : name,
      epoch,
      version,
      release: `${index % 9}.fc39${index % 5 === 0 ? '_1' : ''}`,
    };
  };
  const parts = Array.from({ length: count }, (_, index) => {
    const { name, epoch, version, release } = shape(index);
    const head = [`Version: ${version}`, `Release: ${release}`, ...(epoch === '' ? [] : [`Epoch: ${epoch}`])];
    const licence = index % 3 === 0 ? 'GPLv2+ and MIT' : 'Apache-2.0';
    const files = Array.from({ length: index % 4 }, (_, file) => `%{_datadir}/truth/${index}-${file}`);
    return {
      text: `%package -n ${name}\n${head.join('\n')}\nSummary: Package ${index}\nLicense: ${licence}\n${index % 2 === 0 ? 'BuildArch: noarch\n' : ''}%description -n ${name}\nPackage ${index}.\n%files -n ${name}\n${files.join('\n')}\n`,
      files,
    };
  });
  const install = parts
    .flatMap(({ files }) => files)
    .map((path) => `echo x > %{buildroot}${path}`)
    .join('\n');
  return `Name: truth
Version: 1
Release: 1
Summary: Everything
License: MIT
%description
Everything.
%files
${parts.map(({ text }) => text).join('')}
%install
mkdir -p %{buildroot}%{_datadir}/truth
${install}
`;
}
