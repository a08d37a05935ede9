import {
  type CatalogFile,
  type Component,
  formatPurl,
  type JsonValue,
  normalisedName,
  type OwnedFile,
} from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { FilesByFolder } from './folder-files.js';
import { fieldsOf, jsonObject, textOf } from './json.js';
import { eachLine, parseParagraphs } from './paragraphs.js';
import { baseName, folderOf, isFileLike, pathFrom, placeOf } from './paths.js';
import { pythonRequirement } from './relations.js';
import { type FileRow, fileRows, maybeText, object, text, texts } from './shape.js';

/** `home` is the folder of the metadata (`…/x-1.0.dist-info`), or the egg-info file itself. */
type MetadataRecord = {
  readonly kind: 'metadata';
  readonly home: string;
  readonly name: string;
  readonly version: string | null;
  readonly licenses: readonly string[];
  readonly supplier: string | null;
  readonly url: string | null;
  /** Normalised names, without those that only an extra needs. */
  readonly requires: readonly string[];
};
/** Where an installer had it from, when that was no index: a URL, and whether it is a link to a working tree. */
type DirectRecord = {
  readonly kind: 'direct';
  readonly home: string;
  readonly url: string;
  readonly isEditable: boolean;
};
/** Paths are cleaned and count from the image's root; digests are SHA-256 in hex. */
type FilesRecord = { readonly kind: 'record' | 'installed'; readonly home: string; readonly files: readonly FileRow[] };
type TopRecord = { readonly kind: 'top'; readonly home: string; readonly names: readonly string[] };
type PythonRecord = MetadataRecord | FilesRecord | TopRecord | DirectRecord;

type FileKind = 'metadata' | 'record' | 'installed' | 'top' | 'direct';

/**
 * Installed Python distributions: wheels (`.dist-info`) and eggs (`.egg-info` as folder or file, `EGG-INFO`), with
 * their file lists (RECORD, installed-files.txt) or, without one, their top-level modules.
 *
 * Metadata without a name is a gap `bad-database`.
 * Follows: Python "Core metadata specifications", "Recording installed projects", PEP 503 (names), PEP 639 (licences).
 */
export const python = defineCataloguer<PythonRecord>({
  name: 'python',
  version: 3,
  wants: (file) => file.type === 'file' && kindOf(file.path) !== null,
  read,
  decode,
  join,
  about: {
    finds: 'installed Python distributions',
    reads: [
      '**.dist-info/METADATA',
      '**.dist-info/RECORD',
      '**.dist-info/top_level.txt',
      '**.dist-info/direct_url.json',
      '**.egg-info',
      '**.egg-info/*',
      '**EGG-INFO/*',
    ],
    purls: ['pypi'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'dependencies', 'files', 'digests'],
    limit: 'without RECORD, files are those of its top-level modules',
  },
});

const wheelFiles: Readonly<Record<string, FileKind | undefined>> = {
  METADATA: 'metadata',
  RECORD: 'record',
  'top_level.txt': 'top',
  'direct_url.json': 'direct',
};

function kindOf(path: string): FileKind | null {
  const folder = folderOf(path);
  const file = baseName(path);
  if (file.endsWith('.egg-info')) return 'metadata';
  if (folder.endsWith('.dist-info')) {
    return wheelFiles[file] ?? null;
  }
  if (folder.endsWith('.egg-info') || baseName(folder) === 'EGG-INFO') {
    if (file === 'PKG-INFO') return 'metadata';
    return file === 'installed-files.txt' ? 'installed' : file === 'top_level.txt' ? 'top' : null;
  }
  return null;
}

function read(file: CatalogFile): TypedRead<PythonRecord> {
  const { path } = file.head;
  const kind = kindOf(path);
  const source = fileText(file);
  switch (kind) {
    case 'metadata':
      return readMetadata(source, path.endsWith('.egg-info') ? path : folderOf(path));
    case 'record':
      return { records: [{ kind, home: folderOf(path), files: readRecord(source, folderOf(folderOf(path))) }] };
    case 'installed':
      return { records: [{ kind, home: folderOf(path), files: readInstalled(source, folderOf(path)) }] };
    case 'top':
      return { records: [{ kind, home: folderOf(path), names: readNames(source) }] };
    case 'direct':
      return { records: [readDirect(source, folderOf(path))] };
    case null:
      return { records: [] };
  }
}

function readMetadata(source: string, home: string): TypedRead<PythonRecord> {
  const fields = parseParagraphs(source, true).paragraphs[0]?.fields;
  const name = fields?.get('name')?.split('\n', 1)[0] ?? '';
  if (fields === undefined || name === '') {
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'Python metadata without a name' }] };
  }
  const version = fields.get('version') ?? '';
  const record: MetadataRecord = {
    kind: 'metadata',
    home,
    name,
    version: version === '' ? null : version,
    licenses: licensesOf(fields),
    supplier: supplierOf(fields),
    url: known(fields.get('download-url')),
    requires: (fields.get('requires-dist') ?? '')
      .split('\n')
      .slice(0, 1000)
      .map(pythonRequirement)
      .filter((one) => one !== null),
  };
  return { records: [record] };
}

function known(value: string | undefined): string | null {
  return value === undefined || value === '' || value === 'UNKNOWN' ? null : value.slice(0, 1000);
}

/** Follows: PEP 610. */
function readDirect(source: string, home: string): DirectRecord {
  const fields = fieldsOf(jsonObject(source, 'a direct_url.json'));
  const isEditable = fieldsOf(fields.get('dir_info')).get('editable') === true;
  return { kind: 'direct', home, url: textOf(fields.get('url')).slice(0, 1000), isEditable };
}

/** `Author` may be missing where `Author-email` has `Name <mail>`; UNKNOWN is what old tools wrote for nothing. */
function supplierOf(fields: ReadonlyMap<string, string>): string | null {
  for (const name of ['author', 'author-email', 'maintainer', 'maintainer-email']) {
    const value = fields.get(name)?.split('\n', 1)[0]?.trim() ?? '';
    if (value !== '' && value !== 'UNKNOWN') return value.slice(0, 500);
  }
  return null;
}

/** License-Expression, else License where it is a line and no text, else what the classifiers say. */
function licensesOf(fields: ReadonlyMap<string, string>): readonly string[] {
  const expression = fields.get('license-expression') ?? '';
  if (expression !== '') return [expression];
  const stated = fields.get('license') ?? '';
  if (stated !== '' && stated !== 'UNKNOWN' && !stated.includes('\n') && stated.length <= 100) return [stated];
  const prefix = 'License :: ';
  return (fields.get('classifier') ?? '')
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(line.lastIndexOf(' :: ') + 4))
    .filter((word) => word !== 'OSI Approved');
}

/** Rows `path,algorithm=digest,size` (CSV, a path with commas or quotes in quotes); digests are urlsafe base64. */
function readRecord(source: string, site: string): FileRow[] {
  const rows: FileRow[] = [];
  for (const line of eachLine(source)) {
    if (line === '') continue;
    const [path = '', digest = ''] = splitCsv(line);
    const place = pathFrom(site, path);
    if (place === null || path === '') continue;
    const bytes = digest.startsWith('sha256=') ? Buffer.from(digest.slice(7), 'base64url') : null;
    rows.push([place, bytes?.length === 32 ? bytes.toString('hex') : null]);
  }
  return rows;
}

function splitCsv(line: string): string[] {
  if (!line.startsWith('"')) return line.split(',');
  let at = 1;
  let first = '';
  while (at < line.length) {
    const end = line.indexOf('"', at);
    if (end < 0) return [first + line.slice(at)];
    first += line.slice(at, end);
    if (line[end + 1] !== '"') return [first, ...line.slice(end + 2).split(',')];
    first += '"';
    at = end + 2;
  }
  return [first];
}

/** Paths relative to the egg-info folder itself, one a line. */
function readInstalled(source: string, home: string): FileRow[] {
  return readNames(source).flatMap((line): FileRow[] => {
    const place = pathFrom(home, line);
    return place === null ? [] : [[place, null]];
  });
}

function readNames(source: string): string[] {
  return [...eachLine(source)].map((line) => line.trim()).filter((line) => line !== '');
}

function decode(value: JsonValue): PythonRecord {
  const fields = object(value);
  const home = text(fields.home);
  if (fields.kind === 'top') return { kind: 'top', home, names: texts(fields.names) };
  if (fields.kind === 'direct') {
    return { kind: 'direct', home, url: text(fields.url), isEditable: fields.isEditable === true };
  }
  if (fields.kind === 'record' || fields.kind === 'installed') {
    return { kind: fields.kind, home, files: fileRows(fields.files) };
  }
  return {
    kind: 'metadata',
    home,
    name: text(fields.name),
    version: maybeText(fields.version),
    licenses: texts(fields.licenses),
    supplier: maybeText(fields.supplier),
    url: maybeText(fields.url),
    requires: texts(fields.requires),
  };
}

function join(input: TypedJoin<PythonRecord>): { readonly components: readonly Component[] } {
  const records = input.records.map(({ data }) => data);
  const files = new Map(
    records.flatMap((one) => (one.kind === 'record' || one.kind === 'installed' ? [[one.home, one]] : [])),
  );
  const tops = new Map(records.flatMap((one) => (one.kind === 'top' ? [[one.home, one.names]] : [])));
  const direct = new Map(records.flatMap((one) => (one.kind === 'direct' ? [[one.home, one]] : [])));
  const byFolder = new FilesByFolder(input);
  const components: Component[] = [];
  for (const { path, layer, data } of input.records) {
    if (data.kind !== 'metadata') continue;
    const listed = files.get(data.home);
    const owns =
      listed === undefined
        ? placedFiles(input, byFolder, data, tops.get(data.home) ?? [])
        : listedFiles(input, listed.files, data.home);
    components.push(component({ path, layer, data }, owns, direct.get(data.home) ?? null));
  }
  return { components };
}

function component(
  { path, layer, data }: TypedRecord<MetadataRecord>,
  owns: readonly OwnedFile[],
  direct: DirectRecord | null,
): Component {
  const url = direct === null || direct.url === '' ? data.url : direct.url;
  return {
    purl: formatPurl({ type: 'pypi', name: data.name, version: data.version }),
    name: normalisedName(data.name),
    version: data.version,
    ecosystem: 'PyPI',
    release: null,
    source: null,
    locations: [{ path, layer }],
    foundBy: 'python',
    licenses: data.licenses,
    requires: data.requires.map((one) => [one]),
    provides: [normalisedName(data.name)],
    owns,
    grade: 'claimed',
    evidence: [
      { what: 'Python metadata', where: path, value: `Name: ${data.name}, Version: ${data.version ?? 'none'}` },
      ...(direct === null
        ? []
        : [
            {
              what: direct.isEditable ? 'direct_url.json: a link to a working tree' : 'direct_url.json',
              where: `${data.home}/direct_url.json`,
              value: direct.url,
            },
          ]),
    ],
    ...(data.supplier === null ? {} : { supplier: data.supplier }),
    ...(url === null ? {} : { downloadLocation: url }),
  };
}

function listedFiles(input: TypedJoin<PythonRecord>, rows: readonly FileRow[], home: string): readonly OwnedFile[] {
  const owned = new Map<string, OwnedFile>();
  for (const [path, sha256] of rows) {
    const place = placeOf(input, path);
    if (place === null || !isFileLike(input, place)) continue;
    // Installers rewrite RECORD itself and may add INSTALLER and direct_url.json: those have no digest there.
    const digest = sha256 === null ? null : ({ algorithm: 'sha256', hex: sha256 } as const);
    owned.set(place, { path: place, digest, mayChange: place.startsWith(`${home}/`) && digest === null });
  }
  return [...owned.values()];
}

/** Without a list: the metadata itself, and the modules and packages that top_level.txt names beside it. */
function placedFiles(
  input: TypedJoin<PythonRecord>,
  byFolder: FilesByFolder,
  data: MetadataRecord,
  names: readonly string[],
): readonly OwnedFile[] {
  const site = folderOf(data.home);
  const base = baseName(data.home) === 'EGG-INFO' ? folderOf(data.home) : site;
  // A name that leads up or stays (`.`, `..`) would claim what is not the package's.
  const isInside = (name: string): boolean => (base === '' ? name !== '' : name.startsWith(`${base}/`));
  const modules = names
    .slice(0, 1000)
    .flatMap((name) => pathFrom(base, name) ?? [])
    .filter(isInside);
  const places = [data.home, ...modules.map((name) => `${name}.py`)].concat(
    byFolder.under(data.home),
    ...modules.map((name) => byFolder.under(name)),
  );
  return [...new Set(places)]
    .filter((place) => isFileLike(input, place))
    .map((path): OwnedFile => ({ path, digest: null, mayChange: false, listed: false }));
}
