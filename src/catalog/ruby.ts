import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { FilesByFolder } from './folder-files.js';
import { definePackages, oneRow, type PackageFacts, type PackageRow } from './packages.js';
import { baseName, folderOf } from './paths.js';
import { gemRequirements, gemResolver } from './ruby-relations.js';

/**
 * Installed gems: the `.gemspec` files that RubyGems writes below `specifications/`, default gems included. A gem owns
 * its folder in `gems/` and what was compiled for it in `extensions/`; a default gem owns the files that its gemspec
 * lists, below Ruby's own library folder.
 *
 * Only literals are read, nothing is run. A gemspec whose version is computed takes it from the file's name and is
 * `inferred`; one without either is a gap.
 * Follows: RubyGems' Gem::Specification#to_ruby (what an installed gemspec looks like), Gem::StubSpecification (`# stub:`).
 */
export const ruby = definePackages({
  name: 'ruby',
  version: 2,
  wants: (file) => file.type === 'file' && isSpecification(file.path),
  read,
  choose: withExtensions,
  relate: gemResolver,
  about: {
    finds: 'installed gems',
    reads: ['**specifications/*.gemspec', '**specifications/default/*.gemspec'],
    purls: ['gem'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'supplier', 'dependencies', 'files'],
    limit: "nothing is run: a version that is computed is taken from the file's name, `inferred`",
  },
});

function isSpecification(path: string): boolean {
  return path.endsWith('.gemspec') && /(?:^|\/)specifications\/(?:default\/)?[^/]+$/.test(path);
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  return oneRow(factsOf(fileText(file), file.head.path), 'a gemspec without a name or version');
}

function factsOf(source: string, path: string): PackageFacts | null {
  const fields = literals(source);
  const stub = /^# stub: (\S+) (\S+) (\S+)/m.exec(source.slice(0, 2000));
  const file = /^(.+?)-(\d[^-]*)(?:-(.+))?$/.exec(baseName(path).slice(0, -'.gemspec'.length));
  const name = fields.get('name')?.[0] ?? stub?.[1] ?? file?.[1] ?? '';
  const stated = fields.get('version')?.[0] ?? stub?.[2];
  const version = stated ?? file?.[2] ?? '';
  if (name === '' || version === '') return null;
  const platform = fields.get('platform')?.[0] ?? stub?.[3] ?? 'ruby';
  const isNative = platform !== 'ruby' && platform !== '';
  const isDefault = folderOf(path).endsWith('/default');
  const home = folderOf(isDefault ? folderOf(folderOf(path)) : folderOf(path));
  return {
    type: 'gem',
    name,
    version,
    ecosystem: 'RubyGems',
    ...(isNative ? { qualifiers: { platform } } : {}),
    licenses: [...(fields.get('licenses') ?? []), ...(fields.get('license') ?? [])],
    supplier: (fields.get('authors') ?? fields.get('author') ?? []).slice(0, 10).join(', '),
    grade: stated === undefined ? 'inferred' : 'claimed',
    what: 'gemspec',
    value: `name ${name}, version ${version}${stated === undefined ? ' (from the file name)' : ''}`,
    folders: [`${home}/gems/${name}-${version}${isNative ? `-${platform}` : ''}`],
    requires: gemRequirements(source),
    places: [path, ...(isDefault ? defaultFiles(home, fields.get('files') ?? []) : [])],
  };
}

/** `X/gems/3.2.0` is beside `X/3.2.0`, where Ruby keeps the libraries of its default gems. */
function defaultFiles(home: string, files: readonly string[]): readonly string[] {
  const library = `${folderOf(folderOf(home))}/${baseName(home)}`;
  return files.slice(0, 5000).flatMap((one) => (one.startsWith('lib/') ? [`${library}/${one.slice(4)}`] : []));
}

/**
 * The assignments `s.NAME = LITERAL` of a gemspec: a text, a list of texts, or `Gem::Version.new("1")`. What is
 * computed is left out.
 */
function literals(source: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const match of source.matchAll(/^\s{0,40}\w{1,20}\.([a-z_]{1,40})\s?=\s?(.{1,100000})$/gm)) {
    const [, name = '', value = ''] = match;
    if (!wanted.has(name) || found.has(name)) continue;
    const isText = /^(?:["']|%q|Gem::(?:Version|Platform)\.new\(?["'])/.test(value);
    if (isText || value.startsWith('[')) {
      // `"#{…}"` is computed; `.freeze` and `if s.respond_to?` behind a literal say nothing more.
      const texts = [
        ...value.matchAll(/"((?:[^"\\]|\\.){0,2000})"|'([^']{0,2000})'|%q[<{(]([^>})]{0,2000})[>})]/g),
      ].map(([, double, single, percent]) => double?.replace(/\\(.)/g, '$1') ?? single ?? percent ?? '');
      const usable = texts.filter((one) => !one.includes('#{'));
      if (usable.length > 0) found.set(name, isText ? usable.slice(0, 1) : usable);
    }
  }
  return found;
}

const wanted = new Set(['name', 'version', 'platform', 'licenses', 'license', 'authors', 'author', 'files']);

/** Adds the folders `extensions/PLATFORM/ABI/GEM` that lie beside `gems/GEM`. */
function withExtensions(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const byFolder = new FilesByFolder(input);
  const extensions = new Map<string, string[]>();
  for (const home of new Set(input.records.flatMap(({ data }) => data.folders.map((one) => folderOf(folderOf(one)))))) {
    for (const path of byFolder.under(`${home}/extensions`)) {
      if (input.files.get(path)?.entry.type !== 'directory') continue;
      const parts = path.slice(home.length + 1).split('/');
      if (parts.length !== 4) continue;
      const gem = `${home}/gems/${parts[3] ?? ''}`;
      extensions.set(gem, [...(extensions.get(gem) ?? []), path]);
    }
  }
  return input.records.map((record) => {
    const more = record.data.folders.flatMap((folder) => extensions.get(folder) ?? []);
    return more.length === 0
      ? record
      : { ...record, data: { ...record.data, folders: [...record.data.folders, ...more] } };
  });
}
