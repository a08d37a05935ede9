import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Made, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { shell } from './shell.js';

const count = 30;

/** Packages that bsdtar packs as makepkg does, installed by pacman. */
export const pacman: TruthCase = {
  name: 'pacman',
  needs: ['pacman', 'bsdtar', 'tar'],
  async make(dir): Promise<Made> {
    const root = join(dir, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    mkdirSync(join(root, 'var', 'lib', 'pacman'), { recursive: true });
    writeFileSync(join(root, 'etc', 'os-release'), 'ID=arch\n');
    writeFileSync(
      join(dir, 'pacman.conf'),
      '[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n',
    );
    const packed = [];
    for (let index = 0; index < count; index += 1) {
      const at = join(dir, `package-${index}`);
      mkdirSync(join(at, 'usr', 'share', 'truth'), { recursive: true });
      writeFileSync(join(at, 'usr', 'share', 'truth', `${index}`), `${index}\n`);
      const version = [`1.${index}-1`, `2:0.${index}.rc1-3`, `r${index}.abc-1.1`][index % 3];
      writeFileSync(
        join(at, '.PKGINFO'),
        `pkgname = truth-${index}\npkgbase = truth\npkgver = ${version}\npkgdesc = x\nsize = 4\narch = any\nlicense = MIT\n`,
      );
      const file = join(dir, `truth-${index}.pkg.tar`);
      await shell('bsdtar', ['-cf', file, '-C', at, '.PKGINFO', 'usr']);
      packed.push(file);
    }
    const there = [
      '--config',
      join(dir, 'pacman.conf'),
      '--root',
      root,
      '--dbpath',
      join(root, 'var', 'lib', 'pacman'),
    ];
    await shell('pacman', ['--upgrade', '--noconfirm', '--noscriptlet', '--noprogressbar', ...there, ...packed]);
    await shell('pacman', ['--remove', '--noconfirm', '--noscriptlet', '--noprogressbar', ...there, 'truth-5']);
    const listed = await shell('pacman', ['--query', ...there]);
    const rows = listed
      .trim()
      .split('\n')
      .map((line): [string, string] => [`arch/${line.split(' ')[0] ?? ''}`, line.split(' ')[1] ?? '']);
    return { layers: [await packFolder(root)], truth: new Map([['alpm', purls('alpm', rows)]]) };
  },
};
