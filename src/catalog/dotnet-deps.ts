import type { CatalogFile } from '../model/index.js';
import { fileText } from './define.js';
import { fieldsOf, type JsonFields, jsonObject, textOf } from './json.js';
import type { PackageFacts } from './packages.js';
import { folderOf, pathFrom } from './paths.js';

/** What one library of a `.deps.json` brings: assets lie beside the file, flat or as they stand in the package. */
const assetKinds = ['runtime', 'native', 'resources', 'runtimeTargets'] as const;
const maxLibraries = 50_000;
const maxAssets = 200_000;

/**
 * The packages of a .NET `.deps.json`: those that bring files, or depend on others that do; packages of references only
 * are left out, nothing of them is there. `runtimepack.X` is the package X, a runtime that was published along.
 *
 * Throws TrowelError `bad-database` for what is no JSON.
 * Follows: dotnet/sdk documentation/specs/runtime-configuration-file.md.
 */
export function readDotnetDeps(file: CatalogFile): readonly PackageFacts[] {
  return factsOfDeps(jsonObject(fileText(file), 'a .deps.json'), file.head.path);
}

export function factsOfDeps(value: object, path: string): readonly PackageFacts[] {
  const fields = fieldsOf(value);
  const targets = [...fieldsOf(fields.get('targets')).values()].map(fieldsOf);
  const budget = { assets: maxAssets };
  const libraries = [...fieldsOf(fields.get('libraries'))].slice(0, maxLibraries).flatMap(([key, raw]): Library[] => {
    const type = textOf(fieldsOf(raw).get('type'));
    if (key.indexOf('/') <= 0 || (type !== 'package' && type !== 'project' && type !== 'runtimepack')) return [];
    const target =
      targets.map((one) => fieldsOf(one.get(key))).find((one) => one.size > 0) ?? new Map<string, unknown>();
    const needs = [...fieldsOf(target.get('dependencies')).keys()];
    return [{ key, type, needs, places: assetsOf(target, path, budget) }];
  });
  const present = withFiles(libraries);
  return libraries.filter(({ key }) => present.has(key)).map((library) => factsOf(library, path));
}

interface Library {
  /** `Name/Version` */
  readonly key: string;
  readonly type: string;
  readonly places: readonly string[];
  /** Names of the packages that it depends on. */
  readonly needs: readonly string[];
}

/** The keys of the libraries that bring files, or depend on some that do; what is built here counts always. */
function withFiles(libraries: readonly Library[]): ReadonlySet<string> {
  const users = new Map<string, Library[]>();
  for (const library of libraries) {
    for (const name of library.needs) {
      const list = users.get(name);
      if (list === undefined) users.set(name, [library]);
      else list.push(library);
    }
  }
  const found = new Set<string>();
  const open = libraries.filter(({ type, places }) => type === 'project' || places.length > 0);
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one.key)) continue;
    found.add(one.key);
    open.push(...(users.get(one.key.slice(0, one.key.indexOf('/'))) ?? []));
  }
  return found;
}

function factsOf({ key, type, places }: Library, path: string): PackageFacts {
  const slash = key.indexOf('/');
  const stated = key.slice(0, slash);
  const isPack = type === 'runtimepack' && stated.startsWith('runtimepack.');
  return {
    type: 'nuget',
    name: isPack ? stated.slice('runtimepack.'.length) : stated,
    version: key.slice(slash + 1),
    ecosystem: 'NuGet',
    what: '.deps.json',
    value: `${key}, ${type}${type === 'project' ? ' (what was built here)' : ''}`,
    places: type === 'project' ? [path, ...places] : places,
  };
}

/** A published application has its packages' files flat beside it, satellites and native ones in their folders. */
function assetsOf(target: JsonFields, path: string, budget: { assets: number }): readonly string[] {
  const folder = folderOf(path);
  const places = new Set<string>();
  for (const kind of assetKinds) {
    for (const asset of fieldsOf(target.get(kind)).keys()) {
      if (asset.endsWith('/_._') || budget.assets-- <= 0) continue;
      const parts = asset.split('/');
      const flat = parts.at(-1) ?? '';
      const candidates = [flat, parts.slice(-2).join('/'), asset];
      for (const one of candidates) {
        const place = pathFrom(folder, one);
        if (place !== null) places.add(place);
      }
    }
  }
  return [...places];
}
