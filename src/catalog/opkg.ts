import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { eachLine, parseParagraphs } from './paragraphs.js';
import { folderOf, placedFiles } from './paths.js';
import { type FileRow, fileRows, maybeText, object, text, texts } from './shape.js';

type PackageRecord = {
  readonly kind: 'package';
  readonly name: string;
  readonly version: string | null;
  readonly arch: string | null;
  /** Path and SHA-256 or MD5. */
  readonly conffiles: readonly FileRow[];
};
type ListRecord = { readonly kind: 'list'; readonly paths: readonly string[] };
/** What the package said of itself; the status repeats little of it. */
type ControlRecord = {
  readonly kind: 'control';
  readonly name: string;
  readonly version: string | null;
  readonly arch: string | null;
  readonly source: string | null;
  readonly license: string | null;
  readonly maintainer: string | null;
};
type OpkgRecord = PackageRecord | ListRecord | ControlRecord;

const roots: readonly string[] = ['usr/lib/opkg/', 'var/lib/opkg/', 'opt/lib/opkg/'];

/**
 * Packages of OpenWrt (up to 24.10), Yocto and other small systems: opkg's status, file lists and control files.
 *
 * Only packages whose state is one with files on disk count; a paragraph without a name is a gap `bad-database`.
 * Follows: opkg, libopkg/pkg_parse.c and opkg_conf.c (OPKG_CONF_DEFAULT_*); conffiles as in dpkg, with SHA-256.
 */
export const opkg = defineCataloguer<OpkgRecord>({
  name: 'opkg',
  version: 1,
  wants: ({ type, path }) => type === 'file' && kindOf(path) !== null,
  read,
  decode,
  join,
  about: {
    finds: 'packages of OpenWrt, Yocto and other small systems',
    reads: ['*/lib/opkg/status', '*/lib/opkg/info/*.list', '*/lib/opkg/info/*.control'],
    purls: ['opkg'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'files', 'digests'],
  },
});

function kindOf(path: string): OpkgRecord['kind'] | null {
  const root = path.includes('opkg') ? roots.find((one) => path.startsWith(one)) : undefined;
  if (root === undefined) return null;
  const rest = path.slice(root.length);
  if (rest === 'status') return 'package';
  if (!rest.startsWith('info/')) return null;
  return rest.endsWith('.list') ? 'list' : rest.endsWith('.control') ? 'control' : null;
}

function read(file: CatalogFile): TypedRead<OpkgRecord> {
  const source = fileText(file);
  switch (kindOf(file.head.path)) {
    case 'list':
      return {
        records: [{ kind: 'list', paths: [...eachLine(source)].map(listedPath).filter((path) => path !== '') }],
      };
    case 'control':
      return readControl(source);
    default:
      return readStatus(source);
  }
}

/** opkg may write mode and target of a link behind the path, after tabs. */
function listedPath(line: string): string {
  return (line.split('\t', 1)[0] ?? '').replace(/^\.?\/+/, '');
}

function readControl(source: string): TypedRead<OpkgRecord> {
  const fields = parseParagraphs(source).paragraphs[0]?.fields ?? new Map<string, string>();
  const field = (name: string): string | null => fields.get(name) || null;
  const name = field('package');
  if (name === null)
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'a control file without a name' }] };
  const [version, arch] = [field('version'), field('architecture')];
  // `Source` is a folder of the build system here, never the name of a source package.
  const [sourceName, license, maintainer] = [field('sourcename'), field('license'), field('maintainer')];
  return { records: [{ kind: 'control', name, version, arch, source: sourceName, license, maintainer }] };
}

function readStatus(source: string): TypedRead<OpkgRecord> {
  const { paragraphs, badLines } = parseParagraphs(source);
  const records: OpkgRecord[] = [];
  const details = badLines.length === 0 ? [] : [`no field: line ${badLines.join(', ')}`];
  for (const { line, fields } of paragraphs) {
    const state = fields.get('status')?.split(' ').at(-1) ?? 'installed';
    if (state === 'not-installed' || state === 'config-files') continue;
    const name = fields.get('package') ?? '';
    if (name === '') details.push(`a package without a name: line ${line}`);
    else {
      records.push({
        kind: 'package',
        name,
        version: fields.get('version') || null,
        arch: fields.get('architecture') || null,
        conffiles: conffilesOf(fields.get('conffiles') ?? ''),
      });
    }
  }
  return { records, gaps: details.map((detail) => ({ reason: 'bad-database', detail })) };
}

function conffilesOf(value: string): FileRow[] {
  return value.split('\n').flatMap((line): FileRow[] => {
    const [path = '', digest = ''] = line.trim().split(' ');
    return path === ''
      ? []
      : [[path.replace(/^\/+/, ''), /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/.test(digest) ? digest : null]];
  });
}

function decode(value: JsonValue): OpkgRecord {
  const fields = object(value);
  const [name, version, arch] = [text(fields.name), maybeText(fields.version), maybeText(fields.arch)];
  if (fields.kind === 'list') return { kind: 'list', paths: texts(fields.paths) };
  if (fields.kind === 'package') return { kind: 'package', name, version, arch, conffiles: fileRows(fields.conffiles) };
  return {
    kind: 'control',
    name,
    version,
    arch,
    source: maybeText(fields.source),
    license: maybeText(fields.license),
    maintainer: maybeText(fields.maintainer),
  };
}

function join(input: TypedJoin<OpkgRecord>): { readonly components: readonly Component[] } {
  const lists = new Map<string, readonly string[]>();
  const controls = new Map<string, ControlRecord>();
  const key = (path: string): string => path.slice(0, path.lastIndexOf('.'));
  for (const { path, data } of input.records) {
    if (data.kind === 'list') lists.set(key(path), data.paths);
    if (data.kind === 'control') controls.set(key(path), data);
  }
  const components = input.records.flatMap(({ path, layer, data }): Component[] => {
    if (data.kind !== 'package') return [];
    const { name, version, arch } = data;
    const stem = `${folderOf(path)}/info/${name}`;
    const control = controls.get(stem);
    return [
      {
        purl: formatPurl({
          type: 'opkg',
          namespace: input.distro?.id ?? null,
          name,
          version,
          qualifiers: { arch, distro: distroQualifier(input.distro) },
        }),
        name,
        version,
        ...ecosystemOf(input.distro, 'opkg'),
        source: { name: control?.source ?? name, version },
        locations: [{ path, layer }],
        foundBy: 'opkg',
        licenses: control?.license == null ? [] : [control.license],
        supplier: control?.maintainer ?? null,
        owns: placedFiles(input, listedFiles(lists.get(stem) ?? [], new Map(data.conffiles))),
        grade: 'claimed',
        evidence: [{ what: 'opkg status', where: path, value: `Package: ${name}, Version: ${version ?? 'none'}` }],
      },
    ];
  });
  return { components };
}

function* listedFiles(paths: readonly string[], conffiles: ReadonlyMap<string, string | null>): Generator<OwnedFile> {
  for (const path of new Set([...paths, ...conffiles.keys()])) {
    const hex = conffiles.get(path) ?? null;
    const digest = hex === null ? null : ({ algorithm: hex.length === 32 ? 'md5' : 'sha256', hex } as const);
    yield { path, digest, mayChange: conffiles.has(path) };
  }
}
