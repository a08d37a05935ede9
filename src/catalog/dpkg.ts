import {
  type CatalogFile,
  type Component,
  formatPurl,
  type JsonValue,
  type OwnedFile,
  type ReadGap,
} from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { licensesOfCopyright } from './dpkg-copyright.js';
import { eachLine, parseParagraphs } from './paragraphs.js';
import { baseName, isFileLike, placeOf } from './paths.js';
import { debianRelations } from './relations.js';
import { type FileRow, fileRows, maybeText, object, text, texts } from './shape.js';

export type PackageRecord = {
  readonly kind: 'package';
  readonly name: string;
  readonly version: string | null;
  readonly arch: string;
  readonly source: string | null;
  readonly sourceVersion: string | null;
  readonly maintainer: string | null;
  /** Path and MD5. */
  readonly conffiles: readonly FileRow[];
  /** Pre-Depends and Depends, and Provides, as they stand. */
  readonly requires: string;
  readonly provides: string;
};
/** `package` is the file's name without its ending: `libc6:amd64` where the architecture is part of it. */
type FilesRecord = { readonly kind: 'list' | 'sums'; readonly package: string; readonly files: readonly FileRow[] };
/** Path, and to whom it was moved: the package that diverted it is in `by`. */
type DiversionRecord = { readonly kind: 'diversion'; readonly from: string; readonly to: string; readonly by: string };
type CopyrightRecord = { readonly kind: 'copyright'; readonly licenses: readonly string[] };
export type DpkgRecord = PackageRecord | FilesRecord | DiversionRecord | CopyrightRecord;

const root = 'var/lib/dpkg/';
const listEnd = '.list';
const sumsEnd = '.md5sums';
const docs = 'usr/share/doc/';
const copyrightEnd = '/copyright';

/**
 * Packages that dpkg installed: `status`, the per-package files of `status.d` (distroless images), file lists and
 * MD5 sums, diversions, and the licences that the packages' copyright files name.
 *
 * Only packages whose state is one with files on disk count. A paragraph without name or version is a gap
 * `bad-database` with its line; the others are returned.
 * Follows: Debian Policy 5.3, 5.6.1 (Source), dpkg(1) "Package states", dpkg-divert(1), deb-md5sums(5).
 */
export const dpkg = defineCataloguer<DpkgRecord>({
  name: 'dpkg',
  version: 3,
  wants: ({ type, path }) =>
    type === 'file' && (path.startsWith(root) ? kindOf(path.slice(root.length)) !== null : isCopyright(path)),
  read,
  decode: decodeDpkg,
  join: joinDpkg,
  about: {
    finds: 'packages of Debian and its kin',
    reads: [
      'var/lib/dpkg/status',
      'var/lib/dpkg/status.d/*',
      'var/lib/dpkg/info/*.list',
      'var/lib/dpkg/info/*.md5sums',
      'var/lib/dpkg/diversions',
      'usr/share/doc/*/copyright',
    ],
    purls: ['deb'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'dependencies', 'files', 'digests'],
    limit: 'licences are in copyright files, which many images leave out; digests are MD5',
  },
});

/** `usr/share/doc/PACKAGE/copyright` (Debian Policy 12.5). */
export function isCopyright(path: string): boolean {
  return (
    path.startsWith(docs) && path.endsWith(copyrightEnd) && path.indexOf('/', docs.length) === path.lastIndexOf('/')
  );
}

type FileKind = 'status' | 'list' | 'sums' | 'diversions';

function kindOf(name: string): FileKind | null {
  if (name === 'status') return 'status';
  if (name === 'diversions') return 'diversions';
  if (name.startsWith('info/')) return name.endsWith(listEnd) ? 'list' : name.endsWith(sumsEnd) ? 'sums' : null;
  if (!name.startsWith('status.d/')) return null;
  return name.endsWith(sumsEnd) ? 'sums' : name.endsWith(listEnd) ? 'list' : 'status';
}

function read(file: CatalogFile): TypedRead<DpkgRecord> {
  if (isCopyright(file.head.path)) {
    return { records: [{ kind: 'copyright', licenses: licensesOfCopyright(fileText(file)) }] };
  }
  const kind = kindOf(file.head.path.slice(root.length));
  const source = fileText(file);
  const name = baseName(file.head.path);
  switch (kind) {
    case 'status':
      return readStatus(source);
    case 'list':
      return { records: [{ kind, package: name.slice(0, -listEnd.length), files: readList(source) }] };
    case 'sums':
      return readSums(source, name.slice(0, -sumsEnd.length));
    case 'diversions':
      return readDiversions(source);
    case null:
      return { records: [] };
  }
}

export function readStatus(source: string): TypedRead<DpkgRecord> {
  const { paragraphs, badLines } = parseParagraphs(source);
  const gaps: ReadGap[] = [];
  if (badLines.length > 0) gaps.push(bad(`no field: line ${badLines.join(', ')}`));
  const records: PackageRecord[] = [];
  for (const { line, fields } of paragraphs) {
    const name = fields.get('package') ?? '';
    const version = fields.get('version') ?? '';
    if (!hasFiles(fields.get('status') ?? null)) continue;
    if (name === '') {
      gaps.push(bad(`a package without a name: line ${line}`));
      continue;
    }
    const source = splitSource(fields.get('source') ?? '');
    records.push({
      kind: 'package',
      name,
      version: version === '' ? null : version,
      arch: fields.get('architecture') ?? '',
      source: source.name,
      sourceVersion: source.version,
      maintainer: fields.get('maintainer') || null,
      conffiles: readConffiles(fields.get('conffiles') ?? ''),
      requires: [fields.get('pre-depends'), fields.get('depends')].filter((one) => one !== undefined).join(', '),
      provides: fields.get('provides') ?? '',
    });
  }
  if (records.length === 0 && source.trim() !== '' && paragraphs.length === 0) gaps.push(bad('no package in it'));
  return { records, gaps };
}

function bad(detail: string): ReadGap {
  return { reason: 'bad-database', detail };
}

/**
 * Whether the third word of Status is a state in which the package's files are there. Distroless images have no
 * Status at all: what is listed is installed.
 */
function hasFiles(status: string | null): boolean {
  if (status === null) return true;
  const state = status.split(' ').at(-1) ?? '';
  return state !== 'not-installed' && state !== 'config-files';
}

/** `glibc (2.36-9)`: the source package and, where it differs from the binary's, its version (Policy 5.6.1). */
function splitSource(value: string): { readonly name: string | null; readonly version: string | null } {
  const open = value.indexOf('(');
  const name = (open < 0 ? value : value.slice(0, open)).trim();
  const close = value.indexOf(')', open);
  const version = open < 0 || close < 0 ? '' : value.slice(open + 1, close).trim();
  return { name: name === '' ? null : name, version: version === '' ? null : version };
}

/** ` /etc/bash.bashrc 89269e1298235f1b12b4c16e4065ad0d [obsolete]`, one a line; `newconffile` stands for no sum yet. */
function readConffiles(value: string): FileRow[] {
  return value.split('\n').flatMap((line): FileRow[] => {
    const words = line.trim().split(' ');
    const flag = words.at(-1) === 'obsolete' || words.at(-1) === 'remove-on-upgrade' ? words.pop() : undefined;
    const md5 = words.pop() ?? '';
    const path = words.join(' ').replace(/^\/+/, '');
    if (path === '' || flag === 'obsolete') return [];
    return [[path, isMd5(md5) ? md5 : null]];
  });
}

function isMd5(word: string): boolean {
  return /^[0-9a-f]{32}$/.test(word);
}

function readList(source: string): FileRow[] {
  const rows: FileRow[] = [];
  for (const line of eachLine(source)) {
    const path = line.replace(/^\/+/, '').replace(/^\.\//, '');
    if (path !== '' && path !== '.') rows.push([path, null]);
  }
  return rows;
}

/** `md5, two blanks (or a blank and *), path`, the path from the root, in distroless images with `./` before it. */
export function readSums(source: string, name: string): TypedRead<DpkgRecord> {
  const files: FileRow[] = [];
  let badLine = 0;
  let line = 0;
  for (const row of eachLine(source)) {
    line += 1;
    if (row === '') continue;
    const md5 = row.slice(0, 32).toLowerCase();
    const path = row.slice(34).replace(/^\.?\/+/, '');
    if (isMd5(md5) && path !== '') files.push([path, md5]);
    else if (badLine === 0) badLine = line;
  }
  const records: DpkgRecord[] = [{ kind: 'sums', package: name, files }];
  return { records, gaps: badLine === 0 ? [] : [bad(`no MD5 sum: line ${badLine}`)] };
}

/** Three lines each: the path, where it was moved, the package that did it (`:` for the administrator). */
function readDiversions(source: string): TypedRead<DpkgRecord> {
  const lines = [...eachLine(source)];
  const records: DpkgRecord[] = [];
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from = '', to = '', by = ''] = lines.slice(at, at + 3);
    records.push({ kind: 'diversion', from: from.replace(/^\/+/, ''), to: to.replace(/^\/+/, ''), by });
  }
  return { records, gaps: lines.length % 3 === 0 ? [] : [bad('diversions that do not come in threes')] };
}

export function decodeDpkg(value: JsonValue): DpkgRecord {
  const fields = object(value);
  if (fields.kind === 'diversion') {
    return { kind: 'diversion', from: text(fields.from), to: text(fields.to), by: text(fields.by) };
  }
  if (fields.kind === 'list' || fields.kind === 'sums') {
    return { kind: fields.kind, package: text(fields.package), files: fileRows(fields.files) };
  }
  if (fields.kind === 'copyright') return { kind: 'copyright', licenses: texts(fields.licenses) };
  return {
    kind: 'package',
    name: text(fields.name),
    version: maybeText(fields.version),
    arch: text(fields.arch),
    source: maybeText(fields.source),
    sourceVersion: maybeText(fields.sourceVersion),
    maintainer: maybeText(fields.maintainer),
    conffiles: fileRows(fields.conffiles),
    requires: text(fields.requires),
    provides: text(fields.provides),
  };
}

interface FileLists {
  readonly list: ReadonlyMap<string, readonly FileRow[]>;
  readonly sums: ReadonlyMap<string, readonly FileRow[]>;
  /** By the path that was moved; dpkg lets one package divert a path. */
  readonly diversions: ReadonlyMap<string, DiversionRecord>;
  /** By the path of the copyright file. */
  readonly licenses: ReadonlyMap<string, readonly string[]>;
}

export function joinDpkg(input: TypedJoin<DpkgRecord>): { readonly components: readonly Component[] } {
  const lists = gatherLists(input.records);
  const components: Component[] = [];
  for (const { path, layer, data } of input.records) {
    if (data.kind !== 'package') continue;
    components.push(component(input, lists, { path, layer, data }));
  }
  return { components };
}

function gatherLists(records: readonly TypedRecord<DpkgRecord>[]): FileLists {
  const list = new Map<string, readonly FileRow[]>();
  const sums = new Map<string, readonly FileRow[]>();
  const diversions = new Map<string, DiversionRecord>();
  const licenses = new Map<string, readonly string[]>();
  for (const { path, data } of records) {
    if (data.kind === 'copyright') licenses.set(path, data.licenses);
    if (data.kind === 'list') list.set(data.package, data.files);
    if (data.kind === 'sums') sums.set(data.package, data.files);
    if (data.kind === 'diversion') diversions.set(data.from, data);
  }
  return { list, sums, diversions, licenses };
}

function component(
  input: TypedJoin<DpkgRecord>,
  lists: FileLists,
  { path, layer, data }: TypedRecord<PackageRecord>,
): Component {
  const { name, version, arch } = data;
  const distro = distroQualifier(input.distro);
  return {
    purl: formatPurl({
      type: 'deb',
      namespace: input.distro?.id ?? null,
      name,
      version,
      qualifiers: { arch: arch === '' ? null : arch, distro },
    }),
    name,
    version,
    ...ecosystemOf(input.distro, 'deb'),
    source: { name: data.source ?? name, version: data.sourceVersion ?? version },
    locations: [{ path, layer }],
    foundBy: 'dpkg',
    // The folder of a package's documents may be a link to that of another package of the same source.
    licenses: lists.licenses.get(input.resolve(`${docs}${name}${copyrightEnd}`) ?? '') ?? [],
    supplier: data.maintainer,
    requires: debianRelations(data.requires),
    provides: [name, ...debianRelations(data.provides).flat()],
    owns: ownedFiles(input, lists, path, data),
    grade: 'claimed',
    evidence: [
      {
        what: 'dpkg status',
        where: path,
        value: `Package: ${name}, Version: ${version ?? 'none'}, Architecture: ${arch}`,
      },
    ],
  };
}

/**
 * The package's files that are in the image, under the paths at which they lie there.
 *
 * The list names directories too: they are dropped. MD5 sums come from the sums file, for conffiles from status.
 * Distroless images have sums (and no list) under the name of the status.d file.
 */
function ownedFiles(
  input: TypedJoin<DpkgRecord>,
  lists: FileLists,
  statusPath: string,
  data: PackageRecord,
): readonly OwnedFile[] {
  const keys = [data.name, `${data.name}:${data.arch}`, baseName(statusPath)];
  const find = (of: ReadonlyMap<string, readonly FileRow[]>): readonly FileRow[] =>
    keys.map((key) => of.get(key)).find((rows) => rows !== undefined) ?? [];
  const conffiles = new Map(data.conffiles);
  const sums = new Map(find(lists.sums));
  const paths = new Set([...find(lists.list).map(([path]) => path), ...sums.keys(), ...conffiles.keys()]);
  const owned = new Map<string, OwnedFile>();
  for (const path of paths) {
    const place = placeOf(input, diverted(lists.diversions, path, data.name));
    if (place === null || !isFileLike(input, place)) continue;
    const md5 = sums.get(path) ?? conffiles.get(path) ?? null;
    owned.set(place, {
      path: place,
      digest: md5 === null ? null : { algorithm: 'md5', hex: md5 },
      mayChange: conffiles.has(path),
    });
  }
  return [...owned.values()];
}

/** A path that another package diverted lies under its other name (dpkg-divert(1)). */
function diverted(diversions: FileLists['diversions'], path: string, name: string): string {
  const found = diversions.get(path);
  return found === undefined || found.by === name ? path : found.to;
}
