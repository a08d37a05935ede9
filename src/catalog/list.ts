import type { Cataloguer } from '../model/index.js';
import { apk } from './apk.js';
import { archiveCataloguers } from './archives/list.js';
import { binaries } from './binaries.js';
import { bottlerocket } from './bottlerocket.js';
import { chisel } from './chisel.js';
import { compiled } from './compiled.js';
import { composer } from './composer.js';
import { conda } from './conda.js';
import { data } from './data.js';
import { distro } from './distro.js';
import { dotnet } from './dotnet.js';
import { dpkg } from './dpkg.js';
import { elf } from './elf.js';
import { erlang } from './erlang.js';
import { go } from './go.js';
import { graalvm } from './graalvm.js';
import { haskell } from './haskell.js';
import { helmCharts } from './helm-charts.js';
import { homebrew } from './homebrew.js';
import { java } from './java.js';
import { jdk } from './jdk.js';
import { jsBundles } from './js-bundles.js';
import { julia } from './julia.js';
import { kernel } from './kernel/index.js';
import { locks } from './locks.js';
import { lua } from './lua.js';
import { models } from './models.js';
import { nativePackages } from './native-packages.js';
import { nix } from './nix.js';
import { npm } from './npm.js';
import { opam } from './opam.js';
import { opkg } from './opkg.js';
import { pacman } from './pacman.js';
import { pear } from './pear.js';
import { perl } from './perl.js';
import { portage } from './portage.js';
import { pub } from './pub.js';
import { python } from './python.js';
import { pythonArchives } from './python-archives.js';
import { pythonModules } from './python-modules.js';
import { r } from './r.js';
import { rpm } from './rpm/index.js';
import { ruby } from './ruby.js';
import { rust } from './rust.js';
import { sbom } from './sbom.js';
import { vscode } from './vscode.js';
import { windowsPrograms } from './windows-programs.js';
import { wordpress } from './wordpress.js';

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
  conda,
  python,
  pythonArchives,
  pythonModules,
  npm,
  jsBundles,
  java,
  jdk,
  graalvm,
  ruby,
  composer,
  pear,
  wordpress,
  dotnet,
  rust,
  go,
  erlang,
  haskell,
  julia,
  lua,
  nativePackages,
  opam,
  perl,
  pub,
  r,
  helmCharts,
  models,
  vscode,
  kernel,
  elf,
  binaries,
  windowsPrograms,
  data,
  compiled,
  sbom,
  locks,
];

/** With those of package archives, which are asked of such a file alone: see archives/list.ts. */
export const everyCataloguer: readonly Cataloguer[] = [...archiveCataloguers, ...cataloguers];
