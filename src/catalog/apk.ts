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
import { eachLine } from './paragraphs.js';
import { isFileLike, placeOf } from './paths.js';
import { apkWords } from './relations.js';
import { type FileRow, fileRows, maybeText, object, text } from './shape.js';

export type ApkRecord = {
  readonly name: string;
  readonly version: string | null;
  readonly arch: string;
  readonly origin: string | null;
  readonly license: string;
  readonly maintainer: string | null;
  readonly url: string | null;
  readonly requires: string;
  readonly provides: string;
  /** Path and SHA-1 in hex. */
  readonly files: readonly FileRow[];
};

/** Since apk-tools 3 the database may lie under /usr. */
const databases: readonly string[] = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

/**
 * Packages of Alpine and its kin: apk's database of what is installed, with the SHA-1 of each file.
 *
 * A package without a name is a gap `bad-database` with its line; the others are returned.
 * Follows: apk-tools, doc/apk-v2 "installed" format and src/database.c (apk_db_fdb_read): P, V, A, o, L, m, U, D, p; F a folder,
 * M its owner and mode, R a file in it, a its owner and mode, Z its checksum (`Q1`, base64 of SHA-1).
 */
export const apk = defineCataloguer<ApkRecord>({
  name: 'apk',
  version: 3,
  wants: (file) => file.type === 'file' && databases.includes(file.path),
  read,
  decode: decodeApk,
  join,
  about: {
    finds: 'packages of Alpine and its kin',
    reads: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
    purls: ['apk'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'dependencies', 'files', 'digests'],
    limit: 'digests are SHA-1: files are read a second time to be compared',
  },
});

interface Draft {
  readonly line: number;
  readonly fields: Map<string, string>;
  readonly files: [string, string | null][];
}

function read(file: CatalogFile): TypedRead<ApkRecord> {
  const records: ApkRecord[] = [];
  const gaps: ReadGap[] = [];
  let draft: Draft | null = null;
  let folder = '';
  let line = 0;
  let badLine = 0;
  const close = (): void => {
    if (draft === null) return;
    const name = draft.fields.get('P') ?? '';
    if (name === '') gaps.push({ reason: 'bad-database', detail: `a package without a name: line ${draft.line}` });
    else records.push(recordOf(name, draft));
    draft = null;
    folder = '';
  };
  for (const row of eachLine(fileText(file))) {
    line += 1;
    if (row === '') {
      close();
      continue;
    }
    if (row[1] !== ':') {
      if (badLine === 0) badLine = line;
      continue;
    }
    const value = row.slice(2);
    draft ??= { line, fields: new Map(), files: [] };
    const last = draft.files.at(-1);
    if (row[0] === 'F') folder = value;
    else if (row[0] === 'R') draft.files.push([folder === '' ? value : `${folder}/${value}`, null]);
    else if (row[0] === 'Z' && last !== undefined) last[1] = sha1Of(value);
    else if (!draft.fields.has(row[0] ?? '')) draft.fields.set(row[0] ?? '', value);
  }
  close();
  if (badLine > 0) gaps.push({ reason: 'bad-database', detail: `no field: line ${badLine}` });
  return { records, gaps };
}

function recordOf(name: string, { fields, files }: Draft): ApkRecord {
  return {
    name,
    version: fields.get('V') || null,
    arch: fields.get('A') ?? '',
    origin: fields.get('o') || null,
    license: fields.get('L') ?? '',
    maintainer: fields.get('m') || null,
    url: fields.get('U') || null,
    requires: fields.get('D') ?? '',
    provides: fields.get('p') ?? '',
    files,
  };
}

/** `Q1` and the base64 of a SHA-1; other checksums are not of files here. */
function sha1Of(value: string): string | null {
  const bytes = value.startsWith('Q1') ? Buffer.from(value.slice(2), 'base64') : null;
  return bytes?.length === 20 ? bytes.toString('hex') : null;
}

export function decodeApk(value: JsonValue): ApkRecord {
  const fields = object(value);
  return {
    name: text(fields.name),
    version: maybeText(fields.version),
    arch: text(fields.arch),
    origin: maybeText(fields.origin),
    license: text(fields.license),
    maintainer: maybeText(fields.maintainer),
    url: maybeText(fields.url),
    requires: text(fields.requires),
    provides: text(fields.provides),
    files: fileRows(fields.files),
  };
}

function join(input: TypedJoin<ApkRecord>): { readonly components: readonly Component[] } {
  return { components: input.records.map((record) => apkComponent(input, record)) };
}

export function apkComponent(
  input: Omit<TypedJoin<ApkRecord>, 'records'>,
  { path, layer, data }: TypedRecord<ApkRecord>,
): Component {
  const { name, version, arch } = data;
  return {
    purl: formatPurl({
      type: 'apk',
      namespace: input.distro?.id ?? null,
      name,
      version,
      qualifiers: { arch: arch === '' ? null : arch, distro: distroQualifier(input.distro) },
    }),
    name,
    version,
    ...ecosystemOf(input.distro, 'apk'),
    source: { name: data.origin ?? name, version },
    locations: [{ path, layer }],
    foundBy: 'apk',
    licenses: data.license === '' ? [] : [data.license],
    supplier: data.maintainer,
    requires: apkWords(data.requires).map((word) => [word]),
    provides: [name, ...apkWords(data.provides)],
    owns: ownedFiles(input, data.files),
    grade: 'claimed',
    evidence: [
      { what: 'apk database', where: path, value: `P:${name}, V:${version ?? 'none'}, A:${arch}` },
      ...(data.url === null ? [] : [{ what: 'apk url', where: path, value: data.url }]),
    ],
  };
}

/**
 * The package's files that are in the image. apk itself expects what lies under /etc to be edited: it is its one
 * protected path by default (apk-tools, src/database.c, `protected_paths`).
 */
function ownedFiles(input: Omit<TypedJoin<ApkRecord>, 'records'>, files: readonly FileRow[]): readonly OwnedFile[] {
  return files.flatMap(([path, sha1]): OwnedFile[] => {
    const place = placeOf(input, path);
    if (place === null || !isFileLike(input, place)) return [];
    const digest = sha1 === null ? null : ({ algorithm: 'sha1', hex: sha1 } as const);
    return [{ path: place, digest, mayChange: path.startsWith('etc/') }];
  });
}
