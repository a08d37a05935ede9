import { committedPages, Problems } from '../../database/index.js';
import {
  type CatalogFile,
  type CatalogGap,
  type Component,
  isTrowelError,
  type JsonValue,
  type ReadGap,
} from '../../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from '../define.js';
import { baseName } from '../paths.js';
import { list, maybeText, object, text } from '../shape.js';
import { componentOf } from './component.js';
import { readRpmHeader } from './header.js';
import { headerDigest } from './header-digest.js';
import { readManifest } from './manifest.js';
import { PathBudget, packageOf, type RpmFile, type RpmPackage } from './package.js';
import { databaseNames, headersOf, logName } from './sources.js';

/** `waiting` is how many committed pages are in a log that lies beside a database. */
type RpmRecord = { readonly package: RpmPackage } | { readonly waiting: number };

/**
 * Where rpm keeps its database: by default, since Fedora 36 and in SUSE, in images made by rpm-ostree, and on Debian,
 * where it is that of the user who ran it.
 */
const folders: readonly string[] = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm', 'root/.rpmdb'];
/** The first of the pair has less in it (no epochs, no sources); both are always written. */
const manifest = 'var/lib/rpmmanifest/container-manifest-2';
const paths: ReadonlySet<string> = new Set([
  manifest,
  ...folders.flatMap((folder) => [...databaseNames, logName].map((name) => `${folder}/${name}`)),
]);

/**
 * Packages that rpm installed, from its database in each of its formats (SQLite, ndb, Berkeley DB) and from the lists
 * that stand for it in images without rpm; with the files of each package and their digests.
 *
 * What is damaged is a gap `bad-database`; the packages that are whole are returned. So are those whose header is not
 * what its own digest says, with a gap and as `inferred`: its text is there, and something changed it. Changes that wait in a log beside
 * the database are not read, and said to be missing.
 */
export const rpm = defineCataloguer<RpmRecord>({
  name: 'rpm',
  version: 1,
  wants: ({ type, path }) => type === 'file' && paths.has(path),
  read,
  decode,
  join,
});

function read(file: CatalogFile): TypedRead<RpmRecord> {
  const { path } = file.head;
  if (path === manifest) {
    const { records, gaps } = readManifest(fileText(file));
    return { records: records.map((one) => ({ package: one })), gaps };
  }
  const name = baseName(path);
  if (name === logName) {
    const waiting = committedPages(file);
    return { records: waiting === 0 ? [] : [{ waiting }] };
  }
  // SQLite takes an empty file for an empty database; the others are never empty.
  return name === 'rpmdb.sqlite' && file.sizeBytes === 0 ? { records: [] } : readDatabase(file, name);
}

function readDatabase(file: CatalogFile, name: string): TypedRead<RpmRecord> {
  const problems = new Problems();
  const budget = new PathBudget();
  const records: RpmRecord[] = [];
  const gaps: ReadGap[] = [];
  try {
    for (const blob of headersOf(file, name, problems)) {
      const found = attempt(problems, () => {
        const header = readRpmHeader(blob);
        return packageOf(header, headerDigest(blob, header), budget);
      });
      if (found === null) problems.add('a header without name or version');
      if (found == null || found === 'key') continue;
      if (!found.intact) problems.add(`the header of ${found.name} is not what its digest says`);
      records.push({ package: found });
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    const isOurLimit = error.code === 'unsupported' || error.code === 'too-large';
    gaps.push({ reason: isOurLimit ? error.code : 'bad-database', detail: error.message });
  }
  const texts = problems.texts();
  if (texts.length > 0) gaps.push({ reason: 'bad-database', detail: texts.join('; ') });
  return { records, gaps };
}

/** Undefined, with a problem, where a TrowelError is thrown. */
function attempt<T>(problems: Problems, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    problems.add(error.what);
    return undefined;
  }
}

function decode(value: JsonValue): RpmRecord {
  const fields = object(value);
  if (typeof fields.waiting === 'number') return { waiting: fields.waiting };
  const one = object(fields.package);
  return {
    package: {
      name: text(one.name),
      epoch: maybeNumber(one.epoch),
      version: text(one.version),
      release: text(one.release),
      arch: text(one.arch),
      sourceRpm: maybeText(one.sourceRpm),
      modularity: maybeText(one.modularity),
      license: maybeText(one.license),
      vendor: maybeText(one.vendor),
      packager: maybeText(one.packager),
      url: maybeText(one.url),
      installTime: maybeNumber(one.installTime),
      digest: maybeText(one.digest),
      intact: one.intact !== false,
      algorithm: algorithmOf(one.algorithm),
      files: list(one.files).map(fileOf),
    },
  };
}

function maybeNumber(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function algorithmOf(value: JsonValue | undefined): RpmPackage['algorithm'] {
  return value === 'md5' || value === 'sha1' || value === 'sha256' || value === 'sha512' ? value : null;
}

function fileOf(value: JsonValue): RpmFile {
  const [path, digest, changes] = list(value);
  return [text(path), maybeText(digest), changes === true];
}

function join(input: TypedJoin<RpmRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly Omit<CatalogGap, 'by'>[];
} {
  const components: Component[] = [];
  const gaps: Omit<CatalogGap, 'by'>[] = [];
  for (const { path, layer, data } of input.records) {
    if ('package' in data) components.push(componentOf(input, { path, layer, data: data.package }));
    else gaps.push({ path, reason: 'unsupported', detail: waitingText(data.waiting) });
  }
  return { components, gaps };
}

function waitingText(pages: number): string {
  return `${pages} committed pages wait in the log beside the database: what they changed is not read`;
}
