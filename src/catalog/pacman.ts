import {
  type CatalogFile,
  type Component,
  formatPurl,
  isTrowelError,
  type JsonValue,
  type OwnedFile,
} from '../model/index.js';
import { decompressBytes } from '../pack/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { parseMtree } from './mtree.js';
import { eachLine } from './paragraphs.js';
import { baseName, folderOf, placedFiles } from './paths.js';
import { type FileRow, fileRows, list, maybeText, object, text, texts } from './shape.js';

type PackageRecord = {
  readonly kind: 'package';
  readonly name: string;
  readonly version: string | null;
  readonly base: string | null;
  readonly arch: string | null;
  readonly url: string | null;
  readonly packager: string | null;
  readonly licenses: readonly string[];
};
/** Paths, and of those that may be edited the MD5 they came with. */
type FilesRecord = { readonly kind: 'files'; readonly paths: readonly string[]; readonly backup: readonly FileRow[] };
/** Path and SHA-256. */
type SumsRecord = { readonly kind: 'sums'; readonly files: readonly FileRow[] };
type PacmanRecord = PackageRecord | FilesRecord | SumsRecord;

/** Where pacman keeps one folder for each package: its own place, and those of systems whose /var does not last. */
const roots: readonly string[] = [
  'var/lib/pacman/local/',
  'usr/lib/sysimage/lib/pacman/local/',
  'usr/lib/holo/pacmandb/local/',
];
const fileNames: readonly string[] = ['desc', 'files', 'mtree'];
/** The largest of Arch has 27 MB. */
const mtreeBytes = 64 * 1024 ** 2;

/**
 * Packages of Arch Linux and its kin: pacman's local database, a folder a package, with the SHA-256 of each file.
 *
 * Follows: pacman, lib/libalpm/be_local.c (local_db_read: desc, files), alpm-files(5); mtree(5) for `mtree`.
 */
export const pacman = defineCataloguer<PacmanRecord>({
  name: 'pacman',
  version: 1,
  wants: ({ type, path }) => type === 'file' && isOfPackage(path),
  read,
  decode,
  join,
  about: {
    finds: 'packages of Arch Linux and its kin',
    reads: ['**/pacman*/local/*/*'],
    purls: ['alpm'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'files', 'digests'],
  },
});

function isOfPackage(path: string): boolean {
  const root = path.includes('pacman') ? roots.find((one) => path.startsWith(one)) : undefined;
  return root !== undefined && path.slice(root.length).split('/').length === 2 && fileNames.includes(baseName(path));
}

function read(file: CatalogFile): TypedRead<PacmanRecord> {
  switch (baseName(file.head.path)) {
    case 'desc':
      return readDesc(fileText(file));
    case 'files':
      return readFiles(fileText(file));
    default:
      return readSums(file);
  }
}

/** `%NAME%`, its values a line each, an empty line. */
function sections(source: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const line of eachLine(source)) {
    if (line === '') values = null;
    else if (values !== null) values.push(line);
    else if (line.length > 2 && line.startsWith('%') && line.endsWith('%')) {
      values = [];
      found.set(line.slice(1, -1), values);
    }
  }
  return found;
}

function readDesc(source: string): TypedRead<PacmanRecord> {
  const fields = sections(source);
  const first = (name: string): string | null => fields.get(name)?.[0] ?? null;
  const name = first('NAME');
  if (name === null) return { records: [], gaps: [{ reason: 'bad-database', detail: 'a package without a name' }] };
  return {
    records: [
      {
        kind: 'package',
        name,
        version: first('VERSION'),
        base: first('BASE'),
        arch: first('ARCH'),
        url: first('URL'),
        packager: first('PACKAGER'),
        licenses: fields.get('LICENSE') ?? [],
      },
    ],
  };
}

function readFiles(source: string): TypedRead<PacmanRecord> {
  const fields = sections(source);
  const backup = (fields.get('BACKUP') ?? []).map((line): FileRow => {
    const [path = '', md5 = ''] = line.split('\t');
    return [path, /^[0-9a-f]{32}$/.test(md5) ? md5 : null];
  });
  const paths = (fields.get('FILES') ?? []).filter((path) => !path.endsWith('/'));
  return { records: [{ kind: 'files', paths, backup }] };
}

function readSums(file: CatalogFile): TypedRead<PacmanRecord> {
  try {
    const rows = parseMtree(new TextDecoder().decode(decompressBytes(file.bytes(), mtreeBytes)));
    const files = rows.flatMap(({ path, type, sha256 }): FileRow[] =>
      type === 'dir' || (path.startsWith('.') && !path.includes('/')) ? [] : [[path, sha256]],
    );
    return { records: [{ kind: 'sums', files }] };
  } catch (error) {
    if (!isTrowelError(error, 'bad-bytes', 'truncated')) throw error;
    return { records: [], gaps: [{ reason: 'bad-database', detail: error.what }] };
  }
}

function decode(value: JsonValue): PacmanRecord {
  const fields = object(value);
  if (fields.kind === 'files') {
    return { kind: 'files', paths: texts(fields.paths), backup: fileRows(fields.backup) };
  }
  if (fields.kind === 'sums') return { kind: 'sums', files: fileRows(fields.files) };
  return {
    kind: 'package',
    name: text(fields.name),
    version: maybeText(fields.version),
    base: maybeText(fields.base),
    arch: maybeText(fields.arch),
    url: maybeText(fields.url),
    packager: maybeText(fields.packager),
    licenses: list(fields.licenses).map(text),
  };
}

function join(input: TypedJoin<PacmanRecord>): { readonly components: readonly Component[] } {
  const files = new Map<string, FilesRecord>();
  const sums = new Map<string, SumsRecord>();
  for (const { path, data } of input.records) {
    if (data.kind === 'files') files.set(folderOf(path), data);
    if (data.kind === 'sums') sums.set(folderOf(path), data);
  }
  const components = input.records.flatMap(({ path, layer, data }): Component[] => {
    if (data.kind !== 'package') return [];
    const folder = folderOf(path);
    const listed = listedFiles(files.get(folder) ?? null, sums.get(folder) ?? null);
    return [{ ...component(input, { path, layer, data }), owns: placedFiles(input, listed) }];
  });
  return { components };
}

function component(
  { distro }: TypedJoin<PacmanRecord>,
  { path, layer, data }: TypedRecord<PackageRecord>,
): Omit<Component, 'owns'> {
  const { name, version, base, arch, url, packager, licenses } = data;
  const upstream = base === name ? null : base;
  return {
    purl: formatPurl({
      type: 'alpm',
      namespace: distro?.id ?? null,
      name,
      version,
      qualifiers: { arch, upstream, distro: distroQualifier(distro) },
    }),
    name,
    version,
    ...ecosystemOf(distro, 'alpm'),
    source: { name: base ?? name, version },
    locations: [{ path, layer }],
    foundBy: 'pacman',
    licenses,
    supplier: packager,
    grade: 'claimed',
    evidence: [
      {
        what: 'pacman database',
        where: path,
        value: `NAME: ${name}, VERSION: ${version ?? 'none'}, ARCH: ${arch ?? ''}`,
      },
      ...(url === null ? [] : [{ what: 'pacman url', where: path, value: url }]),
    ],
  };
}

/** The mtree has a digest for each file; without one the list has the paths. */
function* listedFiles(files: FilesRecord | null, sums: SumsRecord | null): Generator<OwnedFile> {
  const backup = new Map(files?.backup);
  const digests = new Map(sums?.files);
  for (const path of new Set([...(files?.paths ?? []), ...digests.keys()])) {
    const sha256 = digests.get(path) ?? null;
    const md5 = backup.get(path) ?? null;
    const digest =
      sha256 !== null
        ? ({ algorithm: 'sha256', hex: sha256 } as const)
        : md5 === null
          ? null
          : ({ algorithm: 'md5', hex: md5 } as const);
    yield { path, digest, mayChange: backup.has(path) };
  }
}
