import type { Cataloguer } from '../model/index.js';
import { apk } from './apk.js';
import { binaries } from './binaries.js';
import { compiled } from './compiled.js';
import { data } from './data.js';
import { distro } from './distro.js';
import { dpkg } from './dpkg.js';
import { elf } from './elf.js';
import { go } from './go.js';
import { java } from './java.js';
import { npm } from './npm.js';
import { python } from './python.js';

/**
 * Every cataloguer, in the order in which their components are listed: the package databases first, since their word
 * about a file counts before a conclusion. A new one is a file of its name and a line here.
 */
export const cataloguers: readonly Cataloguer[] = [
  distro,
  dpkg,
  apk,
  python,
  npm,
  java,
  go,
  elf,
  binaries,
  data,
  compiled,
];
