import { type CatalogFile, normalisedName } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { definePackages, manyRows, oneRow, type PackageFacts, type PackageRow } from './packages.js';
import { eachLine } from './paragraphs.js';
import { baseName, folderOf } from './paths.js';
import { readTomlTables } from './toml-tables.js';

/**
 * Python code without an installed distribution:
 * - what a package carries along and lists with versions: `_vendor/vendor.txt`, as pip does
 * - source trees: `pyproject.toml` with name and version in `[project]` or `[tool.poetry]`
 * - top-level modules in `site-packages` that no distribution beside them owns, with a literal `__version__`, `inferred`:
 *   a module's name need not be its distribution's
 *
 * Follows: pip's src/pip/_vendor/README.rst; PEP 621; PEP 396 (`__version__`).
 */
export const pythonModules = definePackages({
  name: 'python-modules',
  version: 2,
  wants: (file) => file.type === 'file' && kindOf(file.path) !== null,
  read,
  choose: withoutDistribution,
  about: {
    finds: 'Python code without an installed distribution',
    reads: ['**/_vendor/vendor.txt', '**pyproject.toml', '**site-packages/**.py', '**dist-packages/**.py'],
    purls: ['pypi'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'files'],
    limit: "a module's name need not be its distribution's: those known by `__version__` are `inferred`",
  },
});

type Kind = 'vendored' | 'project' | 'module' | null;

function kindOf(path: string): Kind {
  if (path.endsWith('/vendor.txt')) return /\/_vendor\/vendor\.txt$/.test(path) ? 'vendored' : null;
  if (path.endsWith('pyproject.toml')) return baseName(path) === 'pyproject.toml' ? 'project' : null;
  if (!path.endsWith('.py')) return null;
  return /\/(?:site|dist)-packages\/(?:[^/]+\/(?:__init__|_version|version|__version__|__about__)|[^/]+)\.py$/.test(
    path,
  )
    ? 'module'
    : null;
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  switch (kindOf(path)) {
    case 'vendored':
      return manyRows(readVendored(fileText(file)), 'a vendor.txt with a name or version that can be none');
    case 'project': {
      const facts = readProject(fileText(file), path);
      return facts === null
        ? { records: [] }
        : oneRow(facts, 'a pyproject.toml with a name or version that can be none');
    }
    case 'module': {
      const facts = readModule(file);
      return facts === null ? { records: [] } : oneRow(facts, 'a module with a version that can be none');
    }
    case null:
      return { records: [] };
  }
}

function pypi(
  name: string,
  version: string,
): Pick<PackageFacts, 'type' | 'name' | 'fullName' | 'version' | 'ecosystem'> {
  return { type: 'pypi', name, fullName: normalisedName(name), version, ecosystem: 'PyPI' };
}

/** Lines `name==version  # comment`, those of a nested one indented. */
function readVendored(source: string): readonly PackageFacts[] {
  const facts: PackageFacts[] = [];
  for (const line of eachLine(source)) {
    const match = /^\s{0,20}([A-Za-z0-9][\w.-]{0,200})==([\w.!+-]{1,100})/.exec(line.slice(0, 1000));
    if (match === null) continue;
    facts.push({ ...pypi(match[1] ?? '', match[2] ?? ''), what: 'vendor.txt', value: line.trim().slice(0, 200) });
  }
  return facts;
}

function readProject(source: string, path: string): PackageFacts | null {
  // Fixtures of a package's own tests stand for other projects, they are none.
  if (/(?:^|\/)(?:tests?|__tests__|fixtures|examples?|templates?)\//.test(path)) return null;
  const tables = readTomlTables(source);
  for (const name of ['project', 'tool.poetry']) {
    const values = tables.find((table) => table.name === name)?.values;
    const [project, version] = [values?.get('name') ?? '', values?.get('version') ?? ''];
    if (project === '' || version === '') continue;
    return {
      ...pypi(project, version),
      licenses: [values?.get('license')?.startsWith('{') === false ? (values.get('license') ?? '') : ''],
      what: 'pyproject.toml of a source tree',
      value: `${project} ${version}`,
      places: [path],
    };
  }
  return null;
}

const headBytes = 64 * 1024;

/** `__version__ = "1.2.3"` (also `VERSION`, and `version = ` in `_version.py`) at the beginning of a line. */
function readModule(file: CatalogFile): PackageFacts | null {
  const { path } = file.head;
  const source = Buffer.from(file.slice(0, Math.min(headBytes, file.sizeBytes))).toString('utf8');
  const folder = folderOf(path);
  const isPackage = !/(?:site|dist)-packages$/.test(folder);
  const name = isPackage ? baseName(folder) : baseName(path).slice(0, -3);
  const names = isPackage && !path.endsWith('__init__.py') ? '(?:__version__|VERSION|version)' : '__version__';
  const version = new RegExp(`^${names}(?::\\s?\\w{1,20})?\\s?=\\s?["'](\\d[\\w.!+-]{0,60})["']`, 'm').exec(
    source,
  )?.[1];
  if (version === undefined || name.startsWith('_') || !/^[A-Za-z]\w{0,100}$/.test(name)) return null;
  return {
    ...pypi(name, version),
    grade: 'inferred',
    what: 'version of a module',
    value: `${baseName(path)}: ${version}`,
    ...(isPackage ? { folders: [folder] } : { places: [path] }),
  };
}

/** Of several files of a package the first that states a version counts; `catalogImage` drops those that a package owns. */
function withoutDistribution(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const seen = new Set<string>();
  return input.records.filter(({ path, data }) => {
    if (data.what !== 'version of a module') return true;
    const place = data.folders[0] ?? path;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
