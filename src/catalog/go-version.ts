import type { GoBuildInfo } from '../binary/index.js';

/** The version of a main module and what stated it. */
export interface MainVersion {
  readonly version: string | null;
  readonly what: 'build info' | '-ldflags' | 'linked text' | 'text of the program' | 'vcs.revision' | 'nothing';
  /** The text that was read. */
  readonly value: string;
}

/**
 * The version of a program's main module: what the build info says, else what the linker was told with `-X` (by the
 * flags in the build info, or by the values that lie in the program), else what a known program prints, else the
 * pseudo-version of the source's revision and time (the bare revision without a time), else none.
 *
 * A pseudo-version without a base (`v0.0.0-…`) is what the toolchain makes up where no tag was fetched: a version
 * given with `-X` says more. Versions given with `-X` come out with the `v` that Go's versions have.
 * Follows: Go modules reference, "Pseudo-versions"; cmd/link, -X.
 */
export function mainVersion(
  info: Pick<GoBuildInfo, 'main' | 'deps' | 'settings'>,
  words: ProgramWords = noWords,
): MainVersion {
  const stated = info.main?.version ?? '';
  const isRelease = stated !== '' && stated !== '(devel)' && !stated.startsWith('v0.0.0-');
  if (isRelease) return { version: stated, what: 'build info', value: stated };
  const given = linkedVersion(info);
  if (given !== null) return given;
  const told = toldVersion(info, words);
  if (told !== null) return told;
  if (stated.startsWith('v0.0.0-')) return { version: stated, what: 'build info', value: stated };
  const revision = settingOf(info, 'vcs.revision') ?? '';
  if (revision !== '') {
    const modified = settingOf(info, 'vcs.modified') === 'true' ? '+dirty' : '';
    const time = settingOf(info, 'vcs.time') ?? '';
    const pseudo = pseudoVersion(revision, time);
    const value = time === '' ? revision : `${revision} of ${time}`;
    return { version: (pseudo ?? revision) + modified, what: 'vcs.revision', value };
  }
  return { version: null, what: 'nothing', value: stated };
}

/** What the bytes of a program say beside its build information. */
export interface ProgramWords {
  /** Values that the linker was given, with their variables where symbols are there. */
  readonly linked: readonly { readonly variable: string | null; readonly value: string }[];
  /** What a rule for the file's name found. */
  readonly known: { readonly version: string; readonly text: string } | null;
}

const noWords: ProgramWords = { linked: [], known: null };

/** Whether the bytes need to be asked: the build information names no release. */
export function saysNoVersion(info: Pick<GoBuildInfo, 'main' | 'deps' | 'settings'>): boolean {
  const { what, version } = mainVersion(info);
  return version === null || what === 'vcs.revision' || version.startsWith('v0.0.0-');
}

/**
 * A value that the linker was given: by its variable's name as `-X` is judged; without names only where all values
 * that read as versions are one. Else what is known of the program by its file's name.
 */
function toldVersion(
  info: Pick<GoBuildInfo, 'main' | 'deps' | 'settings'>,
  { linked, known }: ProgramWords,
): MainVersion | null {
  const versions = linked.filter(({ value }) => looksLikeVersion(value));
  const [best] = versions
    .map((one) => ({ ...one, rank: one.variable === null ? Number.POSITIVE_INFINITY : rankOf(one.variable, info) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank);
  if (best !== undefined) {
    return { version: withV(best.value), what: 'linked text', value: `${best.variable} = ${best.value}` };
  }
  const nameless = new Set(versions.filter(({ variable }) => variable === null).map(({ value }) => withV(value)));
  const [only] = nameless;
  if (only !== undefined && nameless.size === 1) return { version: only, what: 'linked text', value: only };
  if (known === null) return null;
  return { version: withV(known.version), what: 'text of the program', value: known.text };
}

function withV(version: string): string {
  return /^\d/.test(version) ? `v${version}` : version;
}

/**
 * `v0.0.0-20221207035400-6c8d15d40487` for a revision and its time in UTC; null where either does not read as such.
 * Which tags the source had is not in the program, so the base is the one that Go takes where there are none.
 * Follows: Go modules reference, "Pseudo-versions"; Go 1.24 release notes, "Go command".
 */
function pseudoVersion(revision: string, time: string): string | null {
  const stamp = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(time);
  if (stamp === null || !/^[0-9a-f]{12,64}$/.test(revision)) return null;
  return `v0.0.0-${stamp.slice(1).join('')}-${revision.slice(0, 12)}`;
}

export function settingOf(info: Pick<GoBuildInfo, 'settings'>, key: string): string | null {
  return info.settings.find((one) => one.key === key)?.value ?? null;
}

/** Names of variables that hold a program's version, in lower case. */
const versionNames: readonly string[] = [
  'version',
  'appversion',
  'buildversion',
  'releaseversion',
  'gitversion',
  'semver',
  'tag',
  'gittag',
  'buildtag',
];

/** Packages of other modules whose variable holds the version of whoever links them, by their own documentation. */
const sharedVersionVariables: readonly string[] = [
  'github.com/prometheus/common/version.Version',
  'k8s.io/component-base/version.gitVersion',
];

/** The best `-X package.Variable=value` that reads as a version of the main module, or null. */
function linkedVersion(info: Pick<GoBuildInfo, 'main' | 'deps' | 'settings'>): MainVersion | null {
  const found = linkerVariables(settingOf(info, '-ldflags') ?? '')
    .filter(({ value }) => looksLikeVersion(value))
    .map((one) => ({ ...one, rank: rankOf(one.target, info) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    // The last of several -X for one variable wins in the linker; the sort keeps their order otherwise.
    .sort((a, b) => a.rank - b.rank);
  const best = found.filter(({ target }) => target === found[0]?.target).at(-1);
  if (best === undefined) return null;
  return { version: withV(best.value), what: '-ldflags', value: `-X ${best.target}=${best.value}` };
}

/** Lower is better; infinity for variables that are not the main module's version. */
function rankOf(target: string, info: Pick<GoBuildInfo, 'main' | 'deps'>): number {
  const dot = target.lastIndexOf('.');
  const [folder, name] = [target.slice(0, dot), target.slice(dot + 1)];
  const nameRank = versionNames.indexOf(name.toLowerCase());
  if (dot <= 0 || nameRank < 0) return Number.POSITIVE_INFINITY;
  if (folder === 'main') return nameRank;
  if (sharedVersionVariables.includes(target)) return 100 + nameRank;
  const main = info.main?.path ?? '';
  if (main !== '' && (folder === main || folder.startsWith(`${main}/`))) return 200 + nameRank;
  const isOfDependency = info.deps.some((dep) => folder === dep.path || folder.startsWith(`${dep.path}/`));
  // Without a go.mod of its own path (a vendored build, a renamed fork) the package belongs to no known module.
  return isOfDependency ? Number.POSITIVE_INFINITY : 300 + nameRank;
}

export function looksLikeVersion(value: string): boolean {
  return value.length <= 128 && /^v?\d+\.\d+[0-9A-Za-z.+_~-]*$/.test(value);
}

/** The `-X importpath.name=value` of linker flags, in order. */
export function linkerVariables(flags: string): { readonly target: string; readonly value: string }[] {
  const found: { target: string; value: string }[] = [];
  const words = splitFlags(flags);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const isPair = word === '-X' || word === '--X' || word.endsWith('=-X');
    const given = isPair ? (words[++at] ?? '') : (/^--?X=(.*)$/s.exec(word)?.[1] ?? '');
    const equals = given.indexOf('=');
    if (equals > 0)
      found.push({ target: given.slice(0, equals), value: given.slice(equals + 1).replace(/^["']|["']$/g, '') });
  }
  return found;
}

/** Words of linker flags; a word that begins with a quote ends at the next one (cmd/internal/quoted.Split). */
function splitFlags(flags: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < flags.length) {
    const char = flags[at] ?? '';
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const quote = char === '"' || char === "'" ? char : null;
    const from = quote === null ? at : at + 1;
    let end = from;
    while (end < flags.length && (quote === null ? !/\s/.test(flags[end] ?? '') : flags[end] !== quote)) end += 1;
    words.push(flags.slice(from, end));
    at = quote === null ? end : end + 1;
  }
  return words;
}

/**
 * The toolchain's release as it calls itself, without `go`: `1.21rc2`, `1.20`; null for development builds
 * (`devel go1.22-abc`), which are no release. Advisories write `1.21.0-rc.2`: `goReleaseVersion` in `version/` reads both.
 * Follows: Go release tags, https://go.dev/doc/toolchain#version.
 */
export function stdlibVersion(goVersion: string): string | null {
  return /^go(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)(?=$|[ \-+])/.exec(goVersion)?.[1] ?? null;
}
