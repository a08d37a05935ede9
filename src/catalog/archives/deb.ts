import type { CatalogFile, Component, JsonValue } from '../../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead, type TypedRecord } from '../define.js';
import { type DpkgRecord, decodeDpkg, isCopyright, joinDpkg, readStatus, readSums } from '../dpkg.js';
import { licensesOfCopyright } from '../dpkg-copyright.js';
import { eachLine } from '../paragraphs.js';
import { object, texts } from '../shape.js';
import { byPath, filesOfArchive } from './owned.js';

/** Paths of conffiles, which a package lists beside its control file and dpkg keeps in its status. */
type ConffilesRecord = { readonly kind: 'conffiles'; readonly paths: readonly string[] };
type DebRecord = DpkgRecord | ConffilesRecord;

const folder = 'DEBIAN/';
const control = `${folder}control`;
/** What `joinDpkg` looks up lists by: the name of the file with the paragraph. */
const listName = 'control';

/**
 * The package that a Debian archive is: its control paragraph, MD5 sums and conffiles as dpkg would take them into its
 * status. All files of its payload are its own; those without a sum are not compared.
 * Follows: deb-control(5), deb-md5sums(5), deb-conffiles(5).
 */
export const debArchive = defineCataloguer<DebRecord>({
  name: 'deb-archive',
  version: 1,
  wants: ({ type, path }) =>
    type === 'file' &&
    (path === control || path === `${folder}md5sums` || path === `${folder}conffiles` || isCopyright(path)),
  read,
  decode,
  join,
  about: {
    finds: 'the package that a .deb is',
    reads: ['DEBIAN/control', 'DEBIAN/md5sums', 'DEBIAN/conffiles', 'usr/share/doc/*/copyright'],
    purls: ['deb'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'files', 'digests'],
  },
});

function read(file: CatalogFile): TypedRead<DebRecord> {
  const { path } = file.head;
  const source = fileText(file);
  if (isCopyright(path)) return { records: [{ kind: 'copyright', licenses: licensesOfCopyright(source) }] };
  if (path === `${folder}md5sums`) return readSums(source, listName);
  if (path === `${folder}conffiles`) return { records: [{ kind: 'conffiles', paths: conffiles(source) }] };
  const { records, gaps } = readStatus(source);
  const none = { reason: 'bad-database', detail: 'a control file without a package' } as const;
  return { records: records.slice(0, 1), gaps: [...(gaps ?? []), ...(records.length === 0 ? [none] : [])] };
}

/** Paths from the root, one a line; a word before one is a flag. */
function conffiles(source: string): string[] {
  return [...eachLine(source)].flatMap((line) => {
    const at = line.indexOf('/');
    return at < 0 ? [] : [line.slice(at).trim().replace(/^\/+/, '')];
  });
}

function decode(value: JsonValue): DebRecord {
  const fields = object(value);
  return fields.kind === 'conffiles' ? { kind: 'conffiles', paths: texts(fields.paths) } : decodeDpkg(value);
}

function join(input: TypedJoin<DebRecord>): { readonly components: readonly Component[] } {
  const paths = input.records.flatMap(({ data }) => (data.kind === 'conffiles' ? data.paths : []));
  const records = input.records.flatMap(({ path, layer, data }): TypedRecord<DpkgRecord>[] => {
    if (data.kind === 'conffiles') return [];
    if (data.kind !== 'package') return [{ path, layer, data }];
    return [{ path, layer, data: { ...data, conffiles: paths.map((one) => [one, null] as const) } }];
  });
  const { components } = joinDpkg({ ...input, records });
  return {
    components: components.map((one) => ({
      ...one,
      foundBy: 'deb-archive',
      owns: filesOfArchive(input, byPath(one.owns), (path) => path.startsWith(folder)),
      evidence: one.evidence.map((row) => ({ ...row, what: 'control file of the package' })),
    })),
  };
}
