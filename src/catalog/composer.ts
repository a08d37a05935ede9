import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { fieldsOf, type JsonFields, jsonObject, listOf, supplierOf, textOf } from './json.js';
import { definePackages, manyRows, type PackageFacts, type PackageRow } from './packages.js';
import { baseName, folderOf, pathFrom } from './paths.js';

/**
 * PHP packages that Composer installed: `vendor/composer/installed.json` (1 and 2), and `installed.php` where that is
 * gone. A package owns its folder, as `install-path` says or by its name.
 *
 * Versions are Composer's pretty ones (`v5.4.0`), as its own list prints them.
 * Follows: Composer's FilesystemRepository (writes both files), ArrayDumper (fields).
 */
export const composer = definePackages({
  name: 'composer',
  version: 3,
  wants: (file) =>
    file.type === 'file' && (file.path.endsWith('/composer/installed.json') || isInstalledPhp(file.path)),
  read,
  choose: withoutTwins,
  about: {
    finds: 'PHP packages that Composer installed',
    reads: ['**/composer/installed.json', '**/composer/installed.php'],
    purls: ['composer'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'dependencies', 'files'],
    limit: 'installed.php states no licences and no dependencies',
  },
});

function isInstalledPhp(path: string): boolean {
  return path.endsWith('/composer/installed.php');
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  if (isInstalledPhp(path)) {
    return manyRows(fromPhp(fileText(file), folderOf(path)), 'an installed.php with a package that can be none');
  }
  const value = jsonObject(fileText(file), 'an installed.json');
  const packages = Array.isArray(value) ? listOf(value) : listOf(fieldsOf(value).get('packages'));
  const facts = packages.map((one) => fromJson(fieldsOf(one), folderOf(path)));
  return manyRows(facts, 'an installed.json with a package without a name');
}

function fromJson(fields: JsonFields, folder: string): PackageFacts {
  const name = textOf(fields.get('name'));
  const version = textOf(fields.get('version'));
  const path = textOf(fields.get('install-path'));
  const place = path === '' ? pathFrom(folder, `../${name}`) : pathFrom(folder, path);
  return {
    ...packagist(name, version),
    licenses: licensesOf(fields.get('license')),
    supplier: supplierOf(fields.get('authors')),
    url: textOf(fieldsOf(fields.get('dist')).get('url')) || textOf(fieldsOf(fields.get('source')).get('url')),
    what: 'installed.json',
    value: `name ${name}, version ${version}`,
    folders: place === null || name === '' ? [] : [place],
    // Besides packages it names what PHP itself must have (`php`, `ext-json`): nothing provides that here.
    requires: namesIn(fields.get('require')),
    provides: [name.toLowerCase(), ...namesIn(fields.get('replace')), ...namesIn(fields.get('provide'))],
  };
}

function namesIn(value: unknown): readonly string[] {
  return [...fieldsOf(value).keys()].map((name) => name.toLowerCase());
}

/** Composer's names are lower-case and `vendor/name`; advisories go by the whole. */
export function packagist(
  name: string,
  version: string,
): Pick<PackageFacts, 'type' | 'namespace' | 'name' | 'fullName' | 'version' | 'ecosystem'> {
  const slash = name.indexOf('/');
  return {
    type: 'composer',
    namespace: slash < 0 ? null : name.slice(0, slash),
    name: name.slice(slash + 1),
    fullName: name.toLowerCase(),
    version,
    ecosystem: 'Packagist',
  };
}

export function licensesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return listOf(value).filter((one) => typeof one === 'string');
}

/** `'vendor/name' => array(… 'pretty_version' => '1.0', … 'install_path' => __DIR__ . '/../vendor/name', …)` */
function fromPhp(source: string, folder: string): readonly PackageFacts[] {
  const versions = source.slice(Math.max(0, source.indexOf("'versions' =>")));
  const facts: PackageFacts[] = [];
  const starts = [...versions.matchAll(/^ {8}'([^'/\n]{1,200}\/[^'\n]{1,200})' => array\($/gm)];
  for (const [index, start] of starts.entries()) {
    const body = versions.slice(start.index, starts[index + 1]?.index ?? versions.length);
    const version = /^ {12}'pretty_version' => '([^'\n]{1,200})',$/m.exec(body)?.[1];
    // What another package replaces or provides has no version of its own here.
    if (version === undefined) continue;
    const path = /^ {12}'install_path' => __DIR__ \. '([^'\n]{1,1000})',$/m.exec(body)?.[1];
    const place = path === undefined ? null : pathFrom(folder, path.replace(/^\//, ''));
    facts.push({
      ...packagist(start[1] ?? '', version),
      what: 'installed.php',
      value: `${start[1]} ${version}`,
      folders: place === null || folder.startsWith(`${place}/`) ? [] : [place],
    });
  }
  return facts;
}

/** installed.php says no more than the installed.json beside it, but for the application itself. */
function withoutTwins(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const known = new Set(
    input.records
      .filter(({ path }) => baseName(path) === 'installed.json')
      .map(({ path, data }) => `${folderOf(path)}\n${data.purl}`),
  );
  const seen = new Set<string>();
  return input.records.filter(({ path, data }) => {
    if (!isInstalledPhp(path)) return true;
    const key = `${folderOf(path)}\n${data.purl}`;
    if (known.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
