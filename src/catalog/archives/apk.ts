import type { CatalogFile, Component, JsonValue, OwnedFile } from '../../model/index.js';
import { type ApkRecord, apkComponent, decodeApk } from '../apk.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from '../define.js';
import { eachLine } from '../paragraphs.js';
import { placedFiles } from '../paths.js';
import { type FileRow, fileRows, object } from '../shape.js';
import { byPath, filesOfArchive } from './owned.js';

/** `sums` comes from the container (layer/archive/apk.ts): SHA-1 of each file, which no file of the package has. */
type SumsRecord = { readonly kind: 'sums'; readonly files: readonly FileRow[] };
type InfoRecord = { readonly kind: 'info'; readonly info: ApkRecord };
type ApkArchiveRecord = SumsRecord | InfoRecord;

const info = '.PKGINFO';

/**
 * The package that an archive of apk-tools 2 is, from its `.PKGINFO`, with the SHA-1 of each file as its tar states it.
 * Follows: apk-tools, src/package.c (read_info_line): `KEY = VALUE` a line, `#` for comments.
 */
export const apkArchive = defineCataloguer<ApkArchiveRecord>({
  name: 'apk-archive',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path === info,
  read,
  decode,
  join,
  about: {
    finds: 'the package that an .apk is',
    reads: ['.PKGINFO'],
    purls: ['apk'],
    grades: ['claimed'],
    facts: ['source', 'licenses', 'supplier', 'files', 'digests'],
  },
});

function read(file: CatalogFile): TypedRead<ApkArchiveRecord> {
  const fields = new Map<string, string>();
  for (const line of eachLine(fileText(file))) {
    const at = line.indexOf('=');
    const key = at < 0 || line.startsWith('#') ? '' : line.slice(0, at).trim();
    if (key !== '' && !fields.has(key)) fields.set(key, line.slice(at + 1).trim());
  }
  const name = fields.get('pkgname') ?? '';
  // A PKGINFO of pacman is another thing, told by the files beside it.
  if (name === '') return { records: [], gaps: [{ reason: 'bad-database', detail: 'a .PKGINFO without a name' }] };
  const of = (key: string): string | null => fields.get(key) || null;
  return {
    records: [
      {
        kind: 'info',
        info: {
          name,
          version: of('pkgver'),
          arch: of('arch') ?? '',
          origin: of('origin'),
          license: of('license') ?? '',
          maintainer: of('maintainer'),
          url: of('url'),
          // What it needs is elsewhere: an archive is alone.
          requires: '',
          provides: '',
          files: [],
        },
      },
    ],
  };
}

function decode(value: JsonValue): ApkArchiveRecord {
  const fields = object(value);
  if (fields.kind === 'sums') return { kind: 'sums', files: fileRows(fields.files) };
  return { kind: 'info', info: decodeApk(fields.info ?? null) };
}

/** Control files lie at the top and begin with a dot; a package installs none there (apk-tools, src/extract_v2.c). */
function isControl(path: string): boolean {
  return path.startsWith('.') && !path.includes('/');
}

function join(input: TypedJoin<ApkArchiveRecord>): { readonly components: readonly Component[] } {
  const stated = input.records
    .flatMap(({ data }) => (data.kind === 'sums' ? data.files : []))
    .map(([path, hex]): OwnedFile => {
      const digest = hex === null ? null : ({ algorithm: 'sha1', hex } as const);
      return { path, digest, mayChange: path.startsWith('etc/') };
    });
  const { files } = input;
  return {
    components: input.records.flatMap(({ path, layer, data }): Component[] => {
      // Packages of pacman have a .PKGINFO of the same shape, and these two files beside it.
      if (data.kind === 'sums' || files.has('.MTREE') || files.has('.BUILDINFO')) return [];
      const one = apkComponent(input, { path, layer, data: data.info });
      const evidence = one.evidence.map((row) => ({
        ...row,
        what: row.what === 'apk database' ? '.PKGINFO' : row.what,
      }));
      const owns = filesOfArchive(input, byPath(placedFiles(input, stated)), isControl);
      return [{ ...one, foundBy: 'apk-archive', owns, evidence }];
    }),
  };
}
