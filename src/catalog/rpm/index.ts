import { committedPages, Problems } from '../../database/index.js';
import {
  type CatalogFile,
  type CatalogGap,
  type Component,
  type Distro,
  isTrowelError,
  type ReadGap,
} from '../../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from '../define.js';
import { parseOsRelease } from '../distro.js';
import { baseName } from '../paths.js';
import { componentOf } from './component.js';
import { readRpmHeader } from './header.js';
import { headerDigest } from './header-digest.js';
import { readManifest } from './manifest.js';
import { packageOf } from './package.js';
import { PathBudget } from './path-budget.js';
import { placeOfFile } from './places.js';
import { decode, type RpmRecord } from './record.js';
import { rpmWords } from './relations.js';
import { headersOf } from './sources.js';

const osReleaseBytes = 65536;

/**
 * Packages that rpm installed, from its database in each of its formats (SQLite, ndb, Berkeley DB) and from the lists
 * that stand for it in images without rpm; with the files of each package and their digests. Root file systems inside
 * the image are read too, each with its own os-release.
 *
 * What is damaged is a gap `bad-database`; the packages that are whole are returned. So are those whose header is not
 * what its own digest says, with a gap and as `inferred`: its text is there, and something changed it. Changes that
 * wait in a log beside the database are not read, and said to be missing.
 */
export const rpm = defineCataloguer<RpmRecord>({
  name: 'rpm',
  version: 2,
  wants({ type, path, sizeBytes }) {
    const place = type === 'file' ? placeOfFile(path) : null;
    return place !== null && (place.kind !== 'os-release' || sizeBytes <= osReleaseBytes);
  },
  read,
  decode,
  join,
  about: {
    finds: 'packages of Red Hat, SUSE and their kin',
    reads: [
      '**rpm*/rpmdb.sqlite',
      '**rpm*/rpmdb.sqlite-wal',
      '**rpm*/Packages.db',
      '**rpm*/Packages',
      '**var/lib/rpmmanifest/container-manifest-2',
      '*/**/os-release',
    ],
    purls: ['rpm'],
    grades: ['claimed', 'inferred'],
    facts: ['source', 'licenses', 'supplier', 'dependencies', 'files', 'digests'],
    limit:
      'a header that is not what its own digest says is `inferred`; changes in a log beside the database are not read, and a gap',
  },
});

function read(file: CatalogFile): TypedRead<RpmRecord> {
  switch (placeOfFile(file.head.path)?.kind) {
    case 'manifest': {
      const { records, gaps } = readManifest(fileText(file));
      return { records: records.map((one) => ({ package: one })), gaps };
    }
    case 'log': {
      const waiting = committedPages(file);
      return { records: waiting === 0 ? [] : [{ waiting }] };
    }
    case 'os-release':
      return { records: [{ osRelease: fileText(file) }] };
    case 'database':
      return readDatabase(file, baseName(file.head.path));
    case undefined:
      return { records: [] };
  }
}

function readDatabase(file: CatalogFile, name: string): TypedRead<RpmRecord> {
  // SQLite takes an empty file for an empty database; the others are never empty.
  if (name === 'rpmdb.sqlite' && file.sizeBytes === 0) return { records: [] };
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

function join(input: TypedJoin<RpmRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly Omit<CatalogGap, 'by'>[];
} {
  const distros = distrosOf(input);
  const words = rpmWords(input.records.flatMap(({ data }) => ('package' in data ? [data.package] : [])));
  const components: Component[] = [];
  const gaps: Omit<CatalogGap, 'by'>[] = [];
  for (const { path, layer, data } of input.records) {
    if ('waiting' in data) gaps.push({ path, reason: 'unsupported', detail: waitingText(data.waiting) });
    if (!('package' in data)) continue;
    const root = placeOfFile(path)?.root ?? '';
    const distro = distros.get(root) ?? null;
    components.push({
      ...componentOf({ ...input, distro }, root, { path, layer, data: data.package }),
      ...words(data.package),
    });
  }
  return { components, gaps };
}

/** The distribution of each root file system; a path may have moved, and an unknown root has none. */
function distrosOf(input: TypedJoin<RpmRecord>): ReadonlyMap<string, Distro | null> {
  const found = new Map<string, Distro | null>([['', input.distro]]);
  for (const { path, data } of input.records) {
    const root = 'osRelease' in data ? placeOfFile(path)?.root : undefined;
    if (root === undefined || !('osRelease' in data) || found.get(root) != null) continue;
    found.set(root, parseOsRelease(data.osRelease));
  }
  return found;
}

function waitingText(pages: number): string {
  return `${pages} committed pages wait in the log beside the database: what they changed is not read`;
}
