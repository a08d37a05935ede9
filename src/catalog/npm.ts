import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { fieldsOf, type JsonFields, jsonObject, supplierOf, textOf } from './json.js';
import { nodeResolver, npmRequirements } from './npm-relations.js';
import { badRecord, definePackages, oneRow, type PackageFacts, type PackageRow } from './packages.js';
import { baseName, folderOf } from './paths.js';

/**
 * npm packages, by their package.json:
 * - installed ones: `node_modules/NAME`, nested and pnpm's included, and Debian's `share/nodejs/NAME`; each owns its
 *   folder without the `node_modules` inside it. One without a name is a gap, one without a version a component that is
 *   a gap
 * - copies that a package carries in its own folder (`next/dist/compiled/react`); other package.json inside a package say how to load files (`dist/esm/package.json`)
 * - applications anywhere else, with name and version; they own that file alone: what else lies there nobody states
 *
 * Follows: npm's package.json(5), folders(5); Node.js "Modules: Packages" (package.json without a name).
 */
export const npm = definePackages({
  name: 'npm',
  version: 4,
  wants: (file) => file.type === 'file' && file.path.endsWith('package.json') && isManifest(file.path),
  read,
  choose: withoutRepeats,
  // What lies in a node_modules without belonging to a package there (`.bin`, `.package-lock.json`) is npm's own.
  stops: (folder) => folder.endsWith('/node_modules') || folder === 'node_modules',
  relate: nodeResolver,
  about: {
    finds: 'npm packages and applications',
    reads: ['**package.json'],
    purls: ['npm'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'download', 'dependencies', 'files'],
    limit: 'an application owns its package.json alone: what else lies beside it nobody states',
  },
});

function isManifest(path: string): boolean {
  return path === 'package.json' || path.endsWith('/package.json');
}

/** A whole name (`@scope/name`) in the parts that a purl has. */
export function npmName(name: string): Pick<PackageFacts, 'type' | 'namespace' | 'name' | 'fullName'> {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return {
    type: 'npm',
    namespace: slash < 0 ? null : name.slice(0, slash),
    name: name.slice(slash + 1),
    fullName: name,
  };
}

type Place = 'installed' | 'inside' | 'application' | 'none';

/** Where a package's folder lies: right below a folder of packages, deeper in one, or in none. */
function placeOfFolder(folder: string): Place {
  const parts = folder.split('/');
  const at = parts.lastIndexOf('node_modules');
  const debian = parts.lastIndexOf('nodejs');
  const root = at >= 0 ? at : parts[debian - 1] === 'share' ? debian : -1;
  if (root < 0) return 'application';
  const first = parts[root + 1];
  if (first === undefined || first === '.pnpm' || first === '.bin') return 'none';
  const depth = parts.length - root - 1 - (first.startsWith('@') ? 1 : 0);
  return depth === 1 ? 'installed' : depth < 1 ? 'none' : 'inside';
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  const folder = folderOf(file.head.path);
  const place = placeOfFolder(folder);
  return place === 'none' ? { records: [] } : readPackageJson(file, place);
}

/** What one package.json states of the package at a place. */
export function readPackageJson(file: CatalogFile, place: keyof typeof evidenceOf): TypedRead<PackageRow> {
  const folder = folderOf(file.head.path);
  const fields = fieldsOf(jsonObject(fileText(file), 'a package.json'));
  const name = textOf(fields.get('name'));
  const stated = fields.get('version');
  const version = typeof stated === 'string' && stated !== '' ? stated : null;
  if (place === 'application' && (name === '' || version === null || isEditorExtension(fields))) return { records: [] };
  if (place === 'inside' && !isCopy(fields, folder)) return { records: [] };
  if (name === '') return { records: [], gaps: [badRecord('a package.json without a name')] };
  const dist = fieldsOf(fields.get('dist'));
  return oneRow(
    {
      ...npmName(name),
      version,
      ecosystem: 'npm',
      licenses: [...licensesOf(fields.get('license')), ...licensesOf(fields.get('licenses'))],
      supplier: supplierOf(fields.get('author')) ?? supplierOf(fields.get('maintainers')),
      // A repository is where it is developed, not where these bytes came from.
      url: textOf(fields.get('_resolved')) || textOf(dist.get('tarball')),
      what: evidenceOf[place],
      value: `name: ${name}, version: ${version ?? 'none'}`,
      folders: place === 'application' ? [] : [folder],
      places: [file.head.path],
      requires: npmRequirements(fields),
    },
    'a package.json with a name or version that can be none',
  );
}

const evidenceOf = {
  installed: 'package.json',
  inside: 'package.json inside another package',
  application: 'package.json of an application',
} as const;

/** Extensions of VS Code have the same file and another namespace of names: `vscode` reads them. */
function isEditorExtension(fields: JsonFields): boolean {
  return fields.has('publisher') && fieldsOf(fields.get('engines')).has('vscode');
}

/**
 * Whether a package.json deeper in a package is that of a copy: a name that npm would take, not private, no fixture of
 * tests, and a version, or (Next.js strips it) a licence, an author, or its own name on the folder.
 */
function isCopy(fields: JsonFields, folder: string): boolean {
  const name = textOf(fields.get('name'));
  if (!/^(?:@[\w.~-]{1,214}\/)?[\w.~-]{1,214}$/.test(name) || fields.get('private') === true) return false;
  if (/\/(?:tests?|__tests__|fixtures|__fixtures__|examples?)(?:\/|$)/.test(folder)) return false;
  if (fields.has('version') || fields.has('license') || fields.has('author')) return true;
  return fields.has('main') && folder.endsWith(`/${name}`);
}

/** A licence as text, as `{"type": …}` (before 2013), or a list of either. */
function licensesOf(value: unknown, inList = false): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  // One level of list: JSON can nest deeper than a stack goes.
  if (Array.isArray(value)) return inList ? [] : value.slice(0, 100).flatMap((item) => licensesOf(item, true));
  const type = fieldsOf(value).get('type');
  return typeof type === 'string' ? [type] : [];
}

/** A package that repeats its package.json in a folder of its own (`dist/lib`) is there once. */
function withoutRepeats(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const purls = new Map(input.records.map(({ path, data }) => [folderOf(path), data.purl]));
  return input.records.filter(({ path, data }) => {
    if (data.what !== evidenceOf.inside) return true;
    for (let above = folderOf(folderOf(path)); above !== ''; above = folderOf(above)) {
      const purl = purls.get(above);
      if (purl !== undefined) return purl !== data.purl;
      if (baseName(above) === 'node_modules') return true;
    }
    return true;
  });
}
