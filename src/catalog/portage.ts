import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { eachLine } from './paragraphs.js';
import { baseName, folderOf, placedFiles } from './paths.js';
import { type FileRow, fileRows, object, text } from './shape.js';

/** Path and MD5. */
type ContentsRecord = { readonly kind: 'contents'; readonly files: readonly FileRow[] };
type FieldRecord = { readonly kind: 'field'; readonly value: string };
type PortageRecord = ContentsRecord | FieldRecord;

const root = 'var/db/pkg/';
const fieldNames: readonly string[] = ['SLOT', 'LICENSE', 'repository', 'KEYWORDS', 'CHOST', 'HOMEPAGE'];
const maxFieldBytes = 65536;

/**
 * Packages of Gentoo: portage's database, a folder `CATEGORY/NAME-VERSION` each, with the MD5 of each file.
 *
 * A folder whose name has no version is a gap `bad-database`.
 * Follows: Package Manager Specification 3.1 (names), 3.2 (versions); portage, lib/portage/dbapi/vartree.py (CONTENTS:
 * `obj PATH MD5 MTIME`, `sym PATH -> TARGET MTIME`, `dir PATH`).
 */
export const portage = defineCataloguer<PortageRecord>({
  name: 'portage',
  version: 1,
  wants: ({ type, path, sizeBytes }) => {
    if (type !== 'file' || !path.startsWith(root) || path.slice(root.length).split('/').length !== 3) return false;
    const name = baseName(path);
    return name === 'CONTENTS' || (fieldNames.includes(name) && sizeBytes <= maxFieldBytes);
  },
  read,
  decode,
  join,
  about: {
    finds: 'packages of Gentoo',
    reads: ['var/db/pkg/*/*/*'],
    purls: ['ebuild'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'files', 'digests'],
    limit: 'digests are MD5',
  },
});

function read(file: CatalogFile): TypedRead<PortageRecord> {
  const source = fileText(file);
  if (baseName(file.head.path) !== 'CONTENTS') return { records: [{ kind: 'field', value: source.trim() }] };
  const files: FileRow[] = [];
  let badLine = 0;
  let line = 0;
  for (const row of eachLine(source)) {
    line += 1;
    const found = fileOf(row);
    if (found !== null) files.push(found);
    else if (badLine === 0 && row !== '' && !/^(?:dir|fif|dev) \//.test(row)) badLine = line;
  }
  const gaps = badLine === 0 ? [] : [{ reason: 'bad-database', detail: `no file: line ${badLine}` } as const];
  return { records: [{ kind: 'contents', files }], gaps };
}

/** Paths may have blanks: digest and time are the last words. */
function fileOf(row: string): FileRow | null {
  if (row.startsWith('obj /')) {
    const time = row.lastIndexOf(' ');
    const digest = row.lastIndexOf(' ', time - 1);
    const md5 = row.slice(digest + 1, time);
    return /^[0-9a-f]{32}$/.test(md5) ? [row.slice('obj /'.length, digest), md5] : null;
  }
  const arrow = row.indexOf(' -> ');
  return row.startsWith('sym /') && arrow > 0 ? [row.slice('sym /'.length, arrow), null] : null;
}

function decode(value: JsonValue): PortageRecord {
  const fields = object(value);
  if (fields.kind === 'field') return { kind: 'field', value: text(fields.value) };
  return { kind: 'contents', files: fileRows(fields.files) };
}

function join(input: TypedJoin<PortageRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly { readonly path: string; readonly reason: 'bad-database'; readonly detail: string }[];
} {
  const fields = new Map<string, string>();
  for (const { path, data } of input.records) if (data.kind === 'field') fields.set(path, data.value);
  const components: Component[] = [];
  const gaps: { path: string; reason: 'bad-database'; detail: string }[] = [];
  for (const { path, layer, data } of input.records) {
    if (data.kind !== 'contents') continue;
    const folder = folderOf(path);
    const known = splitName(baseName(folder));
    if (known === null) {
      gaps.push({ path, reason: 'bad-database', detail: `a package without a version: ${baseName(folder)}` });
      continue;
    }
    const field = (name: string): string | null => fields.get(`${folder}/${name}`) || null;
    const category = baseName(folderOf(folder));
    const name = `${category}/${known.name}`;
    const details = ['SLOT', 'repository', 'HOMEPAGE'].flatMap((key) => {
      const value = field(key);
      return value === null ? [] : [{ what: `portage ${key}`, where: `${folder}/${key}`, value }];
    });
    components.push({
      purl: formatPurl({
        type: 'ebuild',
        namespace: category,
        name: known.name,
        version: known.version,
        qualifiers: { distro: distroQualifier(input.distro) },
      }),
      name,
      version: known.version,
      ...ecosystemOf(input.distro, 'ebuild'),
      source: { name, version: known.version },
      locations: [{ path, layer }],
      foundBy: 'portage',
      licenses: licensesOf(field('LICENSE')),
      owns: placedFiles(input, data.files.map(owned)),
      grade: 'claimed',
      evidence: [{ what: 'portage database', where: folder, value: `${name}-${known.version}` }, ...details],
    });
  }
  return { components, gaps };
}

/** CONFIG_PROTECT of every profile names /etc: what lies there is expected to be edited (make.conf(5)). */
function owned([path, md5]: FileRow): OwnedFile {
  const digest = md5 === null ? null : ({ algorithm: 'md5', hex: md5 } as const);
  return { path, digest, mayChange: path.startsWith('etc/') };
}

/** `skopeo-1.5.1-r2` (PMS 3.2); a name has no such ending itself. */
function splitName(folder: string): { readonly name: string; readonly version: string } | null {
  if (folder.length > 256) return null;
  const version = /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?$/;
  for (let dash = folder.indexOf('-'); dash > 0; dash = folder.indexOf('-', dash + 1)) {
    const rest = folder.slice(dash + 1);
    if (version.test(rest)) return { name: folder.slice(0, dash), version: rest };
  }
  return null;
}

/** The words of a LICENSE without its conditions and choices: `|| ( GPL-2 MIT )`, `doc? ( FDL-1.3 )` (PMS 7.3.4, 8.2). */
function licensesOf(value: string | null): readonly string[] {
  const words = (value ?? '').split(/\s/).filter((word) => word !== '' && !/^(?:\|\||\(|\)|.*\?)$/.test(word));
  return [...new Set(words)];
}
