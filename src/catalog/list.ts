import type { Cataloguer } from '../model/index.js';
import { apk } from './apk.js';
import { binaries } from './binaries.js';
import { bottlerocket } from './bottlerocket.js';
import { chisel } from './chisel.js';
import { compiled } from './compiled.js';
import { data } from './data.js';
import { distro } from './distro.js';
import { dpkg } from './dpkg.js';
import { elf } from './elf.js';
import { go } from './go.js';
import { homebrew } from './homebrew.js';
import { java } from './java.js';
import { kernel } from './kernel/index.js';
import { nix } from './nix.js';
import { npm } from './npm.js';
import { opkg } from './opkg.js';
import { pacman } from './pacman.js';
import { portage } from './portage.js';
import { python } from './python.js';
import { rpm } from './rpm/index.js';

/**
 * Every cataloguer, in the order in which their components are listed: the package databases first, since their word
 * about a file counts before a conclusion. A new one is a file of its name and a line here.
 */
export const cataloguers: readonly Cataloguer[] = [
  distro,
  dpkg,
  apk,
  rpm,
  chisel,
  pacman,
  portage,
  opkg,
  bottlerocket,
  nix,
  homebrew,
  python,
  npm,
  java,
  go,
  kernel,
  elf,
  binaries,
  data,
  compiled,
];
