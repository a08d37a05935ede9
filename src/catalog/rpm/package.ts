import { type StatedDigest, TrowelError } from '../../model/index.js';
import { type RpmHeader, rpmTag } from './header.js';
import type { HeaderDigest } from './header-digest.js';
import type { PathBudget } from './path-budget.js';
import { wordsOf } from './words.js';

/** A file of a package: path, digest in hex or null, whether the package expects it to change. */
export type RpmFile = readonly [path: string, digest: string | null, mayChange: boolean];

/** What is kept of a package. `algorithm` is that of the digests of its files, null for one that is not known here. */
export type RpmPackage = {
  readonly name: string;
  readonly epoch: number | null;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly sourceRpm: string | null;
  readonly modularity: string | null;
  readonly license: string | null;
  readonly vendor: string | null;
  readonly packager: string | null;
  readonly url: string | null;
  /** Seconds since 1970. */
  readonly installTime: number | null;
  /** The digest of the header, `algorithm:hex`, null where none is stated; and whether the header's bytes have it. */
  readonly digest: string | null;
  readonly intact: boolean;
  readonly algorithm: StatedDigest['algorithm'] | null;
  readonly files: readonly RpmFile[];
  /** Words as `wordsOf` gives them; null where nobody states what it requires. */
  readonly requires: readonly string[] | null;
  readonly provides: readonly string[];
};

/** RFC 4880, 9.4, as rpm numbers them (rpmcrypto.h); a package that names none has MD5. */
const algorithms: Readonly<Record<number, StatedDigest['algorithm']>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  10: 'sha512',
};
const md5 = 1;

/** RPMFILE_CONFIG, RPMFILE_GHOST: rpmfiles.h. A ghost is a file that the package owns and does not bring. */
const config = 1 << 0;
const ghost = 1 << 6;
/** RPMVERIFY_FILEDIGEST: rpmvf.h. A package says by its absence that the digest is not to be checked. */
const verifyDigest = 1 << 0;
const allFlags = 0xffffffff;
/** RPMFILE_STATE_NORMAL: rpmfiles.h. Others were replaced by another package's file, or not installed. */
const stateNormal = 0;
const directoryMode = 0o040000;
const typeOfMode = 0o170000;

/** No path of Linux is longer (limits.h, PATH_MAX). */
const maxPathLength = 4096;

/**
 * What a header says of its package; null for one without a name or version, `key` for what rpm keeps as if it were a
 * package (`gpg-pubkey`). Throws TrowelError `too-large` for more values or paths than any database has.
 */
export function packageOf(
  header: RpmHeader,
  digest: HeaderDigest | null,
  budget: PathBudget,
): RpmPackage | 'key' | null {
  const name = header.text(rpmTag.name) ?? '';
  const version = header.text(rpmTag.version) ?? '';
  if (name === '' || version === '') return null;
  if (name === 'gpg-pubkey') return 'key';
  return {
    name,
    epoch: header.numbers(rpmTag.epoch)[0] ?? null,
    version,
    release: header.text(rpmTag.release) ?? '',
    arch: header.text(rpmTag.arch) ?? '',
    sourceRpm: stated(header, rpmTag.sourceRpm),
    modularity: stated(header, rpmTag.modularityLabel),
    license: stated(header, rpmTag.license),
    vendor: stated(header, rpmTag.vendor),
    packager: stated(header, rpmTag.packager),
    url: stated(header, rpmTag.url),
    installTime: header.numbers(rpmTag.installTime)[0] ?? null,
    digest: digest?.stated ?? null,
    intact: digest?.fits ?? true,
    algorithm: algorithms[header.numbers(rpmTag.fileDigestAlgorithm)[0] ?? md5] ?? null,
    files: filesOf(header, budget),
    requires: wordsOf(header, 'require', budget),
    provides: wordsOf(header, 'provide', budget),
  };
}

/** `(none)` is how rpm prints what is not there; some tools wrote it into headers. */
function stated(header: RpmHeader, tag: number): string | null {
  const value = header.text(tag) ?? '';
  return value === '' || value === '(none)' ? null : value;
}

/** Files that are no directories and lie there as the package's: its own lists, not what is on a disk. */
function filesOf(header: RpmHeader, budget: PathBudget): RpmFile[] {
  const modes = header.numbers(rpmTag.fileModes);
  const states = header.numbers(rpmTag.fileStates);
  const flags = header.numbers(rpmTag.fileFlags);
  const verify = header.numbers(rpmTag.fileVerifyFlags);
  const digests = header.texts(rpmTag.fileDigests);
  const files: RpmFile[] = [];
  for (const [index, path] of pathsOf(header)) {
    if (((modes[index] ?? 0) & typeOfMode) === directoryMode) continue;
    if ((states[index] ?? stateNormal) !== stateNormal) continue;
    if (!budget.spend(path.length)) {
      throw new TrowelError('too-large', { what: 'more text of paths than a database may have' });
    }
    const flag = flags[index] ?? 0;
    const changes = (flag & (config | ghost)) !== 0 || ((verify[index] ?? allFlags) & verifyDigest) === 0;
    files.push([path, digests[index] || null, changes]);
  }
  return files;
}

/** Paths without their leading slash: a folder's number and a name each; before rpm 4 whole names. */
function* pathsOf(header: RpmHeader): Generator<readonly [number, string]> {
  const names = header.names(rpmTag.baseNames);
  if (names.length === 0) {
    for (const [index, path] of header.names(rpmTag.oldFileNames).entries()) yield [index, withoutSlash(path)];
    return;
  }
  const folders = header.names(rpmTag.dirNames).map(withoutSlash);
  const places = header.numbers(rpmTag.dirIndexes);
  for (const [index, name] of names.entries()) {
    const folder = folders[places[index] ?? -1];
    if (folder === undefined || name === '' || folder.length + name.length > maxPathLength) continue;
    yield [index, folder + name];
  }
}

function withoutSlash(path: string): string {
  return path.replace(/^\/+/, '');
}
