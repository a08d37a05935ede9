import { openSqlite, Problems, sqliteTable } from '../database/index.js';
import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { fieldsOf, jsonFile, listOf, textOf } from './json.js';
import { definePackages, manyRows, type PackageFacts, type PackageRow } from './packages.js';
import { parseParagraphs } from './paragraphs.js';
import { baseName, folderOf } from './paths.js';

/**
 * C and C++ packages that vcpkg and Conan installed: vcpkg's `installed/vcpkg/status` (or `info/` beside) and its
 * SPDX documents' folders, and Conan's `conaninfo.txt` with the reference that its folder or deploy manifest gives; in
 * Conan 2's cache, whose folders are hashes, the database beside them has it.
 *
 * Follows: vcpkg-tool docs and StatusParagraph.cpp; Conan 1 "conaninfo.txt"; Conan 2 deployers (`deps/NAME/VERSION`,
 * `full_deploy/host/NAME/VERSION/…`) and conan/internal/cache/db/packages_table.py.
 */
export const nativePackages = definePackages({
  name: 'native-packages',
  version: 2,
  wants: (file) => file.type === 'file' && kindOf(file.path) !== null,
  read,
  // A cache is often emptied, and its database left.
  choose: (input) =>
    input.records.filter(
      ({ path, data }) =>
        !path.endsWith(conanDatabase) || data.folders.some((one) => input.files.has(`${one}/conanmanifest.txt`)),
    ),
  about: {
    finds: 'C and C++ packages of vcpkg and Conan',
    reads: [
      '**/vcpkg/status',
      '**conaninfo.txt',
      '**conanbuildinfo.txt',
      '**conanbuildinfo.json',
      '**/p/cache.sqlite3',
    ],
    purls: ['conan', 'vcpkg', 'generic'],
    grades: ['claimed'],
    facts: ['files'],
  },
});

const conanDatabase = '/p/cache.sqlite3';

type Kind = 'vcpkg' | 'conan-cache' | 'conaninfo' | 'conan-build' | null;

function kindOf(path: string): Kind {
  const name = baseName(path);
  if (name === 'status') return path.endsWith('/vcpkg/status') ? 'vcpkg' : null;
  if (name === 'conaninfo.txt') return 'conaninfo';
  if (name === 'cache.sqlite3') return path.endsWith(conanDatabase) ? 'conan-cache' : null;
  return name === 'conanbuildinfo.txt' || name === 'conanbuildinfo.json' ? 'conan-build' : null;
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  switch (kindOf(file.head.path)) {
    case 'vcpkg':
      return manyRows(readStatus(fileText(file), file.head.path), 'a vcpkg status with a package that can be none');
    case 'conaninfo':
      return manyRows(
        readConanInfo(fileText(file), file.head.path),
        'a conaninfo.txt with a reference that can be none',
      );
    case 'conan-cache':
      return readConanCache(file);
    case 'conan-build':
      return file.head.path.endsWith('.json') ? readBuildInfo(file) : { records: [] };
    case null:
      return { records: [] };
  }
}

/** Stanzas as dpkg writes them; features of a port are stanzas with `Feature`, and no packages. The last state counts. */
function readStatus(source: string, path: string): readonly PackageFacts[] {
  const found = new Map<string, PackageFacts>();
  for (const { fields } of parseParagraphs(source).paragraphs) {
    const name = fields.get('package') ?? '';
    const triplet = fields.get('architecture') ?? '';
    if (name === '' || fields.has('feature')) continue;
    const key = `${name}:${triplet}`;
    if (!/ installed$/.test(fields.get('status') ?? '')) {
      found.delete(key);
      continue;
    }
    const port = fields.get('port-version') ?? '';
    const version = fields.get('version') ?? '';
    found.set(key, {
      type: 'vcpkg',
      name,
      version,
      ecosystem: null,
      qualifiers: { port_version: port === '0' ? '' : port, triplet },
      what: 'vcpkg status',
      value: `${name} ${version}${port === '' ? '' : `#${port}`} ${triplet}`,
      folders: [`${folderOf(folderOf(path))}/${triplet}/share/${name}`],
    });
  }
  return [...found.values()];
}

/**
 * Conan 1 keeps a package in `data/NAME/VERSION/USER/CHANNEL/package/ID`; deployers in `deps/NAME/VERSION` or `NAME`.
 * Its own reference is in no field of conaninfo.txt: the folders say it. What it requires is in `[full_requires]`.
 */
function readConanInfo(source: string, path: string): readonly PackageFacts[] {
  const folder = folderOf(path);
  const cached = /(?:^|\/)([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/package\/[0-9a-f]{40}$/.exec(folder);
  const own =
    cached ??
    /(?:^|\/)deps\/([^/]+)\/([^/]+)$/.exec(folder) ??
    /(?:^|\/)full_deploy\/(?:host|build)\/([^/]+)\/([^/]+)(?:\/[^/]+){0,2}$/.exec(folder);
  const facts: PackageFacts[] = [];
  const add = (name: string, version: string, what: string, more: Partial<PackageFacts>): void => {
    facts.push({ type: 'conan', name, version, ecosystem: 'ConanCenter', what, value: `${name}/${version}`, ...more });
  };
  if (own !== null) {
    // `_` stands for none, as packages of the public centre have it.
    const [user, channel] = [own[3], own[4]].map((one) => (one === '_' ? undefined : one));
    const more = { folders: [folder], qualifiers: { user, channel } };
    add(own[1] ?? '', own[2] ?? '', 'Conan package folder', more);
  }
  const section = /^\[full_requires\]\r?\n((?: {4}[^\n]*\n|\s*\n)*)/m.exec(`${source}\n`)?.[1] ?? '';
  for (const [, name = '', version = ''] of section.matchAll(/^ {4}([a-z0-9_][\w+.-]{0,100})\/([\w+.-]{1,100})/gm)) {
    add(name, version, 'conaninfo.txt', {});
  }
  return facts;
}

/** Table `packages`: `reference` (`zlib/1.3.1`, `app/1.0@user/channel`), `rrev`, `pkgid`, `prev`, `path` below the database. */
function readConanCache(file: CatalogFile): TypedRead<PackageRow> {
  const problems = new Problems();
  const rows = file.sizeBytes === 0 ? [] : sqliteTable(file, openSqlite(file), 'packages', problems);
  if (rows === null) return { records: [] };
  const facts: PackageFacts[] = [];
  for (const { values } of rows) {
    const [reference, , , , path] = values;
    const parts = /^([^/@#\s]+)\/([^/@#\s]+)(?:@([^/\s]+)\/([^/#\s]+))?/.exec(
      typeof reference === 'string' ? reference : '',
    );
    if (parts === null || typeof path !== 'string' || path.includes('..')) continue;
    const [, name = '', version = '', user, channel] = parts;
    facts.push({
      type: 'conan',
      name,
      version,
      ecosystem: 'ConanCenter',
      qualifiers: { user, channel },
      what: "Conan's cache",
      value: String(reference),
      folders: [`${folderOf(file.head.path)}/${path}/p`],
    });
  }
  const { records, gaps } = manyRows(facts, "a cache of Conan's with a package that can be none");
  const texts = problems.texts();
  return { records, gaps: [...(gaps ?? []), ...texts.map((detail) => ({ reason: 'bad-database' as const, detail }))] };
}

/** `{"dependencies":[{"name":"zlib","version":"1.3.1",…}]}` */
function readBuildInfo(file: CatalogFile): TypedRead<PackageRow> {
  const dependencies = listOf(jsonFile(file, 'a conanbuildinfo.json').get('dependencies')).map(fieldsOf);
  const facts = dependencies.map(
    (one): PackageFacts => ({
      type: 'conan',
      name: textOf(one.get('name')),
      version: textOf(one.get('version')),
      ecosystem: 'ConanCenter',
      what: 'conanbuildinfo.json',
    }),
  );
  return manyRows(facts, 'a conanbuildinfo.json with a package without a name');
}
