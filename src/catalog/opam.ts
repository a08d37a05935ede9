import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { baseName, folderOf, pathFrom } from './paths.js';
import type { FileRow } from './shape.js';

/**
 * OCaml packages that opam installed: `.opam-switch/packages/NAME.VERSION/opam`, whose folder states both, and the list
 * of their files in `.opam-switch/install/NAME.changes`.
 *
 * Follows: opam manual, "opam"; OpamFile.Changes.
 */
export const opam = definePackages({
  name: 'opam',
  version: 1,
  wants: (file) =>
    file.type === 'file' && /\/\.opam-switch\/(?:packages\/[^/]+\/opam|install\/[^/]+\.changes)$/.test(file.path),
  read,
  choose(input) {
    const lists = new Map(
      input.records.flatMap(({ path, data }) =>
        data.what === 'opam changes' ? [[key(path, data.name), data.files] as const] : [],
      ),
    );
    return input.records
      .filter(({ data }) => data.what !== 'opam changes')
      .map((record) => {
        const files = lists.get(key(record.path, record.data.name)) ?? [];
        return { ...record, data: { ...record.data, files } };
      });
  },
  about: {
    finds: 'OCaml packages that opam installed',
    reads: ['**/.opam-switch/packages/*/opam', '**/.opam-switch/install/*.changes'],
    purls: ['opam'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'files', 'digests'],
    limit: 'digests are MD5',
  },
});

function key(path: string, name: string): string {
  return `${path.slice(0, path.indexOf('/.opam-switch/'))}\n${name}`;
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  const source = fileText(file);
  if (path.endsWith('.changes')) {
    const name = baseName(path).slice(0, -'.changes'.length);
    return oneRow(
      { type: 'opam', name, version: null, ecosystem: 'opam', what: 'opam changes', files: changedFiles(source, path) },
      'an opam list of files with a name that can be none',
    );
  }
  const [name, version] = splitAt(baseName(folderOf(path)));
  const text = (field: string): string =>
    new RegExp(`^${field}:\\s{0,20}\\[?\\s{0,20}"([^"\\n]{0,500})"`, 'm').exec(source)?.[1] ?? '';
  return oneRow(
    {
      type: 'opam',
      name,
      version: text('version') === '' ? version : text('version'),
      ecosystem: 'opam',
      licenses: [text('license')],
      supplier: text('maintainer'),
      url: /^\s{0,20}src:\s{0,20}"([^"\n]{1,1000})"/m.exec(source)?.[1] ?? null,
      what: 'opam switch',
      value: baseName(folderOf(path)),
      folders: [folderOf(path)],
    },
    'an opam package with a name or version that can be none',
  );
}

/** A package's name has no dot. */
function splitAt(text: string): readonly [string, string | null] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, null] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Lines `  "lib/x/META" {"F:MD5"}` relative to the switch; digests are MD5 (`F:` a file, `D` a directory). */
function changedFiles(source: string, path: string): readonly FileRow[] {
  const root = path.slice(0, path.indexOf('/.opam-switch/'));
  const rows: FileRow[] = [];
  for (const match of source.matchAll(/"([^"\n]{1,1000})"\s{0,10}\{"F:([0-9a-f]{32})"?/g)) {
    const place = pathFrom(root, match[1] ?? '');
    if (place !== null && rows.length < 100_000) rows.push([place, `md5:${match[2]}`]);
  }
  return rows;
}
