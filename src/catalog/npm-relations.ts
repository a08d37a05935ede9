import type { TypedJoin, TypedRecord } from './define.js';
import type { JsonFields } from './json.js';
import { fieldsOf } from './json.js';
import type { PackageRow } from './packages.js';
import { baseName, folderOf } from './paths.js';

/** The packages that a package.json needs where it is installed: not those that are for its own development. */
export function npmRequirements(fields: JsonFields): readonly string[] {
  return ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((field) => [
    ...fieldsOf(fields.get(field)).keys(),
  ]);
}

/**
 * What a package needs, as Node would find it from the package's folder: in the `node_modules` beside its files, then
 * in that of each folder above. Links there lead to where a package lies (pnpm); Debian's `share/nodejs` comes last.
 *
 * Costs what lies in the folders called `node_modules` once, and what each package needs. Follows: Node.js, "Modules:
 * CommonJS modules", "Loading from node_modules folders"; Debian's patch of the global folders.
 */
export function nodeResolver(
  input: TypedJoin<PackageRow>,
  records: readonly TypedRecord<PackageRow>[],
): (record: TypedRecord<PackageRow>) => readonly string[] {
  const purls = new Map(records.map(({ path, data }) => [folderOf(path), data.purl]));
  const held = new Map<string, Map<string, string>>();
  const put = (folder: string, purl: string): void => {
    const { home, name } = placeIn(folder);
    if (home === null) return;
    const packages = held.get(home);
    if (packages === undefined) held.set(home, new Map([[name, purl]]));
    else packages.set(name, purl);
  };
  for (const [folder, purl] of purls) put(folder, purl);
  for (const [path, { entry }] of input.files) {
    if (entry.type !== 'symlink' || !path.includes('node_modules/') || placeIn(path).home === null) continue;
    const purl = purls.get(input.resolve(path) ?? '');
    if (purl !== undefined) put(path, purl);
  }
  const chains = new Map<string, Chain>();
  return ({ path, data }) => {
    const chain = chainOf(folderOf(path), held, chains);
    return (data.requires ?? []).flatMap((name) => chain.find((home) => home.has(name))?.get(name) ?? []);
  };
}

/** The folders of packages that count in a folder, nearest first. */
type Chain = readonly ReadonlyMap<string, string>[];

/** The folder of packages that a folder is a package of, and the name that it has there (`@scope/name`). */
function placeIn(folder: string): { readonly home: string | null; readonly name: string } {
  const name = baseName(folder);
  const above = folderOf(folder);
  if (isHome(above)) return { home: above, name };
  const scope = baseName(above);
  const home = folderOf(above);
  return scope.startsWith('@') && isHome(home) ? { home, name: `${scope}/${name}` } : { home: null, name };
}

function isHome(folder: string): boolean {
  return folder === 'node_modules' || folder.endsWith('/node_modules') || folder.endsWith('share/nodejs');
}

/** Folders without a `node_modules` of their own share the chain of the folder above. */
function chainOf(
  folder: string,
  held: ReadonlyMap<string, ReadonlyMap<string, string>>,
  known: Map<string, Chain>,
): Chain {
  const found = known.get(folder);
  if (found !== undefined) return found;
  const last = held.get('usr/share/nodejs');
  const above = folder === '' ? (last === undefined ? [] : [last]) : chainOf(folderOf(folder), held, known);
  const own = held.get(isHome(folder) ? folder : folder === '' ? 'node_modules' : `${folder}/node_modules`);
  const chain = own === undefined ? above : [own, ...above];
  known.set(folder, chain);
  return chain;
}
